package dev.schuss.ml;

import dev.schuss.checkpoint.CheckpointException;
import dev.schuss.data.Blocks;
import dev.schuss.data.Columns;
import dev.schuss.data.DataException;
import dev.schuss.data.DataPreparation;
import dev.schuss.data.Persist;
import dev.schuss.data.Prepared;
import dev.schuss.data.Recipe;
import dev.schuss.data.Skipped;
import dev.schuss.ml.Fragments.Job;
import dev.schuss.model.Build;
import dev.schuss.model.ClassLabels;
import dev.schuss.model.FittedModel;
import dev.schuss.model.Invalid;
import dev.schuss.model.ModelException;
import dev.schuss.model.Preprocessing;
import dev.schuss.model.Scaling;
import dev.schuss.model.WarmStart;
import dev.schuss.nn.Layer;
import dev.schuss.nn.Loss;
import dev.schuss.nn.Network;
import dev.schuss.objective.Task;
import dev.schuss.spec.ModelBlock;
import dev.schuss.train.SettingsException;
import dev.schuss.train.Trainer;
import dev.schuss.train.TrainingResult;
import dev.schuss.train.TrainingResult.Status;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.apache.spark.SparkException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One {@code fit}: from an estimator's params and a DataFrame to a model.
 *
 * @param params the estimator's
 * @param features name of the column of vectors
 * @param labels names of the label columns
 * @param classes the classes to have, given those of the rows; null unless it is a classification
 * @param warm a model to start from; null for none but what the params name
 */
