package dev.schuss.ml;

import dev.schuss.train.Settings;
import dev.schuss.train.TrainingListener;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.param.Params;
import scala.Function1;

/** The params that all estimators and models of this package have, with their defaults. */
final class NetworkParams implements Serializable {
  private static final long serialVersionUID = 1;

  static final String AUTO = "auto";
  static final String LBFGS = "l-bfgs";
  static final String GD = "gd";

  /** At least an input and an output layer, none of them empty. */
  private static final Sizes POSITIVE =
      sizes -> sizes.length > 1 && Arrays.stream(sizes).allMatch(size -> size > 0);

  private interface Sizes extends Function1<int[], Object>, Serializable {}

  private static final Check INTERVAL = n -> n.equals(-1) || (n instanceof Integer i && i >= 1);

  private interface Check extends Function1<Object, Object>, Serializable {}

  final Param<String> weightCol;
  final Param<String> validationIndicatorCol;
  final Param<String> handleInvalid;
  final IntArrayParam layers;
  final Param<String> activation;
  final DoubleParam dropout;
  final Param<String> network;
  final Param<String> solver;
  final IntParam maxIter;
  final DoubleParam tol;
  final DoubleParam stepSize;
  final IntParam blockSize;
  final Param<Vector> initialWeights;
  final Param<String> initialModel;
  final Param<String> optimizer;
  final Param<String> schedule;
  final IntParam batchSize;
  final IntParam epochs;
  final IntParam earlyStoppingPatience;
  final LongParam seed;
  final Param<String> reduction;
  final IntParam aggregationDepth;
  final Param<String> checkpointDir;
  final IntParam checkpointInterval;
  final Param<String> resume;
  final Param<String> job;

  /** Who hears of the training; no param. */
  transient TrainingListener listener;

