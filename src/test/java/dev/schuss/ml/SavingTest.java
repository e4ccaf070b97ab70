package dev.schuss.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.schuss.model.Feature;
import dev.schuss.model.FittedModel;
import dev.schuss.model.Invalid;
import dev.schuss.model.Predictor;
import dev.schuss.model.Preprocessing;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkException;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.classification.OneVsRest;
import org.apache.spark.ml.classification.OneVsRestModel;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.feature.StandardScaler;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.ml.tuning.TrainValidationSplit;
import org.apache.spark.ml.tuning.TrainValidationSplitModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Estimators, models, and what of Spark holds them, on their way through a folder. */
class SavingTest {
  @TempDir Path temp;
  private static Dataset<Row> rows;
  private static NeuralNetworkClassificationModel model;

  @BeforeAll
  static void fit() {
    rows = Rows.multinomial(60, 1).cache();
    model =
        new NeuralNetworkClassifier()
            .setLayers(new int[] {4, 5, 3})
            .setMaxIter(4)
            .setThresholds(new double[] {0.5, 0.3, 0.2})
            .fit(rows);
  }

  private String at(String name) {
    return temp.resolve(name).toString();
  }

  private static void samePredictions(Dataset<Row> a, Dataset<Row> b) {
    assertThat(a.collectAsList()).isEqualTo(b.collectAsList());
  }

  @Test
  void everyParamOfAnEstimatorComesBack() throws IOException {
    NeuralNetworkClassifier estimator =
        new NeuralNetworkClassifier()
            .setLayers(new int[] {4, 5, 3})
            .setActivation("relu")
            .setDropout(0.25)
            .setSolver("gd")
            .setMaxIter(7)
            .setTol(1e-3)
            .setStepSize(0.5)
            .setBlockSize(64)
            .setInitialWeights(Vectors.dense(1, 2, 3))
            .setOptimizer("rule = adam, learningRate = 0.1")
            .setSchedule("{ kind = cosine }")
            .setBatchSize(9)
            .setEpochs(8)
            .setEarlyStoppingPatience(2)
            .setSeed(-5L)
            .setReduction("ordered")
            .setAggregationDepth(3)
            .setCheckpointDir("somewhere")
            .setCheckpointInterval(-1)
            .setResume("never")
            .setJob("train { epochs = 2 }")
            .setNetwork("layers = []")
            .setInitialModel("elsewhere")
            .setWeightCol("w")
            .setValidationIndicatorCol("v")
            .setHandleInvalid("skip")
            .setFeaturesCol("f")
            .setLabelCol("l")
            .setPredictionCol("p")
            .setRawPredictionCol("r")
            .setProbabilityCol("q")
            .setThresholds(new double[] {1, 2, 3});
    estimator.write().overwrite().save(at("estimator"));
    NeuralNetworkClassifier loaded = NeuralNetworkClassifier.load(at("estimator"));
    assertThat(loaded.uid()).isEqualTo(estimator.uid());
    assertThat(loaded.params()).hasSameSizeAs(estimator.params());
    for (var param : estimator.params()) {
      assertThat(estimator.isSet(param)).as(param.name()).isTrue();
      assertThat(loaded.getOrDefault(loaded.getParam(param.name())))
          .as(param.name())
          .usingRecursiveComparison()
          .isEqualTo(estimator.getOrDefault(param));
    }
  }

  @Test
  void aModelComesBack() throws IOException {
    model.save(at("model"));
    NeuralNetworkClassificationModel loaded = NeuralNetworkClassificationModel.load(at("model"));
    assertThat(loaded.uid()).isEqualTo(model.uid());
    assertThat(loaded.weights()).isEqualTo(model.weights());
    assertThat(loaded.explainParams()).isEqualTo(model.explainParams());
    assertThat(loaded.hasSummary()).isFalse();
    assertThatThrownBy(loaded::summary)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(model.uid());
    samePredictions(loaded.transform(rows), model.transform(rows));
    float[] scores = new float[3];
    Vector first = Rows.vectors(rows, "features").get(0);
    Predictor.load(temp.resolve("model/model")).scores(first.toArray(), scores); // without Spark
    assertThat((double) scores[1]).isEqualTo(model.predictRaw(first).apply(1));
    assertThatThrownBy(() -> model.save(at("model"))).isInstanceOf(IOException.class);
    model.write().overwrite().save(at("model"));
  }

