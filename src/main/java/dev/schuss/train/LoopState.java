package dev.schuss.train;

import dev.schuss.objective.GradientSum;
import dev.schuss.spec.Binder;
import dev.schuss.spec.Codec;
import dev.schuss.spec.Value;
import dev.schuss.train.TrainingResult.Status;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where a training is, weights and optimizer aside: what it takes to go on from here as if it had
 * never stopped.
 */
final class LoopState {
  /** Doubles keep their bits, those that JSON has no number for among them. */
  private static final Codec<Double> EXACT =
      new Codec<>() {
        @Override
        public Double read(Value value, Binder binder) {
          return value.checked(() -> Double.parseDouble(value.text()));
        }

        @Override
        public Object write(Double number, Binder binder) {
          return Double.toString(number);
        }
      };

  /** Numbers by name keep their order, which a block of a tree would not. */
  @SuppressWarnings("rawtypes")
  private static final Codec<Map> ORDERED =
      new Codec<>() {
        @Override
        public Map read(Value value, Binder binder) {
          Map<String, Double> map = new LinkedHashMap<>();
          for (Value pair : value.elements()) {
            List<Value> parts = pair.elements();
            map.put(parts.get(0).text(), EXACT.read(parts.get(parts.size() - 1), binder));
          }
          return Collections.unmodifiableMap(map);
        }

        @Override
        public Object write(Map map, Binder binder) {
          List<Object> pairs = new ArrayList<>();
          for (Object entry : map.entrySet()) {
            Map.Entry<?, ?> pair = (Map.Entry<?, ?>) entry;
            pairs.add(List.of(pair.getKey(), EXACT.write((Double) pair.getValue(), binder)));
          }
          return pairs;
        }
      };

  /** Reads and writes records as a checkpoint has them; a map holds numbers by name. */
  static final Binder BINDER =
      Binder.plain().with(double.class, EXACT).with(Double.class, EXACT).with(Map.class, ORDERED);

  private final BestEpoch best;
  private final List<EpochReport> history = new ArrayList<>();
  private Stopwatch watch = new Stopwatch();
  private Cursor cursor = new Cursor(0, 0, 0, 0, 0, 0, watch.split());
  private Totals totals = new Totals(0, 0, 0, 0, Map.of(), 0, 0, 0, 0);
  private End end = End.DEFAULTS;
  private final List<Curvature> curvature = new ArrayList<>(); // of this epoch so far
  private RoundFigures figures = RoundFigures.NONE; // of the last round that was looked at
  private final List<GradientLook> looks = new ArrayList<>(); // of this epoch
  private final RoundTimes rounds = new RoundTimes(); // of this epoch

  /**
   * The next round, and what the epoch's minibatches before it amount to.
   *
   * @param epoch counted from 0
   * @param round within the epoch, counted from 0
   * @param lossSum sum of the weighted losses
   * @param weightSum sum of the rows' weights
   * @param startSeconds the clock when the epoch began
   * @param startTime where the seconds until then had gone
   */
  record Cursor(
      int epoch,
      long round,
      double lossSum,
      double weightSum,
      long rows,
      double startSeconds,
      TimeSplit startTime) {
    Cursor {
      if (epoch < 0 || round < 0 || rows < 0) {
        throw new IllegalArgumentException(
            "epoch %d, round %d, %d rows: must be 0 or more".formatted(epoch, round, rows));
      }
    }

    private Cursor plus(GradientSum sum) {
      return new Cursor(
          epoch,
          round + 1,
          lossSum + sum.lossSum(),
          weightSum + sum.weightSum(),
          rows + sum.rows(),
          startSeconds,
          startTime);
    }

    /** Mean data loss of the epoch's minibatches; NaN where nothing had a weight. */
    double meanLoss() {
      return weightSum == 0 ? Double.NaN : lossSum / weightSum;
    }
  }

  /**
   * What the rounds leave behind.
   *
   * @param rows that were trained on, all epochs
   * @param blas kinds that executors computed with
   * @param penalty l1 and l2 terms of the last update
   * @param learningRate of the last update
   * @param gradientNorms of the last round whose norms were taken
   * @param leftOut minibatches that were left out because something was not finite
   * @param leftOutInARow those of them that no update came after
   * @param rollbacks how often the training went back
   * @param still rows that moved no running statistics, though there are some
   */
  record Totals(
      long rows,
      int blas,
      double penalty,
      double learningRate,
      Map<String, Double> gradientNorms,
      long leftOut,
      int leftOutInARow,
      int rollbacks,
      long still) {

    private Totals updated(
        double nextPenalty, double rate, Map<String, Double> norms, long moreStill) {
      return new Totals(
          rows, blas, nextPenalty, rate, norms, leftOut, 0, rollbacks, still + moreStill);
    }

    private Totals plus(GradientSum sum) {
      return new Totals(
          rows + sum.rows(),
          blas | sum.blas(),
          penalty,
          learningRate,
          gradientNorms,
          leftOut,
          leftOutInARow,
          rollbacks,
          still);
    }

    private Totals leftOut(long more) {
      return new Totals(
          rows + more,
          blas,
          penalty,
          learningRate,
          gradientNorms,
          leftOut + 1,
          leftOutInARow + 1,
          rollbacks,
          still);
    }

    private Totals wentBack() {
      return new Totals(
          rows,
          blas,
          penalty,
          learningRate,
          gradientNorms,
          leftOut,
          leftOutInARow,
          rollbacks + 1,
          still);
    }
  }

