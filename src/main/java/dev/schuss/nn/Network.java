package dev.schuss.nn;

import dev.schuss.objective.Batch;
import dev.schuss.objective.Evaluation;
import dev.schuss.objective.GradientSum;
import dev.schuss.objective.Layout;
import dev.schuss.objective.Objective;
import dev.schuss.objective.Tally;
import dev.schuss.objective.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A stack of layers with a loss: the gradient is found by back-propagation, micro-batch by
 * micro-batch.
 *
 * <p>The parameters of hidden layer i are named {@code <type>i.…} ({@code dense0.weight}), those of
 * the last one {@code output.weight} and {@code output.bias}.
 */
public final class Network implements Objective {
  private static final long serialVersionUID = 1;

  private final Task task;
  private final Shape input;
  private final int inputs;
  private final List<Layer> hidden;
  private final int outputs;
  private final int units;
  private final OutputForm form;
  private final Loss loss;
  private final Initializer initializer;
  private final Stack stack;

  /**
   * A network.
   *
   * @param task decides the targets and the metrics
   * @param inputs features per row, at least 1
   * @param hidden the layers before the output layer, which is linear and is added here
   * @param outputs classes, or targets per row; the inputs again for an autoencoder
   * @param loss must take the kind of target that the task has
   * @throws IllegalArgumentException naming what does not fit
   */
  public Network(
      Task task, int inputs, List<Layer> hidden, int outputs, Loss loss, Initializer initializer) {
    this(task, rowOf(inputs), hidden, outputs, loss, initializer);
  }

  private static Shape rowOf(int inputs) {
    if (inputs < 1) {
      throw new IllegalArgumentException("a network needs at least 1 input, not " + inputs);
    }
    return Shape.flat(inputs);
  }

  /**
   * A network, of images or of rows of numbers.
   *
   * @param task decides the targets and the metrics
   * @param input what a row of features is
   * @param hidden the layers before the output layer, which is linear and is added here
   * @param outputs classes, or targets per row; the inputs again for an autoencoder
   * @param loss must take the kind of target that the task has
   * @throws IllegalArgumentException naming what does not fit
   */
  public Network(
      Task task, Shape input, List<Layer> hidden, int outputs, Loss loss, Initializer initializer) {
    int inputs = input.size();
    if (task == Task.CLASSIFICATION && outputs < 2) {
      throw new IllegalArgumentException("a classifier needs at least 2 classes, not " + outputs);
    }
    if (task == Task.RECONSTRUCTION && outputs != inputs) {
      throw new IllegalArgumentException(
          "an autoencoder of " + inputs + " inputs has as many outputs, not " + outputs);
    }
    String misfit = loss.misfit(task, outputs);
    if (misfit != null) {
      throw new IllegalArgumentException(misfit);
    }
    this.task = task;
    this.input = input;
    this.inputs = inputs;
    this.hidden = List.copyOf(hidden);
    this.outputs = outputs;
    this.units = loss.units(task, outputs);
    this.form = form(task, loss, units);
    this.loss = loss;
    this.initializer = initializer;
    this.stack = new Stack(input, this.hidden, units);
    for (int i = 0; task == Task.RECONSTRUCTION && i < this.hidden.size(); i++) {
      if (this.hidden.get(i).augments()) {
        throw new IllegalArgumentException(
            Stack.name(this.hidden.get(i), i)
                + " changes images in training, and a reconstruction is compared with the images as they are: leave the layer out");
      }
    }
  }

  /**
   * What a row of so many features is.
   *
   * @param image that it is said to be; null for a row of numbers
   * @throws IllegalArgumentException if the image has more or fewer numbers
   */
  public static Shape shape(Shape image, int features) {
    if (image != null && image.size() != features) {
      throw new IllegalArgumentException(
          "input = %s: an image of %,d numbers, but a row has %,d features"
              .formatted(image, image.size(), features));
    }
    return image == null ? rowOf(features) : image;
  }

  private static OutputForm form(Task task, Loss loss, int units) {
    if (task == Task.CLASSIFICATION) {
      return units == 1 ? OutputForm.TWO_CLASSES : OutputForm.PLAIN;
    }
    return loss.probabilities() ? OutputForm.LOGITS : OutputForm.PLAIN;
  }

  /** The usual loss of a task: softmax cross-entropy for classes, else the mean squared error. */
  public static Loss usualLoss(Task task) {
    return task == Task.CLASSIFICATION ? SoftmaxCrossEntropy.DEFAULTS : MeanSquaredError.DEFAULTS;
  }

