package dev.schuss.math;

/**
 * Single-precision matrix products in Fortran (column-major) order on plain heap arrays.
 *
 * <p>The fastest library that loads on this machine is chosen once per JVM, by {@link #get()}.
 */
public interface Blas {

  /** What a JVM computes with; the order is the order in which they are tried. */
  enum Kind {
    /** The OpenBLAS that this project bundles, one thread per calling thread. */
    OPENBLAS(1),
    /** netlib's Vector API kernels; need {@code --add-modules jdk.incubator.vector}. */
    VECTOR(2),
    /** netlib's plain Java kernels. */
    JAVA(4);

    private final int bit;

    Kind(int bit) {
      this.bit = bit;
    }

    /** A bit of its own, so that a set of kinds fits an int. */
    public int bit() {
      return bit;
    }
  }

  /**
   * This JVM's library. The first call loads it (about half a second for OpenBLAS) and logs the
   * choice. The system property {@code schuss.blas = openblas | vector | java} forces one.
   *
   * @throws IllegalStateException if the forced one, or every one, cannot be had; says why
   */
  static Blas get() {
    return BlasLoader.chosen();
  }

  /** Which library this is. */
  Kind kind();

  /** A name for people, such as {@code OpenBLAS 0.3.31 (bundled, Cooperlake, 1 thread)}. */
  String name();

  /**
   * C := alpha op(A) op(B) + beta C, where op(A) is m x k, op(B) k x n, and C m x n, all
   * column-major; op transposes where the flag says so. Offsets and leading dimensions count
   * floats. As in BLAS, C is not read when beta is 0. A product with m, n or k of 0 is allowed. Any
   * number of threads may call at once.
   *
   * @throws IllegalArgumentException if a size is negative or a leading dimension too small
   * @throws IndexOutOfBoundsException if a matrix does not fit its array; nothing is written then
   */
  void sgemm(
      boolean transposeA,
      boolean transposeB,
      int m,
      int n,
      int k,
      float alpha,
      float[] a,
      int aOffset,
      int lda,
      float[] b,
      int bOffset,
      int ldb,
      float beta,
      float[] c,
      int cOffset,
      int ldc);
}
