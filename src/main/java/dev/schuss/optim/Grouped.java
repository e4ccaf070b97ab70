package dev.schuss.optim;

import java.util.List;

/**
 * A rule that treats some layers in another way.
 *
 * @param inner any rule
 * @param groups which layers, and how; the later match wins
 */
public record Grouped(Optimizer inner, List<Group> groups) implements Wrapper {
  public Grouped {
    Hyper.check(Grouped.class, inner, groups);
    groups = List.copyOf(groups);
  }

  /** Those of the inner rule first. */
  @Override
  public List<Group> groups() {
    return groups;
  }

  @Override
  public void step(Step s) {
    inner.step(s);
  }
}