  @Test
  void theFilesHaveTheRuleForBadRowsThatTheParamHas() throws IOException {
    NeuralNetworkClassificationModel lenient =
        model.copy(new ParamMap().put(model.handleInvalid(), "keep"));
    lenient.save(at("lenient"));
    FittedModel files =
        ModelFiles.read(new org.apache.hadoop.fs.Path(at("lenient")), new Configuration());
    assertThat(files.preprocessing().invalid()).isEqualTo(Invalid.KEEP);
    model.save(at("strict"));
    files = ModelFiles.read(new org.apache.hadoop.fs.Path(at("strict")), new Configuration());
    assertThat(files.preprocessing().invalid()).isEqualTo(Invalid.ERROR);
  }

  /** A file lies where the folder goes. */
  @Test
  void whatCannotBeWrittenIsAnIoException() throws IOException {
    Files.writeString(temp.resolve("file"), "");
    assertThatThrownBy(() -> model.write().saveImpl(at("file"))).isInstanceOf(IOException.class);
  }

  @Test
  void aModelIsReadByTheSessionThatIsGiven() throws IOException {
    model.save(at("model"));
    SparkSession given = rows.sparkSession();
    SparkSession.clearActiveSession();
    SparkSession.clearDefaultSession();
    try {
      NeuralNetworkClassificationModel.read().session(given).load(at("model"));
      assertThat(SparkSession.getDefaultSession().isEmpty()).isTrue(); // nobody made another
    } finally {
      SparkSession.setDefaultSession(given);
      SparkSession.setActiveSession(given);
    }
  }

