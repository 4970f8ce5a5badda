package io.assay.datasets.reader;

import io.assay.datasets.BadRecord;
import io.assay.datasets.DataErrorCode;
import io.assay.datasets.Document;
import io.assay.datasets.reader.RecordSource.Row;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Documents of data files. A record that cannot be read becomes a {@link BadRecord} and reading
 * goes on; only a file that is missing altogether is an error.
 *
 * <p>Formats, compression ({@code .gz}, {@code .zst}), a byte order mark and line ends are told
 * from the file; text is UTF-8, checked. Memory holds one record at a time.
 */
public final class DocumentReader {
  /** Longest record; what is longer is a bad record. */
  public static final int MAX_RECORD_BYTES = 64 << 20;

  private DocumentReader() {}

  /**
   * Documents of all files behind {@code patterns} (files, folders, globs) of this machine, read as
   * the stream is consumed. Close the stream: it holds the file open.
   *
   * @param format {@code auto}, {@code jsonl}, {@code json}, {@code csv}, {@code tsv}, {@code text}
   *     or {@code document}
   * @throws io.assay.datasets.DataException FILE_NOT_FOUND at once if a pattern matches nothing
   */
  public static Stream<Document> read(
      List<String> patterns, String format, Consumer<BadRecord> failures) {
    return read(patterns, ReadOptions.of(Format.named(format)), failures);
  }

  /** As {@link #read(List, String, Consumer)} with the details of delimited files. */
  public static Stream<Document> read(
      List<String> patterns, ReadOptions options, Consumer<BadRecord> failures) {
    return read(new LocalFiles(), patterns, options, failures);
  }

  /** The same for files of any storage. */
  public static Stream<Document> read(
      FileStore store, List<String> patterns, ReadOptions options, Consumer<BadRecord> failures) {
    List<String> files = new ArrayList<>();
    for (String pattern : patterns) {
      files.addAll(store.find(pattern, options.format()));
    }
    // An unknown extension is told before anything is read.
    files.forEach(options.format()::of);
    return stream(new Documents(store, files.iterator(), options, failures));
  }

  /**
   * Documents of one stream of bytes, from whatever storage.
   *
   * @param source its name: extensions tell compression and format; {@link Document#source()}
   * @param in closed with the result
   */
  public static Stream<Document> read(
      String source, InputStream in, ReadOptions options, Consumer<BadRecord> failures) {
    Documents documents =
        new Documents(new LocalFiles(), List.<String>of().iterator(), options, failures);
    documents.open(source, () -> in);
    return stream(documents);
  }

  private static Stream<Document> stream(Documents documents) {
    int ordered = Spliterator.ORDERED | Spliterator.NONNULL;
    return StreamSupport.stream(Spliterators.spliteratorUnknownSize(documents, ordered), false)
        .onClose(documents::close);
  }

  /** Goes through the files; at most one is open. */
  private static final class Documents implements Iterator<Document> {
    private final FileStore store;
    private final Iterator<String> files;
    private final ReadOptions options;
    private final Consumer<BadRecord> failures;
    private String source;
    private RecordSource records;
    private long index;
    private Document next;

    private Documents(
        FileStore store,
        Iterator<String> files,
        ReadOptions options,
        Consumer<BadRecord> failures) {
      this.store = store;
      this.files = files;
      this.options = options;
      this.failures = failures;
    }

    /** Opens the bytes of a file. */
    @FunctionalInterface
    private interface Opening {
      InputStream open() throws IOException;
    }

    private void open(String name, Opening bytes) {
      source = name;
      index = 0;
      InputStream in = null;
      try {
        if (options.format().of(name) == Format.PARQUET) {
          records = store.parquet(name);
          return;
        }
        in = bytes.open();
      } catch (FileNotFoundException | NoSuchFileException | AccessDeniedException e) {
        throw RecordSources.unreadable(name, e);
      } catch (IOException e) {
        unreadable(1, e);
        return;
      }
      try {
        records = RecordSources.open(name, in, options, MAX_RECORD_BYTES);
      } catch (IOException e) {
        unreadable(1, e);
      }
    }

    @Override
    public boolean hasNext() {
      while (next == null) {
        if (records == null) {
          if (!files.hasNext()) {
            return false;
          }
          String file = files.next();
          open(file, () -> store.open(file));
          continue;
        }
        next = advance();
      }
      return true;
    }

    /** The next good document of the open file, null if it was bad or there is no more. */
    private Document advance() {
      try {
        Row row = records.next();
        if (row == null) {
          close();
          return null;
        }
        long position = index++;
        if (row.fields() != null) {
          return new Document(source, position, row.line(), row.fields());
        }
        failures.accept(new BadRecord(source, row.line(), row.code(), row.message()));
      } catch (IOException e) {
        unreadable(records.line() + 1, e);
      }
      return null;
    }

    /** Damaged compression, a disk error: the rest of the file is lost and said to be. */
    private void unreadable(long line, IOException e) {
      failures.accept(
          new BadRecord(
              source,
              line,
              DataErrorCode.DOCUMENT_INVALID,
              "the file cannot be read on from line " + line + ": " + reason(e)));
      close();
    }

    private static String reason(IOException e) {
      // Java's decompressors say little or nothing where a file was cut off.
      return e instanceof EOFException
          ? "it ends in the middle of its compressed data"
          : e.getMessage() == null ? e.toString() : e.getMessage();
    }

    private void close() {
      if (records != null) {
        try {
          records.close();
        } catch (IOException e) {
          // Read only: nothing is lost when closing fails.
          records = null;
        }
        records = null;
      }
    }

    @Override
    public Document next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      Document document = next;
      next = null;
      return document;
    }
  }
}
