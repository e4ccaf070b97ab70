package dev.schuss.ml;

import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;

/**
 * The params that all estimators and models of this package have, and what they hold; {@code
 * explainParams} says what each means. It is public because Spark finds params by reflection.
 */
public interface NeuralNetworkParams extends SparkMl.Weighted {

  /** Where the params are kept. */
  NetworkParams held();

  @Override
  default Param<String> weightCol() {
    return held().weightCol;
  }

  /** The param {@code validationIndicatorCol}. */
  default Param<String> validationIndicatorCol() {
    return held().validationIndicatorCol;
  }

  /** What the param {@code validationIndicatorCol} holds. */
  default String getValidationIndicatorCol() {
    return SparkMl.value(this, validationIndicatorCol());
  }

  /** The param {@code handleInvalid}. */
  default Param<String> handleInvalid() {
    return held().handleInvalid;
  }

  /** What the param {@code handleInvalid} holds. */
  default String getHandleInvalid() {
    return SparkMl.value(this, handleInvalid());
  }

  /** The param {@code layers}. */
  default IntArrayParam layers() {
    return held().layers;
  }

  /** What the param {@code layers} holds. */
  default int[] getLayers() {
    return SparkMl.value(this, layers());
  }

  /** The param {@code activation}. */
  default Param<String> activation() {
    return held().activation;
  }

  /** What the param {@code activation} holds. */
  default String getActivation() {
    return SparkMl.value(this, activation());
  }

  /** The param {@code dropout}. */
  default DoubleParam dropout() {
    return held().dropout;
  }

  /** What the param {@code dropout} holds. */
  default double getDropout() {
    return (Double) SparkMl.value(this, dropout());
  }

  /** The param {@code network}. */
  default Param<String> network() {
    return held().network;
  }

  /** What the param {@code network} holds. */
  default String getNetwork() {
    return SparkMl.value(this, network());
  }

  /** The param {@code solver}. */
  default Param<String> solver() {
    return held().solver;
  }

  /** What the param {@code solver} holds. */
  default String getSolver() {
    return SparkMl.value(this, solver());
  }

  /** The param {@code maxIter}. */
  default IntParam maxIter() {
    return held().maxIter;
  }

  /** What the param {@code maxIter} holds. */
  default int getMaxIter() {
    return (Integer) SparkMl.value(this, maxIter());
  }

  /** The param {@code tol}. */
  default DoubleParam tol() {
    return held().tol;
  }

  /** What the param {@code tol} holds. */
  default double getTol() {
    return (Double) SparkMl.value(this, tol());
  }

  /** The param {@code stepSize}. */
  default DoubleParam stepSize() {
    return held().stepSize;
  }

  /** What the param {@code stepSize} holds. */
  default double getStepSize() {
    return (Double) SparkMl.value(this, stepSize());
  }

  /** The param {@code blockSize}. */
  default IntParam blockSize() {
    return held().blockSize;
  }

  /** What the param {@code blockSize} holds. */
  default int getBlockSize() {
    return (Integer) SparkMl.value(this, blockSize());
  }

  /** The param {@code initialWeights}. */
  default Param<Vector> initialWeights() {
    return held().initialWeights;
  }

  /** What the param {@code initialWeights} holds. */
  default Vector getInitialWeights() {
    return SparkMl.value(this, initialWeights());
  }

  /** The param {@code initialModel}. */
  default Param<String> initialModel() {
    return held().initialModel;
  }

  /** What the param {@code initialModel} holds. */
  default String getInitialModel() {
    return SparkMl.value(this, initialModel());
  }

  /** The param {@code optimizer}. */
  default Param<String> optimizer() {
    return held().optimizer;
  }

  /** What the param {@code optimizer} holds. */
  default String getOptimizer() {
    return SparkMl.value(this, optimizer());
  }

  /** The param {@code schedule}. */
  default Param<String> schedule() {
    return held().schedule;
  }

  /** What the param {@code schedule} holds. */
  default String getSchedule() {
    return SparkMl.value(this, schedule());
  }

  /** The param {@code batchSize}. */
  default IntParam batchSize() {
    return held().batchSize;
  }

  /** What the param {@code batchSize} holds. */
  default int getBatchSize() {
    return (Integer) SparkMl.value(this, batchSize());
  }

  /** The param {@code epochs}. */
  default IntParam epochs() {
    return held().epochs;
  }

  /** What the param {@code epochs} holds. */
  default int getEpochs() {
    return (Integer) SparkMl.value(this, epochs());
  }

  /** The param {@code earlyStoppingPatience}. */
  default IntParam earlyStoppingPatience() {
    return held().earlyStoppingPatience;
  }

  /** What the param {@code earlyStoppingPatience} holds. */
  default int getEarlyStoppingPatience() {
    return (Integer) SparkMl.value(this, earlyStoppingPatience());
  }

  /** The param {@code seed}. */
  default LongParam seed() {
    return held().seed;
  }

  /** What the param {@code seed} holds. */
  default long getSeed() {
    return (Long) SparkMl.value(this, seed());
  }

  /** The param {@code reduction}. */
  default Param<String> reduction() {
    return held().reduction;
  }

  /** What the param {@code reduction} holds. */
  default String getReduction() {
    return SparkMl.value(this, reduction());
  }

  /** The param {@code aggregationDepth}. */
  default IntParam aggregationDepth() {
    return held().aggregationDepth;
  }

  /** What the param {@code aggregationDepth} holds. */
  default int getAggregationDepth() {
    return (Integer) SparkMl.value(this, aggregationDepth());
  }

  /** The param {@code checkpointDir}. */
  default Param<String> checkpointDir() {
    return held().checkpointDir;
  }

  /** What the param {@code checkpointDir} holds. */
  default String getCheckpointDir() {
    return SparkMl.value(this, checkpointDir());
  }

  /** The param {@code checkpointInterval}. */
  default IntParam checkpointInterval() {
    return held().checkpointInterval;
  }

  /** What the param {@code checkpointInterval} holds. */
  default int getCheckpointInterval() {
    return (Integer) SparkMl.value(this, checkpointInterval());
  }

  /** The param {@code resume}. */
  default Param<String> resume() {
    return held().resume;
  }

  /** What the param {@code resume} holds. */
  default String getResume() {
    return SparkMl.value(this, resume());
  }

  /** The param {@code job}. */
  default Param<String> job() {
    return held().job;
  }

  /** What the param {@code job} holds. */
  default String getJob() {
    return SparkMl.value(this, job());
  }
}
