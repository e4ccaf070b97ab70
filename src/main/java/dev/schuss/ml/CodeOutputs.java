package dev.schuss.ml;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;

/**
 * The columns of an autoencoder, both vectors.
 *
 * @param code name of the column of the code; null for none
 * @param codeWidth its length
 * @param reconstruction name of the column of the reconstruction; null for none
 * @param width its length
 */
record CodeOutputs(String code, int codeWidth, String reconstruction, int width)
    implements Outputs {

  @Override
  public List<StructField> columns() {
    List<StructField> columns = new ArrayList<>();
    for (String name : new String[] {code, reconstruction}) {
      if (name != null) {
        columns.add(new StructField(name, SQLDataTypes.VectorType(), false, Metadata.empty()));
      }
    }
    return columns;
  }

  @Override
  public void write(
      float[] outputs,
      double[] likelihoods,
      int from,
      float[] activations,
      int codeFrom,
      Object[] values,
      int first) {
    int at = first;
    if (code != null) {
      values[at++] = Vectors.dense(ValueOutputs.doubles(activations, codeFrom, codeWidth));
    }
    if (reconstruction != null) {
      values[at] = Vectors.dense(ValueOutputs.doubles(outputs, from, width));
    }
  }
}
