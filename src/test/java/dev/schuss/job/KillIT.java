package dev.schuss.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.schuss.job.Killed.Training;
import dev.schuss.math.Mix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Drivers that are killed by {@code kill -9}, again and again, at steps that nobody chose, and are
 * started again each time: the weights in the end have the bits of a training that never stopped.
 * {@code scripts/faults} runs the long form.
 */
class KillIT {
  private static final List<String> JVM = List.of("-Xmx1g", "-XX:TieredStopAtLevel=1");

  @TempDir Path temp;

  private final Mix random = new Mix(System.nanoTime());

  /** All trainings at the same time die with it; another process, this one, goes on with each. */
  @Test
  @Timeout(100)
  void aDriverOfSixTrainings() throws Exception {
    int epochs = 8;
    Path folder = temp.resolve("killed");
    Path log = temp.resolve("log");
    Callable<Process> start =
        () ->
            Processes.java(
                log.toFile(),
                JVM,
                Killed.class,
                List.of(folder.toString(), Integer.toString(epochs)));
    kill(start, folder, Killed.TRAININGS, epochs, 1, log);
    Path whole = temp.resolve("whole");
    for (Training training : Killed.TRAININGS) {
      training.train(folder, epochs);
      training.train(whole, epochs);
      assertThat(differing(training, folder, whole)).as(training.name()).isZero();
    }
  }

  /** The command line itself, one training after the other; {@code scripts/faults}. */
  @Test
  @EnabledIfSystemProperty(named = "schuss.kills", matches = "\\d+")
  void theCommandOfEachTraining() throws Exception {
    int kills = Integer.getInteger("schuss.kills");
    int epochs = 40;
    Path folder = temp.resolve("killed");
    Path whole = temp.resolve("whole");
    int jobs = Killed.TRAININGS.size();
    long differing = 0;
    for (int i = 0; i < jobs; i++) {
      Training training = Killed.TRAININGS.get(i);
      int times = kills / jobs + (i < kills % jobs ? 1 : 0);
      Path log = temp.resolve(training.name() + ".log");
      Callable<Process> start =
          () -> Processes.schuss(log.toFile(), List.of("-Xmx1g"), training.words(folder, epochs));
      String steps = kill(start, folder, List.of(training), epochs, times, log);
      end(start.call(), log);
      training.train(whole, epochs);
      long bits = differing(training, folder, whole);
      differing += bits;
      System.out.printf(
          "faults: %s: killed %d times, at steps %s of %d; bits that differ: %d%n",
          training.name(), times, steps, training.saved(whole), bits);
    }
    assertThat(differing).isZero();
  }

  /** Starts and kills it so many times; returns the newest steps that were then saved. */
  private String kill(
      Callable<Process> start,
      Path folder,
      List<Training> trainings,
      int epochs,
      int kills,
      Path log)
      throws Exception {
    StringBuilder at = new StringBuilder();
    int rounds = Killed.ROUNDS * epochs * trainings.size();
    for (int kill = 0; kill < kills; kill++) {
      long before = saved(trainings, folder);
      long until = before + 1 + random.nextInt(rounds / (kills + 1));
      Process process = start.call();
      while (process.isAlive() && saved(trainings, folder) < until) {
        Thread.sleep(2);
      }
      Thread.sleep(random.nextInt(60)); // in the middle of anything
      assertThat(process.isAlive()).as("still training: %s", Files.readString(log)).isTrue();
      process.destroyForcibly().waitFor();
      at.append(at.isEmpty() ? "" : ", ").append(saved(trainings, folder));
    }
    return at.toString();
  }

  private static long saved(List<Training> trainings, Path folder) throws IOException {
    long saved = 0;
    for (Training training : trainings) {
      saved += training.saved(folder);
    }
    return saved;
  }

  private static void end(Process process, Path log) throws Exception {
    assertThat(process.waitFor(100, TimeUnit.SECONDS)).as("ended in time").isTrue();
    assertThat(process.exitValue()).as(Files.readString(log)).isZero();
  }

  /** The bits of the weights' file that are others. */
  private static long differing(Training training, Path folder, Path whole) throws IOException {
    byte[] a = Files.readAllBytes(training.weights(folder));
    byte[] b = Files.readAllBytes(training.weights(whole));
    assertThat(a).as(training.name()).hasSameSizeAs(b);
    long bits = 0;
    for (int i = 0; i < a.length; i++) {
      bits += Integer.bitCount((a[i] ^ b[i]) & 0xff);
    }
    return bits;
  }
}
