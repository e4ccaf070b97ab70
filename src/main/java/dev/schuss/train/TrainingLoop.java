package dev.schuss.train;

import static dev.schuss.train.Stopwatch.since;

import dev.schuss.data.MinibatchPlan;
import dev.schuss.data.RoundRows;
import dev.schuss.objective.Evaluation;
import dev.schuss.objective.GradientSum;
import dev.schuss.objective.Layout;
import dev.schuss.objective.Objective;
import dev.schuss.optim.Regularization;
import dev.schuss.optim.Updater;
import dev.schuss.train.TrainingResult.Status;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loop: round after round, gradient, mean, regularization, update; after each epoch the
 * validation. It is the same loop whether the rounds are Spark's or local.
 */
final class TrainingLoop {
  private static final Logger log = LoggerFactory.getLogger(TrainingLoop.class);

  private final Rounds rounds;
  private final Layout layout;
  private final Updater updater;
  private final MinibatchPlan plan;
  private final Settings settings;
  private final News news;
  private final BooleanSupplier cancelled;
  private final Checkpointing checkpoints; // null for none

  private final LoopState state;
  private final Recovery recovery;
  private final StopRules stops;
  private final BestEpoch best;
  private final CurvatureProbe curvature;
  private final GradientUpdate update;

  private boolean updating;
  private boolean cutShort; // the last epoch, which is closed before its last round
  private boolean stopped; // from outside, see Stopped: nothing more is asked of Spark
  private boolean interrupted; // what this thread is told again at the end
  private String untested; // why test rows were not evaluated; null where they were, or are none

  TrainingLoop(
      Rounds rounds,
      Objective objective,
      Updater updater,
      Regularization regularization,
      MinibatchPlan plan,
      Settings settings,
      List<TrainingListener> listeners,
      BooleanSupplier cancelled,
      Checkpointing checkpoints) {
    this.rounds = rounds;
    this.layout = objective.layout();
    this.updater = updater;
    this.plan = plan;
    this.settings = settings;
    this.news = new News(listeners);
    this.cancelled = cancelled;
    this.checkpoints = checkpoints;
    this.stops = new StopRules(settings, objective, updater);
    this.best = stops.best();
    this.curvature =
        new CurvatureProbe(settings.curvature(), plan.rounds(0), layout, updater, regularization);
    this.state = new LoopState(best);
    this.update = new GradientUpdate(layout, updater, regularization, state, stops, curvature);
    this.recovery = new Recovery(settings.nonFinite(), updater, state);
  }

