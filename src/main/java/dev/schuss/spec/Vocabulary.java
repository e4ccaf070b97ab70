package dev.schuss.spec;

import dev.schuss.nn.Activation;
import dev.schuss.nn.Initializer;
import dev.schuss.nn.Layer;
import dev.schuss.nn.Network;
import dev.schuss.nn.Shape;
import dev.schuss.optim.Length;
import dev.schuss.optim.Schedule;

/** The names that job files and model files use for what this library has. */
public final class Vocabulary {
  private static final Binder BINDER =
      Binder.plain()
          .with(Optimizers.REGISTRY)
          .with(Schedule.class, Optimizers.SCHEDULE)
          .with(Length.class, Optimizers.LENGTH)
          .with(Layer.class, Networks.LAYER)
          .with(Shape.class, Networks.SHAPE)
          .with(Activation.class, Networks.brief(Networks.ACTIVATIONS))
          .with(Initializer.class, Networks.brief(Networks.INITIALIZERS))
          .with(Networks.LOSSES)
          .with(Network.class, Networks.NETWORK);

  private Vocabulary() {}

  /** Reads and writes optimizers, schedules, layers, losses and networks beside plain records. */
  public static Binder binder() {
    return BINDER;
  }
}
