package dev.schuss.math;

import dev.ludovic.netlib.blas.BLAS;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Objects;

/** One of the implementations of netlib's interface, behind ours. */
record NetlibBlas(Kind kind, String name, BLAS library) implements Blas {

  /**
   * One of netlib's implementations, by its class: netlib's own way to it would bind MLlib's native
   * library, too.
   */
  static Blas load(Kind kind, String className) throws ReflectiveOperationException {
    Method instance =
        Class.forName("dev.ludovic.netlib.blas." + className).getDeclaredMethod("getInstance");
    instance.setAccessible(true);
    return new NetlibBlas(kind, "netlib " + className, (BLAS) instance.invoke(null));
  }

  @Override
  public void sgemm(
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
      int ldc) {
    // A native library writes wherever it is told to, and takes the JVM down with it.
    check("A", transposeA ? k : m, transposeA ? m : k, a, aOffset, lda);
    check("B", transposeB ? n : k, transposeB ? k : n, b, bOffset, ldb);
    check("C", m, n, c, cOffset, ldc);
    if (m == 0 || n == 0) {
      return;
    }
    if (k == 0) {
      scale(m, n, beta, c, cOffset, ldc);
      return;
    }
    library.sgemm(
        transposeA ? "T" : "N",
        transposeB ? "T" : "N",
        m,
        n,
        k,
        alpha,
        a,
        aOffset,
        lda,
        b,
        bOffset,
        ldb,
        beta,
        c,
        cOffset,
        ldc);
  }

  private static void check(String which, int rows, int columns, float[] x, int offset, int ld) {
    Objects.requireNonNull(x, which);
    if (rows < 0 || columns < 0) {
      throw new IllegalArgumentException(
          which + " is " + rows + " x " + columns + ": sizes must be at least 0");
    }
    if (ld < Math.max(1, rows)) {
      throw new IllegalArgumentException(
          "leading dimension of " + which + " = " + ld + ": must be at least " + Math.max(1, rows));
    }
    boolean empty = rows == 0 || columns == 0;
    // netlib 3.0.3, which comes with Spark 3.5, wants room for the last column's padding, too.
    long end = empty ? offset : offset + (long) columns * ld;
    if (offset < 0 || end > x.length) {
      throw new IndexOutOfBoundsException(
          which
              + " takes floats "
              + offset
              + " to "
              + end
              + " of an array of "
              + x.length
              + ": offset, sizes or leading dimension are wrong");
    }
  }

  private static void scale(int m, int n, float beta, float[] c, int offset, int ld) {
    for (int j = 0; j < n; j++) {
      int from = offset + j * ld;
      if (beta == 0) {
        Arrays.fill(c, from, from + m, 0);
      } else {
        for (int i = from; i < from + m; i++) {
          c[i] *= beta;
        }
      }
    }
  }
}
