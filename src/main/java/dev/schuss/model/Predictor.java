package dev.schuss.model;

import dev.schuss.nn.ForwardPass;
import dev.schuss.nn.Network;
import dev.schuss.nn.SoftmaxCrossEntropy;
import dev.schuss.objective.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/**
 * A model at work, in plain Java without Spark. Any number of threads may use one predictor; each
 * has its own scratch memory.
 *
 * <pre>{@code
 * Predictor digits = Predictor.load(Path.of("out/digits/model"));
 * float[] probabilities = new float[digits.outputs()];
 * digits.probabilities(pixels, probabilities);   // pixels: a float[64], as in the training data
 * digits.label(pixels);                          // "7"
 * }</pre>
 *
 * <p>A row is what the feature columns hold, in their order: a number each, vectors element by
 * element, and for a category a 1 in the place of its value among zeros ({@link Feature}); or a map
 * from the columns' names. Scaling is done here. A missing number is NaN: an error, or 0 after
 * scaling where the model was trained with {@code invalid = keep}.
 *
 * <p>The methods that fill an array allocate nothing once a thread has called them.
 */
public final class Predictor {
  /** Floats of a micro-batch and of what each layer makes of it: they stay in the caches. */
  private static final int MOST_FLOATS = 1 << 22;

  private final FittedModel model;
  private final Network network;
  private final Preprocessing preprocessing;
  private final int inputs;
  private final int outputs;
  private final int codeLayer;
  private final int codeWidth;
  private final int batch;
  private final ThreadLocal<Work> works = ThreadLocal.withInitial(Work::new);

  /** What a thread needs. */
  private final class Work {
    final ForwardPass pass = network.forwardPass(model.weights());
    final InputRow named = new InputRow(preprocessing.inputs(), false, preprocessing.invalid());
    float[] rows = new float[inputs];
    double[] exponentials = new double[outputs];
  }

  private Predictor(FittedModel model) {
    this.model = model;
    this.network = model.network();
    this.preprocessing = model.preprocessing();
    this.inputs = network.inputs();
    this.outputs = network.outputs();
    ForwardPass pass = network.forwardPass(model.weights());
    this.codeLayer = pass.codeLayer();
    this.codeWidth = codeLayer < 0 ? 0 : pass.width(codeLayer);
    this.batch =
        Math.max(1, Math.min(network.microBatch(), MOST_FLOATS / Math.max(inputs, pass.widest())));
  }

  /** A predictor of this model, whose weights must not be changed any more. */
  public static Predictor of(FittedModel model) {
    return new Predictor(model);
  }

  /**
   * Loads a model.
   *
   * @param folder holds model.json and model.safetensors
   * @throws ModelException if one is missing or damaged, or they do not belong together
   */
  public static Predictor load(Path folder) throws IOException {
    return of(FittedModel.load(new LocalFolder(folder)));
  }

  /** The model. */
  public FittedModel model() {
    return model;
  }

  /** Length of a row. */
  public int inputs() {
    return inputs;
  }

  /** Classes, or values per row; the inputs again for a reconstruction. */
  public int outputs() {
    return outputs;
  }

  /** The classes, whose places are the class indexes; null unless the task is classification. */
  public ClassLabels classes() {
    return preprocessing.classes();
  }

  /** Length of a {@link #code}: the units of the narrowest hidden layer; 0 where there is none. */
  public int codeWidth() {
    return codeWidth;
  }

  /** The hidden layer that {@link #code} shows, from 0; -1 where there is none. */
  public int codeLayer() {
    return codeLayer;
  }

  /** Rows that are computed at once; larger batches are cut. */
  public int microBatch() {
    return batch;
  }

  /**
   * The network's outputs for a row: class scores before the softmax, regression values
   * (probabilities of a 1 where the loss is binary cross-entropy), or the scaled inputs again.
   *
   * @param row {@link #inputs} numbers, not changed
   * @param to {@link #outputs} floats, overwritten
   * @throws IllegalArgumentException if a length is wrong or a number is not finite
   */
  public void scores(float[] row, float[] to) {
    checkTo(to, outputs, 1);
    System.arraycopy(run(row, 1), 0, to, 0, outputs);
  }

  /** {@link #scores(float[], float[])} of doubles. */
  public void scores(double[] row, float[] to) {
    checkTo(to, outputs, 1);
    System.arraycopy(run(row), 0, to, 0, outputs);
  }

