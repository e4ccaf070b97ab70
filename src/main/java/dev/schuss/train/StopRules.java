package dev.schuss.train;

import dev.schuss.math.Vectors;
import dev.schuss.objective.Layout;
import dev.schuss.objective.Objective;
import dev.schuss.objective.Segment;
import dev.schuss.optim.Updater;
import dev.schuss.train.TrainingResult.Status;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** When a training ends by itself, and the metrics that it is watched by. */
final class StopRules {
  private final Settings settings;
  private final Layout layout;
  private final Updater updater;
  private final BestEpoch best;
  private final Watch target; // of stopAt; null for none
  private final Watch plateau; // of the schedule; null for none

  StopRules(Settings settings, Objective objective, Updater updater) {
    this.settings = settings;
    this.layout = objective.layout();
    this.updater = updater;
    StopAt stopAt = settings.stopAt();
    this.target =
        stopAt == null || stopAt.metric() == null
            ? null
            : Watch.of("train.stopAt", stopAt.metric(), objective);
    this.plateau =
        updater.plateau() == null
            ? null
            : Watch.of("optimizer.schedule", updater.plateau().metric(), objective);
    this.best = new BestEpoch(objective, settings.earlyStopping(), stopAt);
  }

  BestEpoch best() {
    return best;
  }

  /** Metrics that are watched, and that not all validation rows define. */
  List<Watch> doubtful() {
    return Stream.of(settings.earlyStopping() == null ? null : best.watch(), target, plateau)
        .filter(Objects::nonNull)
        .filter(watch -> !watch.metric().always())
        .toList();
  }

  /** Whether so many updates, or so much time, are enough. */
  boolean limited(long steps, double seconds) {
    boolean outOfSteps = settings.maxSteps() != null && steps >= settings.maxSteps();
    boolean outOfTime =
        settings.maxTime() != null && seconds >= settings.maxTime().toMillis() / 1e3;
    return outOfSteps || outOfTime;
  }

  /** Tells the schedule what it waits for. */
  void tellSchedule(Map<String, Double> validation) {
    if (plateau != null) {
      updater.epochEnded(plateau.in(validation), plateau.metric().higherIsBetter());
    }
  }

  /** One line on why this epoch is the last; null if it is not. */
  String afterEpoch(int epoch, double trainLoss, Map<String, Double> validation) {
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

  /** The norm of the gradient of all weights that are trained; NaN unless it may end the run. */
  double watchedNorm(float[] g) {
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

  /** Ends the training where the gradient has become small. */
  void afterUpdate(double norm, LoopState state) {
    if (!updater.searching() && !Double.isNaN(norm) && norm <= settings.stopAt().gradientNorm()) {
      state.end(
          Status.EARLY_STOPPED,
          "the gradient's norm of %s reached train.stopAt.gradientNorm = %s"
              .formatted(brief(norm), settings.stopAt().gradientNorm()));
    }
  }

  private static String brief(double value) {
    return String.format(Locale.ROOT, "%.6g", value);
  }
}