  /** Starts a network of so many features per row, layer by layer. */
  public static Builder input(int inputs) {
    return new Builder(rowOf(inputs));
  }

  /** Starts a network of images, whose numbers are a row's features in this order. */
  public static Builder input(int channels, int height, int width) {
    return new Builder(Shape.image(channels, height, width));
  }

  /** Starts a network of rows or images of this shape. */
  public static Builder input(Shape row) {
    return new Builder(row);
  }

  /** Describes a network from its inputs to its outputs. */
  public static final class Builder {
    private final Shape input;
    private final List<Layer> hidden = new ArrayList<>();
    private Initializer initializer = Initializer.HE;

    private Builder(Shape input) {
      this.input = input;
    }

    /** Adds a fully connected layer. */
    public Builder dense(int units, Activation activation) {
      return layer(new Dense(units, activation));
    }

    /** Adds any layer. */
    public Builder layer(Layer layer) {
      hidden.add(layer);
      return this;
    }

    /** Draws the starting weights in this way rather than by {@link Initializer#HE}. */
    public Builder initializer(Initializer chosen) {
      initializer = chosen;
      return this;
    }

    /** Ends as a classifier with softmax cross-entropy. */
    public Network output(int classes) {
      return build(Task.CLASSIFICATION, classes);
    }

    /** Ends as a regression with the mean squared error. */
    public Network regression(int targets) {
      return build(Task.REGRESSION, targets);
    }

    /** Ends as an autoencoder with the mean squared error. */
    public Network reconstruction() {
      return build(Task.RECONSTRUCTION, input.size());
    }

    private Network build(Task task, int outputs) {
      return new Network(task, input, hidden, outputs, usualLoss(task), initializer);
    }
  }

  /** What the network is for. */
  public Task task() {
    return task;
  }

  /** Features per row. */
  public int inputs() {
    return inputs;
  }

  /** What a row of features is. */
  public Shape input() {
    return input;
  }

  /** The layers before the output layer. */
  public List<Layer> hidden() {
    return hidden;
  }

  /** Classes, or targets per row. */
  public int outputs() {
    return outputs;
  }

  /** The error that is minimised. */
  public Loss loss() {
    return loss;
  }

  /**
   * Whether predictions are probabilities: those of the classes by the softmax of their scores, or
   * those of a 1 as the values themselves. Not so for the hinge loss, and for common values.
   */
  public boolean probabilities() {
    return loss.probabilities();
  }

  /** Whether there are targets that the loss cannot take, so that {@link #misfit} may find some. */
  public boolean choosesTargets() {
    return task != Task.CLASSIFICATION && loss.misfit(task, Float.NaN) != null;
  }

  /**
   * The first target of some rows that the loss cannot take, as {@code label 2 is 3.0: must be 0 or
   * 1 ...} with the label's place from 1; null if there is none.
   */
  public String misfit(Batch batch) {
    float[] targets = targets(batch);
    int k = task == Task.CLASSIFICATION ? 1 : outputs;
    for (int i = 0; i < batch.rows() * k; i++) {
      String misfit = loss.misfit(task, targets[i]);
      if (misfit != null) {
        String what = task == Task.RECONSTRUCTION ? "scaled input " : "label ";
        return what + (i % k + 1) + " is " + targets[i] + ": " + misfit;
      }
    }
    return null;
  }

  /** How the weights start. */
  public Initializer initializer() {
    return initializer;
  }

  @Override
  public boolean random() {
    return hidden.stream().anyMatch(Layer::random);
  }

  @Override
  public Layout layout() {
    return stack.layout();
  }

  @Override
  public float[] initialWeights(long seed) {
    return stack.initialWeights(initializer, seed);
  }

  /**
   * What the units of the output layer give: class scores before the softmax, values, or before the
   * logistic function where the loss is binary cross-entropy.
   *
   * @param x rows x inputs
   * @return rows x units floats, in an array that the next call on this thread overwrites
   */
  public float[] outputs(float[] w, float[] x, int rows) {
    return stack.forward(w, x, rows)[stack.depth()];
  }

  /**
   * Large networks take more rows at a time, since each time reads all weights and adds to all of
   * the gradient; small ones fewer, whose results then fit the cache nearest to the core. Of images
   * as many are taken as fit it. The gradient of a network with a batch normalisation takes its
   * ghost batches instead, see {@link #nextMicroBatch}.
   */
  @Override
  public int microBatch() {
    return stack.microBatch();
  }

