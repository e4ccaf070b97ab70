package dev.schuss.ml;

import dev.schuss.train.EpochReport;
import dev.schuss.train.TimeSplit;
import dev.schuss.train.TrainingResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a model was trained. It is not saved with the model.
 *
 * <p>An iteration is an update of {@code l-bfgs} or {@code gd}, and a pass over the rows of a
 * minibatch method.
 */
public final class NeuralNetworkTrainingSummary {
  private final TrainingResult result;
  private final double[] objective;
  private final int iterations;
  private final String reason;
  private final long skipped;

  NeuralNetworkTrainingSummary(TrainingResult result, Convergence convergence, long skipped) {
    this.result = result;
    this.objective = convergence.objective();
    this.iterations = convergence.iterations();
    this.reason = convergence.reason() == null ? result.message() : convergence.reason();
    this.skipped = skipped;
  }

  /**
   * The mean loss of the training rows: of a full-batch method at the start and after each
   * iteration, of others over the minibatches of each pass.
   */
  public double[] objectiveHistory() {
    return objective.clone();
  }

  /** Iterations that were made. */
  public int totalIterations() {
    return iterations;
  }

  /** The metrics of the validation rows by name, one value for each epoch; empty without such. */
  public Map<String, double[]> validationHistory() {
    List<EpochReport> epochs = result.history();
    Map<String, double[]> history = new LinkedHashMap<>();
    for (int i = 0; i < epochs.size(); i++) {
      int at = i;
      epochs
          .get(i)
          .validation()
          .forEach(
              (name, value) ->
                  history.computeIfAbsent(name, n -> new double[epochs.size()])[at] = value);
    }
    return history;
  }

  /** The epoch with the best validation metric, from 0; -1 without validation. */
  public int bestIteration() {
    return result.best() == null ? -1 : result.best().epoch();
  }

  /** The learning rate at the end of each epoch; the first trial's length for {@code l-bfgs}. */
  public double[] learningRates() {
    return result.history().stream().mapToDouble(EpochReport::learningRate).toArray();
  }

  /** Where the seconds went. */
  public TimeSplit time() {
    return result.time();
  }

  /** Seconds of the training, without the preparation of the rows. */
  public double seconds() {
    return result.seconds();
  }

  /** Rows that were left out by {@code handleInvalid = skip}. */
  public long skippedRows() {
    return skipped;
  }

  /** One line on why training ended before its plan did; null where it did not. */
  public String reason() {
    return reason;
  }

  /** All else that is known of the training. */
  public TrainingResult result() {
    return result;
  }
}
