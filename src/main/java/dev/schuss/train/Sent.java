package dev.schuss.train;

import dev.schuss.objective.Objective;
import java.io.Serializable;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * A round's input on its way to the tasks: by broadcast, or handed over inside the JVM.
 *
 * @param round its number at {@link Handover}; -1 if it is broadcast
 * @param function travels with the task, by Java serialization, whatever serializer the session
 *     has; null if handed over
 */
record Sent(long round, Broadcast<RoundInput> broadcast, Objective function)
    implements Serializable, AutoCloseable {

  /** Of a round of so many tasks, whose input is still to be given. */
  static Sent within(Objective objective, int tasks) {
    return new Sent(Handover.begin(objective, tasks), null, null);
  }

  static Sent by(JavaSparkContext spark, Objective objective, RoundInput input) {
    return new Sent(-1, spark.broadcast(input), objective);
  }

  boolean handedOver() {
    return broadcast == null;
  }

  /** Hands over the input; null if there is nothing to do after all. */
  void give(RoundInput input) {
    Handover.give(round, input);
  }

  /** The input; null if there is nothing to do after all. */
  RoundInput input() {
    return handedOver() ? Handover.input(round) : broadcast.value();
  }

  Objective objective() {
    return handedOver() ? Handover.objective(round) : function;
  }

  /** Frees the memory, here and on the executors. */
  @Override
  public void close() {
    if (handedOver()) {
      Handover.end(round);
    } else {
      broadcast.destroy();
    }
  }
}
