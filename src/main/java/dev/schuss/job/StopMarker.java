package dev.schuss.job;

import dev.schuss.model.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How {@code schuss stop} reaches a training, wherever that runs: two files in its output folder.
 * The training writes {@code _running} anew every few seconds, as a sign of life, and looks for
 * {@code _stop} every second, in a thread of its own. A sign of life that has become old, by the
 * clock of the file system, is what a killed training left behind.
 */
final class StopMarker implements AutoCloseable {
  static final String RUNNING = "_running";
  static final String STOP = "_stop";

  /** A training gives a sign of life so often. */
  static final long ALIVE_MILLIS = 10_000;

  /** One that has given none for so long is gone. */
  static final long GONE_MILLIS = 60_000;

  private static final long LOOK_MILLIS = 1_000;
  private static final Logger log = LoggerFactory.getLogger(StopMarker.class);

  private final FileSystem files;
  private final Path folder;
  private final Thread thread;
  private volatile boolean requested;
  private volatile boolean closed;

  private StopMarker(FileSystem files, Path folder) {
    this.files = files;
    this.folder = folder;
    this.thread = new Thread(this::watch, "schuss-stop-marker");
    thread.setDaemon(true);
  }

  /** A training begins here: says so, and looks from now on whether it is to stop. */
  static StopMarker begin(String dir, Configuration hadoop) {
    try {
      StopMarker marker = new StopMarker(files(dir, hadoop), new Path(dir));
      marker.files.delete(new Path(marker.folder, STOP), false); // meant for an earlier training
      marker.signOfLife();
      marker.thread.start();
      return marker;
    } catch (IOException e) {
      throw new JobException(
          ExitCode.SPARK,
          "cannot write %s/%s (%s): is the disk full, or the file system away?"
              .formatted(dir, RUNNING, Failure.describe(e)),
          e);
    }
  }

  /** The checksumming view of the local file system litters .crc files. */
  static FileSystem files(String dir, Configuration hadoop) throws IOException {
    FileSystem files = new Path(dir).getFileSystem(hadoop);
    return files instanceof LocalFileSystem local ? local.getRawFileSystem() : files;
  }

  /** Whether somebody called {@code schuss stop}. */
  boolean requested() {
    return requested;
  }

  private void watch() {
    long last = System.nanoTime();
    while (!closed && !requested) {
      try {
        Thread.sleep(LOOK_MILLIS);
        requested = files.exists(new Path(folder, STOP));
        if ((System.nanoTime() - last) / 1_000_000 >= ALIVE_MILLIS) {
          signOfLife();
          last = System.nanoTime();
        }
      } catch (IOException e) {
        log.warn("cannot look for {} in {}: {}", STOP, folder, e.getMessage());
      } catch (InterruptedException e) {
        return; // closed
      }
    }
  }

  private void signOfLife() throws IOException {
    Map<String, Object> says = new LinkedHashMap<>();
    says.put("host", InetAddress.getLoopbackAddress().getHostName());
    says.put("process", ProcessHandle.current().pid());
    try (OutputStream out = files.create(new Path(folder, RUNNING), true)) {
      out.write(Json.pretty(says).getBytes(StandardCharsets.UTF_8));
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join();
      files.delete(new Path(folder, RUNNING), false);
      files.delete(new Path(folder, STOP), false);
    } catch (IOException e) {
      log.warn("cannot remove {} from {}: {}", RUNNING, folder, e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
