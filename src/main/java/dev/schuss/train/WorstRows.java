package dev.schuss.train;

import dev.schuss.data.Block;
import dev.schuss.data.Blocks;
import dev.schuss.nn.Network;
import dev.schuss.objective.Batch;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.stream.DoubleStream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * The rows that a network is most wrong about, by two Spark jobs over prepared rows: the first has
 * each partition tell where its worst rows are, the second fetches those that are the worst of all.
 * So no more than the rows that are asked for are ever held or sent, however wide they are and
 * however many partitions there are.
 */
public final class WorstRows {
  /** Of equal losses the same ones each time. */
  private static final Comparator<Place> WORST_FIRST =
      Comparator.comparingDouble((Place place) -> -place.loss)
          .thenComparingInt(Place::partition)
          .thenComparingInt(Place::block)
          .thenComparingInt(Place::row);

  private WorstRows() {}

  /**
   * A row.
   *
   * @param loss of the row, whatever its weight
   * @param targets a class index, values, or nothing where the target is the row itself
   * @param features as the network gets them
   */
  public record Row(double loss, float[] targets, float[] features) {}

  /**
   * Where a row lies.
   *
   * @param block of the partition, counted from 0
   * @param row of the block in its order, counted from 0
   */
  private record Place(double loss, int partition, int block, int row) implements Serializable {}

  /**
   * The rows with the largest losses, the largest first; without rows of weight 0 and those whose
   * loss is no number. What tasks send back is at most {@code count} places from each partition,
   * and then these rows; the driver holds no more, nor does a task.
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
      return jobs.result(
          jobs.start(
              () -> {
                try (Sent weights = Sent.by(context, network, Evaluator.input(w))) {
                  return of(jobs, weights, blocks, count);
                }
              },
              "Schuss: the rows with the largest loss"));
    }
  }

  private static List<Row> of(Jobs jobs, Sent weights, Blocks blocks, int count) {
    List<Place> worst = worst(jobs.run(blocks.rdd(), new Look(weights, count)), count);
    List<float[]> fetched = jobs.run(blocks.rdd(), new Fetch(worst));
    Map<Place, Row> rows = new HashMap<>();
    for (int p = 0; p < fetched.size(); p++) {
      List<Place> here = in(p, worst);
      for (int i = 0; i < here.size(); i++) {
        rows.put(here.get(i), row(here.get(i), fetched.get(p), i, blocks));
      }
    }
    return worst.stream().map(rows::get).toList();
  }

  private static List<Place> worst(List<double[]> looked, int count) {
    List<Place> all = new ArrayList<>();
    for (int p = 0; p < looked.size(); p++) {
      double[] part = looked.get(p);
      for (int at = 0; at < part.length; at += 3) {
        all.add(new Place(part[at], p, (int) part[at + 1], (int) part[at + 2]));
      }
    }
    return all.stream().sorted(WORST_FIRST).limit(count).toList();
  }

  /** Those of a partition, in the order in which a task meets them. */
  private static List<Place> in(int partition, List<Place> places) {
    return places.stream()
        .filter(place -> place.partition == partition)
        .sorted(Comparator.comparingInt(Place::block).thenComparingInt(Place::row))
        .toList();
  }

  private static Row row(Place place, float[] fetched, int number, Blocks blocks) {
    int targets = blocks.targetWidth();
    int from = number * (targets + blocks.width());
    return new Row(
        place.loss,
        Arrays.copyOfRange(fetched, from, from + targets),
        Arrays.copyOfRange(fetched, from + targets, from + targets + blocks.width()));
  }

  /** Loss, block and row of the worst rows of a partition: numbers, which any wire takes. */
  private static final class Look extends Jobs.Body<Block, double[]> {
    private static final long serialVersionUID = 1;

    private final Sent sent;
    private final int count;

    Look(Sent sent, int count) {
      this.sent = sent;
      this.count = count;
    }

    @Override
    double[] work(TaskContext task, Iterator<Block> blocks) {
      float[] w = sent.input().weights();
      Network network = (Network) sent.objective();
      PriorityQueue<Place> worst = new PriorityQueue<>(WORST_FIRST.reversed());
      for (int b = 0; blocks.hasNext(); b++) {
        Block block = blocks.next();
        int number = b;
        int[] seen = {0};
        PartitionWork.forEachBatch(
            network,
            block,
            block.rows(),
            batch -> {
              double[] losses = network.losses(w, batch);
              for (int r = 0; r < losses.length; r++) {
                if (batch.weights()[r] > 0 && !Double.isNaN(losses[r])) {
                  offer(new Place(losses[r], 0, number, seen[0] + r), worst);
                }
              }
              seen[0] += losses.length;
            });
      }
      return worst.stream().flatMapToDouble(p -> DoubleStream.of(p.loss, p.block, p.row)).toArray();
    }

    private void offer(Place place, PriorityQueue<Place> worst) {
      if (worst.size() < count) {
        worst.add(place);
      } else if (WORST_FIRST.compare(place, worst.peek()) < 0) {
        worst.poll();
        worst.add(place);
      }
    }
  }

  /** Targets and features of the wanted rows of a partition, one after the other. */
  private static final class Fetch extends Jobs.Body<Block, float[]> {
    private static final long serialVersionUID = 1;

    private final ArrayList<Place> wanted;

    Fetch(List<Place> wanted) {
      this.wanted = new ArrayList<>(wanted);
    }

    @Override
    float[] work(TaskContext task, Iterator<Block> blocks) {
      List<Place> here = in(task.partitionId(), wanted);
      float[] fetched = new float[0];
      int done = 0;
      for (int b = 0; done < here.size(); b++) { // a partition without any is not even read
        Block block = blocks.next();
        int targets = block.targetWidth();
        int width = block.width();
        if (done == 0) {
          fetched = new float[here.size() * (targets + width)];
        }
        Batch batch = new Batch(0, width, targets);
        for (; done < here.size() && here.get(done).block == b; done++) {
          block.gather(new int[] {here.get(done).row}, 0, 1, batch);
          int at = done * (targets + width);
          System.arraycopy(batch.targets(), 0, fetched, at, targets);
          if (batch.sparse() != null) {
            batch.sparse().expand(0, fetched, at + targets, width);
          } else {
            System.arraycopy(batch.features(), 0, fetched, at + targets, width);
          }
        }
      }
      return fetched;
    }
  }
}
