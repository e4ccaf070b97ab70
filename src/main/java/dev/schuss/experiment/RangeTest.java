package dev.schuss.experiment;

import dev.schuss.train.RoundReport;
import dev.schuss.train.TrainingListener;
import dev.schuss.train.TrainingResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The learning rate range test of Smith 2017: a short training whose rate rises exponentially from
 * update to update, and what its loss says of the rates. The rates are those of an {@link
 * dev.schuss.optim.Exponential} schedule, {@link #schedule}; the training is to be asked to end
 * when {@link #over}.
 */
public final class RangeTest implements TrainingListener {
  /** The test is over where the smoothed loss is above so many times its lowest. */
  private static final double DIVERGED = 4;

  /** And not before so many updates, while the mean is of few. */
  private static final int SOONEST = 10;

  /** A fall by less than this share of the first smoothed loss is noise. */
  private static final double FALL = 0.05;

  /** Points on each side by which a slope is measured. */
  private static final int REACH = 2;

  private final Plan plan;
  private final List<Point> points = new ArrayList<>();
  private double mean;
  private double rate = Double.NaN; // of the update before
  private double lowest = Double.POSITIVE_INFINITY;
  private double diverged = Double.NaN;

  /**
   * What is tried.
   *
   * @param from the rate of the first update
   * @param to that of the last
   * @param steps updates, at least 10
   * @param smoothing the decay of the mean of losses, in [0, 1)
   */
  public record Plan(double from, double to, int steps, double smoothing) {
    /** Checks the numbers. */
    public Plan {
      check(from > 0 && Double.isFinite(from), "from", from, "positive");
      check(to > from && Double.isFinite(to), "to", to, "above from = " + from);
      check(steps >= SOONEST, "steps", steps, "at least " + SOONEST);
      check(smoothing >= 0 && smoothing < 1, "smoothing", smoothing, "in [0, 1)");
    }

    private static void check(boolean good, String name, Object value, String must) {
      if (!good) {
        throw new IllegalArgumentException("%s = %s: must be %s".formatted(name, value, must));
      }
    }

    /** From one update to the next the rate grows by this factor. */
    public double growth() {
      return Math.pow(to / from, 1.0 / (steps - 1));
    }
  }

  /**
   * One update.
   *
   * @param rate its learning rate
   * @param loss of the minibatch after it
   * @param smoothed an exponential mean of the losses up to this one
   */
  public record Point(double rate, double loss, double smoothed) {}

  /** How a rate was found. */
  public enum Rule {
    /** Where the loss falls the fastest with the logarithm of the rate. */
    STEEPEST,
    /** A tenth of the rate at which the training diverged. */
    TENTH_OF_DIVERGENCE
  }

  /**
   * A learning rate to begin with.
   *
   * @param why in a line
   */
  public record Suggestion(double rate, Rule rule, String why) {}

  /** A test that is about to begin. */
  public RangeTest(Plan plan) {
    this.plan = plan;
  }

  /** The rates as the block of a job file. */
  public Map<String, Object> schedule() {
    Map<String, Object> schedule = new LinkedHashMap<>();
    schedule.put("kind", "exponential");
    schedule.put("base", plan.from);
    schedule.put("gamma", plan.growth());
    return schedule;
  }

  @Override
  public void round(RoundReport report) {
    if (!Double.isNaN(rate) && Double.isFinite(report.loss())) {
      take(rate, report.loss());
    }
    rate = report.learningRate();
  }

  @Override
  public void ended(TrainingResult result) {
    if (result.status() == TrainingResult.Status.DIVERGED && Double.isNaN(diverged)) {
      diverged = rate; // of the last update that was made
    }
  }

  private void take(double at, double loss) {
    int n = points.size() + 1;
    mean = plan.smoothing * mean + (1 - plan.smoothing) * loss;
    double smoothed = mean / (1 - Math.pow(plan.smoothing, n));
    points.add(new Point(at, loss, smoothed));
    lowest = Math.min(lowest, smoothed);
    if (n >= SOONEST
        && Double.isNaN(diverged)
        && smoothed > DIVERGED * lowest
        && smoothed > points.get(0).smoothed) {
      diverged = at;
    }
  }

  /** Whether larger rates would tell nothing more. */
  public boolean over() {
    return !Double.isNaN(diverged);
  }

  /** The rate at which it diverged; NaN if it did not. */
  public double divergedAt() {
    return diverged;
  }

  /** One for each update but the last, in their order. */
  public List<Point> points() {
    return List.copyOf(points);
  }

  /**
   * The rate of the steepest descent, or a tenth of that at which the training diverged, whichever
   * is smaller; null where the loss neither fell nor diverged.
   */
  public Suggestion suggestion() {
    double steepest = steepest();
    double tenth = diverged / 10;
    if (!Double.isNaN(steepest) && !(tenth < steepest)) {
      return new Suggestion(
          steepest,
          Rule.STEEPEST,
          "the loss falls the fastest there"
              + (over()
                  ? brief(", and a tenth of %s, where it diverged, is larger", diverged)
                  : ""));
    }
    if (!Double.isNaN(tenth)) {
      return new Suggestion(
          tenth,
          Rule.TENTH_OF_DIVERGENCE,
          brief("it is a tenth of %s, where the training diverged; ", diverged)
              + (Double.isNaN(steepest)
                  ? "before that the loss did not fall clearly"
                  : brief(
                      "the loss falls the fastest at %s, which is too near to that", steepest)));
    }
    return null;
  }

  private static String brief(String text, double rate) {
    return String.format(Locale.ROOT, text, String.format(Locale.ROOT, "%.2g", rate));
  }

  /** NaN if the loss does not fall by more than noise. */
  private double steepest() {
    int end = 0; // of the descent
    for (int i = 0; i < points.size(); i++) {
      end = points.get(i).smoothed < points.get(end).smoothed ? i : end;
    }
    if (points.isEmpty() || points.get(end).smoothed > (1 - FALL) * points.get(0).smoothed) {
      return Double.NaN;
    }
    double[] centred = centred(end);
    int best = -1;
    double slope = 0;
    for (int i = REACH; i + REACH <= end; i++) {
      double fall = centred[i + REACH] - centred[i - REACH];
      if (fall < slope) {
        slope = fall; // all steps are equally long on the axis of log rates
        best = i;
      }
    }
    return best < 0 ? Double.NaN : points.get(best).rate;
  }

  /**
   * The smoothed losses up to a point, smoothed once more from there backwards: the mean alone lags
   * behind the losses, and a slope found by it would lie at too large a rate.
   */
  private double[] centred(int end) {
    double[] centred = new double[end + 1];
    double back = 0;
    for (int i = end; i >= 0; i--) {
      back = plan.smoothing * back + (1 - plan.smoothing) * points.get(i).smoothed;
      centred[i] = back / (1 - Math.pow(plan.smoothing, end - i + 1));
    }
    return centred;
  }

  /** The file find-lr.json, but for what is known of the job. */
  public Map<String, Object> tree() {
    Map<String, Object> tree = new LinkedHashMap<>();
    Suggestion suggestion = suggestion();
    tree.put("suggestion", suggestion == null ? null : suggestion.rate);
    tree.put(
        "rule",
        suggestion == null
            ? null
            : suggestion.rule.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    tree.put("why", suggestion == null ? null : suggestion.why);
    tree.put("divergedAt", diverged);
    tree.put("from", plan.from);
    tree.put("to", plan.to);
    tree.put("steps", plan.steps);
    tree.put("smoothing", plan.smoothing);
    tree.put("rate", points.stream().map(Point::rate).toList());
    tree.put("loss", points.stream().map(Point::loss).toList());
    tree.put("smoothed", points.stream().map(Point::smoothed).toList());
    return tree;
  }
}
