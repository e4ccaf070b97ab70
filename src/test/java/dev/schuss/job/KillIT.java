package dev.schuss.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.schuss.TestSpark;
import dev.schuss.math.Mix;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A driver that is killed by {@code kill -9}, again and again, at steps that nobody chose, and is
 * started again each time with the same command: the weights in the end have the bits of a training
 * that never stopped. {@code -Dschuss.kills=20} for more than the two that a build makes.
 */
class KillIT {
  private static final int KILLS = Integer.getInteger("schuss.kills", 2);
  private static final int EPOCHS = 40;
  private static final Pattern STEP = Pattern.compile("\\d+-step-(\\d+)-.*");

  /** What is trained, one after the other. */
  private static final List<List<String>> JOBS =
      List.of(
          List.of("optimizer={ rule = radam, lookahead { every = 5, alpha = 0.5 } }"),
          List.of("optimizer={ rule = adam }"),
          List.of("optimizer={ rule = novograd, learningRate = 0.01 }"),
          List.of(
              "optimizer={ rule = nesterov, learningRate = 0.05, schedule { kind = cosine, warmup = 1 epoch } }"),
          List.of(
              "optimizer={ rule = adam, average { kind = ema, decay = 0.99 } }",
              "model.layers=[ { type = dense, units = 64, activation = gelu }, { type = dropout, rate = 0.3 } ]"));

  @TempDir Path temp;

  @Test
  void theBitsAreThoseOfATrainingThatNeverStopped() throws Exception {
    int jobs = Math.min(JOBS.size(), (KILLS + 3) / 4);
    for (int i = 0; i < jobs; i++) {
      int kills = KILLS / jobs + (i < KILLS % jobs ? 1 : 0);
      Path dir = temp.resolve("job" + i);
      killAndResume(dir, set(dir, JOBS.get(i)), kills, new Mix(i, System.nanoTime()));
      Path whole = temp.resolve("whole" + i);
      train(set(whole, JOBS.get(i)));
      assertThat(Files.readAllBytes(dir.resolve("model/model.safetensors")))
          .as("%s after %d kills", JOBS.get(i), kills)
          .isEqualTo(Files.readAllBytes(whole.resolve("model/model.safetensors")));
    }
  }

  private static List<String> set(Path dir, List<String> more) {
    List<String> set = new ArrayList<>(more);
    set.addAll(
        List.of(
            "output.dir=" + dir,
            "train.epochs=" + EPOCHS,
            "train.partitions=2",
            "train.reduction=ordered",
            "train.earlyStopping=null",
            "checkpoint.dir=" + dir.resolve("checkpoints"),
            "checkpoint.every=7 steps"));
    return set;
  }

  private static void train(List<String> set) {
    try (Cancellation cancellation = Cancellation.install()) {
      PrintStream silent =
          new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
      new Run(
              JobReader.read("jobs/digits.conf", set),
              TestSpark.session(),
              cancellation,
              silent,
              false)
          .train();
    }
  }

  private void killAndResume(Path dir, List<String> set, int kills, Mix random) throws Exception {
    List<String> words = new ArrayList<>(List.of("train", "jobs/digits.conf"));
    set.forEach(key -> words.addAll(List.of("--set", key)));
    Path log = temp.resolve("log");
    long steps = 0;
    for (int kill = 0; kill < kills; kill++) {
      long at = steps + 1 + random.nextInt(EPOCHS * 21 / (kills + 1)); // 21 rounds an epoch
      Process process = Processes.schuss(log.toFile(), List.of("-Xmx1g"), words);
      while (process.isAlive() && saved(dir) < at) {
        Thread.sleep(2);
      }
      Thread.sleep(random.nextInt(60)); // in the middle of anything
      assertThat(process.isAlive()).as("still training: %s", Files.readString(log)).isTrue();
      process.destroyForcibly().waitFor();
      steps = saved(dir);
    }
    Process last = Processes.schuss(log.toFile(), List.of("-Xmx1g"), words);
    assertThat(last.waitFor(100, TimeUnit.SECONDS)).as("ended in time").isTrue();
    assertThat(last.exitValue()).as(Files.readString(log)).isZero();
    assertThat(Files.readString(log)).contains("going on after ");
  }

  /** The step of the newest attempt at a checkpoint; 0 before the first. */
  private static long saved(Path dir) throws IOException {
    Path folder = dir.resolve("checkpoints");
    if (!Files.exists(folder)) {
      return 0;
    }
    try (Stream<Path> found = Files.list(folder)) {
      return found
          .map(path -> STEP.matcher(path.getFileName().toString()))
          .filter(Matcher::matches)
          .mapToLong(name -> Long.parseLong(name.group(1)))
          .max()
          .orElse(0);
    }
  }
}
