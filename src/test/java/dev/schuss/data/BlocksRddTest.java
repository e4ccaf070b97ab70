package dev.schuss.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.schuss.Digits;
import dev.schuss.TestSpark;
import dev.schuss.model.Scaling;
import dev.schuss.objective.Task;
import java.util.List;
import org.apache.spark.SparkEnv;
import org.apache.spark.rdd.RDD;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import scala.reflect.ClassTag$;

/** Blocks travel without their lineage. */
class BlocksRddTest {
  private Prepared prepared;

  @BeforeEach
  void prepare() {
    prepared =
        DataPreparation.training(
            Digits.frame(TestSpark.session(), Digits.TRAIN),
            new Columns(List.of("pixels"), List.of("label"), null, null),
            Task.CLASSIFICATION,
            Scaling.none(),
            0,
            1,
            7);
  }

  @AfterEach
  void close() {
    prepared.close();
  }

  @Test
  void aTaskIsSentLittle() {
    assertThat(bytes(prepared.train().kept().rdd()))
        .as("with all that it was computed from")
        .isGreaterThan(8000);
    assertThat(bytes(prepared.train().rdd().rdd())).isLessThan(3000);
  }

  @Test
  void blocksThatAreThereAreNotComputedAgain() {
    List<Integer> identities = identities();

    assertThat(identities()).as("the very objects, in one JVM").isEqualTo(identities);
  }

  private List<Integer> identities() {
    return prepared.train().rdd().map(System::identityHashCode).collect();
  }

  private static int bytes(RDD<?> rdd) {
    return SparkEnv.get()
        .closureSerializer()
        .newInstance()
        .serialize(rdd, ClassTag$.MODULE$.apply(RDD.class))
        .remaining();
  }
}
