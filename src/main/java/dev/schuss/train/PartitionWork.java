package dev.schuss.train;

import dev.schuss.data.Block;
import dev.schuss.data.RoundRows;
import dev.schuss.math.Blas;
import dev.schuss.nn.Network;
import dev.schuss.objective.Batch;
import dev.schuss.objective.Evaluation;
import dev.schuss.objective.GradientSum;
import dev.schuss.objective.Objective;
import java.util.function.Consumer;

/** One partition's part of a round or an evaluation: the same code with and without Spark. */
final class PartitionWork {
  /** Reused by a thread from round to round; rows of another shape replace it. */
  private static final ThreadLocal<Batch> BATCH = new ThreadLocal<>();

  private PartitionWork() {}

  /** Adds the gradient of this block's share of the minibatch, in micro-batches. */
  static GradientSum addGradient(
      Objective objective, float[] w, RoundRows rows, Block block, GradientSum sum) {
    int[] share = block.select(rows);
    long moment = rows.moment();
    int step;
    for (int from = 0; from < share.length; from += step) {
      step = objective.nextMicroBatch(share.length - from);
      Batch batch = batchFor(block);
      block.gather(share, from, step, batch);
      batch.moment(moment);
      objective.addGradient(w, batch, sum);
    }
    if (share.length > 0) {
      sum.seal(block.partition(), Blas.get().kind());
    }
    return sum;
  }

  /** Adds the loss and the counters of all of this block's rows. */
  static Evaluation addEvaluation(Objective objective, float[] w, Block block, Evaluation sum) {
    return addEvaluation(objective, w, block, block.rows(), sum);
  }

  /** Adds the loss and the counters of the first of this block's rows. */
  static Evaluation addEvaluation(
      Objective objective, float[] w, Block block, int rows, Evaluation sum) {
    forEachBatch(objective, block, rows, batch -> objective.evaluate(w, batch, sum));
    return sum;
  }

  /** The first of this block's rows, in their order, a micro-batch at a time. */
  static void forEachBatch(Objective objective, Block block, int rows, Consumer<Batch> body) {
    int[] all = block.inOrder();
    int step = objective.microBatch();
    for (int from = 0; from < rows; from += step) {
      Batch batch = batchFor(block);
      block.gather(all, from, Math.min(step, rows - from), batch);
      body.accept(batch);
    }
  }

  /** What {@link Network#misfit} says of this block's rows; empty if they fit. */
  static String misfit(Network network, Block block) {
    int[] all = block.inOrder();
    int step = network.microBatch();
    String misfit = null;
    for (int from = 0; from < all.length && misfit == null; from += step) {
      Batch batch = batchFor(block);
      block.gather(all, from, Math.min(step, all.length - from), batch);
      misfit = network.misfit(batch);
    }
    return misfit == null ? "" : misfit;
  }

  private static Batch batchFor(Block block) {
    Batch batch = BATCH.get();
    if (batch == null
        || batch.width() != block.width()
        || batch.targetWidth() != block.targetWidth()) {
      batch = new Batch(0, block.width(), block.targetWidth());
      BATCH.set(batch);
    }
    return batch;
  }
}
