package dev.schuss.train;

import static dev.schuss.train.Stopwatch.since;

import dev.schuss.data.MinibatchPlan;
import dev.schuss.math.Vectors;
import dev.schuss.objective.Evaluation;
import dev.schuss.objective.GradientSum;
import dev.schuss.objective.Layout;
import dev.schuss.objective.Objective;
import dev.schuss.objective.Segment;
import dev.schuss.optim.NonFiniteException;
import dev.schuss.optim.Regularization;
import dev.schuss.optim.Updater;
import dev.schuss.train.TrainingResult.Status;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The loop: round after round, gradient, mean, regularization, update; after each epoch the
 * validation. It is the same loop whether the rounds are Spark's or local.
 */
final class TrainingLoop {
  private final Rounds rounds;
  private final Layout layout;
  private final Updater updater;
  private final Regularization regularization;
  private final MinibatchPlan plan;
  private final Settings settings;
  private final List<TrainingListener> listeners;
  private final BooleanSupplier cancelled;

  private final Buffers buffers;
  private final Stopwatch watch = new Stopwatch();
  private final List<EpochReport> history = new ArrayList<>();
  private final BestEpoch best;
  private final Watch target; // of stopAt; null for none
  private final Watch plateau; // of the schedule; null for none

  private long rowsSeen;
  private int blas;
  private double penalty;
  private double lastRate;
  private Map<String, Double> gradientNorms = Map.of();
  private Status status;
  private String message;
  private RoundReport untold;
  private RoundReport told;

  TrainingLoop(
      Rounds rounds,
      Objective objective,
      Updater updater,
      Regularization regularization,
      MinibatchPlan plan,
      Settings settings,
      List<TrainingListener> listeners,
      BooleanSupplier cancelled) {
    this.rounds = rounds;
    this.layout = objective.layout();
    this.buffers = new Buffers(layout);
    this.updater = updater;
    this.regularization = regularization;
    this.plan = plan;
    this.settings = settings;
    this.listeners = listeners;
    this.cancelled = cancelled;
    StopAt stopAt = settings.stopAt();
    this.target =
        stopAt == null || stopAt.metric() == null
            ? null
            : Watch.of("train.stopAt", stopAt.metric(), objective);
    this.plateau =
        updater.plateau() == null
            ? null
            : Watch.of("optimizer.schedule", updater.plateau().metric(), objective);
    this.best = new BestEpoch(objective, settings.earlyStopping(), settings.stopAt());
  }

  TrainingResult run(long trainingRows) {
    try (rounds) {
      checkWatched();
      return run(trainingRows, settings.epochs());
    }
  }

  private TrainingResult run(long trainingRows, int epochs) {
    tell(
        listener ->
            listener.started(
                new TrainingStart(
                    trainingRows,
                    layout.size(),
                    rounds.rowsPerPartition().length,
                    plan.batchSize(),
                    plan.rounds(0),
                    epochs)));
    for (int epoch = 0; status == null && epoch < epochs; epoch++) {
      epoch(epoch);
    }
    if (status == null) {
      status = Status.COMPLETED;
    }
    TrainingResult result = result();
    tell(listener -> listener.ended(result));
    return result;
  }

  /** Told before the first round: a metric that the validation rows do not define. */
  private void checkWatched() {
    List<Watch> doubtful = watched().stream().filter(watch -> !watch.metric().always()).toList();
    if (!doubtful.isEmpty()) {
      Evaluation validation = rounds.validate(updater.result());
      doubtful.forEach(watch -> watch.check(validation.figures()));
    }
  }

  private List<Watch> watched() {
    List<Watch> watched = new ArrayList<>();
    if (settings.earlyStopping() != null) {
      watched.add(best.watch());
    }
    if (target != null) {
      watched.add(target);
    }
    if (plateau != null) {
      watched.add(plateau);
    }
    return watched;
  }

  private void epoch(int epoch) {
    long start = System.nanoTime();
    TimeSplit before = watch.split();
    long count = plan.rounds(epoch);
    double lossSum = 0;
    double weightSum = 0;
    long rows = 0;
    for (long round = 0; status == null && round < count; round++) {
      status = reasonToStop();
      GradientSum sum = status == null ? round(epoch, round, count) : null;
      if (sum == null) {
        break;
      }
      lossSum += sum.lossSum();
      weightSum += sum.weightSum();
      rows += sum.rows();
    }
    rounds.withdraw();
    tellOfLastRound();
    if (rows > 0) {
      endEpoch(epoch, weightSum == 0 ? Double.NaN : lossSum / weightSum, rows, start, before);
    }
  }

