package dev.schuss.ml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.schuss.TestSpark;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.Params;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The params as Spark sees them; and a stream. */
class ParamsTest {
  @TempDir Path temp;

  static Stream<Params> stages() {
    return Stream.of(
        new NeuralNetworkClassifier(),
        new NeuralNetworkClassificationModel("ncm"),
        new NeuralNetworkRegressor(),
        new NeuralNetworkRegressionModel("nrm"),
        new Autoencoder(),
        new AutoencoderModel("aem"));
  }

  @ParameterizedTest
  @MethodSource("stages")
  void everyParamIsFoundAndExplained(Params stage) {
    for (Param<?> param : stage.params()) {
      assertThat(param.parent()).isEqualTo(stage.uid());
      assertThat(stage.getParam(param.name())).isEqualTo(param);
      assertThat(param.doc()).as(param.name()).isNotBlank().doesNotContain("\n");
    }
    String explained = stage.explainParams();
    assertThat(explained)
        .contains("maxIter: maximum number of iterations", "(default: 100)")
        .contains("(default: 1.0E-6)", "handleInvalid:", "(default: sigmoid)")
        .doesNotContain("null)", "[L", "[I@");
    assertThat(explained.lines()).hasSize(stage.params().length);
    assertThat(stage.copy(new ParamMap()).explainParams()).isEqualTo(explained);
  }

  /**
   * Whoever comes from MLlib finds every param there, with the default that it had but for some.
   */
  @Test
  void hasTheParamsOfMllib() {
    MultilayerPerceptronClassifier theirs = new MultilayerPerceptronClassifier();
    NeuralNetworkClassifier ours = new NeuralNetworkClassifier();
    List<String> others = List.of("solver", "seed", "stepSize");
    for (Param<?> param : theirs.params()) {
      assertThat(ours.hasParam(param.name())).as(param.name()).isTrue();
      assertThat(ours.getParam(param.name())).hasSameClassAs(param);
      if (theirs.isDefined(param) && !others.contains(param.name())) {
        assertThat(ours.getOrDefault(ours.getParam(param.name())))
            .as(param.name())
            .isEqualTo(theirs.getOrDefault(param));
      }
    }
    assertThat(Arrays.stream(ours.params()).map(Param::name))
        .contains("weightCol", "validationIndicatorCol", "aggregationDepth", "checkpointInterval");
  }

  @Test
  void aModelHasTheParamsThatItsEstimatorHad() {
    NeuralNetworkClassifier estimator =
        new NeuralNetworkClassifier()
            .setLayers(new int[] {2, 3, 2})
            .setMaxIter(2)
            .setHandleInvalid("skip")
            .setFeaturesCol("features");
    NeuralNetworkClassificationModel model = estimator.fit(Rows.xor());
    for (Param<?> param : estimator.params()) {
      assertThat(model.isSet(model.getParam(param.name())))
          .as(param.name())
          .isEqualTo(estimator.isSet(param));
    }
    assertThat(model.explainParams()).contains("(current: [2, 3, 2])");
    assertThat(model.getLayers()).containsExactly(2, 3, 2);
    assertThat(model.parent()).isSameAs(estimator);
    assertThat(estimator.fit(Rows.xor(), new ParamMap().put(estimator.seed(), 5L)).getSeed())
        .isEqualTo(5);
  }

  @Test
  void scoresAStream() throws Exception {
    NeuralNetworkClassificationModel model =
        new NeuralNetworkClassifier()
            .setLayers(new int[] {2, 5, 2})
            .setHandleInvalid("skip")
            .fit(Rows.xor());
    String in = temp.resolve("in").toString();
    Rows.xor().union(Rows.table(Rows.row(0.0, Double.NaN, 0))).write().parquet(in);
    Dataset<Row> stream =
        model.transform(TestSpark.session().readStream().schema(Rows.LABELLED).parquet(in));
    assertThat(stream.isStreaming()).isTrue();
    StreamingQuery query =
        stream
            .writeStream()
            .format("memory")
            .queryName("scored")
            .trigger(Trigger.AvailableNow())
            .option("checkpointLocation", temp.resolve("checkpoint").toString())
            .start();
    query.awaitTermination();
    Dataset<Row> scored = TestSpark.session().table("scored");
    assertThat(scored.count()).isEqualTo(4);
    assertThat(scored.filter("label = prediction").count()).isEqualTo(4);
  }
}
