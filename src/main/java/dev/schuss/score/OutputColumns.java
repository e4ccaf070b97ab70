package dev.schuss.score;

import java.io.Serializable;

/**
 * Names of the columns that scoring adds.
 *
 * @param prediction the class, in the form of the training's labels, or the value or values of a
 *     regression
 * @param probability the probability of each class
 * @param score the score of each class, where the loss knows no probabilities
 * @param reconstruction what an autoencoder makes of its inputs
 * @param code the activations of an autoencoder's narrowest hidden layer
 */
public record OutputColumns(
    String prediction, String probability, String score, String reconstruction, String code)
    implements Serializable {
  /** The usual names. */
  public static final OutputColumns DEFAULTS =
      new OutputColumns("prediction", "probability", "score", "reconstruction", "code");

  /** Checks that there are names. */
  public OutputColumns {
    for (String name : new String[] {prediction, probability, score, reconstruction, code}) {
      if (name == null || name.isBlank()) {
        throw new IllegalArgumentException("an output column needs a name");
      }
    }
  }

  /** The same columns with other names for those of a classification or regression. */
  public OutputColumns named(String newPrediction, String newProbability) {
    return new OutputColumns(newPrediction, newProbability, score, reconstruction, code);
  }
}