  private Status reasonToStop() {
    if (cancelled.getAsBoolean()) {
      return Status.CANCELLED;
    }
    boolean outOfSteps = settings.maxSteps() != null && steps() >= settings.maxSteps();
    boolean outOfTime =
        settings.maxTime() != null && watch.seconds() >= settings.maxTime().toMillis() / 1e3;
    return outOfSteps || outOfTime ? Status.COMPLETED : null;
  }

  /**
   * One round; null if it diverged or was given up, and then nothing was changed. Listeners hear of
   * the round before while the gradient is computed; one that cancels ends the training where it
   * would have ended without this overlap.
   */
  private GradientSum round(int epoch, long round, long count) {
    long start = System.nanoTime();
    double rate = updater.learningRate();
    float[] point = updater.gradientPoint();
    rounds.start(point, plan.rows(epoch, round), description(epoch, round, count));
    tellOfLastRound();
    if (cancelled.getAsBoolean()) {
      status = Status.CANCELLED;
      return null;
    }
    GradientSum sum = rounds.finish(next(epoch, round + 1, count));
    blas |= sum.blas();

    long updateStart = System.nanoTime();
    if (sum.weightSum() > 0) {
      boolean reported =
          round == 0 || round == count - 1; // the last, and one where it is cut short
      if (!update(point, sum, rate, reported)) {
        return null;
      }
    }
    sum.recycle();
    rowsSeen += sum.rows();
    double updateSeconds = since(updateStart);
    watch.round(rounds.time(), updateSeconds);
    double loss = sum.weightSum() > 0 ? sum.meanLoss() : Double.NaN;
    untold =
        new RoundReport(
            steps(),
            epoch,
            round,
            count,
            loss,
            rate,
            sum.rows(),
            since(start),
            rounds.time(),
            updateSeconds);
    return sum;
  }

  /** What is said of the round that follows in this epoch; null for none. */
  private String next(int epoch, long round, long count) {
    boolean last = settings.maxSteps() != null && steps() + 1 >= settings.maxSteps();
    return round == count || last ? null : description(epoch, round, count);
  }

  private void tellOfLastRound() {
    if (untold != null) {
      told = untold;
      untold = null;
      tell(listener -> listener.round(told));
    }
  }

  /** What Spark's web page says of the round: where it is, and how the last known one went. */
  private String description(int epoch, long round, long count) {
    String place = "Schuss: epoch %d, round %d of %d".formatted(epoch + 1, round + 1, count);
    RoundReport known = untold == null ? told : untold;
    if (known == null) {
      return place;
    }
    RoundTime t = known.time();
    return String.format(
        Locale.ROOT,
        "%s; step %d: loss %.4g, %.1f ms (compute %.1f, broadcast %.1f, wait %.1f, reduce %.1f, update %.1f)",
        place,
        known.step(),
        known.loss(),
        1e3 * known.seconds(),
        1e3 * t.compute(),
        1e3 * t.broadcast(),
        1e3 * t.waiting(),
        1e3 * t.reduce(),
        1e3 * known.update());
  }

  /** Mean, check, regularization, rule; false if a number was not finite, with w as it was. */
  private boolean update(float[] point, GradientSum sum, double rate, boolean reported) {
    float[] g = sum.gradient();
    try {
      buffers.take(sum, steps() + 1);
      Vectors.scale(g, (float) (1 / sum.weightSum()));
      if (reported) {
        gradientNorms = gradientNorms(g); // before the rule uses g as it likes
      }
      penalty = regularization.addTo(g, point, layout, updater.groups());
      double norm = watchedNorm(g); // before the rule uses g as it likes
      updater.update(g, sum.meanLoss() + penalty);
      buffers.move(updater);
      if (!Double.isNaN(norm) && norm <= settings.stopAt().gradientNorm()) {
        status = Status.EARLY_STOPPED;
        message =
            "the gradient's norm of %s reached train.stopAt.gradientNorm = %s"
                .formatted(brief(norm), settings.stopAt().gradientNorm());
      }
    } catch (NonFiniteException e) {
      status = Status.DIVERGED;
      int partition = sum.nonFinitePartition();
      message =
          e.getMessage()
              + (partition < 0 ? "" : " in partition " + partition)
              + ", at learning rate "
              + rate
              + "; the last good weights are kept: lower the learning rate, or look for extreme"
              + " values in the data";
      return false;
    }
    lastRate = rate;
    return true;
  }

