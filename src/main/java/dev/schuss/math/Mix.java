package dev.schuss.math;

/**
 * A small deterministic source of random numbers: SplitMix64 (Steele, Lea and Flood 2014). Its bits
 * are part of the project's promises (the same seed gives the same run), so they do not depend on
 * the JDK's generators.
 */
public final class Mix {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private long state;
  private double spareGaussian = Double.NaN;

  /** A stream that is a function of these numbers, in this order. */
  public Mix(long... seeds) {
    this.state = of(seeds);
  }

  /** A 64-bit hash of these numbers, in this order; every bit depends on every number. */
  public static long of(long... values) {
    long h = GOLDEN;
    for (long value : values) {
      h = mix(h + GOLDEN ^ mix(value));
    }
    return h;
  }

  /** The finaliser of SplitMix64: a bijection in which every input bit flips half of the output. */
  public static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** The next 64 bits. */
  public long nextLong() {
    state += GOLDEN;
    return mix(state);
  }

  /** Uniform in [0, bound), bound at least 1; the bias is below 2^-32. */
  public int nextInt(int bound) {
    return (int) (((nextLong() >>> 32) * bound) >>> 32);
  }

  /** Uniform in [0, 1), 53 bits. */
  public double nextDouble() {
    return (nextLong() >>> 11) * 0x1.0p-53;
  }

  /** Standard normal, by Marsaglia's polar method with StrictMath, so that all machines agree. */
  public double nextGaussian() {
    if (!Double.isNaN(spareGaussian)) {
      double spare = spareGaussian;
      spareGaussian = Double.NaN;
      return spare;
    }
    while (true) {
      double u = 2 * nextDouble() - 1;
      double v = 2 * nextDouble() - 1;
      double s = u * u + v * v;
      if (s > 0 && s < 1) {
        double scale = StrictMath.sqrt(-2 * StrictMath.log(s) / s);
        spareGaussian = v * scale;
        return u * scale;
      }
    }
  }
}
