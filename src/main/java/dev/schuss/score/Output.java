package dev.schuss.score;

import dev.schuss.data.DataException;
import dev.schuss.model.ClassLabels;
import dev.schuss.model.FittedModel;
import dev.schuss.objective.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The columns that a model adds to a table. */
final class Output {
  /**
   * The metadata of {@code probability} or {@code score} that holds the classes' names in the order
   * of the array.
   */
  static final String CLASSES = "schuss.classes";

  private Output() {}

  /** The columns and their types. */
  static List<StructField> columns(FittedModel model, OutputColumns names) {
    List<StructField> fields = new ArrayList<>();
    DataType floats = DataTypes.createArrayType(DataTypes.FloatType, false);
    switch (model.network().task()) {
      case CLASSIFICATION -> {
        ClassLabels classes = model.preprocessing().classes();
        fields.add(field(names.prediction(), labelType(classes), Metadata.empty()));
        Metadata order =
            new MetadataBuilder()
                .putStringArray(CLASSES, classes.names().toArray(String[]::new))
                .build();
        boolean probabilities = model.network().probabilities();
        fields.add(field(probabilities ? names.probability() : names.score(), floats, order));
      }
      case REGRESSION ->
          fields.add(
              field(
                  names.prediction(),
                  model.network().outputs() == 1
                      ? DataTypes.DoubleType
                      : DataTypes.createArrayType(DataTypes.DoubleType, false),
                  Metadata.empty()));
      case RECONSTRUCTION -> {
        fields.add(field(names.reconstruction(), floats, Metadata.empty()));
        if (codeLayer(model) >= 0) {
          fields.add(field(names.code(), floats, Metadata.empty()));
        }
      }
    }
    return fields;
  }

  private static StructField field(String name, DataType type, Metadata metadata) {
    return new StructField(name, type, false, metadata);
  }

  /** Texts are strings; whole numbers are bigints, which every label column compares with. */
  private static DataType labelType(ClassLabels classes) {
    if (classes.isText()) {
      return DataTypes.StringType;
    }
    for (double number : classes.numbers()) {
      if (number != Math.rint(number) || Math.abs(number) > 1L << 53) {
        return DataTypes.DoubleType;
      }
    }
    return DataTypes.LongType;
  }

  /** What the column {@code prediction} holds for each class. */
  static Object[] labels(FittedModel model) {
    ClassLabels classes = model.preprocessing().classes();
    if (classes == null) {
      return new Object[0];
    }
    Object[] labels = new Object[classes.size()];
    DataType type = labelType(classes);
    for (int i = 0; i < labels.length; i++) {
      if (classes.isText()) {
        labels[i] = classes.name(i);
      } else {
        double number = classes.numbers()[i];
        labels[i] = type.equals(DataTypes.LongType) ? (Object) (long) number : (Object) number;
      }
    }
    return labels;
  }

  /** The layer that {@code code} shows; -1 if there is no such column. */
  static int codeLayer(FittedModel model) {
    return model.network().task() == Task.RECONSTRUCTION
        ? model.network().forwardPass(model.weights()).codeLayer()
        : -1;
  }

  /**
   * The input's columns and the new ones.
   *
   * @param dropped place of an input column to be left out; -1 for none
   * @throws DataException if a name would be there twice
   */
  static StructType schema(StructType input, int dropped, List<StructField> added) {
    StructType schema = new StructType();
    for (int i = 0; i < input.size(); i++) {
      StructField field = input.fields()[i];
      if (i == dropped) {
        continue;
      }
      for (StructField fresh : added) {
        // Spark does not tell names apart that differ in case alone.
        if (field.name().toLowerCase(Locale.ROOT).equals(fresh.name().toLowerCase(Locale.ROOT))) {
          throw new DataException(
              "the data has a column %s, and so would the predictions: rename it, or give the predictions' column another name"
                  .formatted(field.name()));
        }
      }
      schema = schema.add(field);
    }
    for (StructField fresh : added) {
      schema = schema.add(fresh);
    }
    return schema;
  }
}
