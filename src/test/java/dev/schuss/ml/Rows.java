package dev.schuss.ml;

import dev.schuss.TestSpark;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Small tables for the tests of this package. */
final class Rows {
  static final StructType LABELLED =
      new StructType()
          .add("features", SQLDataTypes.VectorType())
          .add("label", DataTypes.DoubleType);

  private Rows() {}

  static Row row(Double label, double... features) {
    return RowFactory.create(Vectors.dense(features), label);
  }

  static Dataset<Row> table(Row... rows) {
    return TestSpark.session().createDataFrame(List.of(rows), LABELLED);
  }

  /** The four rows of the exclusive or. */
  static Dataset<Row> xor() {
    return table(row(0.0, 0, 0), row(1.0, 0, 1), row(1.0, 1, 0), row(0.0, 1, 1));
  }

  /**
   * Rows of a multinomial logistic model of three classes over four features, as MLlib's own suite
   * has them.
   */
  static Dataset<Row> multinomial(int n, long seed) {
    double[][] w = {
      {-0.57997, 0.912083, -0.371077, -0.819866, 2.688191},
      {-0.16624, -0.84355, -0.048509, -0.301789, 4.170682}
    };
    double[] mean = {5.843, 3.057, 3.758, 1.199};
    double[] variance = {0.6856, 0.1899, 3.116, 0.581};
    Random random = new Random(seed);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      double[] x = new double[4];
      for (int j = 0; j < 4; j++) {
        x[j] = mean[j] + Math.sqrt(variance[j]) * random.nextGaussian();
      }
      double[] p = {1, 0, 0};
      for (int k = 0; k < 2; k++) {
        double margin = w[k][4];
        for (int j = 0; j < 4; j++) {
          margin += w[k][j] * x[j];
        }
        p[k + 1] = Math.exp(margin);
      }
      double u = random.nextDouble() * (p[0] + p[1] + p[2]);
      double label = u < p[0] ? 0 : u < p[0] + p[1] ? 1 : 2;
      rows.add(row(label, x));
    }
    return TestSpark.session().createDataFrame(rows, LABELLED);
  }

  /** The vectors of a column. */
  static List<Vector> vectors(Dataset<Row> rows, String column) {
    return rows.select(column).collectAsList().stream().map(r -> (Vector) r.get(0)).toList();
  }

  /** The numbers of a column. */
  static List<Double> numbers(Dataset<Row> rows, String column) {
    return rows.select(column).collectAsList().stream()
        .map(r -> ((Number) r.get(0)).doubleValue())
        .toList();
  }
}
