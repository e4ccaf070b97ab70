package dev.schuss.checkpoint;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/** The local disk under {@code faulty:}, one call of which fails: the n-th from now. */
public final class FaultyFileSystem extends RawLocalFileSystem {
  /** How calls fail. */
  enum Fault {
    /** With an exception, before anything is done. */
    THROWS,
    /** By saying false where a call can, else with an exception. */
    SAYS_FALSE,
    /** With the exception of HDFS for a block that no machine has. */
    LOST,
    /** With an exception after half of the bytes were written, else before anything is done. */
    HALF
  }

  private static long room = Long.MAX_VALUE;
  private static int left;
  private static Fault fault;
  private static boolean failed;

  /** Of the calls from now on this one fails, counted from 1; 0 for none. */
  static void failAt(int call, Fault how) {
    left = call;
    fault = how;
    failed = false;
  }

  /** From now on the disk takes so many bytes more; what is deleted makes no room. */
  static void room(long bytes) {
    room = bytes;
  }

  /** Whether a call failed since. */
  static boolean hasFailed() {
    return failed;
  }

  /** Hadoop's settings that know this file system. */
  static Configuration configuration() {
    Configuration hadoop = new Configuration();
    hadoop.set("fs.faulty.impl", FaultyFileSystem.class.getName());
    return hadoop;
  }

  @Override
  public URI getUri() {
    return URI.create("faulty:///");
  }

  private static boolean isThis() {
    return left > 0 && --left == 0 && (failed = true);
  }

  private static void call(String what) throws IOException {
    if (isThis()) {
      if (fault == Fault.LOST) {
        throw new ChecksumException(what + " finds lost bytes", 0);
      }
      throw new IOException(what + " fails on purpose");
    }
  }

  private static boolean saysFalse(String what) throws IOException {
    if (isThis()) {
      if (fault == Fault.SAYS_FALSE) {
        return true;
      }
      throw new IOException(what + " fails on purpose");
    }
    return false;
  }

  @Override
  public boolean mkdirs(Path path) throws IOException {
    return !saysFalse("mkdirs") && super.mkdirs(path);
  }

  @Override
  public boolean delete(Path path, boolean recursive) throws IOException {
    return !saysFalse("delete") && super.delete(path, recursive);
  }

  @Override
  public FileStatus[] listStatus(Path path) throws IOException {
    call("listStatus");
    return super.listStatus(path);
  }

  @Override
  public FileStatus getFileStatus(Path path) throws IOException {
    return super.getFileStatus(path); // Hadoop's own calls of it are not ours to count
  }

  @Override
  public boolean exists(Path path) throws IOException {
    call("exists");
    try {
      getFileStatus(path);
      return true;
    } catch (FileNotFoundException e) {
      return false;
    }
  }

  @Override
  public FSDataInputStream open(Path path, int buffer) throws IOException {
    call("open");
    return super.open(path, buffer);
  }

  @Override
  public boolean rename(Path from, Path to) {
    throw new AssertionError("nothing depends on a rename");
  }

  @Override
  public FSDataOutputStream create(
      Path path,
      FsPermission permission,
      boolean overwrite,
      int buffer,
      short replication,
      long block,
      Progressable progress)
      throws IOException {
    call("create");
    return wrapped(super.create(path, permission, overwrite, buffer, replication, block, progress));
  }

  @Override
  public FSDataOutputStream create(
      Path path, boolean overwrite, int buffer, short replication, long block, Progressable p)
      throws IOException {
    call("create");
    return wrapped(super.create(path, overwrite, buffer, replication, block, p));
  }

  private static FSDataOutputStream wrapped(FSDataOutputStream out) {
    return new FSDataOutputStream(new Failing(out), null);
  }

  /** Each write and the close are calls of their own. */
  private static final class Failing extends OutputStream {
    private final FSDataOutputStream out;

    Failing(FSDataOutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
      call("write");
      out.write(b);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      if (isThis()) {
        if (fault == Fault.HALF) {
          out.write(bytes, from, length / 2);
          out.flush();
        }
        throw new IOException("write fails on purpose");
      }
      int fits = (int) Math.min(length, room);
      out.write(bytes, from, fits);
      room -= fits;
      if (fits < length) {
        failed = true;
        throw new IOException("No space left on device");
      }
    }

    @Override
    public void flush() throws IOException {
      out.flush();
    }

    @Override
    public void close() throws IOException {
      if (isThis()) {
        out.close();
        throw new IOException("close fails on purpose");
      }
      out.close();
    }
  }
}
