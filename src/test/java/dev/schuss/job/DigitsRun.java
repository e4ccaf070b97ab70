package dev.schuss.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.schuss.Scripts;
import dev.schuss.Scripts.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The output folder of a short training on the digits. The same partitions and an ordered sum: the
 * same bits wherever it runs.
 */
record DigitsRun(Path folder) {
  static final String JOB = "jobs/digits.conf";
  private static final int EPOCHS = 3;
  private static final long STEPS = EPOCHS * Killed.ROUNDS;
  private static final long EARLY = 5;

  /** Trained in this process. */
  static DigitsRun here(Path folder) {
    List<String> words = words(JOB, folder.toString(), "--master", "local[2]");
    assertThat(Runs.schuss(words.toArray(String[]::new)).code()).isZero();
    return new DigitsRun(folder);
  }

  /** The words after {@code schuss} of such a training. */
  static List<String> words(String job, String output, String... more) {
    List<String> words = new ArrayList<>(List.of("train", job));
    for (String set :
        List.of(
            "train.epochs=" + EPOCHS,
            "train.partitions=2",
            "train.reduction=ordered",
            "output.dir=" + output)) {
      words.addAll(List.of("--set", set));
    }
    words.addAll(List.of(more));
    return words;
  }

  /** This training ran on this version of Spark, and is the same as another to the bit. */
  void assertSame(DigitsRun expected, String spark) throws IOException {
    assertThat(result().getAsJsonObject("spark").get("version").getAsString()).isEqualTo(spark);
    assertThat(result().getAsJsonObject("blas").get("executors").toString())
        .isEqualTo("[\"openblas\"]");
    assertThat(result().get("test")).isEqualTo(expected.result().get("test"));
    assertThat(curve()).hasSize(EPOCHS).isEqualTo(expected.curve());
    assertThat(folder.resolve("model/model.safetensors"))
        .hasSameBinaryContentAs(expected.folder.resolve("model/model.safetensors"));
  }

  /**
   * Trains by a script, and does something in the midst of it.
   *
   * @param words of a training into this folder
   * @param then called once some updates were saved
   */
  Ended disturbed(Scripts scripts, List<String> words, Fault then) throws Exception {
    List<String> all = new ArrayList<>(words);
    Path checkpoints = folder.resolve("checkpoints");
    for (String set : List.of("checkpoint.dir=" + checkpoints, "checkpoint.every=1 steps")) {
      all.addAll(List.of("--set", set));
    }
    CompletableFuture<Ended> training = scripts.begin(all);
    while (!training.isDone() && Killed.saved(checkpoints) < EARLY) {
      Thread.sleep(2);
    }
    then.happens();
    assertThat(Killed.saved(checkpoints)).as("in the midst").isBetween(EARLY, STEPS - 1);
    return training.get(100, TimeUnit.SECONDS); // whatever goes wrong
  }

  /** Something that goes wrong. */
  interface Fault {
    void happens() throws Exception;
  }

  /** This training went on from a checkpoint in its midst. */
  void assertResumed() throws IOException {
    assertThat(result().getAsJsonObject("checkpoint").get("resumedAtStep").getAsLong())
        .isBetween(1L, STEPS - 1);
  }

  JsonObject result() throws IOException {
    return JsonParser.parseString(Files.readString(folder.resolve("result.json")))
        .getAsJsonObject();
  }

  /** The losses of each epoch. */
  private List<List<JsonElement>> curve() throws IOException {
    List<List<JsonElement>> curve = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve("metrics.jsonl"))) {
      JsonObject epoch = JsonParser.parseString(line).getAsJsonObject();
      curve.add(List.of(epoch.get("train"), epoch.get("validation")));
    }
    return curve;
  }
}
