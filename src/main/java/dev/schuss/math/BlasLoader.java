package dev.schuss.math;

/** Finds the fastest {@link Blas} that loads. */
final class BlasLoader {
  static final Blas CHOSEN = null;

  private BlasLoader() {}
}
