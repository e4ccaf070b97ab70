package dev.schuss.model;

import java.io.IOException;
import java.io.InputStream;

/** A folder to read from, on any file system. */
@FunctionalInterface
public interface FileSource {

  /**
   * Opens a file; the caller closes the stream.
   *
   * @throws java.io.FileNotFoundException or {@link java.nio.file.NoSuchFileException} if it is not
   *     there
   */
  InputStream open(String name) throws IOException;

  /** What errors call a file of this folder. */
  default String path(String name) {
    return name;
  }
}