  /** The norm of the gradient of all weights that are trained; NaN unless it may end the run. */
  private double watchedNorm(float[] g) {
    if (settings.stopAt() == null || settings.stopAt().gradientNorm() == null) {
      return Double.NaN;
    }
    double squares = 0;
    for (Segment s : layout.segments()) {
      if (updater.trains(s)) {
        squares += Vectors.sumOfSquares(g, s.offset(), s.end());
      }
    }
    return Math.sqrt(squares);
  }

  private void endEpoch(int epoch, double trainLoss, long rows, long start, TimeSplit before) {
    double inRounds = since(start);
    float[] current = updater.result();
    Map<String, Double> validation = metrics(rounds.validate(current));
    if (plateau != null) {
      updater.epochEnded(plateau.in(validation), plateau.metric().higherIsBetter());
    }
    boolean improved = !validation.isEmpty() && best.offer(epoch, validation, current);
    EpochReport report =
        new EpochReport(
            steps(),
            epoch,
            lastRate,
            trainLoss,
            penalty,
            validation,
            gradientNorms,
            improved,
            rows / inRounds,
            since(start),
            watch.split().since(before));
    history.add(report);
    tell(listener -> listener.epoch(report));
    if (status == null) {
      message = reasonToStopEarly(epoch, trainLoss, validation);
      status = message == null ? null : Status.EARLY_STOPPED;
    }
  }

  /** One line on why this epoch is the last; null if it is not. */
  private String reasonToStopEarly(int epoch, double trainLoss, Map<String, Double> validation) {
    StopAt stopAt = settings.stopAt();
    if (target != null && target.reached(target.in(validation), stopAt.value())) {
      best.settle(epoch, target, validation);
      return "the validation %s of %s reached train.stopAt.value = %s"
          .formatted(stopAt.metric(), brief(target.in(validation)), stopAt.value());
    }
    if (stopAt != null && stopAt.trainLoss() != null && trainLoss <= stopAt.trainLoss()) {
      return "the training loss of %s reached train.stopAt.trainLoss = %s"
          .formatted(brief(trainLoss), stopAt.trainLoss());
    }
    EarlyStopping stopping = settings.earlyStopping();
    if (stopping != null && best.epochsSince() >= stopping.patience()) {
      return "the validation %s did not get better for %d epochs (train.earlyStopping.patience)"
          .formatted(stopping.metric(), stopping.patience());
    }
    return null;
  }

  private static String brief(double value) {
    return String.format(Locale.ROOT, "%.6g", value);
  }

  private long steps() {
    return updater.state().updates();
  }

  private Map<String, Double> gradientNorms(float[] g) {
    Map<String, Double> norms = new LinkedHashMap<>();
    for (Segment s : layout.segments()) {
      if (s.trainable()) {
        norms.put(s.name(), Math.sqrt(Vectors.sumOfSquares(g, s.offset(), s.end())));
      }
    }
    return norms;
  }

  private Map<String, Double> metrics(Evaluation sum) {
    return sum == null ? Map.of() : best.watch().ordered(sum.figures());
  }

  private TrainingResult result() {
    boolean restored = best.weights() != null;
    float[] weights = restored ? best.weights() : updater.result().clone();
    EpochReport last = history.isEmpty() ? null : history.get(history.size() - 1);
    Map<String, Double> validation =
        restored ? best.metrics() : last == null ? Map.of() : last.validation();
    Map<String, Double> test = metrics(rounds.test(weights));
    TimeSplit time = watch.split();
    return new TrainingResult(
        status,
        weights,
        steps(),
        history.size(),
        rowsSeen,
        watch.seconds(),
        time.rounds() == 0 ? 0 : rowsSeen / time.rounds(),
        List.copyOf(history),
        last == null ? Map.of() : Map.of("loss", last.trainLoss()),
        validation,
        test,
        best.best(),
        time,
        rounds.reduction(),
        advice(),
        blas,
        message);
  }

  private List<String> advice() {
    if (history.isEmpty()) {
      return List.of();
    }
    List<String> advice = new ArrayList<>();
    if (buffers.still() > 0) {
      advice.add(
          "%,d of %,d rows were alone in their partition's share of a round, and normalised by the running statistics: set a larger train.batchSize, or fewer train.partitions"
              .formatted(buffers.still(), rowsSeen));
    }
    advice.addAll(timeAdvice());
    return advice;
  }

  private List<String> timeAdvice() {
    int n = history.size();
    EpochReport last = history.get(n - 1);
    long before = n < 2 ? 0 : history.get(n - 2).step();
    return Advice.of(
        last.time(),
        last.step() - before,
        before,
        plan.batchSize(),
        rounds.reduction().tasks(),
        rounds.idleCores());
  }

  private void tell(Consumer<TrainingListener> call) {
    listeners.forEach(call);
  }
}
