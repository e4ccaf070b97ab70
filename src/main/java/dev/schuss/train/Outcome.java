package dev.schuss.train;

import dev.schuss.objective.Evaluation;
import dev.schuss.train.TrainingResult.Checkpoints;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a training amounts to, once it has ended.
 *
 * @param steps updates that were made
 * @param batchSize rows of a minibatch
 * @param doubts of what the rule was told, a line for each
 * @param untested one line on why test rows were not evaluated, and what to do; null for none
 */
record Outcome(
    LoopState state,
    BestEpoch best,
    long steps,
    Rounds rounds,
    long batchSize,
    List<String> doubts,
    String untested) {

  /**
   * The result.
   *
   * @param weights the best, or the last
   * @param test their metrics of the test rows; empty where there are none
   * @param tested what these follow from; null where there are none
   * @param checkpoints null where there are none
   */
  TrainingResult result(
      float[] weights, Map<String, Double> test, Evaluation tested, Checkpoints checkpoints) {
    EpochReport last = state.last();
    Map<String, Double> validation =
        best.weights() != null ? best.metrics() : last == null ? Map.of() : last.validation();
    TimeSplit time = state.watch().split();
    long rows = state.totals().rows();
    return new TrainingResult(
        state.end().status(),
        weights,
        steps,
        state.history().size(),
        rows,
        state.watch().seconds(),
        time.rounds() == 0 ? 0 : rows / time.rounds(),
        List.copyOf(state.history()),
        last == null ? Map.of() : Map.of("loss", last.trainLoss()),
        validation,
        test,
        tested,
        best.best(),
        time,
        rounds.reduction(),
        advice(),
        state.totals().blas(),
        state.end().message(),
        state.totals().leftOut(),
        state.totals().rollbacks(),
        checkpoints);
  }

  private List<String> advice() {
    List<String> advice = new ArrayList<>();
    if (untested != null) {
      advice.add(untested);
    }
    if (state.history().isEmpty()) {
      return advice;
    }
    advice.addAll(doubts);
    if (state.totals().still() > 0) {
      advice.add(
          "%,d of %,d rows were alone in their partition's share of a round, and normalised by the running statistics: set a larger train.batchSize, or fewer train.partitions"
              .formatted(state.totals().still(), state.totals().rows()));
    }
    advice.addAll(timeAdvice());
    return advice;
  }

  private List<String> timeAdvice() {
    List<EpochReport> history = state.history();
    int n = history.size();
    EpochReport last = history.get(n - 1);
    long before = n < 2 ? 0 : history.get(n - 2).step();
    return Advice.of(
        last.time(),
        last.step() - before,
        before,
        batchSize,
        rounds.reduction().tasks(),
        rounds.idleCores());
  }
}
