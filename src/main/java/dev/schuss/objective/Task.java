package dev.schuss.objective;

/** What a model is for; the output layer, the loss and the metrics follow from it. */
public enum Task {
  /** One of several classes: the target is the index of the class. */
  CLASSIFICATION,
  /** One or several real targets. */
  REGRESSION,
  /** An autoencoder: the target is the input. */
  RECONSTRUCTION
}
