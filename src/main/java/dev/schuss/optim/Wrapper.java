package dev.schuss.optim;

import java.util.List;

/** A rule around another one, which it asks wherever it has no answer of its own. */
public interface Wrapper extends Optimizer {

  /** The rule inside. */
  Optimizer inner();

  /** What a wrapper with slots of its own calls those of the inner rule; null for one without. */
  default String nested() {
    return null;
  }

  /** The update as the inner rule sees it. */
  default Step inside(Step s) {
    return nested() == null ? s : s.within(nested());
  }

  @Override
  default Schedule learningRate() {
    return inner().learningRate();
  }

  @Override
  default double weightDecay() {
    return inner().weightDecay();
  }

  @Override
  default List<Group> groups() {
    return inner().groups();
  }

  @Override
  default boolean fullBatch() {
    return inner().fullBatch();
  }

  @Override
  default boolean triesPoints() {
    return inner().triesPoints();
  }

  @Override
  default boolean searching(Step s) {
    return inner().searching(inside(s));
  }

  @Override
  default Slots slots() {
    return inner().slots();
  }

  @Override
  default String momentumSlot() {
    String slot = inner().momentumSlot();
    return slot == null || nested() == null ? slot : nested() + "." + slot;
  }

  @Override
  default void start(Step s) {
    inner().start(inside(s));
  }

  @Override
  default float[] gradientPoint(Step s) {
    return inner().gradientPoint(inside(s));
  }

  @Override
  default float[] result(Step s) {
    return inner().result(inside(s));
  }

  @Override
  default boolean retreats(Step s) {
    return inner().retreats(inside(s));
  }
}
