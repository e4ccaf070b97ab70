package dev.schuss.data;

/** Which rows each round trains on: a pure function of the epoch and the round in it. */
public interface MinibatchPlan {

  /** Number of rounds in this epoch, both counted from 0; at least 1. */
  long rounds(int epoch);

  /** The minibatch of a round, {@code 0 <= round < rounds(epoch)}. */
  RoundRows rows(int epoch, long round);

  /** The most rows that a round has. */
  long batchSize();
}
