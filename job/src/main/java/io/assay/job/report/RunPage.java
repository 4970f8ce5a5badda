package io.assay.job.report;

import io.assay.job.InputException;
import io.assay.job.RunFailedException;
import io.assay.job.console.Console;
import io.assay.job.table.RunCatalog;
import io.assay.job.table.RunFolders;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The HTML page of a run: one file that needs nothing else. Needs no Spark session. */
public final class RunPage {
  private static final String FOLDER = "reports";

  private RunPage() {}

  /**
   * The page.
   *
   * @throws InputException if there is no such run
   */
  public static String of(RunCatalog catalog, String id) {
    return PageTemplate.fill("Assay: " + id, PageJson.of(PageData.of(catalog, id)));
  }

  /**
   * Writes the page to {@code <results>/reports/<run id>.html}, where it appears when it is
   * complete.
   *
   * @return where it is
   * @throws InputException if there is no such run
   * @throws RunFailedException if it cannot be written
   */
  public static String write(RunCatalog catalog, String id) {
    RunFolders run = catalog.run(id);
    Path folder = new Path(run.location(), FOLDER);
    Path page = new Path(folder, id + ".html");
    byte[] html = of(catalog, id).getBytes(StandardCharsets.UTF_8);
    try {
      FileSystem files = folder.getFileSystem(catalog.configuration());
      files.mkdirs(folder);
      Path temporary = new Path(folder, "_" + id + ".html");
      try (OutputStream out = files.create(temporary, true)) {
        out.write(html);
      }
      files.delete(page, false);
      if (!files.rename(temporary, page)) {
        throw new IOException(temporary + " could not be renamed");
      }
      return page.toString();
    } catch (IOException e) {
      throw new RunFailedException("the page " + page + " cannot be written: " + e.getMessage(), e);
    }
  }

  /**
   * Writes the page at the end of a run and says where it is. The tables are complete by then, so
   * what goes wrong here is said and does not fail the run.
   */
  public static void announce(RunFolders run, String id, Console console) {
    try {
      RunCatalog catalog = new RunCatalog(run.configuration(), run.location());
      console.line("Its page is " + write(catalog, id));
    } catch (RuntimeException e) {
      console.line(
          "Its page could not be written: " + e.getMessage() + "; assay report " + id + " retries");
    }
  }
}
