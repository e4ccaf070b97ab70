package dev.schuss.bench;

import dev.schuss.math.Blas;
import dev.schuss.nn.Network;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * The limit: the matrix products of a gradient and nothing else, on two threads that wait for each
 * other after every batch.
 */
final class Products {
  private static final int[] WIDTHS = {Rows.PIXELS, 512, 256, Rows.CLASSES};
  private static final int LAYERS = WIDTHS.length - 1;
  private static final int THREADS = 2;

  private final int[] weight = new int[LAYERS];
  private final float[] w;
  private final Buffers[] buffers = new Buffers[THREADS];
  private final int share;
  private final int micro;

  /** What one thread reads and writes: the layers' results y, their gradients d, the sum g. */
  private record Buffers(float[][] y, float[][] d, float[] g) {}

  Products(Network network, int batch) {
    share = batch / THREADS;
    micro = Math.min(network.microBatch(), share);
    int size = 0;
    for (int l = 0; l < LAYERS; l++) {
      weight[l] = size;
      size += WIDTHS[l] * WIDTHS[l + 1];
    }
    w = random(size);
    for (int t = 0; t < THREADS; t++) {
      float[][] y = new float[LAYERS + 1][];
      float[][] d = new float[LAYERS + 1][];
      for (int l = 0; l <= LAYERS; l++) {
        y[l] = random(micro * WIDTHS[l]);
        d[l] = random(micro * WIDTHS[l]);
      }
      buffers[t] = new Buffers(y, d, new float[size]);
    }
  }

  /** Floating-point operations per row. */
  static double operations() {
    double operations = 0;
    for (int l = 0; l < LAYERS; l++) {
      operations += (l == 0 ? 4.0 : 6.0) * WIDTHS[l] * WIDTHS[l + 1];
    }
    return operations;
  }

  double samplesPerSecond(double seconds) {
    for (Buffers b : buffers) {
      Arrays.fill(b.g, 0);
    }
    long start = System.nanoTime();
    long countFrom = start + (long) (seconds * 1e9 / 5);
    long from = 0;
    long rows = 0;
    long now = start;
    while (rows == 0 || now - start < seconds * 1e9) {
      IntStream.range(0, THREADS).parallel().forEach(t -> gradient(buffers[t]));
      now = System.nanoTime();
      if (from > 0) {
        rows += (long) share * THREADS;
      } else if (now >= countFrom) {
        from = now;
      }
    }
    return rows / ((now - from) / 1e9);
  }

  private void gradient(Buffers b) {
    for (int done = 0; done < share; done += micro) {
      int rows = Math.min(micro, share - done);
      for (int l = 0; l < LAYERS; l++) {
        int in = WIDTHS[l];
        int out = WIDTHS[l + 1];
        sgemm(true, false, out, rows, in, w, weight[l], in, b.y[l], in, 0, b.y[l + 1], 0, out);
      }
      for (int l = LAYERS - 1; l >= 0; l--) {
        int in = WIDTHS[l];
        int out = WIDTHS[l + 1];
        float[] d = b.d[l + 1];
        sgemm(false, true, in, out, rows, b.y[l], 0, in, d, out, 1, b.g, weight[l], in);
        if (l > 0) {
          sgemm(false, false, in, rows, out, w, weight[l], in, d, out, 0, b.d[l], 0, in);
        }
      }
    }
  }

  private static void sgemm(
      boolean ta,
      boolean tb,
      int m,
      int n,
      int k,
      float[] a,
      int aFrom,
      int lda,
      float[] b,
      int ldb,
      float beta,
      float[] c,
      int cFrom,
      int ldc) {
    Blas.get().sgemm(ta, tb, m, n, k, 1, a, aFrom, lda, b, 0, ldb, beta, c, cFrom, ldc);
  }

  private static float[] random(int n) {
    Random random = new Random(1);
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = (random.nextFloat() - 0.5f) / 20;
    }
    return x;
  }
}
