package dev.schuss.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.schuss.TestSpark;
import dev.schuss.data.Block;
import dev.schuss.data.LocalBlocks;
import dev.schuss.objective.Batch;
import dev.schuss.objective.GradientSum;
import dev.schuss.objective.Layout;
import dev.schuss.objective.Objective;
import dev.schuss.optim.Average;
import dev.schuss.optim.Clip;
import dev.schuss.optim.Group;
import dev.schuss.optim.Grouped;
import dev.schuss.optim.Lookahead;
import dev.schuss.optim.Nesterov;
import dev.schuss.optim.Optimizer;
import dev.schuss.optim.RmsPropNesterov;
import dev.schuss.optim.Schedule;
import dev.schuss.optim.Sgd;
import dev.schuss.optim.Slots;
import dev.schuss.optim.Step;
import dev.schuss.train.EarlyStopping;
import dev.schuss.train.Trainer;
import dev.schuss.train.TrainingResult;
import dev.schuss.train.TrainingResult.Status;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which weights a training takes its gradients at, evaluates, stops by and exports. */
class ResultWeightsTest {
  private static final Schedule RATE = Schedule.constant(0.25);
  private static final List<float[]> POINTS = new ArrayList<>();

  @TempDir Path temp;

  /** f(w; x) = (w0 - x)^2 / 2 + (w1 - x)^2 / 2, which notes where it is asked. */
  private static final class Distance implements Objective {
    private static final long serialVersionUID = 1;

    @Override
    public Layout layout() {
      return new Layout.Builder().add("a", true, 1).add("b", true, 1).build();
    }

    @Override
    public float[] initialWeights(long seed) {
      return new float[] {5, 3};
    }

    @Override
    public void addGradient(float[] w, Batch rows, GradientSum sum) {
      POINTS.add(w.clone());
      double loss = 0;
      for (int r = 0; r < rows.rows(); r++) {
        float x = rows.features()[r];
        for (int i = 0; i < 2; i++) {
          sum.gradient()[i] += w[i] - x;
          loss += 0.5 * (w[i] - x) * (w[i] - x);
        }
      }
      sum.addRows(loss, rows.rows(), rows.rows());
    }
  }

  /** SGD as a user of the library writes it. */
  private record OwnRule(Schedule learningRate) implements Optimizer {
    @Override
    public Slots slots() {
      return Slots.perWeight("before");
    }

    @Override
    public void step(Step s) {
      float[] before = s.perWeight("before");
      s.forEachSpan(
          p -> {
            for (int i = p.from(); i < p.to(); i++) {
              before[i] = s.w()[i];
              s.w()[i] -= (float) p.rate() * s.g()[i];
            }
          });
    }
  }

  private static List<Block> rows(float x) {
    float[] features = new float[8];
    Arrays.fill(features, x);
    return LocalBlocks.of(features, 1, features, 1, null, null, 1);
  }

  private static Trainer trainer(Optimizer rule) {
    POINTS.clear();
    return Trainer.local().objective(new Distance()).optimizer(rule).batchSize(8);
  }

  private static float[] after(int steps, Optimizer rule) {
    TrainingResult result = trainer(rule).epochs(steps).fit(rows(1), null);
    assertThat(result.steps()).isEqualTo(steps);
    return result.weights();
  }

  @Test
  void gradientsAreTakenAheadOfTheWeightsButNotOfFrozenOnes() {
    Optimizer frozen =
        new Grouped(new Nesterov(0.25, 0.5), List.of(new Group("b", null, null, null, null, true)));
    float[] end = after(4, frozen);
    double w = 5;
    double v = 0;
    assertThat(POINTS).hasSize(4);
    for (float[] point : POINTS) {
      assertThat(point[0]).isCloseTo((float) (w + 0.5 * v), within(1e-6f));
      assertThat(point[1]).isEqualTo(3);
      v = 0.5 * v - 0.25 * (point[0] - 1);
      w += v;
    }
    assertThat(end[0]).isCloseTo((float) w, within(1e-6f));
    assertThat(end[1]).isEqualTo(3);
  }

