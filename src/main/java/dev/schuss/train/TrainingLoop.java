package dev.schuss.train;

import static dev.schuss.train.Stopwatch.since;

import dev.schuss.data.MinibatchPlan;
import dev.schuss.math.Vectors;
import dev.schuss.objective.Evaluation;
import dev.schuss.objective.GradientSum;
import dev.schuss.objective.Layout;
import dev.schuss.objective.Objective;
import dev.schuss.objective.Segment;
import dev.schuss.optim.Optimizer;
import dev.schuss.optim.OptimizerState;
import dev.schuss.optim.Regularization;
import dev.schuss.optim.Step;
import dev.schuss.optim.Updates;
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
  private final Optimizer rule;
  private final Regularization regularization;
  private final MinibatchPlan plan;
  private final Settings settings;
  private final List<TrainingListener> listeners;
  private final BooleanSupplier cancelled;

  private final Stopwatch watch = new Stopwatch();
  private final List<EpochReport> history = new ArrayList<>();
  private final OptimizerState state;
  private final BestEpoch best;
  private final float[] w;
  private final float[] lastGood;

  private long rowsSeen;
  private int blas;
  private double penalty;
  private float[] lastGradient;
  private Status status;
  private String message;

  TrainingLoop(
      Rounds rounds,
      Objective objective,
      Optimizer rule,
      Regularization regularization,
      MinibatchPlan plan,
      Settings settings,
      float[] start,
      List<TrainingListener> listeners,
      BooleanSupplier cancelled) {
    this.rounds = rounds;
    this.objective = objective;
    this.layout = objective.layout();
    this.rule = rule;
    this.regularization = regularization;
    this.plan = plan;
    this.settings = settings;
    this.listeners = listeners;
    this.cancelled = cancelled;
    this.state = new OptimizerState(rule.slots(), layout);
    this.best = new BestEpoch(objective, settings.earlyStopping());
    this.w = start;
    this.lastGood = start.clone();
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

  private void epoch(int epoch) {
    long start = System.nanoTime();
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
    if (rows > 0) {
      endEpoch(epoch, weightSum == 0 ? Double.NaN : lossSum / weightSum, rows, start);
    }
  }

  private Status reasonToStop() {
    if (cancelled.getAsBoolean()) {
      return Status.CANCELLED;
    }
    boolean outOfSteps = settings.maxSteps() != null && state.updates() >= settings.maxSteps();
    boolean outOfTime =
        settings.maxTime() != null && watch.seconds() >= settings.maxTime().toMillis() / 1e3;
    return outOfSteps || outOfTime ? Status.COMPLETED : null;
  }

  /** One round; null if it diverged, and then nothing was changed. */
  private GradientSum round(int epoch, long round, long count) {
    long start = System.nanoTime();
    double rate = rule.learningRate().at(state.updates());
    float[] point = rule.gradientPoint(Step.of(rule, layout, state, w, null, Double.NaN));
    GradientSum sum = rounds.gradient(point, plan.rows(epoch, round));
    blas |= sum.blas();

    long updateStart = System.nanoTime();
    if (sum.weightSum() > 0) {
      if (!update(point, sum, rate)) {
        return null;
      }
    }
    rowsSeen += sum.rows();
    double seconds = since(start);
    watch.round(seconds, sum.computeNanos() / 1e9, rounds.broadcastSeconds(), since(updateStart));
    double loss = sum.weightSum() > 0 ? sum.meanLoss() : Double.NaN;
    tell(
        listener ->
            listener.round(
                new RoundReport(
                    state.updates(), epoch, round, count, loss, rate, sum.rows(), seconds)));
    return sum;
  }

  /** Mean, check, regularization, rule; false if a number was not finite, with w as it was. */
  private boolean update(float[] point, GradientSum sum, double rate) {
    float[] g = sum.gradient();
    Vectors.scale(g, (float) (1 / sum.weightSum()));
    if (sum.nonFinitePartition() >= 0 || !Vectors.allFinite(g, 0, g.length)) {
      String where =
          Vectors.allFinite(g, 0, g.length) ? "the loss" : "the gradient of " + firstNonFinite(g);
      diverged(where, rate, sum.nonFinitePartition());
      return false;
    }
    penalty = regularization.addTo(g, point, layout);
    lastGradient = g;
    System.arraycopy(w, 0, lastGood, 0, w.length);
    Updates.apply(rule, layout, state, w, g, sum.meanLoss());
    if (!Vectors.allFinite(w, 0, w.length)) {
      diverged("the updated " + firstNonFinite(w), rate, -1);
      System.arraycopy(lastGood, 0, w, 0, w.length);
      return false;
    }
    return true;
  }

  private void diverged(String what, double rate, int partition) {
    status = Status.DIVERGED;
    message =
        "step %d: %s is NaN or infinite%s, at learning rate %s; the last good weights are kept: lower the learning rate, or look for extreme values in the data"
            .formatted(
                state.updates() + 1, what, partition < 0 ? "" : " in partition " + partition, rate);
  }

  private String firstNonFinite(float[] values) {
    for (Segment s : layout.segments()) {
      if (!Vectors.allFinite(values, s.offset(), s.end())) {
        return s.name();
      }
    }
    return "the weights";
  }

  private void endEpoch(int epoch, double trainLoss, long rows, long start) {
    double inRounds = since(start);
    float[] current = current();
    Map<String, Double> validation = metrics(rounds.validate(current));
    boolean improved = !validation.isEmpty() && best.offer(epoch, validation, current);
    EpochReport report =
        new EpochReport(
            state.updates(),
            epoch,
            rule.learningRate().at(Math.max(0, state.updates() - 1)),
            trainLoss,
            penalty,
            validation,
            gradientNorms(),
            improved,
            rows / inRounds,
            since(start));
    history.add(report);
    tell(listener -> listener.epoch(report));
    EarlyStopping stopping = settings.earlyStopping();
    if (status == null && stopping != null && best.epochsSince() >= stopping.patience()) {
      status = Status.EARLY_STOPPED;
    }
  }

  /** The weights that are evaluated: the rule's result at this point of the training. */
  private float[] current() {
    return rule.result(Step.of(rule, layout, state, w, null, Double.NaN));
  }

  private Map<String, Double> gradientNorms() {
    Map<String, Double> norms = new LinkedHashMap<>();
    if (lastGradient != null) {
      for (Segment s : layout.segments()) {
        if (s.trainable()) {
          norms.put(s.name(), Math.sqrt(Vectors.sumOfSquares(lastGradient, s.offset(), s.end())));
        }
      }
    }
    return norms;
  }

  private Map<String, Double> metrics(Evaluation sum) {
    return sum == null ? Map.of() : objective.metrics(sum);
  }

  private TrainingResult result() {
    boolean restored = best.weights() != null;
    float[] weights = restored ? best.weights() : current().clone();
    EpochReport last = history.isEmpty() ? null : history.get(history.size() - 1);
    Map<String, Double> validation =
        restored ? best.metrics() : last == null ? Map.of() : last.validation();
    Map<String, Double> test = metrics(rounds.test(weights));
    return new TrainingResult(
        status,
        weights,
        state.updates(),
        history.size(),
        rowsSeen,
        watch.seconds(),
        watch.inRounds() == 0 ? 0 : rowsSeen / watch.inRounds(),
        List.copyOf(history),
        last == null ? Map.of() : Map.of("loss", last.trainLoss()),
        validation,
        test,
        best.best(),
        watch.time(),
        blas,
        message);
  }

  private void tell(Consumer<TrainingListener> call) {
    listeners.forEach(call);
  }
}
