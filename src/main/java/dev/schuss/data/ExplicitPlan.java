package dev.schuss.data;

import java.util.List;

/** Given lists of row ids, the same in every epoch; the data must name an id column. */
public final class ExplicitPlan implements MinibatchPlan {
  private final List<long[]> rounds;

  /**
   * A plan of these rounds.
   *
   * @param rounds the ids of each round of one epoch, in order
   * @throws IllegalArgumentException if there is no round, or one without rows
   */
  public ExplicitPlan(List<long[]> rounds) {
    if (rounds.isEmpty()) {
      throw new IllegalArgumentException("an explicit plan needs at least one round");
    }
    this.rounds = rounds.stream().map(long[]::clone).toList();
    for (int r = 0; r < rounds.size(); r++) {
      if (rounds.get(r).length == 0) {
        throw new IllegalArgumentException("round " + r + " of the explicit plan has no rows");
      }
    }
  }

  @Override
  public long rounds(int epoch) {
    return rounds.size();
  }

  @Override
  public RoundRows rows(int epoch, long round) {
    if (epoch < 0 || round < 0 || round >= rounds.size()) {
      throw new IllegalArgumentException(
          "no round %d in epoch %d of %d rounds".formatted(round, epoch, rounds.size()));
    }
    return new RoundRows.Ids(rounds.get((int) round));
  }

  @Override
  public long batchSize() {
    return rounds.stream().mapToLong(ids -> ids.length).max().orElseThrow();
  }
}
