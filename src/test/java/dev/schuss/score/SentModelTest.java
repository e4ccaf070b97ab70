package dev.schuss.score;

import static org.assertj.core.api.Assertions.assertThat;

import dev.schuss.TestSpark;
import dev.schuss.model.Feature;
import dev.schuss.model.FittedModel;
import dev.schuss.model.Invalid;
import dev.schuss.model.Preprocessing;
import dev.schuss.nn.Network;
import dev.schuss.objective.Task;
import java.lang.ref.SoftReference;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;

class SentModelTest {

  /** Where a driver scores with one model after the other, none but the last may be read. */
  @Test
  void modelsThatMemoryWasTakenFromLeaveNoEntry() {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(TestSpark.session().sparkContext());
    Network network = Network.input(1).regression(1);
    FittedModel model =
        new FittedModel(
            network,
            network.initialWeights(1),
            new Preprocessing(
                Task.REGRESSION,
                List.of(Feature.number("x")),
                List.of("y"),
                null,
                Invalid.ERROR,
                null,
                null),
            FittedModel.Provenance.defaults("0.1.0", 1, 2));
    SentModel first = new SentModel(spark, model);
    SentModel.HERE.values().forEach(SoftReference::clear);
    SentModel second = new SentModel(spark, model);
    assertThat(SentModel.HERE).hasSize(1);
    assertThat(second.model()).isSameAs(model);
    assertThat(first.model().weights()).isEqualTo(model.weights()); // from the broadcast
  }
}