  /**
   * The network's outputs for many rows, by matrix products.
   *
   * @param rows row-major, at least count x {@link #inputs} numbers, not changed
   * @param to at least count x {@link #outputs} floats, overwritten
   */
  public void scores(float[] rows, int count, float[] to) {
    predict(rows, count, to, false);
  }

  /**
   * The probability of each class for a row, in the order of {@link #classes}.
   *
   * @param row {@link #inputs} numbers, not changed
   * @param to {@link #outputs} floats, overwritten; they sum to 1
   * @throws IllegalStateException unless the task is classification, and by a loss that has
   *     probabilities
   */
  public void probabilities(float[] row, float[] to) {
    needProbabilities();
    checkTo(to, outputs, 1);
    softmax(works.get(), run(row, 1), 1, to, 0);
  }

  /** {@link #probabilities(float[], float[])} of doubles. */
  public void probabilities(double[] row, float[] to) {
    needProbabilities();
    checkTo(to, outputs, 1);
    softmax(works.get(), run(row), 1, to, 0);
  }

  /**
   * The probability of each class for many rows, by matrix products.
   *
   * @param rows row-major, at least count x {@link #inputs} numbers, not changed
   * @param to at least count x {@link #outputs} floats, overwritten
   */
  public void probabilities(float[] rows, int count, float[] to) {
    needProbabilities();
    predict(rows, count, to, true);
  }

  /** The most probable class of a row, from 0; the first of equally probable ones. */
  public int classIndex(float[] row) {
    need(Task.CLASSIFICATION, "classes");
    return Network.largest(run(row, 1), 0, outputs);
  }

  /** {@link #classIndex(float[])} of doubles. */
  public int classIndex(double[] row) {
    need(Task.CLASSIFICATION, "classes");
    return Network.largest(run(row), 0, outputs);
  }

  /** The most probable class of a row, by name. */
  public String label(float[] row) {
    return preprocessing.classes().name(classIndex(row));
  }

  /** {@link #label(float[])} of doubles. */
  public String label(double[] row) {
    return preprocessing.classes().name(classIndex(row));
  }

  /**
   * What an autoencoder makes of a row, in the units of the columns.
   *
   * @param to {@link #outputs} floats, overwritten
   * @throws IllegalStateException unless the task is reconstruction
   */
  public void reconstruction(float[] row, float[] to) {
    need(Task.RECONSTRUCTION, "reconstructions");
    scores(row, to);
    preprocessing.revert(to, 1);
  }

  /**
   * The activations of the narrowest hidden layer for a row, the first of equally narrow ones.
   *
   * @param to {@link #codeWidth} floats, overwritten
   * @throws IllegalStateException if there is no hidden layer
   */
  public void code(float[] row, float[] to) {
    if (codeWidth == 0) {
      throw new IllegalStateException("a network without a hidden layer has no codes");
    }
    checkTo(to, codeWidth, 1);
    run(row, 1);
    System.arraycopy(works.get().pass.made(codeLayer), 0, to, 0, codeWidth);
  }

  /**
   * What is predicted for a row.
   *
   * @param classIndex of the most probable class, from 0; -1 unless the task is classification
   * @param label its name; null unless the task is classification
   * @param values the probabilities of the classes (their scores where the loss has none), the
   *     values of a regression in the order of the label columns, or a reconstruction in the units
   *     of the columns
   */
  public record Prediction(int classIndex, String label, float[] values) {}

  /**
   * Predicts from named columns.
   *
   * @param row a value for each feature column, null if it is missing: a number, text, true or
   *     false, or for a vector a {@code float[]}, {@code double[]}, {@code byte[]} or list; others
   *     are passed over
   * @throws IllegalArgumentException if a column is missing, or a value cannot be used
   */
  public Prediction predict(Map<String, ?> row) {
    InputRow input = works.get().named;
    input.start();
    for (Feature feature : preprocessing.inputs()) {
      Object value = row.get(feature.name());
      if (value == null && !row.containsKey(feature.name())) {
        throw new IllegalArgumentException(
            "no column " + feature.name() + " in the row, which has " + row.keySet());
      }
      try {
        input.add(value);
      } catch (BadValue e) {
        throw new IllegalArgumentException(
            e.column() + ": " + e.getMessage() + (value == null ? "" : " (" + value + ")"), e);
      }
    }
    input.end();
    float[] outcome = new float[outputs];
    return switch (network.task()) {
      case CLASSIFICATION -> {
        scores(input.dense(), 1, outcome);
        int best = Network.largest(outcome, 0, outputs);
        if (network.probabilities()) {
          softmax(works.get(), outcome, 1, outcome, 0);
        }
        yield new Prediction(best, preprocessing.classes().name(best), outcome);
      }
      case REGRESSION -> {
        scores(input.dense(), 1, outcome);
        yield new Prediction(-1, null, outcome);
      }
      case RECONSTRUCTION -> {
        scores(input.dense(), 1, outcome);
        preprocessing.revert(outcome, 1);
        yield new Prediction(-1, null, outcome);
      }
    };
  }

