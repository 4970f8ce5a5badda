package io.assay.datasets.reader;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** Where data files are: finds and opens them. */
public interface FileStore {
  /**
   * Names of the files behind a file, folder or glob, in a fixed order.
   *
   * @param format which files of a folder are taken: {@link Format#isData}
   * @throws io.assay.datasets.DataException FILE_NOT_FOUND if there is none
   */
  List<String> find(String pattern, Format format);

  /**
   * Whether there is a file of this name, which is no pattern.
   *
   * @throws io.assay.datasets.DataException FILE_NOT_FOUND if the storage cannot tell
   */
  boolean isFile(String name);

  /** Whether there is a folder of this name; as {@link #isFile}. */
  boolean isFolder(String name);

  /**
   * All files below a folder, in a fixed order; hidden ones are left out.
   *
   * @throws io.assay.datasets.DataException FILE_NOT_FOUND if it cannot be read
   */
  List<String> below(String folder);

  /** The bytes of a file as they are stored. */
  InputStream open(String file) throws IOException;

  /**
   * The records of a Parquet file, which is read from its end.
   *
   * @throws IOException if it is damaged, or this storage cannot read such files
   */
  RecordSource parquet(String file) throws IOException;
}