  /**
   * The params of a stage.
   *
   * @param ends what the first and the last of the layers are
   */
  NetworkParams(Params stage, String ends) {
    weightCol =
        text(
            stage,
            "weightCol",
            "weight column name. If this is not set or empty, all rows have weight 1.0");
    validationIndicatorCol =
        text(
            stage,
            "validationIndicatorCol",
            "name of the column that indicates whether each row is for training or for validation. False indicates training; true indicates validation.");
    handleInvalid =
        choice(
            stage,
            "handleInvalid",
            "what becomes of rows with null, NaN or infinite values: error (the first of them is named), skip (they are left out, in predictions too), keep (such a feature counts as 0; a label or weight must be there)",
            "error",
            "skip",
            "keep");
    layers =
        new IntArrayParam(
            stage,
            "layers",
            "sizes of layers from input layer to output layer, such as 784, 100, 10: "
                + ends
                + ". All layers are fully connected; other networks are given by the param network",
            POSITIVE);
    activation =
        text(
            stage,
            "activation",
            "activation of the hidden layers that the param layers names: sigmoid, relu, tanh, leaky-relu, elu, gelu, softplus ...; or a block such as { kind = elu, alpha = 0.5 }");
    dropout =
        new DoubleParam(
            stage,
            "dropout",
            "part of each hidden layer's outputs that is left out at random in training, in [0, 1); for the param layers",
            ParamValidators.inRange(0, 1, true, false));
    network =
        text(
            stage,
            "network",
            "the network as the block model of a job file, such as layers = [ { type = dense, units = 100, activation = relu } ]; the output layer follows from the data. Takes the place of layers, activation and dropout");
    solver =
        choice(
            stage,
            "solver",
            "how the loss is minimised where no optimizer is named: l-bfgs (full-batch), gd (full-batch gradient descent with stepSize), or auto: l-bfgs for few rows, and for "
                + Method.MANY
                + " and more, or where batchSize, epochs, schedule, stepSize or dropout are set, minibatches with Adam",
            AUTO,
            LBFGS,
            GD);
    maxIter =
        new IntParam(
            stage,
            "maxIter",
            "maximum number of iterations (> 0): of l-bfgs, gd and other full-batch rules, updates that move the weights (where only epochs is set, as many as that); of minibatch methods, whose number of passes is epochs, the maximum number of passes",
            ParamValidators.gt(0));
    tol =
        new DoubleParam(
            stage,
            "tol",
            "the convergence tolerance for iterative algorithms (>= 0): training ends when the objective (the loss with its l1 and l2 terms) changes by no more than this part of its first value",
            ParamValidators.gtEq(0));
    stepSize =
        new DoubleParam(
            stage,
            "stepSize",
            "step size (> 0): of gd, 0.03 if not set; else the learning rate of the optimizer, its own if not set; solver = l-bfgs has none, and solver = auto takes minibatches where it is set",
            ParamValidators.gt(0));
    blockSize =
        new IntParam(
            stage,
            "blockSize",
            "rows that MLlib's classifier stacks into a matrix (> 0). As there, results do not depend on it; here neither does the speed, for the network chooses its own blocks",
            ParamValidators.gt(0));
    initialWeights =
        new Param<>(
            stage,
            "initialWeights",
            "the weights that training starts from, in the order of MLlib's MultilayerPerceptronClassifier: layer by layer the matrix (outputs x inputs, column by column), then the biases");
    initialModel =
        text(
            stage,
            "initialModel",
            "folder of a saved model, of this package or of schuss train, whose weights training starts from");
    optimizer =
        text(
            stage,
            "optimizer",
            "the update rule: a name such as radam, or the block optimizer of a job file such as rule = adamw, learningRate = 0.003, lookahead { every = 5 }. Takes the place of solver");
    schedule =
        text(
            stage,
            "schedule",
            "the course of the learning rate: a name such as cosine, or the block schedule of a job file such as { kind = cosine, warmup = 1 epoch }");
    batchSize =
        new IntParam(
            stage,
            "batchSize",
            "rows of a minibatch (> 0), all rows if they are fewer; "
                + Settings.DEFAULTS.batchSize()
                + " if not set, of solver auto "
                + Method.AUTO_BATCH,
            ParamValidators.gt(0));
    epochs =
        new IntParam(
            stage,
            "epochs",
            "passes over the rows (> 0), at most maxIter where that is set; of a minibatch method "
                + Settings.DEFAULTS.epochs()
                + " if not set, of solver auto "
                + Method.AUTO_EPOCHS,
            ParamValidators.gt(0));
    earlyStoppingPatience =
        new IntParam(
            stage,
            "earlyStoppingPatience",
            "training ends when the loss of the validation rows did not get better for so many iterations (> 0), and the best weights are kept; train.earlyStopping of job changes that but for the patience; needs validationIndicatorCol",
            ParamValidators.gt(0));
    seed =
        new LongParam(
            stage, "seed", "random seed: of the starting weights, the order of rows and dropout");
    reduction =
        choice(
            stage,
            "reduction",
            "how the gradients of partitions are added up: tree (Spark's treeAggregate), ordered (the same bits in each run), auto (the faster one)",
            "auto",
            "tree",
            "ordered");
    aggregationDepth =
        new IntParam(
            stage,
            "aggregationDepth",
            "suggested depth for treeAggregate (>= 2), at most 8; as few as the driver's room for results allows if not set",
            ParamValidators.inRange(2, 8));
    checkpointDir =
        text(
            stage,
            "checkpointDir",
            "folder, on any file system of Hadoop, that training is saved in as it goes, to go on from after a failure");
    checkpointInterval =
        new IntParam(
            stage,
            "checkpointInterval",
            "training is saved in checkpointDir every so many passes (>= 1; the trials of l-bfgs are passes, too), or only at its end (-1)",
            INTERVAL);
    resume =
        choice(
            stage,
            "resume",
            "whether training goes on from checkpointDir: auto (from what is there), never, require (there must be something)",
            "auto",
            "never",
            "require");
    job =
        text(
            stage,
            "job",
            "further settings as blocks of a job file: model, optimizer, regularization, train, checkpoint; params that are set win, but a network is named in one place");
    defaults(stage);
  }

  /** Defaults that a param has; the others say what holds where they are not set. */
  private void defaults(Params stage) {
    SparkMl.setDefault(stage, handleInvalid, "error");
    SparkMl.setDefault(stage, solver, AUTO);
    SparkMl.setDefault(stage, maxIter, (Object) 100);
    SparkMl.setDefault(stage, tol, (Object) 1e-6);
    SparkMl.setDefault(stage, blockSize, (Object) 128);
    SparkMl.setDefault(stage, activation, "sigmoid");
    SparkMl.setDefault(stage, dropout, (Object) 0.0);
    SparkMl.setDefault(stage, seed, (Object) Settings.DEFAULTS.seed());
    SparkMl.setDefault(stage, reduction, "auto");
    SparkMl.setDefault(stage, checkpointInterval, (Object) 1);
    SparkMl.setDefault(stage, resume, "auto");
  }

  private static Param<String> text(Params stage, String name, String doc) {
    return new Param<>(stage, name, doc);
  }

  private static Param<String> choice(Params stage, String name, String doc, String... values) {
    return new Param<>(stage, name, doc, ParamValidators.inArray(List.of(values)));
  }
}
