package dev.schuss.spec;

import dev.schuss.optim.Adam;
import dev.schuss.optim.Constant;
import dev.schuss.optim.Lookahead;
import dev.schuss.optim.Momentum;
import dev.schuss.optim.Optimizer;
import dev.schuss.optim.Schedule;
import dev.schuss.optim.Sgd;

/** The update rules by name, and what job files wrap around them. */
final class Optimizers {
  static final Registry<Optimizer> REGISTRY =
      Registry.of(Optimizer.class, "rule")
          .add("sgd", Sgd.class)
          .add("momentum", Momentum.class)
          .add("adam", Adam.class)
          .usually("adam")
          .wrapper("lookahead", Lookahead.class, "inner")
          .alias("lr", "learningRate")
          .alias("weight_decay", "weightDecay")
          .alias("eps", "epsilon")
          .alias("k", "every");

  /** A plain number is the same value at every update. */
  static final Codec<Schedule> SCHEDULE =
      new Codec<>() {
        @Override
        public Schedule read(Value value, Binder binder) {
          return value.checked(() -> new Constant(value.real()));
        }

        @Override
        public Object write(Schedule schedule, Binder binder) {
          if (schedule instanceof Constant constant) {
            return constant.value();
          }
          throw new IllegalArgumentException(schedule + " cannot be written to a job file");
        }
      };

  private Optimizers() {}
}
