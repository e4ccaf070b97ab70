package dev.schuss.report;

import dev.schuss.train.EpochReport;
import dev.schuss.train.ReductionPlan;
import dev.schuss.train.RoundReport;
import dev.schuss.train.RoundSpread;
import dev.schuss.train.RoundTime;
import dev.schuss.train.TimeSplit;
import dev.schuss.train.TrainingResult;
import dev.schuss.train.TrainingStart;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A made-up training to look at: {@code java ... dev.schuss.report.ProgressDemo [epochs [rounds
 * [ms]]]}.
 */
final class ProgressDemo {
  private ProgressDemo() {}

  public static void main(String[] args) throws InterruptedException {
    int epochs = args.length > 0 ? Integer.parseInt(args[0]) : 12;
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 40;
    int millis = args.length > 2 ? Integer.parseInt(args[2]) : 20;
    TrainingProgress progress = TrainingProgress.on(System.out, Terminal.interactive());
    progress.started(new TrainingStart(1437, 4810, 2, 128, rounds, epochs, null));
    for (int e = 0; e < epochs; e++) {
      for (int r = 0; r < rounds; r++) {
        Thread.sleep(millis);
        long step = (long) e * rounds + r + 1;
        progress.round(
            new RoundReport(
                step, e, r, rounds, 2.3 / step, 1e-3, 128, millis / 1e3, RoundTime.NONE, 0));
      }
      progress.epoch(epoch(e, rounds, 128e3 / millis));
    }
    TrainingResult result = result(epochs, (long) epochs * rounds);
    progress.ended(result);
    Map<String, String> outputs = new LinkedHashMap<>();
    outputs.put("model", "out/digits/model");
    outputs.put("metrics", "out/digits/metrics.jsonl");
    Summary.lines(result, outputs).forEach(System.out::println);
  }

  static final TimeSplit TIME = new TimeSplit(1, 1, 1, 1, 1, 1, 1);

  static EpochReport epoch(int epoch, int rounds, double speed) {
    double loss = 2.3 / (epoch + 1);
    Map<String, Double> validation = new LinkedHashMap<>();
    validation.put("accuracy", 1 - loss / 3);
    validation.put("loss", loss * 1.1);
    return new EpochReport(
        (long) (epoch + 1) * rounds,
        epoch,
        1e-3 * Math.pow(0.8, epoch),
        loss,
        0,
        validation,
        Map.of(),
        Map.of(),
        Map.of(),
        List.of(),
        epoch % 3 != 2,
        speed,
        1,
        TIME,
        RoundSpread.NONE,
        false,
        List.of());
  }

  static TrainingResult result(int epochs, long steps) {
    Map<String, Double> test = new LinkedHashMap<>();
    test.put("loss", 0.0912);
    test.put("accuracy", 0.975);
    return new TrainingResult(
        TrainingResult.Status.EARLY_STOPPED,
        new float[0],
        steps,
        epochs,
        steps * 128,
        75.3,
        12345,
        List.of(),
        Map.of("loss", 0.08),
        Map.of("loss", 0.1, "accuracy", 0.97),
        test,
        null,
        new TrainingResult.Best(7, "loss", 0.1),
        TIME,
        new ReductionPlan(ReductionPlan.Kind.ORDERED, 2, 1),
        List.of(),
        0,
        null,
        0,
        0,
        null);
  }
}
