package dev.schuss.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Products of every kind that this JVM can have, beside plain loops in double. */
class BlasTest {
  private static final Map<Blas.Kind, Blas> LOADED = new EnumMap<>(Blas.Kind.class);

  private static Blas blas(Blas.Kind kind) throws Exception {
    synchronized (LOADED) {
      if (!LOADED.containsKey(kind)) {
        LOADED.put(kind, kind == Blas.get().kind() ? Blas.get() : BlasLoader.load(kind));
      }
      return LOADED.get(kind);
    }
  }

  /** A call and what it must do, as a function of the seed. */
  private static final class Call {
    final boolean transposeA;
    final boolean transposeB;
    final int m;
    final int n;
    final int k;
    final float alpha;
    final float beta;
    final int aOffset;
    final int bOffset;
    final int cOffset;
    final int lda;
    final int ldb;
    final int ldc;
    final float[] a;
    final float[] b;
    final float[] c;

    Call(int m, int n, int k, long seed) {
      Mix mix = new Mix(seed, m, n, k);
      this.m = m;
      this.n = n;
      this.k = k;
      transposeA = mix.nextInt(2) == 1;
      transposeB = mix.nextInt(2) == 1;
      alpha = new float[] {0, 1, -1, 0.75f}[mix.nextInt(4)];
      beta = new float[] {0, 1, -0.5f}[mix.nextInt(3)];
      aOffset = mix.nextInt(4);
      bOffset = mix.nextInt(4);
      cOffset = mix.nextInt(4);
      lda = Math.max(1, transposeA ? k : m) + mix.nextInt(3);
      ldb = Math.max(1, transposeB ? n : k) + mix.nextInt(3);
      ldc = Math.max(1, m) + mix.nextInt(3);
      // Exactly as long as the call needs: the last column ends with its last row.
      a = array(mix, aOffset, transposeA ? k : m, transposeA ? m : k, lda);
      b = array(mix, bOffset, transposeB ? n : k, transposeB ? k : n, ldb);
      c = array(mix, cOffset, m, n, ldc);
      if (beta == 0) {
        Arrays.fill(c, Float.NaN);
      }
    }

    private static float[] array(Mix mix, int offset, int rows, int columns, int ld) {
      int length = rows == 0 || columns == 0 ? 0 : (columns - 1) * ld + rows;
      float[] x = new float[offset + length];
      for (int i = 0; i < x.length; i++) {
        x[i] = (float) mix.nextGaussian();
      }
      return x;
    }

    void check(Blas blas) {
      float[] actual = c.clone();
      blas.sgemm(
          transposeA,
          transposeB,
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
          actual,
          cOffset,
          ldc);
      boolean[] product = new boolean[c.length];
      for (int j = 0; j < n; j++) {
        for (int i = 0; i < m; i++) {
          double sum = 0;
          double size = 0;
          for (int l = 0; l < k; l++) {
            double x = a[aOffset + (transposeA ? i * lda + l : l * lda + i)];
            double y = b[bOffset + (transposeB ? l * ldb + j : j * ldb + l)];
            sum += x * y;
            size += Math.abs(x * y);
          }
          int at = cOffset + j * ldc + i;
          double old = beta == 0 ? 0 : beta * c[at];
          double expected = alpha * sum + old;
          double tolerance = 1e-6 * (size + Math.abs(old)) + 1e-12;
          if (!(Math.abs(actual[at] - expected) <= tolerance)) {
            fail(
                "%s: C[%d, %d] is %s, not %s, of %s",
                blas.name(), i, j, actual[at], expected, this);
          }
          product[at] = true;
        }
      }
      for (int at = 0; at < c.length; at++) {
        if (!product[at] && Float.floatToRawIntBits(actual[at]) != Float.floatToRawIntBits(c[at])) {
          fail("%s: wrote %s outside of C, at %d, of %s", blas.name(), actual[at], at, this);
        }
      }
    }

    @Override
    public String toString() {
      return (transposeA ? "T" : "N")
          + (transposeB ? "T" : "N")
          + " "
          + m
          + "x"
          + n
          + "x"
          + k
          + " alpha "
          + alpha
          + " beta "
          + beta
          + " offsets "
          + aOffset
          + " "
          + bOffset
          + " "
          + cOffset
          + " ld "
          + lda
          + " "
          + ldb
          + " "
          + ldc;
    }
  }

  @Property(tries = 2000)
  void multipliesAsPlainLoopsDo(
      @ForAll Blas.Kind kind,
      @ForAll @IntRange(max = 40) int m,
      @ForAll @IntRange(max = 40) int n,
      @ForAll @IntRange(max = 40) int k,
      @ForAll long seed)
      throws Exception {
    new Call(m, n, k, seed).check(blas(kind));
  }

