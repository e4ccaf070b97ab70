package dev.schuss.ml;

import org.apache.spark.ml.param.Param;

/** The columns of an autoencoder and of its model. */
public interface AutoencoderParams extends NeuralNetworkParams {

  /** Where these params are kept. */
  CodeParams columns();

  /** The param {@code featuresCol}. */
  default Param<String> featuresCol() {
    return columns().featuresCol;
  }

  /** What the param {@code featuresCol} holds. */
  default String getFeaturesCol() {
    return SparkMl.value(this, featuresCol());
  }

  /** The param {@code codeCol}. */
  default Param<String> codeCol() {
    return columns().codeCol;
  }

  /** What the param {@code codeCol} holds. */
  default String getCodeCol() {
    return SparkMl.value(this, codeCol());
  }

  /** The param {@code reconstructionCol}. */
  default Param<String> reconstructionCol() {
    return columns().reconstructionCol;
  }

  /** What the param {@code reconstructionCol} holds. */
  default String getReconstructionCol() {
    return SparkMl.value(this, reconstructionCol());
  }
}
