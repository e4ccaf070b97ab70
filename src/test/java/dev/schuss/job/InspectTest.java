package dev.schuss.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.schuss.model.ClassLabels;
import dev.schuss.model.Feature;
import dev.schuss.model.FittedModel;
import dev.schuss.model.Invalid;
import dev.schuss.model.LocalFolder;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectTest {
  @TempDir Path folder;

  @BeforeEach
  void save() throws IOException {
    Network network =
        Network.input(6).dense(5, Activation.TANH).dense(4, Activation.RELU).output(3);
    float[] by = new float[6];
    Arrays.fill(by, 16);
    Preprocessing columns =
        new Preprocessing(
            Task.CLASSIFICATION,
            List.of(
                Feature.number("age"),
                Feature.category("colour", List.of("red", "blue"), true),
                Feature.vector("v", 2)),
            List.of("kind"),
            ClassLabels.of(List.of("a", "b", "c")),
            Invalid.SKIP,
            new float[6],
            by);
    new FittedModel(
            network,
            network.initialWeights(1),
            columns,
            new FittedModel.Provenance("0.1.0", "4.1.0", 7, 1234))
        .save(new LocalFolder(folder));
  }

  private Runs.Outcome inspect(String... more) {
    String[] all = new String[2 + more.length];
    all[0] = "inspect";
    all[1] = folder.toString();
    System.arraycopy(more, 0, all, 2, more.length);
    return Runs.schuss(all);
  }

  @Test
  void showsLayersColumnsAndWhereItComesFrom() {
    Runs.Outcome outcome = inspect();
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.code()).isZero();
    assertThat(outcome.out())
        .contains(
            """
            layer       type      activation      output    parameters
            input                                      6
            dense0      dense     tanh                 5            35
            dense1      dense     relu                 4            24
            output      dense                          3            15
            total                                                   74
            """)
        .contains("features    3 columns, 6 inputs: age, colour (2 categories), v (2 numbers)")
        .contains("classes     3: a, b, c")
        .contains("label       kind")
        .contains("scaling     divided by 16.0")
        .contains("bad rows    skip")
        .contains("trained     1,234 steps, seed 7, by Schuss 0.1.0 on Spark 4.1.0")
        .containsPattern("model.safetensors, \\d+ bytes, checksum [0-9a-f]{8} ok");
  }

  @Test
  void saysTheSameAsJson() {
    Runs.Outcome outcome = inspect("--json");
    JsonObject json = JsonParser.parseString(outcome.out()).getAsJsonObject();
    assertThat(json.get("parameters").getAsInt()).isEqualTo(74);
    assertThat(json.getAsJsonArray("layers")).hasSize(3);
    assertThat(json.getAsJsonObject("weights").get("state").getAsString()).isEqualTo("ok");
    assertThat(json.getAsJsonObject("provenance").get("steps").getAsInt()).isEqualTo(1234);
  }

  @Test
  void damagedWeightsAreShownAndAnError() throws IOException {
    Path weights = folder.resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    bytes[bytes.length - 1] ^= 1;
    Files.write(weights, bytes);
    Runs.Outcome outcome = inspect();
    assertThat(outcome.code()).isEqualTo(5);
    assertThat(outcome.out()).contains("dense0", "damaged");
    assertThat(outcome.err()).contains("is not the file that").hasLineCount(1);
    Files.delete(weights);
    assertThat(inspect().err()).contains("no such file; a model is a folder of both");
  }

  @Test
  void findsItInTheOutputFolderOfATraining() {
    assertThat(ModelFolder.find("file:" + folder, new Configuration()).length("model.json"))
        .isPositive();
    assertThat(Runs.schuss("inspect", folder + "/none").code()).isEqualTo(5);
  }
}
