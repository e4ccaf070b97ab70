package dev.schuss.score;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.types.StructField;

/** The columns that scoring adds, where they are not the usual ones. Sent to the tasks. */
public interface RowOutputs extends Serializable {

  /** The columns, in order. */
  List<StructField> columns();

  /** What helps against bad rows, where they are errors, beside mending them. */
  String remedy();

  /**
   * Puts the values of a row's columns to their places.
   *
   * @param outputs what the network makes of some rows: scores of classes before the softmax,
   *     values, or a reconstruction in the units of the columns; not to be changed or kept
   * @param likelihoods of the classes, with a factor for each row; at the places of the outputs.
   *     Null unless it is a classification by a loss that knows probabilities
   * @param from the row's first output
   * @param code the activations of an autoencoder's narrowest hidden layer; null where there are
   *     none
   * @param codeFrom the row's first of these
   * @param values receives a value for each column
   * @param at place of the first column's
   */
  void write(
      float[] outputs,
      double[] likelihoods,
      int from,
      float[] code,
      int codeFrom,
      Object[] values,
      int at);
}
