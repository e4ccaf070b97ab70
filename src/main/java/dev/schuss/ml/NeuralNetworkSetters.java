package dev.schuss.ml;

import dev.schuss.train.TrainingListener;
import org.apache.spark.ml.linalg.Vector;

/**
 * The setters that all estimators of this package have. A value that a param does not take is an
 * {@link IllegalArgumentException}.
 *
 * @param <E> the estimator, which each setter returns
 */
public interface NeuralNetworkSetters<E extends NeuralNetworkSetters<E>>
    extends NeuralNetworkParams {

  /** This estimator. */
  E self();

  /** The column of row weights; unit weights if it is not set or empty. */
  default E setWeightCol(String value) {
    SparkMl.set(this, weightCol(), value);
    return self();
  }

  /** Which rows are for validation: true for validation, false or null for training. */
  default E setValidationIndicatorCol(String value) {
    SparkMl.set(this, validationIndicatorCol(), value);
    return self();
  }

  /** What becomes of rows with missing values: {@code error}, {@code skip} or {@code keep}. */
  default E setHandleInvalid(String value) {
    SparkMl.set(this, handleInvalid(), value);
    return self();
  }

  /** Sizes of the layers, from the inputs to the outputs. */
  default E setLayers(int[] value) {
    SparkMl.set(this, layers(), value);
    return self();
  }

  /** Activation of the hidden layers, such as {@code relu}. */
  default E setActivation(String value) {
    SparkMl.set(this, activation(), value);
    return self();
  }

  /** Part of each hidden layer that is left out at random in training, in [0, 1). */
  default E setDropout(double value) {
    SparkMl.set(this, dropout(), (Object) value);
    return self();
  }

  /** The network as the block {@code model} of a job file. */
  default E setNetwork(String value) {
    SparkMl.set(this, network(), value);
    return self();
  }

  /** {@code auto}, {@code l-bfgs} or {@code gd}. */
  default E setSolver(String value) {
    SparkMl.set(this, solver(), value);
    return self();
  }

  /** Most iterations of a full-batch method, most passes of any other; at least 1. */
  default E setMaxIter(int value) {
    SparkMl.set(this, maxIter(), (Object) value);
    return self();
  }

  /** Training ends when the objective changes by no more than this part of its first value. */
  default E setTol(double value) {
    SparkMl.set(this, tol(), (Object) value);
    return self();
  }

  /** Step size of {@code gd}, or the learning rate of the optimizer; positive. */
  default E setStepSize(double value) {
    SparkMl.set(this, stepSize(), (Object) value);
    return self();
  }

  /** Accepted from users of MLlib's classifier; nothing depends on it. */
  default E setBlockSize(int value) {
    SparkMl.set(this, blockSize(), (Object) value);
    return self();
  }

  /** Weights to start from, in the order of MLlib's classifier. */
  default E setInitialWeights(Vector value) {
    SparkMl.set(this, initialWeights(), value);
    return self();
  }

  /** Folder of a model whose weights training starts from. */
  default E setInitialModel(String value) {
    SparkMl.set(this, initialModel(), value);
    return self();
  }

  /** An update rule by name, or the block {@code optimizer} of a job file. */
  default E setOptimizer(String value) {
    SparkMl.set(this, optimizer(), value);
    return self();
  }

  /** A learning rate schedule by name, or the block {@code schedule} of a job file. */
  default E setSchedule(String value) {
    SparkMl.set(this, schedule(), value);
    return self();
  }

  /** Rows of a minibatch, at least 1. */
  default E setBatchSize(int value) {
    SparkMl.set(this, batchSize(), (Object) value);
    return self();
  }

  /** Passes over the rows, at least 1. */
  default E setEpochs(int value) {
    SparkMl.set(this, epochs(), (Object) value);
    return self();
  }

  /** Iterations without a better validation loss after which training ends, at least 1. */
  default E setEarlyStoppingPatience(int value) {
    SparkMl.set(this, earlyStoppingPatience(), (Object) value);
    return self();
  }

  /** Seed of the starting weights, the order of rows and dropout. */
  default E setSeed(long value) {
    SparkMl.set(this, seed(), (Object) value);
    return self();
  }

  /** How gradients are added up: {@code auto}, {@code tree} or {@code ordered}. */
  default E setReduction(String value) {
    SparkMl.set(this, reduction(), value);
    return self();
  }

  /** Levels of Spark's treeAggregate, 2 to 8. */
  default E setAggregationDepth(int value) {
    SparkMl.set(this, aggregationDepth(), (Object) value);
    return self();
  }

  /** Folder to save the training in as it goes. */
  default E setCheckpointDir(String value) {
    SparkMl.set(this, checkpointDir(), value);
    return self();
  }

  /** Passes from one checkpoint to the next, at least 1; -1 for one at the end alone. */
  default E setCheckpointInterval(int value) {
    SparkMl.set(this, checkpointInterval(), (Object) value);
    return self();
  }

  /** Whether to go on from a checkpoint: {@code auto}, {@code never} or {@code require}. */
  default E setResume(String value) {
    SparkMl.set(this, resume(), value);
    return self();
  }

  /**
   * Lets somebody hear of the training as it goes, such as {@code Notebook.live()}; null for
   * nobody. It is no param: copies have it, too, and it is not saved.
   */
  default E setListener(TrainingListener listener) {
    held().listener = listener;
    return self();
  }

  /** Further settings as blocks of a job file. */
  default E setJob(String value) {
    SparkMl.set(this, job(), value);
    return self();
  }
}