  @Test
  void rmsPropWithNesterovIsAskedAheadToo() {
    after(3, RmsPropNesterov.DEFAULTS);
    List<float[]> points = List.copyOf(POINTS);
    List<float[]> weights = new ArrayList<>();
    for (int steps = 1; steps < 3; steps++) {
      weights.add(after(steps, RmsPropNesterov.DEFAULTS));
    }
    // The step before was down, so the point lies below the weights, by momentum times that step.
    double mu = RmsPropNesterov.DEFAULTS.momentum().at(1);
    float ahead = (float) (weights.get(0)[0] + mu * (weights.get(0)[0] - 5));
    assertThat(points.get(0)[0]).isEqualTo(5);
    assertThat(points.get(1)[0]).isCloseTo(ahead, within(1e-5f)).isLessThan(weights.get(0)[0]);
  }

  @Test
  void theAverageOfTheWeightsIsWhatATrainingEvaluatesAndReturns() {
    float[] one = after(1, new Sgd(RATE, 0));
    float[] two = after(2, new Sgd(RATE, 0));
    Optimizer averaged = new Average(new Sgd(RATE, 0), Average.Kind.UNIFORM, 0.9, 1);
    TrainingResult result = trainer(averaged).epochs(2).fit(rows(1), rows(1));
    float mean = (one[0] + two[0]) / 2;
    assertThat(one[0]).isGreaterThan(two[0]);
    assertThat(result.weights()[0]).isCloseTo(mean, within(1e-6f));
    double loss = 0;
    for (float w : result.weights()) {
      loss += 0.5 * (w - 1) * (w - 1);
    }
    assertThat(result.validation().get("loss")).isCloseTo(loss, within(1e-6));
  }

  @Test
  void earlyStoppingWatchesAndRestoresTheSlowWeights() {
    // Fast weights approach the rows at once; the slow ones follow at every fourth update.
    Optimizer rule = Lookahead.of(new Sgd(RATE, 0), 4, 0.5);
    TrainingResult result =
        trainer(rule)
            .epochs(20)
            .earlyStopping(new EarlyStopping("loss", 3, 0, true))
            .fit(rows(1), rows(1));
    // The fast weights improve in every epoch; the slow ones in the fourth, and then not for three.
    assertThat(result.status()).isEqualTo(Status.EARLY_STOPPED);
    assertThat(result.epochs()).isEqualTo(7);
    assertThat(result.best().epoch()).isEqualTo(3);
    assertThat(result.history().get(2).validation().get("loss")).isEqualTo(0.5 * (16 + 4));
    assertThat(result.weights()).isEqualTo(after(4, rule));
    double fast = 1 + 4 * Math.pow(0.75, 4);
    assertThat(result.weights()[0]).isCloseTo((float) (5 + 0.5 * (fast - 5)), within(1e-6f));
  }

  @Test
  void aRuleOfAUsersOwnTrainsLikeOurs() {
    assertThat(after(5, new OwnRule(RATE))).isEqualTo(after(5, new Sgd(RATE, 0)));
    Optimizer own = Average.ema(Lookahead.of(Clip.globalNorm(new OwnRule(RATE), 1), 2, 0.5), 0.5);
    Optimizer ours = Average.ema(Lookahead.of(Clip.globalNorm(new Sgd(RATE, 0), 1), 2, 0.5), 0.5);
    assertThat(after(5, own)).isEqualTo(after(5, ours));
  }

  @Test
  void theModelThatAJobExportsHasTheSlowWeights() throws IOException {
    // Without a synchronisation the slow weights are those of the start, whatever the fast ones do.
    byte[] slowly = exported("slowly", 0.1, 1000);
    assertThat(exported("fast", 0.3, 1000)).isEqualTo(slowly);
    assertThat(exported("synchronised", 0.3, 3)).isNotEqualTo(slowly);
  }

  private byte[] exported(String name, double rate, int every) throws IOException {
    Path dir = temp.resolve(name);
    String optimizer =
        "optimizer={ rule = momentum, learningRate = %s, lookahead { every = %d } }"
            .formatted(rate, every);
    JobFile job =
        JobReader.read(
            "jobs/digits.conf", List.of("train.epochs=1", optimizer, "output.dir=" + dir));
    try (Cancellation cancellation = Cancellation.install()) {
      PrintStream out =
          new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
      TrainingResult result =
          new Run(job, TestSpark.session(), cancellation, out, false).train().result();
      assertThat(result.steps()).isBetween(3L, 999L);
    }
    return Files.readAllBytes(dir.resolve("model/model.safetensors"));
  }
}