  @Test
  void aModelCrossesTheNetwork() throws IOException, ClassNotFoundException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(model);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      NeuralNetworkClassificationModel sent = (NeuralNetworkClassificationModel) in.readObject();
      assertThat(sent.predictRaw(Vectors.dense(1, 2, 3, 4)))
          .isEqualTo(model.predictRaw(Vectors.dense(1, 2, 3, 4)));
    }
  }

  @Test
  void copiesKeepWhatTheyHold() {
    NeuralNetworkClassificationModel copy =
        model.copy(new ParamMap().put(model.predictionCol(), "said"));
    assertThat(copy.uid()).isEqualTo(model.uid());
    assertThat(copy.parent()).isSameAs(model.parent());
    assertThat(copy.summary()).isSameAs(model.summary());
    samePredictions(copy.transform(rows), model.transform(rows));
    assertThat(copy.transform(rows).columns()).contains("said");
  }

  @Test
  void aPipelineComesBack() throws IOException {
    Pipeline pipeline =
        new Pipeline()
            .setStages(
                new PipelineStage[] {
                  new StandardScaler().setInputCol("features").setOutputCol("scaled"),
                  new NeuralNetworkClassifier()
                      .setLayers(new int[] {4, 3})
                      .setMaxIter(3)
                      .setFeaturesCol("scaled")
                });
    pipeline.save(at("pipeline"));
    PipelineModel fitted = Pipeline.load(at("pipeline")).fit(rows);
    fitted.save(at("fitted"));
    samePredictions(PipelineModel.load(at("fitted")).transform(rows), fitted.transform(rows));
  }

  @Test
  void aCrossValidationComesBack() throws IOException {
    NeuralNetworkClassifier estimator =
        new NeuralNetworkClassifier().setLayers(new int[] {4, 3}).setOptimizer("adam");
    ParamMap[] grid =
        new ParamGridBuilder()
            .addGrid(estimator.stepSize(), new double[] {1e-9, 0.1})
            .addGrid(estimator.epochs(), new int[] {5})
            .build();
    CrossValidator validator =
        new CrossValidator()
            .setEstimator(estimator)
            .setEstimatorParamMaps(grid)
            .setEvaluator(new MulticlassClassificationEvaluator())
            .setNumFolds(2)
            .setParallelism(2)
            .setSeed(1);
    validator.save(at("cv"));
    CrossValidatorModel best = CrossValidator.load(at("cv")).fit(rows);
    assertThat(((NeuralNetworkClassificationModel) best.bestModel()).getStepSize()).isEqualTo(0.1);
    best.save(at("best"));
    samePredictions(CrossValidatorModel.load(at("best")).transform(rows), best.transform(rows));
  }

  @Test
  void aTrainValidationSplitComesBack() throws IOException {
    NeuralNetworkRegressor estimator =
        new NeuralNetworkRegressor().setLayers(new int[] {4, 1}).setMaxIter(3);
    TrainValidationSplitModel fitted =
        new TrainValidationSplit()
            .setEstimator(estimator)
            .setEstimatorParamMaps(
                new ParamGridBuilder().addGrid(estimator.maxIter(), new int[] {1, 3}).build())
            .setEvaluator(new org.apache.spark.ml.evaluation.RegressionEvaluator())
            .setSeed(1)
            .fit(rows);
    fitted.save(at("split"));
    samePredictions(
        TrainValidationSplitModel.load(at("split")).transform(rows), fitted.transform(rows));
  }

  @Test
  void oneVersusTheRestTakesIt() throws IOException {
    OneVsRestModel fitted =
        new OneVsRest()
            .setClassifier(
                new NeuralNetworkClassifier().setLayers(new int[] {4, 4, 2}).setMaxIter(10))
            .fit(rows);
    assertThat(fitted.models()).hasSize(3);
    fitted.save(at("rest"));
    Dataset<Row> out = OneVsRestModel.load(at("rest")).transform(rows);
    assertThat(Rows.numbers(out, "prediction"))
        .isEqualTo(Rows.numbers(fitted.transform(rows), "prediction"))
        .contains(0.0, 1.0);
  }

  @Test
  void goesOnFromASavedModel() throws IOException {
    model.save(at("model"));
    NeuralNetworkClassifier estimator =
        new NeuralNetworkClassifier()
            .setLayers(new int[] {4, 5, 3})
            .setMaxIter(3)
            .setInitialModel(at("model"));
    NeuralNetworkClassificationModel more = estimator.fit(rows);
    double[] before = model.summary().objectiveHistory();
    assertThat(more.summary().objectiveHistory()[0])
        .isCloseTo(before[before.length - 1], org.assertj.core.api.Assertions.within(1e-5));
    estimator.setInitialModel(at("model/model")); // as schuss train has it, without metadata
    assertThat(estimator.fit(rows).weights()).isEqualTo(more.weights());
    assertThatThrownBy(() -> estimator.setLayers(new int[] {4, 6, 3}).fit(rows))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("units=6")
        .hasMessageContaining("set the same layers");
    assertThatThrownBy(() -> estimator.setInitialModel(at("nowhere")).fit(rows))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("initialModel = " + at("nowhere"));
    estimator.clear(estimator.initialModel());
    estimator.clear(estimator.layers());
    estimator.setNetwork(
        "layers = [ { type = dense, units = 6 } ], from = \"%s\"".formatted(at("model")));
    assertThatThrownBy(() -> estimator.fit(rows))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("model.from = " + at("model") + ": model.layers[0] is");
  }

  @Test
  void anEstimatorThatStartsFromAModelComesBack() throws IOException {
    NeuralNetworkClassifier warm =
        new NeuralNetworkClassifier()
            .setLayers(new int[] {4, 5, 3})
            .setMaxIter(2)
            .setInitialModel(model);
    warm.save(at("warm"));
    assertThat(NeuralNetworkClassifier.load(at("warm")).fit(rows).weights())
        .isEqualTo(warm.fit(rows).weights());
    CrossValidatorModel best =
        new CrossValidator()
            .setEstimator(warm)
            .setEstimatorParamMaps(
                new ParamGridBuilder().addGrid(warm.maxIter(), new int[] {1}).build())
            .setEvaluator(new MulticlassClassificationEvaluator())
            .setNumFolds(2)
            .setSeed(1)
            .fit(rows);
    best.save(at("best"));
    samePredictions(CrossValidatorModel.load(at("best")).transform(rows), best.transform(rows));
    Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {warm});
    pipeline.save(at("pipeline"));
    pipeline.write().overwrite().save(at("pipeline"));
    samePredictions(
        Pipeline.load(at("pipeline")).fit(rows).transform(rows),
        pipeline.fit(rows).transform(rows));
  }

  /** As {@code schuss train} leaves one that was trained on single columns. */
  private String scaled(Feature... inputs) throws IOException {
    Preprocessing p = model.model().preprocessing();
    Preprocessing columns =
        new Preprocessing(
            p.task(),
            List.of(inputs),
            p.labels(),
            p.classes(),
            p.invalid(),
            new float[] {0, 1, 0, 0},
            new float[] {16, 16, 16, 8});
    FittedModel trained = model.model();
    FittedModel out =
        new FittedModel(trained.network(), trained.weights(), columns, trained.provenance());
    ModelFiles.write(out, new org.apache.hadoop.fs.Path(at("trained")), new Configuration());
    return at("trained");
  }

  @Test
  void aWarmStartKeepsTheScaling() throws IOException {
    NeuralNetworkClassifier estimator =
        new NeuralNetworkClassifier().setLayers(new int[] {4, 5, 3}).setMaxIter(1);
    estimator.setInitialModel(
        scaled(Feature.number("a"), Feature.number("b"), Feature.number("c"), Feature.number("d")));
    Preprocessing kept = estimator.fit(rows).model().preprocessing();
    assertThat(kept.shift()).containsExactly(0, 1, 0, 0);
    assertThat(kept.divisor()).containsExactly(16, 16, 16, 8);
    assertThat(kept.features()).containsExactly("features");
  }

  @Test
  void aWarmStartThatCannotKeepTheScalingIsRefused() throws IOException {
    NeuralNetworkClassifier estimator =
        new NeuralNetworkClassifier().setLayers(new int[] {4, 5, 3}).setMaxIter(1);
    estimator.setInitialModel(
        scaled(Feature.number("a"), Feature.category("b", List.of("x", "y"), true)));
    assertThatThrownBy(() -> estimator.fit(rows))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("initialModel = " + at("trained") + ": it scales its inputs");
  }

  @Test
  void aDamagedOrNewerModelIsRefused() throws IOException {
    model.save(at("model"));
    Path description = temp.resolve("model/model/model.json");
    String text = Files.readString(description);
    Files.delete(temp.resolve("model/model/.model.json.crc"));
    Files.writeString(description, text.replace("schuss-model/1", "schuss-model/9"));
    assertRefused("format is schuss-model/9, which a newer Schuss wrote");
    Files.writeString(description, text.substring(0, text.length() / 2));
    assertRefused("model.json");
    Files.writeString(description, text);
    NeuralNetworkClassificationModel.load(at("model"));
    Path weights = temp.resolve("model/model/model.safetensors");
    Files.delete(temp.resolve("model/model/.model.safetensors.crc"));
    byte[] bytes = Files.readAllBytes(weights);
    bytes[bytes.length - 1] ^= 1;
    Files.write(weights, bytes);
    assertRefused("checksum");
    Files.delete(weights);
    assertRefused("model.safetensors: no such file");
    Files.delete(description);
    assertRefused("model.json");
    Throwable theirs = catchThrowable(() -> LogisticRegressionModel.load(at("nowhere")));
    assertThatThrownBy(() -> NeuralNetworkClassificationModel.load(at("nowhere")))
        .hasSameClassAs(theirs)
        .hasMessage(theirs.getMessage());
  }

  private void assertRefused(String message) {
    assertThatThrownBy(() -> NeuralNetworkClassificationModel.load(at("model")))
        .isInstanceOf(SparkException.class)
        .hasMessageContaining(message)
        .hasMessageContaining(at("model"));
  }

  @Test
  void aModelOfAnotherClassIsRefused() throws IOException {
    model.save(at("model"));
    assertAnotherClass(
        () -> AutoencoderModel.load(at("model")), "NeuralNetworkClassificationModel");
    assertAnotherClass(() -> NeuralNetworkClassifier.load(at("model")), "ClassificationModel");
    new Pipeline().setStages(new PipelineStage[0]).fit(rows).save(at("pipeline"));
    assertAnotherClass(
        () -> NeuralNetworkClassificationModel.load(at("pipeline")), "ml.PipelineModel");
  }

  private static void assertAnotherClass(ThrowingCallable load, String found) {
    assertThatThrownBy(load)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(found + ", not a dev.schuss.ml.");
  }

  /** Hadoop's own checksums tell of the damage. */
  @Test
  void aDamagedFileWithItsChecksumIsRefused() throws IOException {
    model.save(at("model"));
    for (String name : new String[] {"model.json", "model.safetensors"}) {
      Path file = temp.resolve("model/model").resolve(name);
      byte[] whole = Files.readAllBytes(file);
      byte[] damaged = whole.clone();
      damaged[damaged.length / 2] ^= 1;
      Files.write(file, damaged);
      assertRefused("model");
      NeuralNetworkClassifier estimator =
          new NeuralNetworkClassifier().setLayers(new int[] {4, 5, 3}).setInitialModel(at("model"));
      assertThatThrownBy(() -> estimator.fit(rows))
          .isInstanceOf(SparkException.class)
          .hasMessageContaining("initialModel = " + at("model"));
      Files.write(file, whole);
    }
    NeuralNetworkClassificationModel.load(at("model"));
  }
}
