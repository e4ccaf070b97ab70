package dev.schuss.job;

import dev.schuss.data.Blocks;
import dev.schuss.data.DataPreparation;
import dev.schuss.data.Skipped;
import dev.schuss.job.Sources.From;
import dev.schuss.model.ClassLabels;
import dev.schuss.model.FittedModel;
import dev.schuss.model.Preprocessing;
import dev.schuss.nn.ClassTally;
import dev.schuss.objective.Evaluation;
import dev.schuss.train.Evaluator;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/**
 * A model on rows whose answers are known.
 *
 * @param place of the model, as it was given
 * @param skipped rows that were left out
 */
record Evaluated(String place, FittedModel model, Evaluation evaluation, Skipped skipped) {

  /**
   * Evaluates a model; nothing of its preprocessing is fitted anew.
   *
   * @param place where the model lies
   * @param columns of the rows, as far as they are not those of the training
   */
  static Evaluated of(
      SparkSession spark, String place, FittedModel model, From from, LabelledColumns columns) {
    Preprocessing training = model.preprocessing();
    try (Blocks blocks =
        DataPreparation.scoring(from.source().load(spark), columns.of(training), training, 0)) {
      Evaluation evaluation = Evaluator.evaluate(spark, model.network(), model.weights(), blocks);
      return new Evaluated(place, model, evaluation, blocks.skipped());
    }
  }

  /** The classes as people write them; empty unless the model tells classes apart. */
  List<String> classNames() {
    ClassLabels classes = model.preprocessing().classes();
    return classes == null ? List.of() : classes.names();
  }

  /** What {@code --json} prints. */
  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("model", place);
    json.put("task", model.network().task().name().toLowerCase(Locale.ROOT));
    json.put("rows", evaluation.rows());
    json.put("weight", evaluation.weightSum());
    LeftOut.put(skipped, json);
    json.put("metrics", evaluation.figures());
    if (evaluation.tally() instanceof ClassTally tally) {
      json.put("classes", classes(tally));
      if (tally.hasConfusion()) {
        json.put("confusion", confusion(tally));
      }
    }
    json.put("version", Version.schuss());
    return json;
  }

  private List<Object> classes(ClassTally tally) {
    List<Object> list = new ArrayList<>();
    for (int c = 0; c < tally.classes(); c++) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("label", classNames().get(c));
      one.put("rows", tally.rows(c));
      one.put("precision", tally.precision(c));
      one.put("recall", tally.recall(c));
      one.put("f1", tally.f1(c));
      list.add(one);
    }
    return list;
  }

  /** A list per class, of the weights of its rows by predicted class. */
  static List<Object> confusion(ClassTally tally) {
    List<Object> matrix = new ArrayList<>();
    for (int c = 0; c < tally.classes(); c++) {
      List<Object> row = new ArrayList<>();
      for (int p = 0; p < tally.classes(); p++) {
        row.add(tally.confusion(c, p));
      }
      matrix.add(row);
    }
    return matrix;
  }
}
