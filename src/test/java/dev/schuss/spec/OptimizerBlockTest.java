package dev.schuss.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.schuss.objective.Layout;
import dev.schuss.optim.Adam;
import dev.schuss.optim.Average;
import dev.schuss.optim.Clip;
import dev.schuss.optim.Cosine;
import dev.schuss.optim.Group;
import dev.schuss.optim.Grouped;
import dev.schuss.optim.Length;
import dev.schuss.optim.Lookahead;
import dev.schuss.optim.Momentum;
import dev.schuss.optim.Optimizer;
import dev.schuss.optim.Paced;
import dev.schuss.optim.Plateau;
import dev.schuss.optim.RunLength;
import dev.schuss.optim.Schedule;
import dev.schuss.optim.Sgd;
import dev.schuss.optim.Sutskever;
import dev.schuss.optim.Updater;
import dev.schuss.optim.Warmup;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an optimizer block of a job file may say, and what it says of mistakes. */
class OptimizerBlockTest {
  private static Optimizer read(String block) {
    Section section = Section.ofText("optimizer { " + block + " }", "job", Overrides.NONE);
    return Vocabulary.binder().read(section.value("optimizer").orElseThrow(), Optimizer.class);
  }

  @Test
  void aScheduleBlockShapesTheLearningRate() {
    assertThat(read("rule = sgd, lr = 0.5, schedule { kind = cosine, warmup = 1 epoch }"))
        .isEqualTo(new Sgd(new Warmup(new Cosine(0.5, null, 0), Length.epochs(1), null, true), 0));
    assertThat(read("rule = sgd, learningRate = 0.5, schedule = cosine"))
        .isEqualTo(new Sgd(new Cosine(0.5, null, 0), 0));
    assertThat(read("schedule { warmup = 5 }"))
        .isEqualTo(new Adam(new Warmup(Schedule.constant(0.001), Length.steps(5), null, true)));
    assertThat(read("rule = sgd, lr { kind = cosine, base = 2, T_max = 7 steps, eta_min = 1 }"))
        .isEqualTo(new Sgd(new Cosine(2, Length.steps(7), 1), 0));
    assertThat(read("rule = sgd, lr = 2, schedule { kind = cosine, per = epoch }"))
        .isEqualTo(new Sgd(new Paced(new Cosine(2, null, 0), Paced.Pace.EPOCH, null), 0));
  }

  @Test
  void momentumIsANumberAListOrASchedule() {
    assertThat(read("rule = momentum, momentum { kind = sutskever, max = 0.99 }"))
        .extracting(rule -> ((Momentum) rule).momentum())
        .isEqualTo(new Sutskever(0.99, Length.steps(250), null, null));
    assertThat(read("rule = nesterov, momentum = [0.5, 0.9]").slots().perWeight())
        .containsExactly("velocity");
  }

  @Test
  void wrappersNestClipRuleLookaheadAverageInWhicheverOrderTheyAreWritten() {
    assertThat(
            read(
                "average { decay = 0.5 }, lookahead { k = 2 }, rule = sgd,"
                    + " groups = [ { match = \"*.bias\", weightDecay = 0 } ],"
                    + " clip { globalNorm = 1.0 }"))
        .isEqualTo(
            new Grouped(
                Average.ema(Lookahead.of(Clip.globalNorm(Sgd.DEFAULTS, 1), 2, 0.5), 0.5),
                List.of(new Group("*.bias", null, 0.0, null, null, null))));
  }

  @Test
  void aResolvedScheduleComesBackFromItsTree() {
    Optimizer rule =
        read("rule = sgd, schedule { kind = cosine, per = epoch, warmup = 1 epoch }, lookahead {}");
    Optimizer resolved = rule.resolve(new RunLength(10, 60L));
    assertThat(resolved.learningRate().at(9)).isEqualTo(0.01);
    assertThat(resolved.learningRate().at(60)).isZero();
    Object tree = Vocabulary.binder().toTree(resolved);
    assertThat(tree.toString()).contains("stepsPerEpoch=10", "length=5", "length=10");
    @SuppressWarnings("unchecked")
    Map<String, Object> map = (Map<String, Object>) tree;
    assertThat(Vocabulary.binder().fromTree(map, Optimizer.class, "state")).isEqualTo(resolved);
    assertThat(resolved.resolve(new RunLength(7, null))).isEqualTo(resolved);
  }

