package dev.schuss.ml;

import dev.schuss.score.RowOutputs;

/** The columns of spark.ml's models. */
interface Outputs extends RowOutputs {
  @Override
  default String remedy() {
    return "set handleInvalid to skip or keep";
  }
}
