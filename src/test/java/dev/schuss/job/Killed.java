package dev.schuss.job;

import dev.schuss.TestSpark;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The trainings of {@link KillIT}, each with a folder of its own, and a driver that makes all. */
final class Killed {
  /** Rounds of an epoch. */
  static final int ROUNDS = 21;

  private static final String JOB = "jobs/digits.conf";
  private static final Pattern STEP = Pattern.compile("\\d+-step-(\\d+)-.*");

  /** What is trained: the name of its folder, and what differs from the job. */
  record Training(String name, List<String> set) {
    /** The keys of this training in a folder. */
    List<String> set(Path folder, int epochs) {
      List<String> all = new ArrayList<>();
      all.addAll(
          List.of(
              "output.dir=" + folder.resolve(name),
              "train.epochs=" + epochs,
              "train.partitions=2",
              "train.reduction=ordered",
              "train.earlyStopping=null",
              "checkpoint.dir=" + folder.resolve(name).resolve("checkpoints"),
              "checkpoint.every=7 steps"));
      all.addAll(set);
      return all;
    }

    /** The words of a command line. */
    List<String> words(Path folder, int epochs) {
      List<String> words = new ArrayList<>(List.of("train", JOB));
      set(folder, epochs).forEach(key -> words.addAll(List.of("--set", key)));
      return words;
    }

    /** Trains in this process, on the session of the tests; goes on if there is a checkpoint. */
    void train(Path folder, int epochs) {
      try (Cancellation cancellation = Cancellation.install()) {
        PrintStream silent =
            new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        JobFile job = JobReader.read(JOB, set(folder, epochs));
        new Run(job, TestSpark.session(), cancellation, silent, false).train();
      }
    }

    Path weights(Path folder) {
      return folder.resolve(name).resolve("model/model.safetensors");
    }

    long saved(Path folder) throws IOException {
      return Killed.saved(folder.resolve(name).resolve("checkpoints"));
    }
  }

  static final List<Training> TRAININGS =
      List.of(
          new Training("adam", List.of("optimizer={ rule = adam }")),
          new Training("novograd", List.of("optimizer={ rule = novograd, learningRate = 0.01 }")),
          new Training(
              "lookahead",
              List.of("optimizer={ rule = radam, lookahead { every = 5, alpha = 0.5 } }")),
          new Training(
              "nesterov",
              List.of(
                  "optimizer={ rule = nesterov, learningRate = 0.05, schedule { kind = cosine, warmup = 1 epoch } }")),
          new Training(
              "dropout-batchnorm",
              List.of(
                  "optimizer={ rule = adam, average { kind = ema, decay = 0.99 } }",
                  "model.layers=[ { type = dense, units = 64, activation = gelu }, { type = batch-norm }, { type = dropout, rate = 0.3 } ]")),
          new Training(
              "plateau",
              List.of(
                  "optimizer={ rule = sgd, learningRate = 1.5, schedule { kind = plateau, patience = 0, factor = 0.7 } }",
                  "train.earlyStopping={ metric = loss, patience = 20, restoreBest = true }")));

  private Killed() {}

  /** The step of the newest attempt at a checkpoint; 0 before the first. */
  static long saved(Path checkpoints) throws IOException {
    if (!Files.exists(checkpoints)) {
      return 0;
    }
    try (Stream<Path> found = Files.list(checkpoints)) {
      return found
          .map(path -> STEP.matcher(path.getFileName().toString()))
          .filter(Matcher::matches)
          .mapToLong(matched -> Long.parseLong(matched.group(1)))
          .max()
          .orElse(0);
    }
  }

  /** Trains all at once in this process: a folder and a number of epochs. */
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    int epochs = Integer.parseInt(args[1]);
    TestSpark.session();
    ExecutorService threads = Executors.newFixedThreadPool(TRAININGS.size());
    List<Future<?>> all = new ArrayList<>();
    for (Training training : TRAININGS) {
      all.add(threads.submit(() -> training.train(folder, epochs)));
    }
    for (Future<?> one : all) {
      one.get();
    }
    System.exit(0);
  }
}
