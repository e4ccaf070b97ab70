package dev.schuss.score;

import dev.schuss.math.SparseRows;
import dev.schuss.model.FittedModel;
import dev.schuss.model.InputRow;
import dev.schuss.model.Preprocessing;
import dev.schuss.model.SparseScaling;
import dev.schuss.nn.ForwardPass;
import dev.schuss.nn.Network;
import dev.schuss.nn.SoftmaxCrossEntropy;
import dev.schuss.objective.Batch;
import dev.schuss.objective.Task;
import java.util.Arrays;

/**
 * Rows that are run through a network together: packed, scaled, and sparse where they are and the
 * first layer takes them so. Its arrays are used again. One per task.
 */
final class MicroBatch {
  /** Floats of a batch and of what each layer makes of it, at most: 16 MB. */
  private static final int MOST_FLOATS = 1 << 22;

  /** Fuller rows than this are faster in full. */
  private static final double SPARSE = 0.2;

  private final Network network;
  private final Preprocessing preprocessing;
  private final RowOutputs own; // null for the usual columns
  private final boolean likely; // whether these want likelihoods
  private final Object[] labels;
  private final int codeLayer;
  private final ForwardPass pass;
  private final int width;
  private final int outputs;
  private final int capacity;
  private final boolean sparse;
  private final SparseRows raw = new SparseRows();
  private final SparseScaling sparseScaling;
  private final Batch batch;
  private float[] dense = new float[0];
  private double[] exponentials = new double[0];
  private float[] unused = new float[0];
  private int[] classes = new int[0]; // of the rows, by their scores, as an evaluation has them
  private float[] made;
  private int rows;

  /**
   * An empty batch.
   *
   * @param own what becomes of the outputs; null for the usual columns
   */
  MicroBatch(FittedModel model, boolean maybeSparse, RowOutputs own) {
    this.own = own;
    network = model.network();
    preprocessing = model.preprocessing();
    likely = own != null && network.task() == Task.CLASSIFICATION && network.probabilities();
    labels = Output.labels(model);
    codeLayer = Output.codeLayer(model);
    pass = network.forwardPass(model.weights());
    width = network.inputs();
    outputs = network.outputs();
    sparse = maybeSparse;
    sparseScaling = new SparseScaling(preprocessing);
    int widest = Math.max(sparse && network.takesSparse() ? 1 : width, pass.widest());
    capacity = Math.max(1, Math.min(network.microBatch(), MOST_FLOATS / widest));
    batch = new Batch(0, width, 0);
  }

  /** Rows that it holds at most. */
  int capacity() {
    return capacity;
  }

  int rows() {
    return rows;
  }

  void clear() {
    rows = 0;
    raw.clear();
  }

  void add(InputRow inputs) {
    if (sparse) {
      raw.append(inputs.indices(), inputs.values(), 0, inputs.entries());
    } else {
      if (dense.length == 0) {
        dense = new float[capacity * width];
      }
      System.arraycopy(inputs.dense(), 0, dense, rows * width, width);
    }
    rows++;
  }

  /** Computes the results of the rows that were added. */
  void run() {
    if (rows == 0) {
      return;
    }
    if (sparse && network.takesSparse() && !full()) {
      SparseRows scaled = batch.resizeSparse(rows);
      for (int r = 0; r < rows; r++) {
        sparseScaling.apply(raw, r, scaled);
      }
      made = pass.run(batch);
    } else {
      if (sparse) {
        expand();
      }
      preprocessing.apply(dense, rows);
      made = pass.run(dense, rows);
    }
    if (network.task() == Task.CLASSIFICATION && own == null) {
      classify();
    } else if (likely) {
      exponentiate();
    } else if (network.task() == Task.RECONSTRUCTION) {
      preprocessing.revert(made, rows);
    }
  }

  private boolean full() {
    long floats = (long) rows * width;
    return floats <= MOST_FLOATS && raw.entries() > SPARSE * floats;
  }

  private void expand() {
    if (dense.length < rows * width) {
      dense = new float[Math.multiplyExact(rows, width)];
    }
    for (int r = 0; r < rows; r++) {
      raw.expand(r, dense, r * width, width);
    }
  }

  /** Leaves the scores as they are. */
  private void exponentiate() {
    int n = rows * outputs;
    if (exponentials.length < n) {
      exponentials = new double[n];
      unused = new float[n];
    }
    SoftmaxCrossEntropy.probabilities(made, rows, outputs, exponentials, unused, 0);
  }

  private void classify() {
    int n = rows * outputs;
    if (exponentials.length < n) {
      exponentials = new double[n];
      classes = new int[rows];
    }
    for (int r = 0; r < rows; r++) {
      classes[r] = Network.largest(made, r * outputs, outputs);
    }
    if (network.probabilities()) {
      SoftmaxCrossEntropy.probabilities(made, rows, outputs, exponentials, made, 0);
    }
  }

  /** How many values {@link #results} gives. */
  int columns() {
    if (own != null) {
      return own.columns().size();
    }
    return switch (network.task()) {
      case CLASSIFICATION -> 2;
      case REGRESSION -> 1;
      case RECONSTRUCTION -> codeLayer < 0 ? 1 : 2;
    };
  }

  /** Puts the values of the output columns for a row to their places. */
  void results(int row, Object[] values, int at) {
    int from = row * outputs;
    if (own != null) {
      float[] code = codeLayer < 0 ? null : pass.made(codeLayer);
      int codeFrom = codeLayer < 0 ? 0 : row * pass.width(codeLayer);
      own.write(made, likely ? exponentials : null, from, code, codeFrom, values, at);
      return;
    }
    switch (network.task()) {
      case CLASSIFICATION -> {
        values[at] = labels[classes[row]];
        values[at + 1] = Arrays.copyOfRange(made, from, from + outputs);
      }
      case REGRESSION -> {
        double[] predicted = new double[outputs];
        for (int j = 0; j < outputs; j++) {
          predicted[j] = made[from + j];
        }
        values[at] = outputs == 1 ? (Object) predicted[0] : predicted;
      }
      case RECONSTRUCTION -> {
        values[at] = Arrays.copyOfRange(made, from, from + outputs);
        if (codeLayer >= 0) {
          int units = pass.width(codeLayer);
          float[] code = pass.made(codeLayer);
          values[at + 1] = Arrays.copyOfRange(code, row * units, (row + 1) * units);
        }
      }
    }
  }
}
