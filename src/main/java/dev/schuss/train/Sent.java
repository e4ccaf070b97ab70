package dev.schuss.train;

import java.io.Serializable;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * A round's input on its way to the tasks: by broadcast, or handed over inside the JVM.
 *
 * @param round its number at {@link Handover}; -1 if it is broadcast
 */
record Sent(long round, Broadcast<RoundInput> broadcast) implements Serializable, AutoCloseable {

  static Sent within(RoundInput input) {
    return new Sent(Handover.begin(input), null);
  }

  static Sent by(JavaSparkContext spark, RoundInput input) {
    return new Sent(-1, spark.broadcast(input));
  }

  boolean handedOver() {
    return broadcast == null;
  }

  RoundInput input() {
    return handedOver() ? Handover.input(round) : broadcast.value();
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
