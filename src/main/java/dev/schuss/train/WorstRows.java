package dev.schuss.train;

import dev.schuss.data.Block;
import dev.schuss.data.Blocks;
import dev.schuss.nn.Network;
import dev.schuss.objective.Batch;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.Future;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/** The rows that a network is most wrong about: one Spark job over prepared rows. */
public final class WorstRows {
  private static final Comparator<Row> WORST_FIRST = Comparator.comparingDouble(row -> -row.loss);

  private WorstRows() {}

  /**
   * A row.
   *
   * @param loss of the row, whatever its weight
   * @param targets a class index, values, or nothing where the target is the row itself
   * @param features as the network gets them
   */
  public record Row(double loss, float[] targets, float[] features) implements Serializable {}

  /**
   * The rows with the largest losses, the largest first; without rows of weight 0 and those whose
   * loss is no number.
   *
   * @param spark the session that the blocks belong to
   * @param w network.layout().size() weights
   * @param blocks rows of the network's width, which stay open
   * @param count at most so many rows, which are written in full
   * @throws SettingsException if the session's serializer would refuse what is sent
   */
  public static List<Row> of(
      SparkSession spark, Network network, float[] w, Blocks blocks, int count) {
    KryoRegistration.check(spark);
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    try (Jobs jobs = new Jobs(context.sc())) {
      Future<List<float[]>> job =
          jobs.start(
              () -> {
                try (Sent weights = Sent.by(context, network, Evaluator.input(w))) {
                  return jobs.run(blocks.rdd(), new Task(weights, count));
                }
              },
              "Schuss: the rows with the largest loss");
      List<Row> all = new ArrayList<>();
      int targets = blocks.targetWidth();
      for (float[] part : jobs.result(job)) {
        all.addAll(unpacked(part, targets, blocks.width()));
      }
      return all.stream().sorted(WORST_FIRST).limit(count).toList();
    }
  }

  private static List<Row> unpacked(float[] part, int targets, int features) {
    List<Row> rows = new ArrayList<>();
    int length = 1 + targets + features;
    for (int at = 0; at < part.length; at += length) {
      int from = at + 1 + targets;
      rows.add(
          new Row(
              part[at],
              Arrays.copyOfRange(part, at + 1, from),
              Arrays.copyOfRange(part, from, from + features)));
    }
    return rows;
  }

  /** The worst rows of a task's partitions, one after the other as floats, which any wire takes. */
  private static final class Task extends Jobs.Body<Block, float[]> {
    private static final long serialVersionUID = 1;

    private final Sent sent;
    private final int count;

    Task(Sent sent, int count) {
      this.sent = sent;
      this.count = count;
    }

    @Override
    float[] work(TaskContext task, Iterator<Block> blocks) {
      float[] w = sent.input().weights();
      Network network = (Network) sent.objective();
      PriorityQueue<Row> worst = new PriorityQueue<>(Comparator.comparingDouble(Row::loss));
      while (blocks.hasNext()) {
        Block block = blocks.next();
        PartitionWork.forEachBatch(
            network, block, block.rows(), batch -> offer(batch, network.losses(w, batch), worst));
      }
      return packed(worst.stream().sorted(WORST_FIRST).toList());
    }

    private void offer(Batch batch, double[] losses, PriorityQueue<Row> worst) {
      for (int r = 0; r < losses.length; r++) {
        boolean counts = batch.weights()[r] > 0 && !Double.isNaN(losses[r]);
        if (counts && (worst.size() < count || losses[r] > worst.peek().loss())) {
          if (worst.size() == count) {
            worst.poll();
          }
          worst.add(row(batch, r, losses[r]));
        }
      }
    }

    private static Row row(Batch batch, int r, double loss) {
      int targets = batch.targetWidth();
      int width = batch.width();
      float[] features = new float[width];
      if (batch.sparse() != null) {
        batch.sparse().expand(r, features, 0, width);
      } else {
        System.arraycopy(batch.features(), r * width, features, 0, width);
      }
      float[] wanted = Arrays.copyOfRange(batch.targets(), r * targets, (r + 1) * targets);
      return new Row(loss, wanted, features);
    }

    private static float[] packed(List<Row> rows) {
      int length =
          rows.isEmpty() ? 0 : 1 + rows.get(0).targets.length + rows.get(0).features.length;
      float[] packed = new float[rows.size() * length];
      int at = 0;
      for (Row row : rows) {
        packed[at++] = (float) row.loss;
        System.arraycopy(row.targets, 0, packed, at, row.targets.length);
        at += row.targets.length;
        System.arraycopy(row.features, 0, packed, at, row.features.length);
        at += row.features.length;
      }
      return packed;
    }
  }
}
