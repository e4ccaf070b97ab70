package dev.schuss.job;

import dev.schuss.experiment.Surface;
import dev.schuss.experiment.Trajectory;
import dev.schuss.math.EditDistance;
import dev.schuss.model.Json;
import dev.schuss.optim.Optimizer;
import dev.schuss.report.TrajectoryPicture;
import dev.schuss.spec.Overrides;
import dev.schuss.spec.Section;
import dev.schuss.spec.SpecException;
import dev.schuss.spec.Vocabulary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code schuss draw trajectories}. */
@Command(
    name = "trajectories",
    description = {
      "Draws the ways of update rules over the contour lines of a function of two numbers, as an SVG that moves: each dot"
          + " makes the same number of updates, by the very code that trains networks. Starts no Spark."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  schuss draw trajectories",
      "  schuss draw trajectories --surface saddle --steps 60 --output saddle.svg",
      "  schuss draw trajectories --surface hole --start=-2,0.5 --rule rprop \\",
      "      --rule 'rule = momentum, learningRate = 0.1, momentum = 0.95'"
    })
final class DrawTrajectories implements Callable<Integer> {
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9-]*");
  private static final int MOST_STEPS = 2_000;

  /** What shows on each surface how the rules differ. */
  private static final Map<Surface, List<String>> USUAL =
      Map.of(
          Surface.RAVINE,
          List.of(
              "rule = sgd, learningRate = 0.0095",
              "rule = momentum, learningRate = 0.004, momentum = 0.9",
              "rule = nesterov, learningRate = 0.004, momentum = 0.9",
              "rule = adagrad, learningRate = 0.3",
              "rule = rmsprop, learningRate = 0.03",
              "rule = adam, learningRate = 0.08"),
          Surface.SADDLE,
          List.of(
              "rule = sgd, learningRate = 0.05",
              "rule = momentum, learningRate = 0.02, momentum = 0.9",
              "rule = nesterov, learningRate = 0.02, momentum = 0.9",
              "rule = adagrad, learningRate = 0.1",
              "rule = rmsprop, learningRate = 0.03",
              "rule = adam, learningRate = 0.05"),
          Surface.ROSENBROCK,
          List.of(
              "rule = sgd, learningRate = 0.0015",
              "rule = momentum, learningRate = 0.0008, momentum = 0.9",
              "rule = nesterov, learningRate = 0.0008, momentum = 0.9",
              "rule = adagrad, learningRate = 0.3",
              "rule = adam, learningRate = 0.08",
              "rule = lbfgs"),
          Surface.HOLE,
          List.of(
              "rule = sgd, learningRate = 0.3",
              "rule = momentum, learningRate = 0.1, momentum = 0.9",
              "rule = nesterov, learningRate = 0.1, momentum = 0.9",
              "rule = rmsprop, learningRate = 0.03",
              "rule = adam, learningRate = 0.05",
              "rule = rprop"));

  @Option(
      names = "--surface",
      paramLabel = "NAME",
      defaultValue = "ravine",
      description =
          "ravine (an ill-conditioned quadratic), saddle, rosenbrock, or hole (in a plain)."
              + " Default: ${DEFAULT-VALUE}.")
  String surface;

  @Option(
      names = "--rule",
      paramLabel = "RULE",
      description =
          "An update rule: a name, or what an optimizer block of a job file holds, such as 'rule = adam, learningRate ="
              + " 0.1'. May be given several times. Default: some that show the differences.")
  List<String> rules = new ArrayList<>();

  @Option(
      names = "--start",
      paramLabel = "X,Y",
      split = ",",
      arity = "1",
      description = "Where the ways begin. Default: a place that suits the surface.")
  double[] start;

  @Option(
      names = "--steps",
      paramLabel = "N",
      defaultValue = "100",
      description = "Updates, 1 to " + MOST_STEPS + ". Default: ${DEFAULT-VALUE}.")
  int steps;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "The SVG file; one that is there is replaced. Default: SURFACE.svg here.")
  Path output;

  @Option(names = "--json", description = "Prints where each way ends as one JSON object.")
  boolean json;

  @Option(names = "--debug", description = "Prints the stack trace of an error.")
  boolean debug;

  @Override
  public Integer call() {
    Surface over = over();
    double[] from = start == null ? over.start() : start;
    check(from);
    List<Trajectory> ways = new ArrayList<>();
    for (String rule : rules.isEmpty() ? USUAL.get(over) : rules) {
      ways.add(way(rule, over, from));
    }
    Path file = output == null ? Path.of(over.word() + ".svg") : output;
    PictureFile.write(file, TrajectoryPicture.svg(over, ways));
    if (json) {
      System.out.print(Json.pretty(json(over, ways, file)));
    } else {
      for (Trajectory way : ways) {
        System.out.printf(
            Locale.ROOT,
            "%-60s %s%n",
            way.name(),
            way.diverged() ? "diverged" : "f = %.6g".formatted(way.last()));
      }
      System.out.println(file + " (open it in a browser)");
    }
    return ExitCode.DONE;
  }

  private Surface over() {
    for (Surface known : Surface.values()) {
      if (known.word().equals(surface)) {
        return known;
      }
    }
    List<String> words = Arrays.stream(Surface.values()).map(Surface::word).toList();
    String hint =
        EditDistance.nearest(surface, words).map(w -> "; did you mean " + w + "?").orElse("");
    throw new JobException(
        ExitCode.USAGE,
        "--surface %s: there is %s%s".formatted(surface, String.join(", ", words), hint));
  }

  private void check(double[] from) {
    if (steps < 1 || steps > MOST_STEPS) {
      throw new JobException(
          ExitCode.USAGE, "--steps %d: must be 1 to %d".formatted(steps, MOST_STEPS));
    }
    boolean finite = Arrays.stream(from).allMatch(v -> Double.isFinite((float) v));
    if (from.length != 2 || !finite) {
      throw new JobException(
          ExitCode.USAGE,
          "--start %s: must be two numbers, such as --start=-1.5,1"
              .formatted(String.join(",", Arrays.stream(from).mapToObj(String::valueOf).toList())));
    }
  }

  private Trajectory way(String text, Surface over, double[] from) {
    String block = NAME.matcher(text).matches() ? "rule = " + text : text;
    try {
      Optimizer rule =
          Vocabulary.binder()
              .read(Section.ofText(block, "rule", Overrides.NONE).asValue(), Optimizer.class);
      return Trajectory.follow(label(block), rule, over, from, steps);
    } catch (SpecException | IllegalArgumentException e) {
      throw new JobException(ExitCode.USAGE, "--rule '%s': %s".formatted(text, e.getMessage()), e);
    }
  }

  /** A block as a line of a legend: {@code adam, learningRate = 0.1}. */
  private static String label(String block) {
    return block.replaceFirst("^\\s*rule\\s*=\\s*", "").replaceAll("\\s+", " ").strip();
  }

  private Map<String, Object> json(Surface over, List<Trajectory> ways, Path file) {
    List<Object> ends = new ArrayList<>();
    for (Trajectory way : ways) {
      Map<String, Object> end = new LinkedHashMap<>();
      end.put("rule", way.name());
      end.put("steps", way.steps());
      end.put("x", way.x()[way.steps()]);
      end.put("y", way.y()[way.steps()]);
      end.put("value", way.last());
      end.put("diverged", way.diverged());
      ends.add(end);
    }
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("surface", over.word());
    tree.put("formula", over.formula());
    tree.put("file", file.toString());
    tree.put("ways", ends);
    return tree;
  }
}