  @Test
  void multipliesLargerMatrices() throws Exception {
    for (Blas.Kind kind : Blas.Kind.values()) {
      for (int seed = 0; seed < 8; seed++) {
        new Call(130 + seed, 70 + 3 * seed, 301 - seed, seed).check(blas(kind));
      }
    }
  }

  @Test
  void servesSeveralThreadsAtOnce() throws Exception {
    for (Blas.Kind kind : Blas.Kind.values()) {
      Blas blas = blas(kind);
      ExecutorService threads = Executors.newFixedThreadPool(4);
      try {
        List<Callable<Integer>> work = new ArrayList<>();
        for (int thread = 0; thread < 4; thread++) {
          long seed = thread;
          work.add(
              () -> {
                int calls = 0;
                for (; calls < 40; calls++) {
                  new Call(33 + calls, 47, 64 + calls, seed).check(blas);
                }
                return calls;
              });
        }
        for (Future<Integer> result : threads.invokeAll(work)) {
          assertThat(result.get()).isEqualTo(40);
        }
      } finally {
        threads.shutdownNow();
      }
    }
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
  void choosesTheBundledOpenBlasOnce() {
    assertThat(Blas.get().kind()).isEqualTo(Blas.Kind.OPENBLAS);
    assertThat(Blas.get()).isSameAs(Blas.get());
  }

  @Test
  void refusesCallsThatWouldLeaveTheArrays() throws Exception {
    float[] four = new float[4];
    for (Blas.Kind kind : Blas.Kind.values()) {
      Blas blas = blas(kind);
      assertThatThrownBy(
              () -> blas.sgemm(false, false, 2, 2, 2, 1, four, -1, 2, four, 0, 2, 0, four, 0, 2))
          .isInstanceOf(IndexOutOfBoundsException.class)
          .hasMessage(
              "A takes floats -1 to 3 of an array of 4:"
                  + " offset, sizes or leading dimension are wrong");
      assertThatThrownBy(
              () -> blas.sgemm(false, true, 2, 2, 2, 1, four, 0, 2, four, 0, 3, 0, four, 0, 2))
          .hasMessageStartingWith("B takes floats 0 to 5 of an array of 4");
      assertThatThrownBy(
              () -> blas.sgemm(false, false, 2, 2, 2, 1, four, 0, 2, four, 0, 2, 0, four, 1, 2))
          .hasMessageStartingWith("C takes floats 1 to 5 of an array of 4");
      // (n - 1) * ldc is 2^32, which is 0 in an int.
      assertThatThrownBy(
              () ->
                  blas.sgemm(false, false, 2, 5, 0, 1, four, 0, 2, four, 0, 1, 0, four, 0, 1 << 30))
          .hasMessageStartingWith("C takes floats 0 to 4294967298 of an array of 4");
      assertThatThrownBy(
              () -> blas.sgemm(true, false, 1, 1, 3, 1, four, 0, 2, four, 0, 3, 0, four, 0, 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("leading dimension of A = 2: must be at least 3");
      assertThatThrownBy(
              () -> blas.sgemm(false, false, -1, 1, 1, 1, four, 0, 1, four, 0, 1, 0, four, 0, 1))
          .hasMessage("A is -1 x 1: sizes must be at least 0");
    }
  }

  @Test
  void theSelfCheckFindsAWrongLibrary() throws Exception {
    Blas right = blas(Blas.Kind.JAVA);
    SelfCheck.run(right);
    for (int wrong = 0; wrong < 4; wrong++) {
      Blas ignorant = new Wrong(right, wrong);
      assertThatThrownBy(() -> SelfCheck.run(ignorant))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith("wrong one computes a wrong product: [");
    }
  }

  /** Ignores a transposition, alpha or beta. */
  private record Wrong(Blas right, int what) implements Blas {
    @Override
    public Kind kind() {
      return right.kind();
    }

    @Override
    public String name() {
      return "wrong one";
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
      right.sgemm(
          transposeA && what != 0,
          transposeB && what != 1,
          m,
          n,
          k,
          what == 2 ? 1 : alpha,
          Arrays.copyOf(a, 99),
          aOffset,
          Math.max(lda, what == 0 ? m : 0),
          Arrays.copyOf(b, 99),
          bOffset,
          Math.max(ldb, what == 1 ? k : 0),
          what == 3 ? 0 : beta,
          c,
          cOffset,
          ldc);
    }
  }
}
