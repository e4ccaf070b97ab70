package dev.schuss.optim;

import dev.schuss.math.Vectors;
import java.util.Arrays;
import java.util.Objects;

/**
 * Limits the gradient before the inner rule sees it.
 *
 * @param inner any rule
 * @param clip the limits
 */
public record Clipped(Optimizer inner, Clip clip) implements Optimizer {
  public Clipped {
    Objects.requireNonNull(inner, "inner");
    Objects.requireNonNull(clip, "clip");
  }

  @Override
  public Schedule learningRate() {
    return inner.learningRate();
  }

  @Override
  public double weightDecay() {
    return inner.weightDecay();
  }

  @Override
  public Slots slots() {
    return inner.slots();
  }

  @Override
  public String momentumSlot() {
    return inner.momentumSlot();
  }

  @Override
  public boolean fullBatch() {
    return inner.fullBatch();
  }

  @Override
  public void start(Step s) {
    inner.start(s);
  }

  @Override
  public float[] gradientPoint(Step s) {
    return inner.gradientPoint(s);
  }

  @Override
  public float[] result(Step s) {
    return inner.result(s);
  }

  @Override
  public void step(Step s) {
    float[] g = s.g();
    if (clip.value() != null) {
      float limit = clip.value().floatValue();
      s.forEachSpan(
          p -> {
            for (int i = p.from(); i < p.to(); i++) {
              g[i] = Math.max(-limit, Math.min(limit, g[i]));
            }
          });
    }
    if (clip.globalNorm() != null) {
      double norm = Math.sqrt(Arrays.stream(L2.squares(s, g)).sum());
      if (norm > clip.globalNorm()) {
        float factor = (float) (clip.globalNorm() / norm);
        s.forEachSpan(p -> Vectors.scale(g, factor, p.from(), p.to()));
      }
    }
    if (clip.layerNorm() != null) {
      double[] squares = L2.squares(s, g);
      s.forEachSpan(
          p -> {
            double norm = Math.sqrt(squares[p.layer()]);
            if (norm > clip.layerNorm()) {
              Vectors.scale(g, (float) (clip.layerNorm() / norm), p.from(), p.to());
            }
          });
    }
    inner.step(s);
  }
}
