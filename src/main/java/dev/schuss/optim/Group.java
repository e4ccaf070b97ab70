package dev.schuss.optim;

import dev.schuss.math.Range;
import dev.schuss.objective.Segment;
import java.io.Serializable;
import java.util.regex.Pattern;

/**
 * Layers that are updated in their own way. Where several match a layer, the later one's values
 * win, one by one.
 *
 * @param match a layout segment's name, with {@code *} for any characters: {@code *.bias}
 * @param learningRateScale factor on the learning rate; null to leave it
 * @param weightDecay instead of the rule's; null to leave it
 * @param l1 instead of the loss term's; null to leave it
 * @param l2 instead of the loss term's; null to leave it
 * @param frozen true leaves these weights as they are; null to leave that open
 */
public record Group(
    String match,
    @Range(min = 0) Double learningRateScale,
    @Range(min = 0) Double weightDecay,
    @Range(min = 0) Double l1,
    @Range(min = 0) Double l2,
    Boolean frozen)
    implements Serializable {

  public Group {
    Hyper.check(Group.class, match, learningRateScale, weightDecay, l1, l2, frozen);
  }

  /** These layers, as they would be without the group. */
  static Group defaults(String match) {
    return new Group(match, null, null, null, null, null);
  }

  /** Whether the group speaks of this segment. */
  public boolean matches(Segment s) {
    String[] parts = match.split("\\*", -1);
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < parts.length; i++) {
      regex.append(i == 0 ? "" : ".*").append(Pattern.quote(parts[i]));
    }
    return s.name().matches(regex.toString());
  }
}
