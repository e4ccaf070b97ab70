package dev.schuss.job;

import dev.schuss.data.Blocks;
import dev.schuss.data.DataPreparation;
import dev.schuss.data.Prepared;
import dev.schuss.data.Skipped;
import dev.schuss.math.Mix;
import dev.schuss.model.FittedModel;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/**
 * The rows of a job, read and packed, for as many trainings as there are.
 *
 * @param prepared the training rows, and the parts of them that were kept
 * @param validation rows to validate on; null for none
 * @param test rows that are looked at once; null for none
 * @param warm the model that the training starts from; null for none
 * @param skipped rows of all sources that were left out
 */
record PackedRows(
    Prepared prepared, Blocks validation, Blocks test, FittedModel warm, Skipped skipped)
    implements AutoCloseable {

  /**
   * Reads the sources of a job.
   *
   * @param partitions 0 for as many as the cluster runs tasks at once
   * @param warm the model of {@code model.from}; null for none
   * @param out where bad rows are told
   */
  static PackedRows of(
      JobFile job, SparkSession spark, int partitions, FittedModel warm, PrintStream out) {
    DataBlock data = job.data();
    Prepared prepared =
        DataPreparation.training(
            data.train().source().load(spark),
            data.recipe(job.task(), job.train().seed(), partitions == 0 ? null : partitions),
            warm == null ? null : warm.preprocessing());
    Blocks held = null;
    Blocks tested = null;
    boolean good = false;
    try {
      held =
          data.validation() instanceof Sources.From from
              ? scoring(job, spark, from, prepared, partitions)
              : null;
      tested =
          data.test() instanceof Sources.From from
              ? scoring(job, spark, from, prepared, partitions)
              : null;
      Skipped skipped = Skipped.NONE;
      for (Blocks blocks : Arrays.asList(prepared.train(), held, tested)) {
        if (blocks != null) {
          skipped = skipped.and(blocks.skipped());
          LeftOut.tell(blocks.skipped(), out);
        }
      }
      good = true;
      return new PackedRows(
          prepared,
          held == null ? prepared.validation() : held,
          tested == null ? prepared.test() : tested,
          warm,
          skipped);
    } finally {
      if (!good) {
        close(tested);
        close(held);
        prepared.close();
      }
    }
  }

  private static Blocks scoring(
      JobFile job, SparkSession spark, Sources.From from, Prepared prepared, int partitions) {
    return DataPreparation.scoring(
        from.source().load(spark),
        job.data().columns(),
        prepared.preprocessing(),
        job.data().persist(),
        partitions);
  }

  private static void close(Blocks blocks) {
    if (blocks != null) {
      blocks.close();
    }
  }

  private static long hash(float[] weights) {
    long hash = weights.length;
    for (float weight : weights) {
      hash = Mix.mix(hash ^ Float.floatToRawIntBits(weight)) + 1;
    }
    return hash;
  }

  /** What tells these rows, and the weights that a training starts from, from others. */
  Map<String, Object> identity() {
    Map<String, Object> identity = new LinkedHashMap<>();
    identity.put("partitions", prepared.train().rowsPerPartition().length);
    long[] prints =
        Arrays.asList(prepared.train(), validation, test).stream()
            .mapToLong(blocks -> blocks == null ? 0 : blocks.fingerprint())
            .toArray();
    identity.put("hash", "%016x".formatted(Mix.of(prints)));
    if (warm != null) {
      identity.put("from", "%016x".formatted(hash(warm.weights())));
    }
    return identity;
  }

  /** Frees the memory of all rows. */
  @Override
  public void close() {
    close(test);
    close(validation);
    prepared.close();
  }
}