  private void predict(float[] rows, int count, float[] to, boolean probabilities) {
    if (count < 0 || rows.length < (long) count * inputs) {
      throw new IllegalArgumentException(
          "%d rows of %d inputs are not in %d numbers".formatted(count, inputs, rows.length));
    }
    checkTo(to, outputs, count);
    Work work = works.get();
    for (int from = 0; from < count; from += batch) {
      int n = Math.min(batch, count - from);
      if (work.rows.length < n * inputs) {
        work.rows = new float[n * inputs];
      }
      System.arraycopy(rows, from * inputs, work.rows, 0, n * inputs);
      float[] scores = forward(work, n);
      if (probabilities) {
        softmax(work, scores, n, to, from * outputs);
      } else {
        System.arraycopy(scores, 0, to, from * outputs, n * outputs);
      }
    }
  }

  private float[] run(float[] row, int rows) {
    checkRow(row.length);
    Work work = works.get();
    System.arraycopy(row, 0, work.rows, 0, inputs);
    return forward(work, rows);
  }

  private float[] run(double[] row) {
    checkRow(row.length);
    Work work = works.get();
    for (int j = 0; j < inputs; j++) {
      work.rows[j] = (float) row[j];
    }
    return forward(work, 1);
  }

  private float[] forward(Work work, int rows) {
    checkFinite(work.rows, rows * inputs);
    preprocessing.apply(work.rows, rows);
    return work.pass.run(work.rows, rows);
  }

  private void checkFinite(float[] x, int n) {
    boolean keep = preprocessing.invalid() == Invalid.KEEP;
    for (int i = 0; i < n; i++) {
      if (!Float.isFinite(x[i])) {
        if (!keep) {
          throw new IllegalArgumentException(
              "row %d, %s = %s: must be a finite 32-bit float"
                  .formatted(i / inputs, column(i % inputs), x[i]));
        }
        x[i] = Float.NaN;
      }
    }
  }

  /** The column of an input, with the place in it where there are several. */
  private String column(int input) {
    int j = input;
    for (Feature feature : preprocessing.inputs()) {
      if (j < feature.width()) {
        return feature.width() == 1 ? feature.name() : feature.name() + "[" + j + "]";
      }
      j -= feature.width();
    }
    throw new IllegalArgumentException("no input " + input);
  }

  private void softmax(Work work, float[] scores, int rows, float[] to, int at) {
    if (work.exponentials.length < rows * outputs) {
      work.exponentials = new double[rows * outputs];
    }
    SoftmaxCrossEntropy.probabilities(scores, rows, outputs, work.exponentials, to, at);
  }

  private void checkRow(int length) {
    if (length != inputs) {
      throw new IllegalArgumentException(
          "a row of %d numbers, but the model takes %d".formatted(length, inputs));
    }
  }

  private static void checkTo(float[] to, int width, int rows) {
    if (to.length < (long) rows * width) {
      throw new IllegalArgumentException(
          "%d rows of %d results do not fit an array of %d".formatted(rows, width, to.length));
    }
  }

  private void needProbabilities() {
    need(Task.CLASSIFICATION, "probabilities");
    if (!network.probabilities()) {
      throw new IllegalStateException(
          "a model trained by "
              + network.loss().getClass().getSimpleName()
              + " has no probabilities: use scores");
    }
  }

  private void need(Task task, String what) {
    if (network.task() != task) {
      throw new IllegalStateException(
          "a model for "
              + network.task().name().toLowerCase(Locale.ROOT)
              + " has no "
              + what
              + ": use scores");
    }
  }
}
