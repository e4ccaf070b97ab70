package dev.schuss.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.schuss.model.Feature;
import dev.schuss.model.FittedModel;
import dev.schuss.model.Invalid;
import dev.schuss.model.Preprocessing;
import dev.schuss.nn.Activation;
import dev.schuss.nn.Network;
import dev.schuss.objective.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelFolderTest {
  private static final Network NETWORK = Network.input(2).dense(3, Activation.RELU).regression(1);

  @TempDir Path temp;

  private Path saved() throws IOException {
    Preprocessing columns =
        new Preprocessing(
            Task.REGRESSION,
            List.of(Feature.number("a"), Feature.number("b")),
            List.of("y"),
            null,
            Invalid.ERROR,
            null,
            null);
    Path folder = temp.resolve("out/model");
    Verbs.save(NETWORK, columns, folder);
    return folder;
  }

  private static FittedModel load(Path folder) {
    return ModelFolder.load(folder.toString(), new Configuration());
  }

  private static Failure failure(Path folder) {
    return Failure.of(catchThrowable(() -> load(folder)));
  }

  @Test
  void theFolderOrTheOneAroundItIsTheModel() throws IOException {
    Path folder = saved();
    assertThat(load(folder).weights()).isEqualTo(NETWORK.initialWeights(1));
    assertThat(load(folder.getParent()).weights()).isEqualTo(NETWORK.initialWeights(1));
    assertThat(ModelFolder.load("file:" + folder, new Configuration()).provenance().steps())
        .isEqualTo(2);
  }

  @Test
  void whatIsNoModelIsSaidInOneLine() throws IOException {
    Path folder = saved();
    Path other = Files.createDirectories(temp.resolve("other"));
    Path running = Files.createDirectories(temp.resolve("running"));
    Files.writeString(running.resolve("job.json"), "{}");
    assertFails(temp.resolve("nowhere"), "no such model: " + temp.resolve("nowhere") + " (the w");
    assertFails(folder.resolve("model.json"), "is a file: name the model's folder");
    assertFails(other, "holds no model, which is the files model.json and model.safetensors");
    assertFails(running, "holds a training that has not written its model yet");
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.json", "model.safetensors"})
  void aMissingOrCutFileIsNamed(String name) throws IOException {
    Path file = saved().resolve(name);
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length - 20));
    assertFails(file.getParent(), file + ":");
    Files.delete(file);
    assertFails(file.getParent(), file + ": no such file; a model is a folder of both its files");
  }

  @Test
  void aNewerModelAndAnotherFileAreToldApart() throws IOException {
    Path file = saved().resolve("model.json");
    String json = Files.readString(file);
    Files.writeString(file, json.replace("schuss-model/1", "schuss-model/2"));
    assertFails(
        file.getParent(),
        file
            + ": format is schuss-model/2, which a newer Schuss wrote; this one reads schuss-model/1:"
            + " use that version");
    Files.writeString(file, "{\"a\": 1}");
    assertFails(file.getParent(), file + ": is no model of Schuss: it has no format");
  }

  private static void assertFails(Path folder, String message) {
    Failure failure = failure(folder);
    assertThat(failure.line()).contains(message).doesNotContain("\n");
    assertThat(failure.exitCode()).isEqualTo(ExitCode.CHECKPOINT);
  }
}