  TrainingResult run(long trainingRows) {
    try (rounds;
        checkpoints) {
      TrainingStart.Resumed resumed =
          checkpoints == null ? null : checkpoints.begin(updater, state, recovery, plan.rounds(0));
      checkWatched();
      updater.doubts().forEach(log::warn);
      TrainingStart start =
          new TrainingStart(
              trainingRows,
              layout.size(),
              rounds.rowsPerPartition().length,
              plan.batchSize(),
              plan.rounds(0),
              settings.epochs(),
              resumed);
      news.tell(listener -> listener.started(start));
      if (resumed != null && !state.ended() && resumed.epoch() >= settings.epochs()) {
        state.end(Status.COMPLETED, checkpoints.nothingLeft(resumed.epoch(), settings.epochs()));
      }
      try {
        epochs();
      } catch (RuntimeException e) {
        saveAfter(e);
        throw e;
      }
      TrainingResult result = result();
      news.tell(listener -> listener.ended(result));
      return result;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Whether an exception means that somebody ended the training; it is then cancelled. */
  private boolean stoppedBy(RuntimeException e) {
    String why = Stopped.why(e);
    if (why != null) {
      stop(why);
    }
    return stopped;
  }

  /** Cancelled from outside. What is left to do (checkpoints, listeners) is not interrupted. */
  private void stop(String why) {
    interrupted |= Thread.interrupted();
    stopped = true;
    if (!state.ended() || state.end().status() != Status.DIVERGED) {
      state.end(Status.CANCELLED, why);
    }
  }

  private void epochs() {
    while (!state.ended() && state.cursor().epoch() < settings.epochs()) {
      epoch(state.cursor().epoch());
    }
    if (!state.ended()) {
      state.end(Status.COMPLETED, null);
    }
    boolean saved = cutShort && resumable();
    // After a training that diverged, the last good checkpoint stays the newest.
    if (checkpoints != null && !saved && state.end().status() != Status.DIVERGED) {
      checkpoints.last();
    }
  }

  /** Spark or a listener failed: what was reached is saved if it is whole. */
  private void saveAfter(RuntimeException failure) {
    if (checkpoints != null && !updating && !cutShort) {
      try {
        checkpoints.last();
      } catch (RuntimeException unsaved) {
        failure.addSuppressed(unsaved);
      }
    }
  }

  /** Told before the first round: a metric that the validation rows do not define. */
  private void checkWatched() {
    List<Watch> doubtful = stops.doubtful();
    if (!doubtful.isEmpty()) {
      Evaluation validation;
      try {
        validation = rounds.validate(updater.result());
      } catch (RuntimeException e) {
        if (stoppedBy(e)) {
          return;
        }
        throw e;
      }
      doubtful.forEach(watch -> watch.check(validation.figures()));
    }
  }

  private void epoch(int epoch) {
    if (state.cursor().round() == 0) { // else a checkpoint knows
      state.epochStarts();
      recovery.epochStarts();
    }
    long count = plan.rounds(epoch);
    while (!state.ended() && state.cursor().round() < count) {
      if (Thread.currentThread().isInterrupted()) {
        stop(Stopped.interrupted());
        break;
      }
      Status stop = reasonToStop();
      if (stop != null) {
        state.end(stop, null);
      } else if (round(epoch, state.cursor().round(), count) && state.cursor().round() < count) {
        saveIfDue();
      }
    }
    rounds.withdraw();
    news.tellOfLastRound();
    // One that was stopped after its last round is to be validated by whoever goes on.
    cutShort = state.ended() && (stopped || state.cursor().round() < count);
    if (cutShort && resumable() && checkpoints != null) {
      checkpoints.last(); // whoever goes on closes this epoch at its own end
    }
    if (state.cursor().rows() > 0) {
      endEpoch(epoch);
      saveIfDue();
    }
  }

  /** Whether the training, which ends here, could go on from here. */
  private boolean resumable() {
    Status how = state.end().status();
    return how == Status.CANCELLED || how == Status.COMPLETED;
  }

  private void saveIfDue() {
    if (checkpoints != null && !state.ended()) {
      checkpoints.saveIfDue();
    }
  }

  private Status reasonToStop() {
    if (cancelled.getAsBoolean()) {
      return Status.CANCELLED;
    }
    return stops.limited(steps(), state.watch().seconds()) ? Status.COMPLETED : null;
  }

  /**
   * One round; false if it diverged or was given up, and then nothing was changed. Listeners hear
   * of the round before while the gradient is computed; one that cancels ends the training where it
   * would have ended without this overlap.
   */
  private boolean round(int epoch, long round, long count) {
    long start = System.nanoTime();
    double rate = updater.learningRate();
    float[] point = updater.gradientPoint();
    RoundRows rows = plan.rows(epoch, round);
    String next = next(epoch, round + 1, count);
    boolean looks = curvature.due();
    GradientSum sum;
    try {
      rounds.start(point, rows, news.description(epoch, round, count));
      news.tellOfLastRound();
      if (cancelled.getAsBoolean()) {
        state.end(Status.CANCELLED, null);
        return false;
      }
      sum = rounds.finish(looks ? null : next);
    } catch (RuntimeException e) {
      if (stoppedBy(e)) {
        return false;
      }
      throw e;
    }

    long updateStart = System.nanoTime();
    if (sum.weightSum() > 0) {
      boolean reported =
          round == 0 || round == count - 1; // the last, and one where it is cut short
      updating = true;
      String refused = update.make(point, sum, rate, reported);
      if (refused != null) {
        String why = recovery.refused(refused, sum.rows());
        if (why != null) {
          String anew =
              checkpoints == null
                  ? ""
                  : "; a training with other settings starts anew with --set checkpoint.resume=never";
          state.end(Status.DIVERGED, why + anew);
        }
        updating = false;
        curvature.forget();
        return false;
      }
      updating = false;
    }
    sum.recycle();
    state.roundMade(sum);
    double updateSeconds = since(updateStart);
    RoundTime time = rounds.time();
    state.watch().round(time, updateSeconds);
    state.rounds().add(time, updateSeconds);
    if (curvature.waits()) {
      look(rows, rate, next);
    }
    double loss = sum.weightSum() > 0 ? sum.meanLoss() : Double.NaN;
    news.made(
        new RoundReport(
            steps(),
            epoch,
            round,
            count,
            loss,
            rate,
            sum.rows(),
            since(start),
            time,
            updateSeconds));
    return true;
  }

  /** One more gradient of the same rows, at the weights after the update. */
  private void look(RoundRows rows, double rate, String next) {
    GradientSum sum;
    try {
      rounds.start(updater.weights(), rows, "Schuss: curvature of update " + steps());
      sum = rounds.finish(next);
    } catch (RuntimeException e) {
      if (stoppedBy(e)) { // the update itself is made
        curvature.forget();
        return;
      }
      throw e;
    }
    state.watch().round(rounds.time(), 0);
    state.lookedAt(curvature.look(sum, rate));
  }

  /** What is said of the round that follows in this epoch; null for none. */
  private String next(int epoch, long round, long count) {
    boolean last = settings.maxSteps() != null && steps() + 1 >= settings.maxSteps();
    return round == count || last ? null : news.description(epoch, round, count);
  }

  private void endEpoch(int epoch) {
    LoopState.Cursor made = state.cursor();
    Stopwatch watch = state.watch();
    double inRounds = watch.seconds() - made.startSeconds();
    float[] current = updater.result();
    Map<String, Double> validation = validated(current);
    // From here to the report nothing fails: an epoch is in the state as a whole or not at all.
    boolean searching = updater.searching(); // then no weight moved, and nothing could get better
    if (!searching && !stopped) {
      stops.tellSchedule(validation);
    }
    boolean improved =
        !searching && !validation.isEmpty() && best.offer(epoch, validation, current);
    EpochReport report =
        new EpochReport(
            steps(),
            epoch,
            state.totals().learningRate(),
            made.meanLoss(),
            state.totals().penalty(),
            validation,
            state.totals().gradientNorms(),
            state.figures().updateRatios(),
            state.figures().trustRatios(),
            List.copyOf(state.looks()),
            improved,
            made.rows() / inRounds,
            watch.seconds() - made.startSeconds(),
            watch.split().since(made.startTime()),
            state.rounds().spread(),
            searching,
            state.curvature());
    state.epochMade(report);
    if (!state.ended() && !searching) {
      String reason = stops.afterEpoch(epoch, made.meanLoss(), validation);
      if (reason != null) {
        state.end(Status.EARLY_STOPPED, reason);
      }
    }
    news.tell(listener -> listener.epoch(report));
  }

  /** The metrics of the validation rows; empty where there are none, or no more time for them. */
  private Map<String, Double> validated(float[] w) {
    if (stopped) {
      return Map.of();
    }
    try {
      return metrics(rounds.validate(w));
    } catch (RuntimeException e) {
      if (!stoppedBy(e)) {
        throw e;
      }
      cutShort = true;
      if (checkpoints != null && resumable()) {
        checkpoints.last(); // whoever goes on validates the epoch, and closes it with its metrics
      }
      return Map.of();
    }
  }

  /** The metrics of the test rows: the training has come to its end, however this one ends. */
  private Evaluation tested(float[] w) {
    if (stopped) {
      return null;
    }
    try {
      return rounds.test(w);
    } catch (RuntimeException e) {
      String why = Stopped.why(e);
      if (why == null) {
        throw e;
      }
      interrupted |= Thread.interrupted();
      untested =
          "the test rows were not evaluated, since %s: evaluate the model on them (schuss evaluate)"
              .formatted(why);
      log.warn("{}", untested);
      return null;
    }
  }

  private long steps() {
    return updater.state().updates();
  }

  private Map<String, Double> metrics(Evaluation sum) {
    return sum == null ? Map.of() : best.watch().ordered(sum.figures());
  }

  private TrainingResult result() {
    float[] weights = best.weights() != null ? best.weights() : updater.result().clone();
    Evaluation tested = tested(weights);
    Outcome outcome =
        new Outcome(state, best, steps(), rounds, plan.batchSize(), updater.doubts(), untested);
    return outcome.result(
        weights, metrics(tested), tested, checkpoints == null ? null : checkpoints.report());
  }
}
