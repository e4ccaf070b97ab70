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
public sealed class NeuralNetworkTrainingSummary
    permits NeuralNetworkClassificationTrainingSummary {
  private final TrainingResult result;
  private final double[] objective;
  private final List<EpochReport> counted;
  private final int iterations;
  private final String reason;
  private final long skipped;

  NeuralNetworkTrainingSummary(TrainingResult result, Convergence convergence, long skipped) {
    this.result = result;
    this.objective = convergence.objective();
    this.counted = convergence.epochs().stream().map(result.history()::get).toList();
    this.iterations = convergence.iterations();
    this.reason =
        convergence.reason() == null ? Wording.of(result.message()) : convergence.reason();
    this.skipped = skipped;
  }

  NeuralNetworkTrainingSummary(NeuralNetworkTrainingSummary other) {
    this.result = other.result;
    this.objective = other.objective;
    this.counted = other.counted;
    this.iterations = other.iterations;
    this.reason = other.reason;
    this.skipped = other.skipped;
  }

  /**
   * The mean loss of the training rows with its l1 and l2 terms: of {@code l-bfgs} at the start and
   * after each iteration, of {@code gd} before each update, of others over the minibatches of each
   * pass.
   */
  public double[] objectiveHistory() {
    return objective.clone();
  }

  /** Iterations that were made. */
  public int totalIterations() {
    return iterations;
  }

  /**
   * The metrics of the validation rows by name, with the weights that each iteration led to (of
   * {@code l-bfgs} the start's come first); empty without such rows.
   */
  public Map<String, double[]> validationHistory() {
    Map<String, double[]> history = new LinkedHashMap<>();
    for (int i = 0; i < counted.size(); i++) {
      int at = i;
      counted
          .get(i)
          .validation()
          .forEach(
              (name, value) ->
                  history.computeIfAbsent(name, n -> new double[counted.size()])[at] = value);
    }
    return history;
  }

  /**
   * The place in {@link #validationHistory} of the best value, from 0, by early stopping's metric
   * or else the loss; -1 without validation.
   */
  public int bestIteration() {
    int best = -1;
    for (int i = 0; result.best() != null && i < counted.size(); i++) {
      if (counted.get(i).epoch() <= result.best().epoch()) {
        best = i;
      }
    }
    return best;
  }

  /** The learning rate of each iteration; the first trial's length for {@code l-bfgs}. */
  public double[] learningRates() {
    return counted.stream().mapToDouble(EpochReport::learningRate).toArray();
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
