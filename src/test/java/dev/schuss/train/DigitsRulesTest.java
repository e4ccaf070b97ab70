package dev.schuss.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.schuss.Digits;
import dev.schuss.Generated;
import dev.schuss.data.Block;
import dev.schuss.data.LocalBlocks;
import dev.schuss.data.ShortBatch;
import dev.schuss.nn.Activation;
import dev.schuss.nn.Network;
import dev.schuss.optim.Optimizer;
import dev.schuss.spec.Overrides;
import dev.schuss.spec.Section;
import dev.schuss.spec.Vocabulary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * How well every minibatch rule trains the digits, over ten seeds, beside an independent
 * implementation. The results are a table of the documentation, whose blocks a job file can take.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DigitsRulesTest {
  private static final Path PAGE = Path.of("docs/rules.md");
  private static final int SEEDS = 10;
  private static final int EPOCHS = 30;
  private static final int BATCH = 128;

  /** So many seeds the page is written from; a build repeats the first ten. */
  private static final int MANY = 100;

  private static final List<float[]> TRAIN = Digits.rows(Digits.TRAIN);
  private static final List<float[]> TEST = Digits.rows(Digits.TEST);
  private static final Map<String, List<Run>> RUNS = new ConcurrentHashMap<>();

  /**
   * A rule and what the reference reached with it.
   *
   * @param accuracy mean test accuracy of the reference's three seeds, in percent
   * @param loss their mean final train loss
   * @param tolerance between the two means, in points
   */
  private record Rule(String name, String block, double accuracy, double loss, double tolerance) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** One training: test accuracy in percent, and the loss over all training rows at its end. */
  private record Run(double accuracy, double loss) {}

  /** Several trainings: test accuracies in percent, ascending, and the mean final train loss. */
  private record Result(double[] accuracies, double loss) {
    static Result of(List<Run> runs) {
      return new Result(
          runs.stream().mapToDouble(Run::accuracy).sorted().toArray(),
          runs.stream().mapToDouble(Run::loss).average().orElseThrow());
    }

    double mean() {
      return Arrays.stream(accuracies).average().orElseThrow();
    }

    double median() {
      int n = accuracies.length;
      return (accuracies[(n - 1) / 2] + accuracies[n / 2]) / 2;
    }
  }

  static List<Rule> rules() {
    return List.of(
        rule("SGD", "rule = sgd, learningRate = 1", 97.22, 0.02730, 1),
        rule("momentum", "rule = momentum, learningRate = 0.3", 97.59, 0.00309, 1),
        rule("Nesterov", "rule = nesterov, learningRate = 0.3", 97.78, 0.00369, 1),
        rule("AdaGrad", "rule = adagrad, learningRate = 0.1", 96.57, 0.04040, 1),
        rule("AdaDelta", "rule = adadelta, learningRate = 10", 97.78, 0.00365, 1),
        rule("RMSProp", "rule = rmsprop, learningRate = 0.01", 97.78, 0.00576, 1),
        rule("Adam", "rule = adam, learningRate = 0.1", 96.85, 0.00162, 1),
        rule("AMSGrad", "rule = amsgrad, learningRate = 0.03", 98.06, 0.00215, 1),
        rule("AdamW", "rule = adamw, learningRate = 0.03", 97.96, 0.00289, 1),
        rule("NAdam", "rule = nadam, learningRate = 0.03", 97.78, 0.00253, 1),
        rule("RAdam", "rule = radam, learningRate = 0.1", 97.96, 0.00223, 1),
        rule("NovoGrad", "rule = novograd, learningRate = 0.03", 96.94, 0.02331, 2),
        rule("LARS", "rule = lars, learningRate = 0.3, trustCoefficient = 0.02", 96.76, 0.01768, 2),
        rule("LAMB", "rule = lamb, learningRate = 0.01", 96.57, 0.00873, 1),
        rule("Lion", "rule = lion, learningRate = 0.003", 96.39, 0.00374, 2),
        rule(
            "Lookahead(Adam)",
            "rule = adam, learningRate = 0.1, lookahead { every = 5, alpha = 0.5 }",
            97.22,
            0.00371,
            1),
        rule(
            "Lookahead(RAdam)",
            "rule = radam, learningRate = 0.3, lookahead { every = 5, alpha = 0.5 }",
            97.96,
            0.00074,
            1));
  }

  private static Rule rule(
      String name, String keys, double accuracy, double loss, double tolerance) {
    return new Rule(name, "{ " + keys + " }", accuracy, loss, tolerance);
  }

  @ParameterizedTest
  @MethodSource("rules")
  @Order(1)
  void reachesTheReference(Rule rule) {
    Optimizer optimizer =
        Vocabulary.binder()
            .read(
                Section.ofText(rule.block(), rule.name(), Overrides.NONE).asValue(),
                Optimizer.class);
    List<Run> runs =
        LongStream.range(0, Generated.writing() ? MANY : SEEDS)
            .parallel()
            .mapToObj(seed -> train(optimizer, seed))
            .toList();
    RUNS.put(rule.name(), runs);
    System.out.println(row(rule, runs));

    Result result = Result.of(runs.subList(0, SEEDS));
    assertThat(result.mean()).as("mean").isCloseTo(rule.accuracy(), within(rule.tolerance()));
    assertThat(result.median()).as("median").isCloseTo(rule.accuracy(), within(1.0));
  }

  private static Run train(Optimizer optimizer, long seed) {
    // Blocks of its own, since a block keeps the order of the last seed's rows alone.
    List<Block> train = blocks(TRAIN);
    Network network = Network.input(64).dense(64, Activation.RELU).output(10);
    TrainingResult result =
        Trainer.local()
            .network(network)
            .optimizer(optimizer)
            .batchSize(BATCH)
            .shortBatch(ShortBatch.SPREAD)
            .epochs(EPOCHS)
            .seed(seed)
            .fit(train, null);
    assertThat(result.status()).isEqualTo(TrainingResult.Status.COMPLETED);
    assertThat(result.steps()).isEqualTo(360);
    try (LocalRounds rows = new LocalRounds(network, train, train, blocks(TEST))) {
      float[] w = result.weights();
      double accuracy = rows.test(w).figures().get("accuracy");
      return new Run(100 * accuracy, rows.validate(w).meanLoss());
    }
  }

  /** The rules must be the same; the figures may differ as other processors round. */
  @Test
  @Order(2)
  void thePageShowsThem() {
    if (Generated.writing()) {
      assertThat(RUNS).as("run the whole class to write %s", PAGE).hasSameSizeAs(rules());
      List<String> table = new ArrayList<>(header());
      rules().forEach(rule -> table.add(row(rule, RUNS.get(rule.name()))));
      Generated.write(PAGE, "digits", table);
    }
    List<String> lines = Generated.read(PAGE, "digits");
    assertThat(lines.subList(0, 2)).isEqualTo(header());
    List<String[]> rows =
        lines.subList(2, lines.size()).stream().map(line -> line.split(" \\| ", -1)).toList();
    assertThat(rows)
        .as("%s; -Dschuss.docs=write writes it anew", PAGE)
        .extracting(cells -> cells[0] + " | " + cells[1] + " | " + cells[5] + " | " + cells[7])
        .containsExactlyElementsOf(rules().stream().map(DigitsRulesTest::fixed).toList());
    for (int i = 0; i < rows.size(); i++) {
      Rule rule = rules().get(i);
      assertThat(Double.parseDouble(rows.get(i)[2].split(" ", 2)[0]))
          .as(rule.name())
          .isCloseTo(rule.accuracy(), within(rule.tolerance()));
      assertThat(Double.parseDouble(rows.get(i)[4]))
          .as("%s, a hundred seeds", rule.name())
          .isCloseTo(rule.accuracy(), within(rule.tolerance()));
    }
  }

  private static List<String> header() {
    return List.of(
        "| rule | `optimizer` | mean test accuracy, % (min..max), 10 seeds | median | mean, 100 seeds | reference | final train loss, 10 seeds | reference |",
        "|---|---|---|---|---|---|---|---|");
  }

  private static String row(Rule rule, List<Run> runs) {
    Result ten = Result.of(runs.subList(0, SEEDS));
    double[] accuracies = ten.accuracies();
    return String.format(
        Locale.ROOT,
        "| %s | `%s` | %.2f (%.2f..%.2f) | %.2f | %.2f | %.2f | %.5f | %.5f |",
        rule.name(),
        rule.block(),
        ten.mean(),
        accuracies[0],
        accuracies[accuracies.length - 1],
        ten.median(),
        Result.of(runs).mean(),
        rule.accuracy(),
        ten.loss(),
        rule.loss());
  }

  /** The cells that were not measured here. */
  private static String fixed(Rule rule) {
    return String.format(
        Locale.ROOT,
        "| %s | `%s` | %.2f | %.5f |",
        rule.name(),
        rule.block(),
        rule.accuracy(),
        rule.loss());
  }

  private static List<Block> blocks(List<float[]> rows) {
    float[] features = new float[rows.size() * 64];
    float[] labels = new float[rows.size()];
    for (int r = 0; r < labels.length; r++) {
      for (int j = 0; j < 64; j++) {
        features[r * 64 + j] = rows.get(r)[j] / 16;
      }
      labels[r] = rows.get(r)[64];
    }
    return LocalBlocks.of(features, 64, labels, 1, null, null, 1);
  }
}
