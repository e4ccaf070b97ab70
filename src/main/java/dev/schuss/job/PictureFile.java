package dev.schuss.job;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where {@code draw} writes: a file of this machine, which is replaced if it is there. */
final class PictureFile {
  private PictureFile() {}

  /**
   * Makes sure that a file can be written, before its content is computed; folders that are missing
   * are made, and what is in the file stays.
   *
   * @throws JobException if it cannot
   */
  static void check(Path file) {
    try {
      Files.createDirectories(folder(file));
    } catch (IOException e) {
      throw unwritable(file, Failure.describe(e), e);
    }
    if (Files.isDirectory(file)) {
      throw unwritable(file, "it is a folder", null);
    }
    if (!Files.isWritable(Files.exists(file) ? file : folder(file))) {
      throw unwritable(file, "permission denied", null);
    }
  }

  /**
   * Writes a file; folders that are missing are made.
   *
   * @throws JobException if it cannot be written
   */
  static void write(Path file, String text) {
    try {
      Files.createDirectories(folder(file));
      Files.writeString(file, text, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw unwritable(file, Failure.describe(e), e);
    }
  }

  /** A path that names no file, such as the root, is its own. */
  private static Path folder(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    return folder == null ? file.toAbsolutePath() : folder;
  }

  private static JobException unwritable(Path file, String why, IOException e) {
    return new JobException(
        ExitCode.USAGE,
        "--output %s: cannot be written (%s): name a file in a folder of yours"
            .formatted(file, why),
        e);
  }
}
