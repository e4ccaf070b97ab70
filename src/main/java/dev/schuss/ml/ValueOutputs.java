package dev.schuss.ml;

import java.util.List;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;

/**
 * The column of a regression: a double, or a vector of several values.
 *
 * @param name of the column; null for none
 */
record ValueOutputs(String name, boolean several, int values) implements Outputs {

  @Override
  public List<StructField> columns() {
    return name == null
        ? List.of()
        : List.of(
            new StructField(
                name,
                several ? SQLDataTypes.VectorType() : DataTypes.DoubleType,
                false,
                Metadata.empty()));
  }

  @Override
  public void write(
      float[] outputs,
      double[] likelihoods,
      int from,
      float[] code,
      int codeFrom,
      Object[] cells,
      int at) {
    cells[at] =
        several ? Vectors.dense(doubles(outputs, from, values)) : (Object) (double) outputs[from];
  }

  /** Floats of a longer array as doubles. */
  static double[] doubles(float[] floats, int from, int n) {
    double[] doubles = new double[n];
    for (int i = 0; i < n; i++) {
      doubles[i] = floats[from + i];
    }
    return doubles;
  }
}
