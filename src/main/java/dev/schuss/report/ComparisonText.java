package dev.schuss.report;

import dev.schuss.experiment.Comparison;
import dev.schuss.experiment.RunRecord;
import dev.schuss.experiment.Setting;
import dev.schuss.experiment.Spread;
import dev.schuss.experiment.Yardstick;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A comparison for people: a line for each run, and a table at the end. */
public final class ComparisonText {
  private static final int LONGEST = 40;

  private final Yardstick yardstick;
  private final String metric;

  /** Text of runs that are ranked so. */
  public ComparisonText(Yardstick yardstick) {
    this.yardstick = yardstick;
    this.metric = yardstick.metric().name();
  }

  /**
   * How one run ended, in a line.
   *
   * @param number of the run, from 1
   * @param of how many
   * @param before whether it had ended before this comparison was started
   */
  public String line(RunRecord run, int number, int of, boolean before) {
    int width = Integer.toString(of).length();
    String what =
        String.format(
            Locale.ROOT,
            "[%" + width + "d/%d] %s, seed %d: ",
            number,
            of,
            run.setting(),
            run.seed());
    if (run.diverged()) {
      return what + "diverged: " + run.message() + (before ? "  (before)" : "");
    }
    return what
        + "%s%s, %s in %s%s"
            .formatted(
                yardstick.lacks(run)
                    ? none()
                    : words() + " " + Numbers.metric(metric, yardstick.of(run)),
                target(run),
                Numbers.count(run.epochs(), "epoch"),
                Numbers.duration(run.seconds()),
                before ? "  (before)" : "");
  }

  String words() {
    return switch (yardstick.on()) {
      case VALIDATION -> "validation " + metric;
      case TEST -> "test " + metric;
      case TRAINING -> "training " + metric;
    };
  }

  /** That there is no value, and why. */
  String none() {
    String why =
        yardstick.metric().always()
            ? "it is not a finite number"
            : "the rows do not define it"
                + (yardstick.metric().gap().isEmpty() ? "" : ": " + yardstick.metric().gap());
    return "no %s (%s)".formatted(words(), why);
  }

  private String target(RunRecord run) {
    if (yardstick.target() == null) {
      return "";
    }
    RunRecord.Epoch reached = yardstick.reached(run);
    return reached == null
        ? ", target not reached"
        : ", target after " + Numbers.count(reached.step(), "step");
  }

  /**
   * The settings, the best first.
   *
   * @return lines without line breaks
   */
  public List<String> table(Comparison comparison) {
    List<List<String>> rows = new ArrayList<>();
    for (List<String> row : rows(comparison)) {
      List<String> brief = new ArrayList<>(row);
      brief.set(0, brief(row.get(0)));
      rows.add(brief);
    }
    List<String> lines = new ArrayList<>(List.of("", words() + ", the best first"));
    lines.addAll(TextTable.aligned(rows, "  ", true));
    lines.addAll(notes(comparison));
    return lines;
  }

  /** The cells of the table, its header first. */
  List<List<String>> rows(Comparison comparison) {
    List<List<String>> rows = new ArrayList<>();
    boolean test =
        yardstick.on() == Yardstick.Rows.VALIDATION
            && comparison.runs().stream().anyMatch(run -> run.test().containsKey(metric));
    List<String> header = new ArrayList<>(List.of("setting", "mean", "spread", "best"));
    if (test) {
      header.add("test");
    }
    if (yardstick.target() != null) {
      header.addAll(List.of("to target", "in"));
    }
    header.addAll(List.of("time", ""));
    rows.add(header);
    for (Setting setting : comparison.ranked()) {
      rows.add(row(setting, test));
    }
    return rows;
  }

  /** What the table leaves out. */
  List<String> notes(Comparison comparison) {
    List<String> lines = new ArrayList<>();
    if (comparison.diverged() > 0) {
      lines.add(
          "%s diverged, and left out of the figures"
              .formatted(Numbers.count(comparison.diverged(), "run")));
    }
    if (comparison.lacking() > 0) {
      lines.add(
          "%s with %s, and left out of its figures"
              .formatted(Numbers.count(comparison.lacking(), "run"), none()));
    }
    if (yardstick.target() != null
        && comparison.reached() == 0
        && !Double.isNaN(comparison.nearest())) {
      lines.add(
          "no run reached compare.target = %s of %s; the nearest came to %s"
              .formatted(yardstick.target(), metric, Numbers.metric(metric, comparison.nearest())));
    }
    return lines;
  }

  private List<String> row(Setting setting, boolean test) {
    Spread value = setting.spread(yardstick::of);
    List<String> row = new ArrayList<>();
    row.add(setting.name());
    row.add(number(value.mean()));
    row.add(value.n() < 2 ? "-" : number(value.deviation()));
    RunRecord best = setting.best(yardstick);
    row.add(best == null ? "-" : number(yardstick.of(best)));
    if (test) {
      row.add(number(setting.spread(r -> r.test().getOrDefault(metric, Double.NaN)).mean()));
    }
    if (yardstick.target() != null) {
      Setting.ToTarget target = setting.toTarget(yardstick);
      if (target.reached() == 0) {
        row.addAll(List.of("never", "-"));
      } else {
        int of = setting.runs().size();
        boolean all = target.reached() == of;
        row.add(
            Numbers.count(target.steps().mean())
                + (all ? "" : " (%d of %d)".formatted(target.reached(), of)));
        row.add(Numbers.duration(target.seconds().mean()));
      }
    }
    Spread seconds = setting.spread(RunRecord::seconds);
    row.add(seconds.n() == 0 ? "-" : Numbers.duration(seconds.mean()));
    row.add(amiss(setting));
    return row;
  }

  /** What became of runs that have no value; empty where all have one. */
  String amiss(Setting setting) {
    int all = setting.runs().size();
    List<String> words = new ArrayList<>();
    if (setting.diverged() > 0) {
      words.add("diverged" + of(setting.diverged(), all));
    }
    if (setting.lacking(yardstick) > 0) {
      words.add("no " + metric + of(setting.lacking(yardstick), all));
    }
    return String.join(", ", words);
  }

  private static String of(int some, int all) {
    if (all == 1) {
      return "";
    }
    return some == all ? " all " + all : " %d of %d".formatted(some, all);
  }

  private String number(double value) {
    return Double.isNaN(value) ? "-" : Numbers.metric(metric, value);
  }

  /** Cut in the middle: what tells settings apart often stands at their end. */
  private static String brief(String name) {
    int head = LONGEST / 2 - 1;
    return name.length() <= LONGEST
        ? name
        : name.substring(0, head) + ".." + name.substring(name.length() - (LONGEST - head - 2));
  }

  /** What lies where, as the end of a training shows it. */
  public List<String> outputs(Map<String, String> paths) {
    List<String> lines = new ArrayList<>(List.of(""));
    paths.forEach((name, path) -> lines.add(Summary.row(name, path)));
    return lines;
  }
}