  /** How the training ended, and one line on why; both null while it goes on. */
  record End(Status status, String message) {
    static final End DEFAULTS = new End(null, null);
  }

  /** The form of a checkpoint. */
  record Saved(
      Cursor cursor,
      List<GradientLook> looks,
      Totals totals,
      List<EpochReport> history,
      BestEpoch.Saved best,
      double seconds,
      TimeSplit time,
      End end,
      List<Curvature> curvature,
      RoundFigures figures) {}

  LoopState(BestEpoch best) {
    this.best = best;
  }

  /** For a checkpoint; the best epoch's weights are left to {@link BestEpoch#weights}. */
  Saved save() {
    // An end that more epochs or time would put off is none for whoever goes on.
    End known = end.status() == Status.EARLY_STOPPED ? end : End.DEFAULTS;
    return new Saved(
        cursor,
        List.copyOf(looks),
        totals,
        List.copyOf(history),
        best.save(),
        watch.seconds(),
        watch.split(),
        known,
        List.copyOf(curvature),
        figures);
  }

  /**
   * Goes on from a saved state.
   *
   * @param bestWeights of that time; null if there are none
   */
  void load(Saved saved, float[] bestWeights) {
    cursor = saved.cursor();
    looks.addAll(saved.looks());
    totals = saved.totals();
    history.addAll(saved.history());
    best.load(saved.best(), bestWeights);
    watch = new Stopwatch(saved.seconds(), saved.time());
    end = saved.end();
    curvature.addAll(saved.curvature());
    figures = saved.figures();
  }

  Stopwatch watch() {
    return watch;
  }

  BestEpoch best() {
    return best;
  }

  List<EpochReport> history() {
    return history;
  }

  /** The last finished epoch; null before it. */
  EpochReport last() {
    return history.isEmpty() ? null : history.get(history.size() - 1);
  }

  Cursor cursor() {
    return cursor;
  }

  Totals totals() {
    return totals;
  }

  End end() {
    return end;
  }

  /** Whether the training is to end. */
  boolean ended() {
    return end.status() != null;
  }

  /** The training is to end. */
  void end(Status how, String why) {
    end = new End(how, why);
  }

  /** Before the first round of an epoch. */
  void epochStarts() {
    begin(cursor.epoch());
  }

  private void begin(int epoch) {
    cursor = new Cursor(epoch, 0, 0, 0, 0, watch.seconds(), watch.split());
    looks.clear();
    curvature.clear();
    rounds.clear();
  }

  /** An update was made. */
  void updated(double penalty, double learningRate, Map<String, Double> gradientNorms, long still) {
    totals = totals.updated(penalty, learningRate, gradientNorms, still);
  }

  /** The gradient and the update of a round were looked at. */
  void lookedAt(RoundFigures round) {
    figures = round;
  }

  /** Of the last round that was looked at. */
  RoundFigures figures() {
    return figures;
  }

  /** The curvature along an update was looked at. */
  void lookedAt(Curvature update) {
    curvature.add(update);
  }

  /** Along those of this epoch's updates that were looked at. */
  List<Curvature> curvature() {
    return List.copyOf(curvature);
  }

  /** The gradient of an update was looked at. */
  void lookedAt(GradientLook look) {
    looks.add(look);
  }

  /** Those of this epoch. */
  List<GradientLook> looks() {
    return looks;
  }

  /** What the rounds of this epoch took. */
  RoundTimes rounds() {
    return rounds;
  }

  /** A round was made, its update too. */
  void roundMade(GradientSum sum) {
    cursor = cursor.plus(sum);
    totals = totals.plus(sum);
  }

  /** A round was made whose minibatch counts for nothing. */
  void roundLeftOut(long rows) {
    cursor =
        new Cursor(
            cursor.epoch(),
            cursor.round() + 1,
            cursor.lossSum(),
            cursor.weightSum(),
            cursor.rows() + rows,
            cursor.startSeconds(),
            cursor.startTime());
    totals = totals.leftOut(rows);
  }

  /** The epoch starts again; what became of it so far is forgotten. */
  void wentBack() {
    begin(cursor.epoch());
    totals = totals.wentBack();
  }

  /** An epoch was made and validated. */
  void epochMade(EpochReport report) {
    history.add(report);
    begin(cursor.epoch() + 1);
  }
}
