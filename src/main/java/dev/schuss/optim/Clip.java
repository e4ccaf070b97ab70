package dev.schuss.optim;

import dev.schuss.math.Range;
import dev.schuss.math.Ranges;
import java.io.Serializable;

/**
 * Limits on the mean gradient (Pascanu et al. 2013); several apply in this order.
 *
 * @param value every element is clamped to [-value, value]; null for no limit
 * @param globalNorm {@code g <- g min(1, globalNorm / ||g||)} over all layers; null for no limit
 * @param layerNorm the same for each layer by itself; null for no limit
 */
public record Clip(
    @Range(above = 0) Double value,
    @Range(above = 0) Double globalNorm,
    @Range(above = 0) Double layerNorm)
    implements Serializable {
  /** No limit. */
  public static final Clip DEFAULTS = new Clip(null, null, null);

  public Clip {
    Ranges.check(Clip.class, value, globalNorm, layerNorm);
  }
}
