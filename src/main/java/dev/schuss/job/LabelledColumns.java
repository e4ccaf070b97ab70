package dev.schuss.job;

import dev.schuss.data.Columns;
import dev.schuss.model.Preprocessing;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Which columns of rows whose answers are known a verb looks at. */
final class LabelledColumns {
  @Option(
      names = "--label",
      paramLabel = "COLUMN",
      split = ",",
      description =
          "The column with the answer, or several with commas between them. A class of a model of dev.schuss.ml that"
              + " has a name is called by it, or by its index unless names are numbers of other classes.")
  List<String> label = new ArrayList<>();

  @Option(
      names = "--features",
      paramLabel = "COLUMN",
      split = ",",
      description = "The feature columns, in the order of the training's.")
  List<String> features = new ArrayList<>();

  @Option(
      names = "--weight",
      paramLabel = "COLUMN",
      description = "A column of row weights. Default: every row counts as one.")
  String weight;

  /** Those of the options, and of the training where there are none; features by its own names. */
  Columns of(Preprocessing training) {
    return new Columns(
        features.isEmpty() ? List.of("*") : features,
        label.isEmpty() ? training.labels() : label,
        weight,
        null);
  }
}
