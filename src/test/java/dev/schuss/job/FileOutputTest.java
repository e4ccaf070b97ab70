package dev.schuss.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
}
