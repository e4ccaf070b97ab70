package dev.schuss.data;

import dev.schuss.math.EditDistance;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.AccessDeniedException;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongPredicate;
import java.util.zip.GZIPInputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.hadoop.security.AccessControlException;

/** Files on any Hadoop file system, and resources of the class path. */
final class Files {
  private static final String CLASSPATH = "classpath:";

  private Files() {}

  /**
   * Makes sure that a path is given.
   *
   * @param key that holds it
   * @throws IllegalArgumentException if it is blank
   */
  static void checkNamed(String key, String path) {
    if (path.isBlank()) {
      throw new IllegalArgumentException(key + " is empty: name a file, a folder or a pattern");
    }
  }

  /** Whether the path names a resource of the class path. */
  static boolean isResource(String path) {
    return path.startsWith(CLASSPATH);
  }

  /**
   * Opens a resource; one that ends in .gz is uncompressed.
   *
   * @throws DataException if there is none of this name
   */
  static InputStream openResource(String path) throws IOException {
    String name = path.substring(CLASSPATH.length());
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    InputStream in = context == null ? null : context.getResourceAsStream(name);
    if (in == null) {
      in = Files.class.getClassLoader().getResourceAsStream(name);
    }
    if (in == null) {
      throw new DataException("no such resource: " + path + " is not on the class path");
    }
    return name.endsWith(".gz") ? new GZIPInputStream(in) : in;
  }

  /** Opens a file; a compressed one is uncompressed. */
  static InputStream open(Path file, Configuration hadoop) throws IOException {
    InputStream in = file.getFileSystem(hadoop).open(file);
    CompressionCodec codec = new CompressionCodecFactory(hadoop).getCodec(file);
    return codec == null ? in : codec.createInputStream(in);
  }

  /**
   * The files of a path, which may be a file, a folder or a pattern, by name; hidden ones left out.
   *
   * @throws DataException if there is no file
   */
  static List<FileStatus> list(String path, Configuration hadoop) {
    Path asPath = new Path(path);
    try {
      FileSystem fs = asPath.getFileSystem(hadoop);
      FileStatus[] found = fs.globStatus(asPath);
      List<FileStatus> files = new ArrayList<>();
      for (FileStatus status : found == null ? new FileStatus[0] : found) {
        if (status.isDirectory()) {
          addFiles(fs, status.getPath(), files);
        } else {
          files.add(status);
        }
      }
      if (found == null || found.length == 0) {
        throw missing(path, fs.makeQualified(asPath), neighbour(fs, asPath), null);
      }
      if (files.isEmpty()) {
        throw new DataException(path + " is a folder without files: name a folder with data");
      }
      files.sort(Comparator.comparing(FileStatus::getPath));
      return files;
    } catch (FileNotFoundException e) {
      throw missing(path, asPath, "", e);
    } catch (AccessControlException | AccessDeniedException e) {
      throw new DataException(
          "no permission to read %s (%s): ask for it, or name other data"
              .formatted(path, e.getMessage()),
          e);
    } catch (IOException e) {
      throw new DataException(path + " cannot be read: " + e.getMessage(), e);
    } catch (RuntimeException e) { // Hadoop's way to say that a file system's jar is missing
      if (e.getCause() instanceof ClassNotFoundException) {
        throw new DataException(
            "%s cannot be read: %s; add the jar of that file system, as with spark-submit --packages org.apache.hadoop:hadoop-aws:VERSION for s3a"
                .formatted(path, e.getCause().getMessage()),
            e);
      }
      throw e;
    }
  }

  private static void addFiles(FileSystem fs, Path folder, List<FileStatus> files)
      throws IOException {
    for (FileStatus status : fs.listStatus(folder)) {
      if (status.getPath().getName().matches("[_.].*")) {
        continue;
      }
      if (status.isDirectory()) {
        addFiles(fs, status.getPath(), files);
      } else {
        files.add(status);
      }
    }
  }

  /** A file that is there but cannot be read. */
  static DataException unreadable(String name, Exception e) {
    String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return new DataException(name + " cannot be read: " + why, e);
  }

  /** A file that ends too early, or whose compression is broken. */
  static DataException damaged(String name, IOException e) {
    return new DataException(unreadable(name, e).getMessage() + "; fetch it again", e);
  }

  /** Whether a file is compressed, by its name. */
  static boolean isCompressed(Path file, Configuration hadoop) {
    return new CompressionCodecFactory(hadoop).getCodec(file) != null;
  }

  /**
   * Uncompressed length of a file, up to where a truncated one ends; without reading all of it
   * where that can be avoided.
   *
   * @param plausible whether a length is one that a whole file may have
   */
  static long length(FileStatus file, Configuration hadoop, LongPredicate plausible)
      throws IOException {
    Path path = file.getPath();
    if (!isCompressed(path, hadoop)) {
      return file.getLen();
    }
    // A gzip file ends with its uncompressed length (modulo 2^32). If that is plausible the file is
    // taken to be whole; if not, the bytes are counted.
    if (path.getName().endsWith(".gz") && file.getLen() > 18) {
      try (FSDataInputStream in = path.getFileSystem(hadoop).open(path)) {
        byte[] last = new byte[4];
        in.readFully(file.getLen() - 4, last);
        int length = ByteBuffer.wrap(last).order(ByteOrder.LITTLE_ENDIAN).getInt();
        if (plausible.test(Integer.toUnsignedLong(length))) {
          return Integer.toUnsignedLong(length);
        }
      }
    }
    long found = 0;
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = open(path, hadoop)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        found += n;
      }
    } catch (EOFException e) {
      return found; // what a truncated file ends with
    }
    return found;
  }

  private static DataException missing(String path, Path qualified, String hint, Exception cause) {
    String looked =
        plain(qualified).equals(path)
            ? ""
            : " (looked for %s; the working directory is %s)"
                .formatted(plain(qualified), Paths.get("").toAbsolutePath());
    return new DataException("no such file: " + path + hint + looked, cause);
  }

  /** What lies beside a missing file and has nearly its name; empty if nothing does. */
  private static String neighbour(FileSystem fs, Path missing) {
    Path folder = missing.getParent();
    if (folder == null || missing.toString().matches(".*[*?\\[{].*")) {
      return "";
    }
    try {
      if (!fs.exists(folder)) {
        return "; nor is there a folder " + plain(folder);
      }
      List<String> names = new ArrayList<>();
      for (FileStatus status : fs.listStatus(folder)) {
        names.add(status.getPath().getName());
      }
      return EditDistance.nearest(missing.getName(), names)
          .map(name -> "; did you mean " + name + "?")
          .orElse("");
    } catch (IOException e) {
      return ""; // that the file is missing is the news
    }
  }

  private static String plain(Path path) {
    return "file".equals(path.toUri().getScheme()) ? path.toUri().getPath() : path.toString();
  }

  /** The path of a file as Spark reports it: as an encoded URI. */
  static Path decoded(String uri) {
    try {
      return new Path(new URI(uri));
    } catch (URISyntaxException e) {
      return new Path(uri);
    }
  }

  /** A name for people: a local file without scheme, and relative to the working directory. */
  static String display(Path path) {
    URI uri = path.toUri();
    if (!"file".equals(uri.getScheme())) {
      return path.toString();
    }
    java.nio.file.Path local = Paths.get(uri.getPath());
    java.nio.file.Path here = Paths.get("").toAbsolutePath();
    return local.startsWith(here) ? here.relativize(local).toString() : local.toString();
  }
}
