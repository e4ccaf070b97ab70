package dev.schuss.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.schuss.math.Range;
import dev.schuss.math.Ranges;
import dev.schuss.nn.Activation;
import dev.schuss.nn.Dense;
import dev.schuss.nn.Initializer;
import dev.schuss.nn.Layer;
import dev.schuss.nn.Loss;
import dev.schuss.nn.MeanSquaredError;
import dev.schuss.nn.Network;
import dev.schuss.nn.SoftmaxCrossEntropy;
import dev.schuss.objective.Task;
import dev.schuss.optim.Adam;
import dev.schuss.optim.Lookahead;
import dev.schuss.optim.Momentum;
import dev.schuss.optim.Optimizer;
import dev.schuss.optim.Schedule;
import dev.schuss.optim.Sgd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BinderTest {
  record Stopping(String metric, @Range(min = 1) int patience) {
    static final Stopping DEFAULTS = new Stopping("loss", 5);

    Stopping {
      Ranges.check(Stopping.class, metric, patience);
    }
  }

  record Train(
      @Range(min = 1) int batchSize,
      Long maxSteps,
      Duration maxTime,
      @Range(min = 0, below = 1) double fraction,
      boolean overwrite,
      Stopping earlyStopping) {
    static final Train DEFAULTS = new Train(128, null, null, 0.1, false, null);

    Train {
      Ranges.check(Train.class, batchSize, maxSteps, maxTime, fraction, overwrite, earlyStopping);
      if (maxSteps != null && maxTime != null) {
        throw new IllegalArgumentException("maxSteps and maxTime exclude each other");
      }
    }
  }

  record Source(String path, List<String> columns, Map<String, String> options) {
    static Source defaults(String path) {
      return new Source(path, List.of("*"), Map.of());
    }
  }

  record Job(
      String name,
      Task task,
      Source data,
      List<Layer> layers,
      Loss loss,
      Initializer initializer,
      Optimizer optimizer,
      Train train) {
    static Job defaults(String name, Source data) {
      return new Job(
          name,
          Task.CLASSIFICATION,
          data,
          List.of(),
          null,
          Initializer.HE,
          Adam.DEFAULTS,
          Train.DEFAULTS);
    }
  }

  private static final String DIGITS =
      """
      name = digits
      # the data
      data { path = "hdfs://host:9000/x", options { header = true, "a.b" = 1 } }
      layers = [
        { type = dense, units = 64 }
        { type = dense, units = 32, activation = tanh }
      ]
      loss = mse
      initializer = glorot
      optimizer { rule = adam, lr = 0.01
        beta1 = 0.8
        lookahead { alpha = 0.8 }
      }
      train { batchSize = 1e2, maxTime = 10 minutes
        earlyStopping { patience = 3 }
      }
      """;

  private static Adam adam(double rate, double beta1, double epsilon) {
    Schedule schedule = Schedule.constant(rate);
    return new Adam(schedule, Adam.Variant.EPS_OUTSIDE, beta1, 0.999, epsilon, 0, 0);
  }

  private static Job job(String text, String... overrides) {
    Section section = Section.ofText(text, "digits.conf", Overrides.of(List.of(overrides)));
    return Vocabulary.binder().bind(section, Job.class);
  }

  private static String mistake(String text, String... overrides) {
    try {
      return "no mistake: " + job(text, overrides);
    } catch (SpecException e) {
      assertThat(e.getMessage()).doesNotContain("\n");
      return e.getMessage();
    }
  }

  @Test
  void readsAWholeJob() {
    Job job = job(DIGITS);
    assertThat(job)
        .isEqualTo(
            new Job(
                "digits",
                Task.CLASSIFICATION,
                new Source(
                    "hdfs://host:9000/x", List.of("*"), Map.of("header", "true", "a.b", "1")),
                List.of(new Dense(64, Activation.RELU), new Dense(32, Activation.TANH)),
                MeanSquaredError.DEFAULTS,
                Initializer.GLOROT,
                Lookahead.of(adam(0.01, 0.8, 1e-8), 5, 0.8),
                new Train(100, null, Duration.ofMinutes(10), 0.1, false, new Stopping("loss", 3))));
  }

  @Test
  void anAbsentBlockIsItsDefaultAndAnEmptyOneIsThatOfItsRecord() {
    String top = "name = a, data { path = x }\n";
    assertThat(job(top).train().earlyStopping()).isNull();
    assertThat(job(top + "train { earlyStopping {} }").train().earlyStopping())
        .isEqualTo(Stopping.DEFAULTS);
    assertThat(job(top).optimizer()).isEqualTo(Adam.DEFAULTS);
    assertThat(job(top + "optimizer { lookahead {} }").optimizer())
        .isEqualTo(Lookahead.of(Adam.DEFAULTS, 5, 0.5));
    assertThat(job(top + "optimizer { lookahead = null }").optimizer()).isEqualTo(Adam.DEFAULTS);
    assertThat(job(top + "optimizer = sgd").optimizer()).isEqualTo(Sgd.DEFAULTS);
  }

  @Test
  void readsEachRuleAndItsAliases() {
    String top = "name = a, data { path = x }\n";
    assertThat(job(top + "optimizer { rule = momentum, momentum = 0.5, weight_decay = 2 }"))
        .extracting(Job::optimizer)
        .isEqualTo(
            new Momentum(
                Schedule.constant(0.01),
                Momentum.Variant.LR_OUTSIDE,
                Schedule.constant(0.5),
                2,
                0));
    assertThat(job(top + "optimizer { rule = adam, eps = 0.1, lookahead { k = 7 } }"))
        .extracting(Job::optimizer)
        .isEqualTo(Lookahead.of(adam(0.001, 0.9, 0.1), 7, 0.5));
  }

  /** Line, replaced by, and the error; digits.conf: stands before each. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // unknown keys
        "beta1 = 0.8|betta1 = 0.8|11: optimizer.betta1: unknown key of rule adam; did you mean beta1?",
        "beta1 = 0.8|clipping { value = 1 }|11: optimizer.clipping: unknown key of rule adam; known are rule, clip, lookahead, average, groups, schedule, learningRate, variant, beta1, beta2, epsilon, weightDecay, secondMomentOnly",
        "beta1 = 0.8|momentum = 0.8|11: optimizer.momentum: unknown key of rule adam; known are rule, clip, lookahead, average, groups, schedule, learningRate, variant, beta1, beta2, epsilon, weightDecay, secondMomentOnly",
        "beta1 = 0.8|lookahed {}|11: optimizer.lookahed: unknown key of rule adam; did you mean lookahead?",
        "batchSize = 1e2|batch_size = 1|14: train.batch_size: unknown key; did you mean batchSize?",
        "alpha = 0.8|inner = sgd|12: optimizer.lookahead.inner: unknown key of lookahead; known are every, alpha, momentum",
        "units = 32|unit = 32|6: layers[1].unit: unknown key of type dense; did you mean units?",
        // numbers
        "1e2|128.7|14: train.batchSize = 128.7: must be a whole number",
        "1e2|\"128.7\"|14: train.batchSize = \"128.7\": must be a whole number",
        "1e2|many|14: train.batchSize = \"many\": must be a whole number",
        "1e2|true|14: train.batchSize = true: must be a whole number",
        "1e2|[1]|14: train.batchSize = [1]: must be a whole number",
        "1e2|{}|14: train.batchSize = { ... }: must be a whole number",
        "1e2|3000000000|14: train.batchSize = 3000000000: must be a whole number in [-2147483648,"
            + " 2147483647]",
        "1e2|1e999999999|14: train.batchSize = 1e999999999: must be a whole number in"
            + " [-2147483648, 2147483647]",
        "1e2|1, maxSteps = 9223372036854775808|14: train.maxSteps = \"9223372036854775808\": must"
            + " be a whole number in [-9223372036854775808, 9223372036854775807]",
        "0.01|NaN|10: optimizer.lr = \"NaN\": must be a finite number for rule adam",
        "0.01|1e400|10: optimizer.lr = 1e400: must be a finite number for rule adam",
        "0.01|0x1p3|10: optimizer.lr = \"0x1p3\": must be a finite number for rule adam",
        "0.01|{ kind = cosine }|10: optimizer.lr.base: missing; it has no default",
        // ranges
        "1e2|0|14: train.batchSize = 0: must be at least 1",
        "0.8|1.5|11: optimizer.beta1 = 1.5: must be in [0, 1) for rule adam",
        "0.01|-1|10: optimizer.lr = -1: must be at least 0 for rule adam",
        "alpha = 0.8|alpha = 2|12: optimizer.lookahead.alpha = 2: must be in (0, 1] for lookahead",
        "units = 32|units = 0|6: layers[1].units = 0: must be at least 1 for type dense",
        "1e2|1, maxSteps = 3|14: train: maxSteps and maxTime exclude each other",
        // other types
        "10 minutes|10|14: train.maxTime = 10: must be a time with its unit, such as 10 minutes",
        "10 minutes|soon|14: train.maxTime = \"soon\": must be a time such as 10 minutes",
        "1e2|1, overwrite = maybe|14: train.overwrite = \"maybe\": must be true or false",
        "name = digits|name = []|1: name = []: must be a text",
        "earlyStopping { patience = 3 }|earlyStopping = 3|15: train.earlyStopping = 3: must be a block { ... }",
        "activation = tanh|activation = tan|6: layers[1].activation = \"tan\": unknown kind; did you mean tanh? Known are tanh, elu, gelu, relu, gelu-tanh, identity, sigmoid, softplus, leaky-relu for type dense",
        "{ header = true|= [ { header = true|3: List should have ended with ] or had a comma, instead had"
            + " token: '}' (if you want '}' to be part of a string value, then double-quote it)",
        "layers = [|layers = {|5: expected a key or } here, not '{'",
        // alternatives
        "rule = adam|rule = adm|10: optimizer.rule = \"adm\": unknown rule; did you mean adam? Known are adam, adamw, nadam, radam, lamb, lars, sgd, lion, adagrad, lbfgs, rprop, adadelta, amsgrad, momentum, novograd, rmsprop, nesterov, quickprop, rmsprop-nesterov",
        "rule = adam|rule = newton|10: optimizer.rule = \"newton\": unknown rule; known are lion, nesterov, nadam, rprop, adam, adamw, lamb, lars, lbfgs, momentum, radam, rmsprop, sgd, adadelta, adagrad, amsgrad, novograd, quickprop, rmsprop-nesterov",
        "type = dense, units = 32|units = 32|6: layers[1].type: missing; it is one of dense, conv2d, max-pool2d, average-pool2d, global-average-pool, flatten, embedding, residual, random-flip, random-crop, dropout, batch-norm, layer-norm, activation",
        "loss = mse|loss = msee|8: loss = \"msee\": unknown kind; did you mean mse? Known are mse, mae, huber, multiclass-hinge, binary-cross-entropy, softmax-cross-entropy",
        "loss = mse|loss { kind = mse, reduction = summ }|8: loss.reduction = \"summ\": must be one of sum, mean, half-sum for kind mse",
        "loss = mse|loss = 3|8: loss = 3: unknown kind; known are mae, mse, huber, multiclass-hinge, binary-cross-entropy, softmax-cross-entropy",
        // missing, null, twice
        "name = digits|# none|1: name: missing; it has no default",
        "name = digits|name = null|1: name = null: must be given",
        "units = 32, ||6: layers[1].units: missing; it has no default",
        "0.8|null|11: optimizer.beta1 = null: must not be null; leave it out for 0.9",
        "beta1 = 0.8|learningRate = 1|11: optimizer.learningRate: given twice, as lr too"
            + " (digits.conf:10)",
        // no HOCON
        "lookahead {|lookahead [|12: Key 'lookahead' may not be followed by token: '[' (if you intended"
            + " '[' to be part of a key or string value, try enclosing the key or value in double"
            + " quotes)",
        "units = 32|units = ${size}|6: Could not resolve substitution to a value: ${size}",
        "units = 32|units = ${HOME}|6: Could not resolve substitution to a value: ${HOME}",
      })
  void saysWhereWhatAndTheMend(String line, String replacement, String message) {
    assertThat(DIGITS).contains(line);
    String broken =
        DIGITS.replaceFirst(
            java.util.regex.Pattern.quote(line),
            java.util.regex.Matcher.quoteReplacement(replacement == null ? "" : replacement));
    assertThat(mistake(broken)).isEqualTo("digits.conf:" + message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "optimizer.betta1=1|--set optimizer.betta1: unknown key of rule adam; did you mean beta1?",
        "optimizer.betta1=null|--set optimizer.betta1: unknown key of rule adam; did you mean beta1?",
        "train.batchSize=12.5|--set train.batchSize = 12.5: must be a whole number",
        "train.batchSize=0|--set train.batchSize = 0: must be at least 1",
        "optimizer={rule=sgd,x=1}|--set optimizer: optimizer.x: unknown key of rule sgd; known are rule, clip, lookahead, average, groups, schedule, learningRate, weightDecay",
        "optimizer={rule=}|--set optimizer: Expecting a value but got wrong token: '}' (if you"
            + " intended '}' to be part of a key or string value, try enclosing the key or value in"
            + " double quotes)",
        "train=3|--set train = 3: must be a block { ... }",
        "name=null|digits.conf:1: name: missing; it has no default",
        "epochs|--set epochs: must be key=value, as train.epochs=5",
        "=5|--set =5: must be key=value, as train.epochs=5",
        "a..b=5|--set a..b=5: a..b is not a key such as train.epochs",
        "layers[0]=5|--set layers[0]=5: layers[0] is not a key such as train.epochs",
      })
  void anOverrideIsNamedAsTheUserWroteIt(String override, String message) {
    assertThat(mistake(DIGITS, override)).isEqualTo(message);
  }

  @Test
  void overridesReplaceTheFile() {
    assertThat(job(DIGITS, "data.path=hdfs://other:9000/y#z").data().path())
        .isEqualTo("hdfs://other:9000/y#z");
    assertThat(job(DIGITS, "name=007").name()).isEqualTo("007");
    assertThat(job(DIGITS, "name=\"a b\"").name()).isEqualTo("a b");
    assertThat(job(DIGITS, "name=1.50").name()).isEqualTo("1.50");
    assertThat(job(DIGITS, "name=${x}").name()).isEqualTo("${x}");
    assertThat(job(DIGITS, "name=").name()).isEmpty();
    assertThat(job(DIGITS, "data.columns=[a, b]").data().columns()).containsExactly("a", "b");
    assertThat(job(DIGITS, "data.columns=a").data().columns()).containsExactly("a");
    assertThat(job(DIGITS, "train.batchSize=7", "train.batchSize=8").train().batchSize())
        .isEqualTo(8);
    assertThat(job(DIGITS, "train.batchSize=null").train().batchSize()).isEqualTo(128);
    assertThat(job(DIGITS, "train.overwrite=null").train().overwrite()).isFalse();
    assertThat(job(DIGITS, "optimizer={rule=sgd}").optimizer()).isEqualTo(Sgd.DEFAULTS);
    assertThat(job(DIGITS, "train=null").train()).isEqualTo(Train.DEFAULTS);
    assertThat(job(DIGITS, "train=null", "train.batchSize=5").train())
        .isEqualTo(new Train(5, null, null, 0.1, false, null));
    assertThat(
            job(DIGITS, "optimizer.rule=sgd", "optimizer.beta1=null", "optimizer.lookahead=null")
                .optimizer())
        .isEqualTo(new Sgd(Schedule.constant(0.01), 0));
  }

  @Test
  void overridesReachIntoBlocksThatAreMadeOfOthers() {
    String text = "b { rule = sgd, lr = 1 }\no = ${b} { lr = 2 }\nbase = 3\nn = ${base}";
    Section section =
        Section.ofText(text, "a", Overrides.of(List.of("o.lr=4", "base=5", "b.rule=null")));
    assertThat(section.value("o").orElseThrow().section().value("lr").orElseThrow().real())
        .isEqualTo(4);
    assertThat(section.value("n").orElseThrow().real()).isEqualTo(5);
    assertThat(section.value("b").orElseThrow().section().has("rule")).isFalse();
  }

  @Test
  void readsFilesAndSaysWhenItCannot(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("a.conf");
    Files.writeString(file, "name = a\n\nnane = b\n");
    assertThatThrownBy(() -> Section.ofFile(file, Overrides.NONE).allowOnly("name"))
        .isInstanceOf(SpecException.class)
        .hasMessage(file + ":3: nane: unknown key; did you mean name?");
    Files.writeString(file, "name = {\n");
    assertThatThrownBy(() -> Section.ofFile(file, Overrides.NONE))
        .isInstanceOf(SpecException.class)
        .hasMessageStartingWith(file + ":")
        .hasMessageNotContaining("\n");
    assertThatThrownBy(() -> Section.ofFile(folder.resolve("b.conf"), Overrides.NONE))
        .hasMessage(folder.resolve("b.conf") + ": no such file");
    assertThatThrownBy(() -> Section.ofFile(folder, Overrides.NONE))
        .hasMessage(folder + ": is a folder; name a file in it");
  }

  @Test
  void includesFilesButNoMissingOnes(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("a.conf");
    Files.writeString(folder.resolve("base.conf"), "\n\nlr = 0.1\n");
    Files.writeString(file, "include \"base.conf\"\nx = ${lr}\n");
    Section section = Section.ofFile(file, Overrides.NONE);
    assertThat(section.value("x").orElseThrow().real()).isEqualTo(0.1);
    assertThatThrownBy(() -> section.allowOnly("x", "rate"))
        .hasMessage(folder.resolve("base.conf") + ":3: lr: unknown key; known are x, rate");
    Files.writeString(file, "include \"bass.conf\"\n");
    assertThatThrownBy(() -> Section.ofFile(file, Overrides.NONE))
        .isInstanceOf(SpecException.class)
        .hasMessage(file + ": include \"bass.conf\": no such file beside the job file");
    assertThat(mistake("include \"base.conf\""))
        .isEqualTo("digits.conf: include \"base.conf\": no such file beside the job file");
  }

  sealed interface Rows permits Part, Whole {}

  record Part(double fraction) implements Rows {}

  record Whole(String path) implements Rows {}

  record Split(Rows train, Rows test) {}

  @Test
  void aCodecMayTellRecordsApartByTheirKeys() {
    Codec<Rows> codec =
        new Codec<>() {
          @Override
          public Rows read(Value value, Binder binder) {
            Section section = value.section();
            return section.has("fraction")
                ? binder.bind(section, Part.class)
                : binder.bind(section, Whole.class);
          }

          @Override
          public Object write(Rows rows, Binder binder) {
            return binder.unbind((Record) rows);
          }
        };
    Binder binder = Binder.plain().with(Rows.class, codec);
    Split split = new Split(new Part(0.5), new Whole("x"));
    Map<String, Object> tree = binder.unbind(split);
    assertThat(tree).isEqualTo(binder.toTree(split));
    assertThat(tree)
        .isEqualTo(Map.of("train", Map.of("fraction", 0.5), "test", Map.of("path", "x")));
    assertThat(binder.fromTree(tree, Split.class, "t")).isEqualTo(split);
  }

  record Twice(int a) {
    static final Twice DEFAULTS = new Twice(1);

    static Twice defaults() {
      return DEFAULTS;
    }
  }

  record Misnamed(int a) {
    static Misnamed defaults(int b) {
      return new Misnamed(b);
    }
  }

  record Opaque(Object a) {}

  @Test
  void mistakesOfProgrammersAreNoJobFileErrors() {
    Section section = Section.ofTree(Map.of("a", 1), "t");
    assertThatThrownBy(() -> Binder.plain().bind(section, Twice.class))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageEndingWith("Twice has both DEFAULTS and defaults(...)");
    assertThatThrownBy(() -> Binder.plain().bind(section, Misnamed.class))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageEndingWith("Misnamed has no component b");
    assertThatThrownBy(
            () -> Binder.plain().bind(Section.ofTree(Map.of("a", Map.of()), "t"), Opaque.class))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageEndingWith("java.lang.Object is not a record and has no codec");
    assertThatThrownBy(
            () -> Registry.of(Rows.class, "kind").add("a", Part.class).add("a", Whole.class))
        .hasMessage("two alternatives are named a");
  }

  @Test
  void aKeyWithALineEndStaysOnOneLine() {
    assertThat(mistake("name = a, data { path = x }, \"a\\nb\" = 1"))
        .startsWith("digits.conf:1: a b: unknown key; known are name, task, data");
  }

  @Test
  void nothingButTheFileIsRead() {
    System.setProperty("name", "from the system");
    try {
      assertThat(mistake("data { path = x }"))
          .isEqualTo("digits.conf:1: name: missing; it has no default");
    } finally {
      System.clearProperty("name");
    }
  }

  @Test
  void networksComeBackFromTheirTree() {
    Network network =
        Network.input(4).dense(3, Activation.SIGMOID).initializer(Initializer.GLOROT).output(2);
    Object tree = Vocabulary.binder().toTree(network);
    assertThat(tree)
        .isEqualTo(
            Map.of(
                "task",
                "classification",
                "inputs",
                4,
                "layers",
                List.of(Map.of("type", "dense", "units", 3, "activation", "sigmoid")),
                "outputs",
                2,
                "loss",
                Map.of("kind", "softmax-cross-entropy", "labelSmoothing", 0.0),
                "initializer",
                "glorot"));
    @SuppressWarnings("unchecked")
    Map<String, Object> map = (Map<String, Object>) tree;
    assertThat(map.keySet())
        .containsExactly("task", "inputs", "layers", "outputs", "loss", "initializer");
    Network back = Vocabulary.binder().fromTree(map, Network.class, "model.json");
    assertThat(back.layout()).isEqualTo(network.layout());
    assertThat(back.initialWeights(3)).isEqualTo(network.initialWeights(3));
    assertThat(back.loss()).isEqualTo(SoftmaxCrossEntropy.DEFAULTS);
    map.put("outputs", 1);
    assertThatThrownBy(() -> Vocabulary.binder().fromTree(map, Network.class, "model.json"))
        .hasMessage("model.json = { ... }: a classifier needs at least 2 classes, not 1");
  }

  @Test
  void whatHasNoNameCannotBeWritten() {
    record Mine(Schedule learningRate) implements Optimizer {
      @Override
      public void step(dev.schuss.optim.Step s) {}
    }
    assertThatThrownBy(() -> Vocabulary.binder().toTree(new Mine(Schedule.constant(1))))
        .hasMessageEndingWith(
            "has no name as rule of a job file; known are "
                + String.join(", ", Optimizers.REGISTRY.names()));
    Schedule halves = t -> Math.pow(0.5, (double) t);
    assertThatThrownBy(() -> Vocabulary.binder().toTree(new Sgd(halves, 0)))
        .hasMessageContaining("has no name as kind of a job file");
  }
}
