package dev.schuss.optim;

import dev.schuss.math.Range;
import dev.schuss.math.Vectors;
import java.util.Arrays;

/**
 * Limits the mean gradient before the inner rule sees it (Pascanu et al. 2013); several limits
 * apply in this order.
 *
 * @param inner any rule
 * @param value every element is clamped to [-value, value]; null for no limit
 * @param globalNorm {@code g <- g min(1, globalNorm / ||g||)} over all layers; null for no limit
 * @param layerNorm the same for each layer by itself; null for no limit
 * @param maxNorm {@code g <- g min(1, maxNorm / max |g|)} over all layers; null for no limit
 */
public record Clip(
    Optimizer inner,
    @Range(above = 0) Double value,
    @Range(above = 0) Double globalNorm,
    @Range(above = 0) Double layerNorm,
    @Range(above = 0) Double maxNorm)
    implements Wrapper {
  public Clip {
    Hyper.check(Clip.class, inner, value, globalNorm, layerNorm, maxNorm);
  }

  /** No limit yet. */
  static Clip defaults(Optimizer inner) {
    return new Clip(inner, null, null, null, null);
  }

  /** Limits the norm of the whole gradient. */
  public static Clip globalNorm(Optimizer inner, double norm) {
    return new Clip(inner, null, norm, null, null);
  }

  @Override
  public void step(Step s) {
    float[] g = s.g();
    if (value != null) {
      float limit = value.floatValue();
      s.forEachSpan(
          p -> {
            for (int i = p.from(); i < p.to(); i++) {
              g[i] = Math.max(-limit, Math.min(limit, g[i]));
            }
          });
    }
    if (globalNorm != null) {
      double norm = Math.sqrt(Arrays.stream(L2.squares(s, g)).sum());
      if (norm > globalNorm) {
        float factor = (float) (globalNorm / norm);
        s.forEachSpan(p -> Vectors.scale(g, factor, p.from(), p.to()));
      }
    }
    if (layerNorm != null) {
      double[] squares = L2.squares(s, g);
      s.forEachSpan(
          p -> {
            double norm = Math.sqrt(squares[p.layer()]);
            if (norm > layerNorm) {
              Vectors.scale(g, (float) (layerNorm / norm), p.from(), p.to());
            }
          });
    }
    if (maxNorm != null) {
      double largest = largest(s);
      if (largest > maxNorm) {
        float factor = (float) (maxNorm / largest);
        s.forEachSpan(p -> Vectors.scale(g, factor, p.from(), p.to()));
      }
    }
    inner.step(s);
  }

  private static double largest(Step s) {
    float[] g = s.g();
    return s.largest(
        p -> {
          float largest = 0;
          for (int i = p.from(); i < p.to(); i++) {
            largest = Math.max(largest, Math.abs(g[i]));
          }
          return largest;
        });
  }
}