record Fitting(
    NeuralNetworkParams params,
    Task task,
    String features,
    List<String> labels,
    UnaryOperator<ClassLabels> classes,
    FittedModel warm) {
  private static final Logger log = LoggerFactory.getLogger(Fitting.class);

  /** What comes of it. */
  record Fitted(FittedModel model, NeuralNetworkTrainingSummary summary) {}

  /**
   * Trains on these rows. What is wrong with a param or a column is an IllegalArgumentException,
   * what is wrong with a row a SparkException, as in Spark.
   */
  Fitted fit(Dataset<?> rows) {
    try {
      return train(rows.toDF());
    } catch (DataException | CheckpointException e) {
      throw SparkMl.thrown(new SparkException(Wording.of(e.getMessage()), e));
    } catch (ModelException | SettingsException e) {
      throw new IllegalArgumentException(Wording.of(e.getMessage()), e);
    }
  }

  private Fitted train(Dataset<Row> rows) {
    SparkSession spark = rows.sparkSession();
    // What does not go together is told before any work.
    checkValidation(rows.schema());
    Job job = Fragments.job(params);
    ModelBlock block = Fragments.model(params, job);
    checkLoss(block.loss(task));
    Start from = Start.of(params, block, warm, spark.sparkContext().hadoopConfiguration());
    Method.of(params, job, random(block), 1);
    Trainer trainer = Trainer.on(spark).checkpoint(Method.checkpoints(params, job));
    if (job.train().partitions() != null) {
      trainer.partitions(job.train().partitions());
    }
    Dataset<Row> training = part(params, rows, false);
    Dataset<Row> held = validates(params) ? part(params, rows, true) : null;
    if (held != null) {
      checkRows(training, "every", "train on");
      checkRows(held, "no", "validate on");
    }
    Recipe recipe =
        new Recipe(
            columns(),
            task,
            Scaling.none(),
            null,
            invalid(),
            Persist.MEMORY_AND_DISK,
            0,
            0,
            params.getSeed(),
            trainer.plannedPartitions());
    try (Prepared data = prepared(training, recipe, from);
        Blocks validation = held == null ? null : scoring(held, data, recipe)) {
      return train(spark, trainer, job, block, from, data, validation);
    }
  }

  private Fitted train(
      SparkSession spark,
      Trainer trainer,
      Job job,
      ModelBlock block,
      Start from,
      Prepared data,
      Blocks validation) {
    Network network = network(block, data.preprocessing());
    Method method = Method.of(params, job, random(block), data.train().rows());
    Convergence convergence =
        new Convergence(
            Method.iterations(params, job),
            Method.limit(params, job),
            params.getTol(),
            method.fullBatch(),
            method.fruitless());
    if (params.isSet(params.initialWeights())) {
      trainer.initialWeights(MlpWeights.read(network, params.getInitialWeights()));
    } else if (from != null) {
      WarmStart start =
          from.weights(network, data.preprocessing(), features, method.settings().seed());
      log.info("{} {}", params.uid(), start.note());
      trainer.initialWeights(start.weights());
    }
    if (params.held().listener != null) {
      trainer.listener(params.held().listener);
    }
    if (method.fullBatch()) {
      trainer.plan(method::allRows);
    }
    TrainingResult result =
        trainer
            .network(network)
            .settings(method.settings())
            .optimizer(method.optimizer())
            .regularization(job.regularization())
            .listener(convergence)
            .cancelWhen(convergence)
            .fit(data.train(), validation, null);
    if (result.status() == Status.DIVERGED) {
      throw SparkMl.thrown(
          new SparkException("training diverged: " + Wording.of(result.message())));
    }
    if (result.status() == Status.CANCELLED && result.message() != null) { // not by convergence
      cancelled(result);
    }
    tell(params, "training", data.train());
    if (validation != null) {
      tell(params, "validation", validation);
    }
    NeuralNetworkTrainingSummary summary =
        new NeuralNetworkTrainingSummary(result, convergence, data.train().skipped().rows());
    log.info(
        "{} made {} iterations over {} rows in {} s{}",
        params.uid(),
        summary.totalIterations(),
        data.train().rows(),
        String.format(Locale.ROOT, "%.2f", result.seconds()),
        summary.reason() == null ? "" : ": " + summary.reason());
    FittedModel model =
        new FittedModel(
            network,
            result.weights(),
            data.preprocessing(),
            new FittedModel.Provenance(
                Build.version(), spark.version(), method.settings().seed(), result.steps()));
    return new Fitted(model, summary);
  }

  /**
   * Somebody ended the training: its last weights are a model all the same, but none that others
   * are to be compared with, and whoever fits many is to end, too.
   */
  private void cancelled(TrainingResult result) {
    String what =
        "training cancelled after %d updates: %s".formatted(result.steps(), result.message());
    boolean oneOfMany =
        StackWalker.getInstance()
            .walk(frames -> frames.anyMatch(frame -> fitsMany(frame.getClassName())));
    if (oneOfMany) {
      throw SparkMl.thrown(new SparkException(what));
    }
    log.warn("{} {}; the model has the weights of then", params.uid(), what);
  }

  private static boolean fitsMany(String caller) {
    return caller.startsWith("org.apache.spark.ml.tuning.")
        || caller.startsWith("org.apache.spark.ml.classification.OneVsRest");
  }

  /** Tells of rows that were left out. */
  static void tell(NeuralNetworkParams params, String what, Blocks blocks) {
    Skipped skipped = blocks.skipped();
    if (skipped.rows() > 0) {
      log.warn(
          "{} left out {} bad rows of the {}: {}",
          params.uid(),
          skipped.rows(),
          what,
          skipped.first());
    }
  }

  /** The columns that are trained on. */
  private Columns columns() {
    boolean weighted = params.isSet(params.weightCol()) && !params.getWeightCol().isEmpty();
    return new Columns(List.of(features), labels, weighted ? params.getWeightCol() : null, null);
  }

  private Invalid invalid() {
    return invalid(params);
  }

  /** The rule of the param {@code handleInvalid}. */
  static Invalid invalid(NeuralNetworkParams params) {
    return Invalid.valueOf(params.getHandleInvalid().toUpperCase(Locale.ROOT));
  }

  /** Whether some rows are for validation. */
  private static boolean validates(NeuralNetworkParams params) {
    return params.isSet(params.validationIndicatorCol())
        && !params.getValidationIndicatorCol().isEmpty();
  }

  private void checkValidation(StructType schema) {
    if (validates(params)) {
      Schemas.truth(schema, params.getValidationIndicatorCol());
    } else if (params.isSet(params.earlyStoppingPatience())) {
      throw new IllegalArgumentException(
          "earlyStoppingPatience = %d needs validation rows: set validationIndicatorCol"
              .formatted(params.getEarlyStoppingPatience()));
    }
  }

  /** A classification's model says how probable each class is. */
  private void checkLoss(Loss loss) {
    if (task == Task.CLASSIFICATION && !loss.probabilities()) {
      throw new IllegalArgumentException(
          "loss = %s knows no probabilities, which a model of this class has: choose softmax-cross-entropy or binary-cross-entropy"
              .formatted(loss));
    }
  }

  private static boolean random(ModelBlock block) {
    return block.layers().stream().anyMatch(Layer::random);
  }

  /**
   * The rows for validation or those for training, to which those without a mark belong; all rows
   * are for training where there is no such column.
   */
  static Dataset<Row> part(NeuralNetworkParams params, Dataset<Row> rows, boolean validation) {
    if (!validates(params)) {
      return rows;
    }
    String name = params.getValidationIndicatorCol().replace("`", "``");
    Column marked = functions.coalesce(rows.col("`" + name + "`"), functions.lit(false));
    return rows.filter(validation ? marked : functions.not(marked));
  }

  private void checkRows(Dataset<Row> part, String which, String what) {
    if (part.isEmpty()) {
      throw new IllegalArgumentException(
          "validationIndicatorCol = %s is true in %s row: no row is left to %s"
              .formatted(params.getValidationIndicatorCol(), which, what));
    }
  }

  private Prepared prepared(Dataset<Row> rows, Recipe recipe, Start from) {
    if (from == null) {
      return DataPreparation.training(rows, recipe, null, classes);
    }
    try {
      return DataPreparation.training(rows, recipe, from.preprocessing(), classes);
    } catch (DataException e) {
      throw plainest(e, () -> from.checkLength(rows, features));
    }
  }

  private Blocks scoring(Dataset<Row> rows, Prepared data, Recipe recipe) {
    try {
      return DataPreparation.scoring(
          rows,
          recipe.columns(),
          Classes.byIndex(data.preprocessing()),
          recipe.persist(),
          data.train().rdd().getNumPartitions());
    } catch (DataException e) {
      if (classes == null) {
        throw e;
      }
      ClassLabels known = data.preprocessing().classes();
      throw plainest(e, () -> Classes.checkLabels(rows, labels.get(0), known, classes));
    }
  }

  /**
   * The error to tell where rows are bad: what a second look at them finds, if it finds something.
   * Where the look itself fails, as where a function of the user's does, that is not the cause.
   *
   * @param look throws an IllegalArgumentException that tells more than the first error
   */
  static RuntimeException plainest(DataException first, Runnable look) {
    try {
      look.run();
    } catch (IllegalArgumentException plain) {
      return plain;
    } catch (Exception failed) { // Spark throws checked ones that are not declared
      first.addSuppressed(failed);
      if (failed instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
    }
    return first;
  }

  private Network network(ModelBlock block, Preprocessing data) {
    int outputs =
        switch (task) {
          case CLASSIFICATION -> data.classes().size();
          case REGRESSION -> labels.size();
          case RECONSTRUCTION -> data.width();
        };
    if (params.isSet(params.layers())) {
      int[] sizes = params.getLayers();
      checkEnd("begins", sizes[0], "inputs", data.width(), "numbers in column " + features);
      if (task == Task.REGRESSION) {
        checkEnd("ends", sizes[sizes.length - 1], "outputs", outputs, "label columns");
      } else if (task == Task.RECONSTRUCTION) {
        checkEnd(
            "ends", sizes[sizes.length - 1], "outputs", outputs, "numbers in column " + features);
      }
    }
    try {
      return block.network(task, data.width(), List.of(), outputs);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "the network does not fit: " + Wording.of(e.getMessage()), e);
    }
  }

  private static void checkEnd(String end, int size, String units, int found, String what) {
    if (size != found) {
      throw new IllegalArgumentException(
          "layers %s with %d %s, but there are %d %s: set %d there"
              .formatted(end, size, units, found, what, found));
    }
  }
}
