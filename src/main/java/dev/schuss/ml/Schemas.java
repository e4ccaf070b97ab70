package dev.schuss.ml;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.param.Params;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructType;

/** What Spark checks of columns where its own classes do not: with its own exceptions. */
final class Schemas {
  private Schemas() {}

  /** The schema of a regression of several columns, with a vector as its prediction. */
  static StructType regression(
      NeuralNetworkParams stage, StructType schema, String[] labels, boolean fitting) {
    features(schema, text(stage, "featuresCol"));
    if (fitting) {
      for (String label : labels) {
        numeric(schema, label);
      }
      weight(stage, schema);
    }
    return vector(schema, text(stage, "predictionCol"));
  }

  /** Checks that a column is of vectors. */
  static void features(StructType schema, String name) {
    DataType type = type(schema, name);
    if (!type.equals(SQLDataTypes.VectorType())) {
      throw wrong(name, "a vector", type);
    }
  }

  /** Checks the column of row weights, if there is one. */
  static void weight(NeuralNetworkParams stage, StructType schema) {
    if (stage.isSet(stage.weightCol()) && !stage.getWeightCol().isEmpty()) {
      numeric(schema, stage.getWeightCol());
    }
  }

  /** Checks that a column holds true and false. */
  static void truth(StructType schema, String name) {
    DataType type = type(schema, name);
    if (!type.equals(DataTypes.BooleanType)) {
      throw wrong(name, "true or false", type);
    }
  }

  /** Checks that a column holds numbers. */
  static void numeric(StructType schema, String name) {
    DataType type = type(schema, name);
    if (!(type instanceof NumericType)) {
      throw wrong(name, "a number", type);
    }
  }

  private static DataType type(StructType schema, String name) {
    if (!Arrays.asList(schema.fieldNames()).contains(name)) {
      throw new IllegalArgumentException(
          "%s does not exist. Available: %s"
              .formatted(name, String.join(", ", schema.fieldNames())));
    }
    return schema.apply(name).dataType();
  }

  private static IllegalArgumentException wrong(String name, String wanted, DataType type) {
    return new IllegalArgumentException(
        "Column %s must be %s but was actually of type %s."
            .formatted(name, wanted, type.catalogString()));
  }

  /** The schema with one more column, of vectors; the same where it has no name. */
  static StructType vector(StructType schema, String name) {
    if (name.isEmpty()) {
      return schema;
    }
    checkFree(schema, name);
    return schema.add(name, SQLDataTypes.VectorType(), false);
  }

  /**
   * The schema that Spark's own classes make of another, whose new columns must differ from the
   * others by more than case: so they do in what is scored.
   */
  static StructType added(StructType schema, StructType with) {
    List<String> names = Arrays.asList(schema.fieldNames());
    for (String name : with.fieldNames()) {
      if (!names.contains(name)) {
        checkFree(schema, name);
      }
    }
    return with;
  }

  private static void checkFree(StructType schema, String name) {
    for (String other : schema.fieldNames()) {
      if (other.equalsIgnoreCase(name)) {
        throw new IllegalArgumentException(
            "Column "
                + other
                + " already exists"
                + (other.equals(name) ? "." : ", and " + name + " differs by case alone."));
      }
    }
  }

  private static String text(Params stage, String param) {
    return (String) stage.getOrDefault(stage.getParam(param));
  }
}
