package dev.schuss.job;

import dev.schuss.checkpoint.CheckpointException;
import dev.schuss.checkpoint.CheckpointFolder;
import dev.schuss.data.Blocks;
import dev.schuss.data.DataPreparation;
import dev.schuss.experiment.Landscape;
import dev.schuss.experiment.LossGrid;
import dev.schuss.job.Sources.From;
import dev.schuss.model.FittedModel;
import dev.schuss.model.Json;
import dev.schuss.nn.Network;
import dev.schuss.report.LandscapePicture;
import dev.schuss.train.SavedTraining;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code schuss draw landscape MODEL --data SOURCE}. */
@Command(
    name = "landscape",
    description = {
      "Draws the loss around a model, as SVG: on a plane of two random directions that are normalised filter by filter"
          + " (Li et al. 2018; biases and the factors of normalisations are not moved); with one more model the line"
          + " through both, with two more the plane through the three. All points are evaluated in one Spark job, on"
          + " networks as they predict. The numbers go beside, as JSON."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    parameterListHeading = "%nArguments:%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  schuss draw landscape out/digits --data classpath:data/digits-test.csv",
      "  schuss draw landscape out/a --with out/b --data test.csv --output line.svg",
      "  schuss draw landscape out/a --with out/b --with out/c --data test.csv",
      "  schuss draw landscape out/a --with out/a/checkpoints#fast --data test.csv"
    })
final class DrawLandscape implements Callable<Integer> {
  /** A checkpoint, and which of its vectors. */
  private static final Pattern VECTOR = Pattern.compile("(.+)#([A-Za-z.]+)");

  @Mixin ModelArguments arguments;
  @Mixin SourceArgument source;
  @Mixin LabelledColumns columns;
  @Mixin SparkStart start;

  @Option(
      names = "--with",
      paramLabel = "MODEL",
      description =
          "Another model of the same network; twice for a plane. Or a checkpoint, the newest of a folder: PATH for its"
              + " weights, PATH#slow and PATH#fast for those of Lookahead, PATH#best for those of the best epoch.")
  List<String> with = new ArrayList<>();

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of the random directions. Default: ${DEFAULT-VALUE}.")
  long seed;

  @Option(
      names = "--span",
      paramLabel = "S",
      description =
          "Around a model how far, where 1 is as far as its weights are long; else how far beyond the models, as a"
              + " share of their distance. Default: 1, else 0.5.")
  Double span;

  @Option(
      names = "--grid",
      paramLabel = "N",
      description = "Points along an axis, 2 to 501. Default: 25, of a line 101.")
  Integer grid;

