package dev.schuss.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.schuss.TestSpark;
import dev.schuss.train.RoundReport;
import dev.schuss.train.TrainingListener;
import dev.schuss.train.TrainingResult;
import dev.schuss.train.TrainingResult.Status;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkContext;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody hears of a fit, and ends it. */
class ListenerTest {
  private static final String GROUP = "paragraph of spark.ml";

  @TempDir Path temp;

  private final SparkContext context = TestSpark.session().sparkContext();
  private final List<TrainingResult> heard = new ArrayList<>();

  /** Ends every training after a few rounds. */
  private final TrainingListener canceller =
      new TrainingListener() {
        @Override
        public void round(RoundReport report) {
          if (report.step() >= 3) {
            context.cancelJobGroup(GROUP);
          }
        }

        @Override
        public void ended(TrainingResult result) {
          heard.add(result);
        }
      };

  private static NeuralNetworkClassifier classifier() {
    return new NeuralNetworkClassifier()
        .setLayers(new int[] {2, 4, 2})
        .setOptimizer("adam")
        .setTol(0)
        .setEpochs(1000);
  }

  @Test
  void hearsOfEveryEstimatorAndOfTheirCopies() throws Exception {
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void ended(TrainingResult result) {
            heard.add(result);
          }
        };
    NeuralNetworkClassifier first = classifier().setEpochs(2).setListener(listener);
    first.copy(new ParamMap()).fit(Rows.xor());
    new NeuralNetworkRegressor()
        .setLayers(new int[] {2, 1})
        .setListener(listener)
        .copy(new ParamMap())
        .fit(Rows.xor());
    new Autoencoder()
        .setLayers(new int[] {2, 1, 2})
        .setListener(listener)
        .copy(new ParamMap())
        .fit(Rows.xor());
    assertThat(heard).hasSize(3);
    first.setListener(null).fit(Rows.xor());
    assertThat(heard).hasSize(3);
    String saved = temp.resolve("saved").toString();
    first.setListener(listener).write().save(saved);
    assertThat(NeuralNetworkClassifier.load(saved).held().listener).isNull();
  }

  @Test
  void aCancelledFitIsAModelOfTheLastWeights() {
    context.setJobGroup(GROUP, "a notebook's", false);
    NeuralNetworkClassificationModel model;
    try {
      model = classifier().setListener(canceller).fit(Rows.xor());
    } finally {
      context.clearJobGroup();
    }
    assertThat(model.summary().result().status()).isEqualTo(Status.CANCELLED);
    assertThat(model.summary().reason()).contains("its Spark jobs were cancelled").contains(GROUP);
    assertThat(model.model().weights()).isEqualTo(heard.get(0).weights());
    assertThat(heard.get(0).steps()).isBetween(3L, 999L);
    assertThat(model.transform(Rows.xor()).count()).isEqualTo(4);
  }

  @Test
  void aCancelledFitOfManyEndsAllFolds() {
    context.setJobGroup(GROUP, "a notebook's", false);
    NeuralNetworkClassifier one =
        classifier().setLayers(new int[] {4, 4, 3}).setListener(canceller);
    CrossValidator validator =
        new CrossValidator()
            .setEstimator(one)
            .setEstimatorParamMaps(
                new ParamMap[] {new ParamMap(), new ParamMap().put(one.seed(), 5L)})
            .setEvaluator(new MulticlassClassificationEvaluator())
            .setNumFolds(2);
    try {
      assertThatThrownBy(() -> validator.fit(Rows.multinomial(40, 1)))
          .hasStackTraceContaining("training cancelled after");
    } finally {
      context.clearJobGroup();
    }
    assertThat(heard).as("of four: no second fold").hasSize(2);
  }
}
