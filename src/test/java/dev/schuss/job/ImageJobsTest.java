package dev.schuss.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a job file says of images, and how {@code check} tells what does not fit. */
class ImageJobsTest {
  @TempDir Path temp;

  private JobFile job(String model) throws IOException {
    Path file = temp.resolve("job.conf");
    Files.writeString(
        file,
        """
        name = images, task = classification
        data { train { format = cifar, path = x }, validation { fraction = 0.1 } }
        output { dir = out/images }
        model { %s }
        """
            .formatted(model));
    return JobReader.read(file.toString(), List.of());
  }

  private void refused(String model, String message) {
    Failure failure = Failure.of(catchThrowable(() -> job(model)));
    assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(failure.line()).contains(message).doesNotContain("\n");
  }

  @Test
  void shapesAreCheckedBeforeAnyDataIsRead() throws IOException {
    String conv = "{ type = conv2d, channels = 8, kernel = 5 }";
    assertThat(job("input = [3, 32, 32], layers = [" + conv + "]").network(3072, 10).activations())
        .isEqualTo(8 * 28 * 28 + 10);
    refused("layers = [" + conv + "]", "conv2d0 takes an image, not [2] numbers: set model.input");
    refused(
        "input = [3, 8, 8], layers = [" + conv + ", " + conv + "]",
        "conv2d1: its kernel of 5 x 5 is larger than its input [8, 4, 4] with a padding of 0");
    refused("input = [3, 32], layers = []", "model.input = [3,32]: must be [channels, height");
    refused("input = [3, 0, 32], layers = []", "model.input[1] = 0: must be a whole number in [1");
  }

  @Test
  void anImageHasAsManyNumbersAsARow() throws IOException {
    JobFile job = job("input = [1, 28, 28], layers = []");
    Failure failure = Failure.of(catchThrowable(() -> job.network(785, 10)));
    assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(failure.line())
        .isEqualTo(
            "model.input = [1, 28, 28]: an image of 784 numbers, but a row has 785 features");
  }
}