  @Option(
      names = "--rows",
      paramLabel = "N",
      description =
          "A sample of so many rows, the same each time and on any cluster. Default: all rows.")
  Long rows;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description =
          "The SVG file here, with the numbers in a .json beside it; what is there is replaced."
              + " Default: landscape.svg.")
  Path output = Path.of("landscape.svg");

  /** Weights beside those of the model. */
  private record Other(String name, float[] weights) {}

  @Override
  public Integer call() {
    From from = source.source();
    PrintStream people = arguments.json ? System.err : System.out;
    if (with.size() > 2) {
      throw new JobException(
          ExitCode.USAGE,
          "--with is given %d times: a line takes one more model, a plane two"
              .formatted(with.size()));
    }
    PictureFile.check(output); // told before the points are evaluated
    PictureFile.check(numbers());
    Configuration hadoop = SparkSettings.hadoop();
    FittedModel model = ModelFolder.load(arguments.model, hadoop);
    Landscape landscape = landscape(model, hadoop);
    LossGrid losses =
        start.run(
            "landscape of " + arguments.model,
            "the landscape was done",
            (spark, cancellation) -> {
              people.printf(
                  "%s on Spark %s, %s; reading the data%n",
                  arguments.model, spark.version(), spark.sparkContext().master());
              return losses(spark, landscape, model, from, people);
            },
            from);
    draw(losses);
    return ExitCode.DONE;
  }

  /** Writes both files, and tells of them. */
  void draw(LossGrid losses) {
    Map<String, Object> json = json(losses);
    PictureFile.write(output, LandscapePicture.svg(title(), losses));
    PictureFile.write(numbers(), Json.pretty(json));
    if (arguments.json) {
      System.out.print(Json.pretty(json));
    } else {
      lines(losses).forEach(System.out::println);
    }
  }

  /** What is asked for; models are read, no rows. */
  Landscape landscape(FittedModel model, Configuration hadoop) {
    List<Other> others = new ArrayList<>();
    for (String path : with) {
      others.add(other(path, model, hadoop));
    }
    Network network = model.network();
    Landscape landscape =
        switch (others.size()) {
          case 0 -> Landscape.around(model);
          case 1 -> Landscape.line(network, model.weights(), others.get(0).weights);
          default ->
              Landscape.plane(
                  network, model.weights(), others.get(0).weights, others.get(1).weights);
        };
    List<String> names = new ArrayList<>(List.of(arguments.model));
    others.forEach(other -> names.add(other.name));
    try {
      landscape.names(names.toArray(String[]::new)).seed(seed);
      if (grid != null) {
        landscape.grid(grid);
      }
      if (span != null) {
        landscape.span(span);
      }
      if (rows != null) {
        landscape.rows(rows);
      }
      return landscape;
    } catch (IllegalArgumentException e) {
      throw new JobException(ExitCode.USAGE, "--" + e.getMessage(), e);
    }
  }

  private static Other other(String path, FittedModel model, Configuration hadoop) {
    Matcher vector = VECTOR.matcher(path);
    boolean named = vector.matches();
    CheckpointFolder.Found found = checkpoint(named ? vector.group(1) : path, hadoop);
    if (found == null) {
      if (named) {
        throw new JobException(
            ExitCode.CHECKPOINT,
            "--with %s: there is no checkpoint in %s: name the folder that checkpoint.dir named"
                .formatted(path, vector.group(1)));
      }
      FittedModel other = ModelFolder.load(path, hadoop);
      Landscape.check(model, other, path);
      return new Other(path, other.weights());
    }
    Network network = SavedTraining.of(found).network();
    if (network == null) {
      throw new JobException(
          ExitCode.CHECKPOINT, "--with %s: is a training of no network".formatted(path));
    }
    Landscape.check(model.network(), network, path);
    return new Other(
        path, SavedTraining.weights(found, named ? vector.group(2) : "weights", network));
  }

  /** The checkpoint that is named, or the newest in the folder that is; null if it holds none. */
  private static CheckpointFolder.Found checkpoint(String path, Configuration hadoop) {
    try {
      CheckpointFolder folder = CheckpointFolder.at(path, hadoop);
      if (folder.isCheckpoint()) {
        return folder.only();
      }
      return ModelFolder.isThere(path, hadoop) ? null : folder.newest();
    } catch (IOException | IllegalArgumentException e) {
      throw new CheckpointException(
          "%s cannot be read (%s): is the path right, and may you read it?"
              .formatted(path, Failure.describe(e)),
          e);
    }
  }

  /** Reads the rows, and evaluates the grid. */
  LossGrid losses(
      SparkSession spark, Landscape landscape, FittedModel model, From from, PrintStream people) {
    try (Blocks blocks =
        DataPreparation.scoring(
            from.source().load(spark),
            columns.of(model.preprocessing()),
            model.preprocessing(),
            0)) {
      LeftOut.tell(blocks.skipped(), people);
      return landscape.on(spark, blocks);
    }
  }

  private String title() {
    return switch (with.size()) {
      case 0 -> "Loss around a network";
      case 1 -> "Loss on a line";
      default -> "Loss on a plane";
    };
  }

  private List<String> lines(LossGrid losses) {
    List<String> lines = new ArrayList<>();
    for (LossGrid.Place place : losses.places()) {
      lines.add(String.format(Locale.ROOT, "%-40s loss %.6g", place.name(), place.loss()));
    }
    int points = losses.loss().length * losses.x().length;
    lines.add(
        String.format(
            Locale.ROOT,
            "%,d points on %,d rows%s",
            points,
            losses.rows(),
            losses.holes() > 0
                ? ", at %,d of which the loss is no finite number".formatted(losses.holes())
                : ""));
    lines.add(output + " (open it in a browser), " + numbers());
    return lines;
  }

  private Map<String, Object> json(LossGrid losses) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("model", arguments.model);
    if (with.isEmpty()) {
      json.put("seed", seed);
    }
    json.put("file", output.toString());
    json.putAll(losses.tree());
    json.put("version", Version.schuss());
    return json;
  }

  /** The file of the numbers: like the picture's, but for its end. */
  private Path numbers() {
    String name = output.getFileName().toString().replaceFirst("\\.svg$", "");
    return output.resolveSibling(name + ".json");
  }
}
