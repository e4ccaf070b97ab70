package dev.schuss.bench;

import dev.schuss.data.Block;
import dev.schuss.data.LocalBlocks;
import dev.schuss.optim.Adam;
import dev.schuss.optim.Length;
import dev.schuss.optim.Schedule;
import dev.schuss.train.CheckpointSettings;
import dev.schuss.train.Trainer;
import dev.schuss.train.TrainingResult.Checkpoints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What checkpoints cost: how long they take to write, and for how long training waits. */
final class Saving {
  private static final int[] PARAMETERS = {1_000_000, 10_000_000};
  private static final int ROUNDS = 120;
  private static final int EVERY = 15;

  private Saving() {}

  static Section run(Options options) throws IOException {
    Section section =
        new Section(
            "Checkpoints: a training with Adam, saved every %d updates".formatted(EVERY),
            "parameters",
            "MB",
            "checkpoints",
            "ms to write and read back",
            "ms that training waits",
            "waits, % of writing");
    for (int parameters : PARAMETERS) {
      List<Double> written = new ArrayList<>();
      List<Double> waited = new ArrayList<>();
      int saved = 0;
      for (int pass = -1; pass < options.passes(); pass++) {
        Checkpoints checkpoints = train(parameters, options.quick() ? 2 * EVERY : ROUNDS);
        if (pass >= 0) { // the first one warms up
          saved += checkpoints.saved();
          written.add(1e3 * checkpoints.writingSeconds() / checkpoints.saved());
          waited.add(1e3 * checkpoints.heldUpSeconds() / checkpoints.saved());
        }
      }
      double write = Window.median(written);
      double wait = Window.median(waited);
      section.row(
          parameters, 3 * 4 * parameters / 1e6, saved, write, wait, 100 * wait / write);
    }
    section.note(
        "In one process, on the local disk, files forced to the disk. Training waits while weights"
            + " and optimizer are copied; the rest goes on beside it.");
    return section;
  }

  private static Checkpoints train(int parameters, int rounds) throws IOException {
    Path dir = Path.of("target/bench/checkpoints");
    delete(dir);
    List<Block> rows = LocalBlocks.of(new float[64], 1, new float[64], 1, null, null, 2);
    Checkpoints checkpoints =
        Trainer.local()
            .objective(new NoWork(parameters))
            .optimizer(new Adam(Schedule.constant(1e-6)))
            .batchSize(64)
            .epochs(rounds)
            .checkpoint(
                new CheckpointSettings(
                    dir.toString(),
                    Length.steps(EVERY),
                    1,
                    CheckpointSettings.Resume.NEVER))
            .fit(rows, null)
            .checkpoints();
    delete(dir);
    return checkpoints;
  }

  private static void delete(Path dir) throws IOException {
    if (Files.exists(dir)) {
      try (Stream<Path> all = Files.walk(dir)) {
        for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }
}
