package dev.schuss;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The handwritten digits inside the jar, as rows of a test. */
public final class Digits {
  /** 1437 rows. */
  public static final String TRAIN = "/data/digits-train.csv";

  /** 360 rows. */
  public static final String TEST = "/data/digits-test.csv";

  private Digits() {}

  /** 64 pixels of 0 to 16 and the label of each row, in the file's order. */
  public static List<float[]> rows(String resource) {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(Digits.class.getResourceAsStream(resource)),
                StandardCharsets.UTF_8))) {
      List<float[]> rows = new ArrayList<>();
      in.readLine(); // the header
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String[] cells = line.split(",", -1);
        float[] row = new float[cells.length];
        for (int i = 0; i < row.length; i++) {
          row[i] = Float.parseFloat(cells[i]);
        }
        rows.add(row);
      }
      return rows;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same as columns {@code id} (the row's index), {@code pixels} (an array), {@code label}. */
  public static Dataset<Row> frame(SparkSession spark, String resource) {
    List<Row> rows = new ArrayList<>();
    for (float[] row : rows(resource)) {
      List<Float> pixels = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        pixels.add(row[i]);
      }
      rows.add(RowFactory.create((long) rows.size(), pixels, (double) row[64]));
    }
    StructType schema =
        new StructType()
            .add("id", DataTypes.LongType)
            .add("pixels", DataTypes.createArrayType(DataTypes.FloatType, false))
            .add("label", DataTypes.DoubleType);
    return spark.createDataFrame(rows, schema);
  }
}