  @Test
  void aPlateauIsFoundThroughWrappersAndWarmUp() {
    Optimizer rule =
        read(
            "rule = sgd, lr = 1, lookahead {}, clip { value = 1 }, schedule { kind = plateau,"
                + " metric = accuracy, factor = 0.5, patience = 0, threshold_mode = abs,"
                + " min_lr = 0.4, warmup = 2 }");
    Updater updater = new Updater(rule, Layout.flat(1), List.of(), new float[1]);
    assertThat(updater.plateau())
        .isEqualTo(
            new Plateau(1, "accuracy", 0.5, 0, 1e-4, Plateau.ThresholdMode.ABS, 0, 0.4, 1e-8));
    assertThat(updater.learningRate()).isEqualTo(0.5);
    updater.epochEnded(0.9, true);
    updater.epochEnded(0.8, true);
    assertThat(updater.learningRate()).isEqualTo(0.25);
    updater.epochEnded(0.8, true);
    assertThat(updater.state().rateScale()).isEqualTo(0.4);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "learningRate = -1|optimizer.learningRate = -1: must be at least 0 for rule adam",
        "lr = nan|optimizer.lr = \"nan\": must be a finite number for rule adam",
        "lr = -1, schedule = cosine|optimizer.lr = -1: must be at least 0 for rule adam",
        "lr = [1, -2]|optimizer.lr = [1,-2]: must be at least 0 for rule adam",
        "lr = [1], schedule = cosine|optimizer.lr = [1]: must be a number where there is a block schedule",
        "lr = 1, learningRate = 2, schedule = cosine|optimizer.lr = 1: given twice, as optimizer.learningRate too",
        "rule = radam, beta2 = 1|optimizer.beta2 = 1: must be in [0, 1) for rule radam",
        "rule = radam, betas = 1|optimizer.betas: unknown key of rule radam; did you mean beta1?",
        "rule = momentum, momentum = 1|optimizer.momentum = 1: must be in [0, 1) for rule momentum",
        "rule = momentum, momentum { kind = sutskever, max = 1 }|optimizer.momentum.max = 1: must be in [0, 1) for kind sutskever",
        "rule = adam, variant = cs519-recursive-literal|optimizer.variant = \"cs519-recursive-literal\": must be one of eps-inside, eps-outside, no-bias-correction, eps-hat for rule adam",
        "rule = adafactor|optimizer.rule = \"adafactor\": unknown rule; known are adadelta, adagrad, adam, adamw, nadam, radam, amsgrad, lamb, lars, lbfgs, lion, momentum, nesterov, quickprop, rmsprop, rprop, novograd, sgd, rmsprop-nesterov",
        "lookahead { every = 0 }|optimizer.lookahead.every = 0: must be at least 1 for lookahead",
        "rule = rprop, lookahead {}|optimizer.lookahead: lookahead around Rprop: a full-batch rule compares gradients of successive weights, which a synchronisation moves",
        "rule = adagrad, lookahead { momentum = reset }|optimizer.lookahead: lookahead.momentum = RESET: AdaGrad has no momentum",
        "clip { globalNorm = 0 }|optimizer.clip.globalNorm = 0: must be positive for clip",
        "clip = 5|optimizer.clip = 5: must be a block { ... }",
        "average { decay = 1 }|optimizer.average.decay = 1: must be in [0, 1) for average",
        "schedule { kind = cosines }|optimizer.schedule.kind = \"cosines\": unknown kind; did you mean cosine? Known are cosine, constant, linear, step, cyclic, multi-step, plateau, sutskever, one-cycle, polynomial, exponential, inverse-sqrt, cosine-warm-restarts, one-cycle-momentum",
        "schedule { kind = sutskever, max = 0.9 }|optimizer.schedule: kind sutskever has no base",
        "schedule { kind = step, every = 0 }|optimizer.schedule.every = 0: must be positive for kind step",
        "schedule { kind = cosine, length = soon }|optimizer.schedule.length = \"soon\": must be a length: N, N steps or N epochs for kind cosine",
        "schedule { kind = cosine, length = 1.5 }|optimizer.schedule.length = 1.5: 1.5 steps: must be a whole number for kind cosine",
        "groups = [ { match = x, learningRateScale = -1 } ]|optimizer.groups[0].learningRateScale = -1: must be at least 0",
        "groups = [ { freeze = true } ]|optimizer.groups[0].freeze: unknown key; known are match, learningRateScale, weightDecay, l1, l2, frozen",
      })
  void saysRuleKeyValueAndWhatIsAllowed(String block, String message) {
    assertThatThrownBy(() -> read(block))
        .isInstanceOf(SpecException.class)
        .hasMessage("job:1: " + message);
  }

  @Test
  void aRunThatTimeEndsHasNoLengthForASchedule() {
    Optimizer rule = read("schedule { kind = cosine, warmup = 1 epoch }");
    assertThatThrownBy(() -> rule.resolve(new RunLength(10, null)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cosine: length is missing, and a run that time alone ends has none either; set the"
                + " schedule's length, such as 10 epochs");
    assertThatThrownBy(() -> new Updater(rule, Layout.flat(1), List.of(), new float[1]))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("resolve the schedule");
  }
}
