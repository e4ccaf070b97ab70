package dev.schuss.model;

import java.io.IOException;
import java.io.OutputStream;

/** A folder to write into, on any file system. */
@FunctionalInterface
public interface FileSink {

  /** Creates or replaces a file; the caller closes the stream. */
  OutputStream create(String name) throws IOException;
}
