package dev.schuss.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.schuss.Digits;
import dev.schuss.TestSpark;
import dev.schuss.data.Columns;
import dev.schuss.data.DataPreparation;
import dev.schuss.data.Prepared;
import dev.schuss.model.Scaling;
import dev.schuss.nn.Activation;
import dev.schuss.nn.Network;
import dev.schuss.objective.Batch;
import dev.schuss.objective.Evaluation;
import dev.schuss.objective.Task;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.SparkConf;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.serializer.SerializerInstance;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

class WorstRowsTest {
  private static final Network NETWORK = Network.input(64).dense(16, Activation.RELU).output(10);

  private static double loss(float[] w, float[] row) {
    Evaluation one = Evaluation.of(NETWORK);
    float[] pixels = Arrays.copyOf(row, 64);
    NETWORK.evaluate(w, Batch.of(1, pixels, new float[] {row[64]}), one);
    return one.meanLoss();
  }

  @Test
  void theyAreThoseOfTheLargestLosses() {
    SparkSession spark = TestSpark.session();
    float[] w = NETWORK.initialWeights(3);
    List<float[]> raw = Digits.rows(Digits.TEST);
    double[] sorted = raw.stream().mapToDouble(row -> -loss(w, row)).sorted().toArray();
    try (Prepared prepared =
        DataPreparation.training(
            Digits.frame(spark, Digits.TEST),
            RoundsTest.columns(),
            Task.CLASSIFICATION,
            Scaling.none(),
            0,
            1,
            5)) {
      List<WorstRows.Row> worst = WorstRows.of(spark, NETWORK, w, prepared.train(), 7);
      assertThat(worst).hasSize(7);
      for (int i = 0; i < 7; i++) {
        WorstRows.Row row = worst.get(i);
        assertThat(row.loss()).isEqualTo(-sorted[i], within(1e-4));
        float[] whole = Arrays.copyOf(row.features(), 65);
        whole[64] = row.targets()[0];
        assertThat(loss(w, whole)).isEqualTo(row.loss(), within(1e-4));
        assertThat(raw).anyMatch(other -> Arrays.equals(other, whole));
      }
      assertThat(WorstRows.of(spark, NETWORK, w, prepared.train(), 10_000)).hasSize(raw.size());
    }
  }

  /** Wide rows in many partitions: only those that are asked for leave the executors. */
  @Test
  void noMoreRowsAreSentThanAreAskedFor() throws Exception {
    int width = 20_000; // 80 kB; 20 partitions of 10 rows would be 16 MB
    SparkSession spark = TestSpark.session();
    Network network = Network.input(width).regression(1);
    Dataset<org.apache.spark.sql.Row> rows =
        spark
            .range(200)
            .selectExpr(
                "transform(sequence(1, %d), i -> cast(id as float)) x".formatted(width), "0.0 y");
    float[] w = new float[network.layout().size()];
    Arrays.fill(w, 1e-4f);
    AtomicLong sent = new AtomicLong();
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onTaskEnd(SparkListenerTaskEnd task) {
            sent.addAndGet(task.taskMetrics().resultSize());
          }
        };
    try (Prepared prepared =
        DataPreparation.training(
            rows,
            new Columns(List.of("x"), List.of("y"), null, null),
            Task.REGRESSION,
            Scaling.none(),
            0,
            1,
            20)) {
      prepared.train().rdd().count();
      spark.sparkContext().listenerBus().waitUntilEmpty();
      spark.sparkContext().addSparkListener(listener);
      List<WorstRows.Row> worst = WorstRows.of(spark, network, w, prepared.train(), 10);
      spark.sparkContext().listenerBus().waitUntilEmpty();
      assertThat(worst.stream().map(row -> row.features()[width - 1]))
          .containsExactly(199f, 198f, 197f, 196f, 195f, 194f, 193f, 192f, 191f, 190f);
      assertThat(sent.get()).isBetween(800_000L, 1_200_000L);
    } finally {
      spark.sparkContext().removeSparkListener(listener);
    }
  }

  /** Of a session that runs Kryo with spark.kryo.registrationRequired. */
  @Test
  void whatTasksSendBackNeedsNoRegistration() {
    SparkConf conf =
        new SparkConf(false)
            .set("spark.kryo.registrationRequired", "true")
            .set("spark.kryo.registrator", KryoRegistration.class.getName());
    SerializerInstance kryo = new KryoSerializer(conf).newInstance();
    ClassTag<float[]> tag = ClassTag$.MODULE$.apply(float[].class);
    float[] read = kryo.deserialize(kryo.serialize(new float[] {1, 2}, tag), tag);
    assertThat(read).containsExactly(1, 2);
    ClassTag<double[]> doubles = ClassTag$.MODULE$.apply(double[].class);
    double[] places = kryo.deserialize(kryo.serialize(new double[] {1, 2}, doubles), doubles);
    assertThat(places).containsExactly(1, 2);
  }
}
