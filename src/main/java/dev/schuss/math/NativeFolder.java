package dev.schuss.math;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/**
 * A fresh private folder for native libraries. A mapped file may be deleted, so that the folder is
 * gone as soon as all are loaded: nothing is shared with other JVMs and nothing is left behind.
 */
final class NativeFolder implements AutoCloseable {
  private static final Path MAPS = Path.of("/proc/self/maps");

  private final Path folder;

  NativeFolder() throws IOException {
    try {
      folder = Files.createTempDirectory("schuss-openblas-").toRealPath();
    } catch (IOException e) {
      throw new IOException(
          "java.io.tmpdir = "
              + System.getProperty("java.io.tmpdir")
              + " must be a folder that can be written to ("
              + e
              + ")",
          e);
    }
  }

  /** Copies a resource here under its own name. */
  Path extract(ClassLoader from, String resource) throws IOException {
    return extract(from, resource, resource.substring(resource.lastIndexOf('/') + 1));
  }

  /** Copies a resource here under another name. */
  Path extract(ClassLoader from, String resource, String name) throws IOException {
    Path file = folder.resolve(name);
    try (InputStream in = open(from, resource)) {
      Files.copy(in, file);
    }
    return file;
  }

  /** Writes a new file. */
  Path write(byte[] content, String name) throws IOException {
    return Files.write(folder.resolve(name), content);
  }

  /** The content of a resource. */
  static byte[] read(ClassLoader from, String resource) throws IOException {
    try (InputStream in = open(from, resource)) {
      return in.readAllBytes();
    }
  }

  private static InputStream open(ClassLoader from, String resource) throws IOException {
    InputStream in = from.getResourceAsStream(resource);
    if (in == null) {
      throw new IOException(resource + " is not on the class path");
    }
    return in;
  }

  @Override
  public void close() {
    try (var files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      // What cannot be deleted is left to whoever cleans the temporary folder.
      folder.toFile().deleteOnExit();
    }
  }

  /** The files mapped into this process whose name starts so; without " (deleted)". */
  static Set<String> mapped(String name) throws IOException {
    Set<String> paths = new TreeSet<>();
    for (String line : new String(Files.readAllBytes(MAPS), UTF_8).lines().toList()) {
      int slash = line.indexOf('/');
      if (slash > 0) {
        String path = line.substring(slash).replace(" (deleted)", "");
        if (path.substring(path.lastIndexOf('/') + 1).startsWith(name)) {
          paths.add(path);
        }
      }
    }
    return paths;
  }
}
