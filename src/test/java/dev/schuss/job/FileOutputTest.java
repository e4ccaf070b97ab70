package dev.schuss.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FilterFileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file is written whole, or not at all. */
class FileOutputTest {
  private static final Configuration HADOOP = new Configuration();

  @TempDir Path temp;

  private static FileOutput.Content failing() {
    return out -> {
      out.write("half of it".getBytes(StandardCharsets.UTF_8));
      throw new IOException("No space left on device");
    };
  }

  @Test
  void aFailureLeavesWhatWasThere() throws IOException {
    Path file = temp.resolve("there.bin");
    Files.writeString(file, "before");
    FileOutput to = FileOutput.open(file.toString(), true, HADOOP);
    Failure failure = Failure.of(catchThrowable(() -> to.write(failing())));
    assertThat(failure)
        .isEqualTo(
            new Failure(
                ExitCode.SPARK,
                "cannot write --output %s (IOException: No space left on device): make its folder writable and see that there is room, or name another"
                    .formatted(file)));
    assertThat(file).hasContent("before");
    assertThat(temp.toFile().list()).containsExactly("there.bin");
  }

  @Test
  void aFailureLeavesNoFolders() {
    FileOutput to = FileOutput.open(temp.resolve("a/b/new.bin").toString(), false, HADOOP);
    assertThat(catchThrowable(() -> to.write(failing()))).isInstanceOf(JobException.class);
    assertThat(temp).isEmptyDirectory();
  }

  @Test
  void theWholeFileTakesTheOldOnesPlace() throws IOException {
    Path file = temp.resolve("there.bin");
    Files.writeString(file, "before");
    byte[] now = "now".getBytes(StandardCharsets.UTF_8);
    long bytes =
        FileOutput.open("file:" + file, true, HADOOP)
            .write(
                out -> {
                  out.write(now);
                  assertThat(file).hasContent("before");
                });
    assertThat(bytes).isEqualTo(3);
    assertThat(file).hasContent("now");
    assertThat(temp.toFile().list()).containsExactly("there.bin");
  }

  /** A file system that is not local, and fails to rename some files. */
  public static final class Elsewhere extends FilterFileSystem {
    private static final AtomicInteger renames = new AtomicInteger();
    private static Set<Integer> failing = Set.of();

    /** Made by Hadoop. */
    public Elsewhere() {
      super(new RawLocalFileSystem());
    }

    static void fail(Integer... which) {
      renames.set(0);
      failing = Set.of(which);
    }

    @Override
    public boolean rename(org.apache.hadoop.fs.Path from, org.apache.hadoop.fs.Path to)
        throws IOException {
      if (failing.contains(renames.incrementAndGet())) {
        throw new IOException("Connection reset");
      }
      return !exists(to) && super.rename(from, to); // as HDFS, which replaces nothing
    }
  }

  private static FileOutput elsewhere(Path file) {
    Configuration hadoop = new Configuration();
    hadoop.setClass("fs.file.impl", Elsewhere.class, FileSystem.class);
    hadoop.setBoolean("fs.file.impl.disable.cache", true);
    return FileOutput.open("file:" + file, true, hadoop);
  }

  @Test
  void aFileElsewhereIsReplaced() throws IOException {
    Path file = Files.writeString(temp.resolve("there.bin"), "before");
    Elsewhere.fail();
    elsewhere(file).write(out -> out.write("now".getBytes(StandardCharsets.UTF_8)));
    assertThat(file).hasContent("now");
    assertThat(temp.toFile().list()).containsExactly("there.bin");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aRenameThatFailsLeavesTheOldFile(int which) throws IOException {
    Path file = Files.writeString(temp.resolve("there.bin"), "before");
    Elsewhere.fail(which);
    Throwable thrown =
        catchThrowable(
            () -> elsewhere(file).write(out -> out.write("now".getBytes(StandardCharsets.UTF_8))));
    assertThat(thrown).isInstanceOf(JobException.class).hasMessageContaining("Connection reset");
    assertThat(file).hasContent("before");
    assertThat(temp.toFile().list()).containsExactly("there.bin");
  }

  @Test
  void bothFilesAreKeptWhereTheOldOneCannotBePutBack() throws IOException {
    Path file = Files.writeString(temp.resolve("there.bin"), "before");
    Elsewhere.fail(2, 3);
    Throwable thrown =
        catchThrowable(
            () -> elsewhere(file).write(out -> out.write("now".getBytes(StandardCharsets.UTF_8))));
    String[] left = temp.toFile().list();
    Arrays.sort(left);
    assertThat(left).hasSize(2);
    assertThat(temp.resolve(left[0])).hasContent("before");
    assertThat(temp.resolve(left[1])).hasContent("now");
    assertThat(thrown)
        .isInstanceOf(JobException.class)
        .hasMessageContaining("Connection reset")
        .hasMessageContaining("the old file is kept as file:" + temp.resolve(left[0]))
        .hasMessageContaining("the new one as file:" + temp.resolve(left[1]));
  }
}
