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
import dev.schuss.optim.Plateau;
import dev.schuss.optim.Regularization;
import dev.schuss.optim.Updater;
import dev.schuss.train.TrainingResult.Status;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The loop: round after round, gradient, mean, regularization, update; after each epoch the
 * validation. It is the same loop whether the rounds are Spark's or local.
 */
final class TrainingLoop {
  private final Rounds rounds;
  private final Objective objective;
  private final Layout layout;
  private final Updater updater;
  private final Regularization regularization;
  private final MinibatchPlan plan;
  private final Settings settings;
  private final List<TrainingListener> listeners;
  private final BooleanSupplier cancelled;

  private final Stopwatch watch = new Stopwatch();
  private final List<EpochReport> history = new ArrayList<>();
  private final BestEpoch best;

  private long rowsSeen;
  private int blas;
  private double penalty;
  private double lastRate;
  private Map<String, Double> gradientNorms = Map.of();
  private Status status;
  private String message;
  private RoundReport untold;

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
    this.objective = objective;
    this.layout = objective.layout();
    this.updater = updater;
    this.regularization = regularization;
    this.plan = plan;
    this.settings = settings;
    this.listeners = listeners;
    this.cancelled = cancelled;
    this.best = new BestEpoch(objective, settings.earlyStopping());
  }

  TrainingResult run(long trainingRows) {
    tell(
        listener ->
            listener.started(
                new TrainingStart(
                    trainingRows,
                    layout.size(),
                    rounds.rowsPerPartition().length,
                    plan.batchSize(),
                    plan.rounds(0),
                    settings.epochs())));
    try (rounds) {
      for (int epoch = 0; status == null && epoch < settings.epochs(); epoch++) {
        epoch(epoch);
      }
      if (status == null) {
        status = Status.COMPLETED;
      }
      TrainingResult result = result();
      tell(listener -> listener.ended(result));
      return result;
    }
  }

  private void epoch(int epoch) {
    long start = System.nanoTime();
    TimeSplit before = watch.split();
    long count = plan.rounds(epoch);
    double lossSum = 0;
    double weightSum = 0;
    long rows = 0;
    for (long round = 0; round < count; round++) {
      status = reasonToStop();
      GradientSum sum = status == null ? round(epoch, round, count) : null;
      if (sum == null) {
        break;
      }
      lossSum += sum.lossSum();
      weightSum += sum.weightSum();
      rows += sum.rows();
    }
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
    GradientSum sum = rounds.finish();
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

  private void tellOfLastRound() {
    if (untold != null) {
      RoundReport report = untold;
      untold = null;
      tell(listener -> listener.round(report));
    }
  }

  /** What Spark's web page says of the round. */
  private String description(int epoch, long round, long count) {
    String before = untold == null ? "" : ", loss before %.4g".formatted(untold.loss());
    return "Schuss: epoch %d, round %d of %d%s".formatted(epoch + 1, round + 1, count, before);
  }

  /** Mean, check, regularization, rule; false if a number was not finite, with w as it was. */
  private boolean update(float[] point, GradientSum sum, double rate, boolean reported) {
    float[] g = sum.gradient();
    Vectors.scale(g, (float) (1 / sum.weightSum()));
    if (reported) {
      gradientNorms = gradientNorms(g); // before the rule uses g as it likes
    }
    try {
      penalty = regularization.addTo(g, point, layout, updater.groups());
      updater.update(g, sum.meanLoss() + penalty);
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

  private void endEpoch(int epoch, double trainLoss, long rows, long start, TimeSplit before) {
    double inRounds = since(start);
    float[] current = updater.result();
    Map<String, Double> validation = metrics(rounds.validate(current));
    Plateau plateau = updater.plateau();
    if (plateau != null) {
      String metric = plateau.metric();
      updater.epochEnded(validation.get(metric), objective.higherIsBetter(metric));
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
    EarlyStopping stopping = settings.earlyStopping();
    if (status == null && stopping != null && best.epochsSince() >= stopping.patience()) {
      status = Status.EARLY_STOPPED;
    }
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
    return sum == null ? Map.of() : objective.metrics(sum);
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