  /** Ghost batches are exact: a last one below half, or of a single row, joins the one before. */
  @Override
  public int nextMicroBatch(int left) {
    int ghostBatch = stack.ghostBatch();
    if (ghostBatch == 0) {
      return Objective.super.nextMicroBatch(left);
    }
    long fewest = Math.max(BatchNorm.FEWEST, (ghostBatch + 1L) / 2);
    return left < ghostBatch + fewest ? left : ghostBatch;
  }

  /**
   * What the units of the output layer give, see {@link #outputs(float[], float[], int)}.
   *
   * @return rows x units floats, in an array that the next call on this thread overwrites
   */
  public float[] outputs(float[] w, Batch batch) {
    return stack.forward(w, batch, null)[stack.depth()];
  }

  /**
   * The way from inputs to outputs, for predictions.
   *
   * @param w layout().size() weights; not copied
   */
  public ForwardPass forwardPass(float[] w) {
    return stack.forwardPass(w, form);
  }

  /** Whether sparse rows are used as they are; otherwise each micro-batch is written in full. */
  public boolean takesSparse() {
    return stack.takesSparse();
  }

  @Override
  public void addGradient(float[] w, Batch batch, GradientSum sum) {
    int rows = batch.rows();
    double weightSum = weightSum(batch);
    if (weightSum == 0) { // no gradient; and rows that count for nothing move no statistics
      sum.addRows(0, 0, rows);
      return;
    }
    Training training = new Training(0, batch.moment(), batch.keys());
    float[][] y = stack.forward(w, batch, training);
    float[] dy = stack.beyondOutputs(rows, units);
    float[] outputs = y[stack.depth()];
    double lossSum = loss.of(outputs, targets(batch), batch.weights(), rows, units, dy);
    stack.backward(w, batch, y, dy, sum.gradient(), training);
    sum.addRows(lossSum, weightSum, rows);
    if (stack.ghostBatch() > 0 && rows >= BatchNorm.FEWEST) {
      sum.addStatistics(rows);
    }
  }

  /**
   * Floating-point operations of a row's gradient.
   *
   * @param entries of the row that are not 0 where it is sparse; {@link #inputs} of a dense one
   */
  public double operationsPerRow(long entries) {
    return stack.operations((double) entries / inputs);
  }

  /** Floats that all layers together make of a row. */
  public int activations() {
    return stack.activations();
  }

  /** A {@link ClassTally}, a {@link ValueTally}, or a {@link LabelTally}. */
  @Override
  public Tally tally() {
    if (task == Task.CLASSIFICATION) {
      return new ClassTally(outputs, loss.probabilities());
    }
    boolean labels = task == Task.REGRESSION && loss.probabilities();
    return labels ? new LabelTally(outputs) : new ValueTally(outputs, task == Task.REGRESSION);
  }

  @Override
  public void evaluate(float[] w, Batch batch, Evaluation sum) {
    int rows = batch.rows();
    float[] y = outputs(w, batch);
    float[] targets = targets(batch);
    double lossSum = loss.of(y, targets, batch.weights(), rows, units, null);
    sum.addRows(lossSum, weightSum(batch), rows);
    OutputTally tally = (OutputTally) sum.tally();
    if (!(tally instanceof LabelTally)) { // whose ranks the logistic function would join
      y = form.of(y, rows, units, stack.beyondOutputs(rows, form.width(units)));
    }
    tally.add(y, targets, batch.weights(), rows);
  }

  /**
   * The loss of each row by itself, whatever its weight.
   *
   * @return one loss for each row of the batch
   */
  public double[] losses(float[] w, Batch batch) {
    float[] y = outputs(w, batch);
    float[] targets = targets(batch);
    int k = task == Task.CLASSIFICATION ? 1 : outputs;
    float[] one = {1};
    double[] losses = new double[batch.rows()];
    for (int r = 0; r < losses.length; r++) {
      float[] made = Arrays.copyOfRange(y, r * units, (r + 1) * units);
      float[] wanted = Arrays.copyOfRange(targets, r * k, (r + 1) * k);
      losses[r] = loss.of(made, wanted, one, 1, units, null);
    }
    return losses;
  }

  /** The index, from 0, of the largest of n numbers; the first of equal ones. */
  public static int largest(float[] values, int from, int n) {
    int best = 0;
    for (int j = 1; j < n; j++) {
      if (values[from + j] > values[from + best]) {
        best = j;
      }
    }
    return best;
  }

  private float[] targets(Batch batch) {
    return task == Task.RECONSTRUCTION ? batch.features() : batch.targets();
  }

  private static double weightSum(Batch batch) {
    double sum = 0;
    for (int r = 0; r < batch.rows(); r++) {
      sum += batch.weights()[r];
    }
    return sum;
  }
}
