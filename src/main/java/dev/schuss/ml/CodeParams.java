package dev.schuss.ml;

import java.io.Serializable;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.sql.types.StructType;

/** The params of an autoencoder's columns. */
final class CodeParams implements Serializable {
  private static final long serialVersionUID = 1;

  static final String ENDS = "the first and the last are the length of the feature vectors";

  final Param<String> featuresCol;
  final Param<String> codeCol;
  final Param<String> reconstructionCol;

  CodeParams(Params stage) {
    featuresCol = new Param<>(stage, "featuresCol", "features column name");
    codeCol =
        new Param<>(
            stage,
            "codeCol",
            "column name for the activations of the narrowest hidden layer, a vector; none if empty");
    reconstructionCol =
        new Param<>(
            stage,
            "reconstructionCol",
            "column name for what the network makes of the features, a vector; none if empty");
    SparkMl.setDefault(stage, featuresCol, "features");
    SparkMl.setDefault(stage, codeCol, "code");
    SparkMl.setDefault(stage, reconstructionCol, "reconstruction");
  }

  /** The schema with the columns that are added. */
  StructType schema(AutoencoderParams stage, StructType schema) {
    Schemas.features(schema, stage.getFeaturesCol());
    return Schemas.vector(Schemas.vector(schema, stage.getCodeCol()), stage.getReconstructionCol());
  }
}
