package dev.schuss.model;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder of this machine; writing creates it. */
public record LocalFolder(Path folder) implements FileSink, FileSource {

  @Override
  public OutputStream create(String name) throws IOException {
    Files.createDirectories(folder);
    return new BufferedOutputStream(Files.newOutputStream(folder.resolve(name)));
  }

  @Override
  public InputStream open(String name) throws IOException {
    return Files.newInputStream(folder.resolve(name));
  }

  @Override
  public String path(String name) {
    return folder.resolve(name).toString();
  }
}
