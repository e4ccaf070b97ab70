package dev.schuss.optim;

import java.util.List;

/** A rule around another one, which it asks wherever it has no answer of its own. */
public interface Wrapper extends Optimizer {

  /** The rule inside. */
  Optimizer inner();

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
}
