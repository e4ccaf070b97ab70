package dev.schuss.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.schuss.objective.Layout;
import dev.schuss.optim.Optimizer;
import dev.schuss.optim.Regularization;
import dev.schuss.optim.RunLength;
import dev.schuss.optim.Updater;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys of the optimizer block that no golden file has: each changes where a training goes. */
class OptimizerKeysTest {
  private static final int PER_EPOCH = 5;
  private static final double[] METRICS = {5, 4.9, 5, 5, 5, 5, 5, 5};

  private static Optimizer read(String block) {
    Section section = Section.ofText("optimizer { " + block + " }", "job", Overrides.NONE);
    return Vocabulary.binder().read(section.value("optimizer").orElseThrow(), Optimizer.class);
  }

  private static Layout layout() {
    Layout.Builder layout = new Layout.Builder();
    layout.add("a.weight", true, 4);
    layout.add("a.bias", true, 2);
    return layout.build();
  }

  private static float[] start() {
    return new float[] {1.5f, -1, 2, 0.5f, -0.3f, 0.8f};
  }

  /** The weights after eight epochs on three of Rosenbrock's valleys, scaled down. */
  private static float[] train(String block) {
    long steps = (long) PER_EPOCH * METRICS.length;
    RunLength run = new RunLength(PER_EPOCH, steps);
    Updater updater = new Updater(read(block), run, layout(), List.of(), start());
    for (int t = 1; t <= steps; t++) {
      float[] w = updater.gradientPoint();
      float[] g = new float[w.length];
      double loss = 0;
      for (int i = 0; i < w.length; i += 2) {
        double x = w[i];
        double valley = w[i + 1] - x * x;
        loss += 0.1 * (1 - x) * (1 - x) + valley * valley;
        g[i] = (float) (-0.2 * (1 - x) - 4 * x * valley);
        g[i + 1] = (float) (2 * valley);
      }
      updater.update(g, loss);
      if (t % PER_EPOCH == 0) {
        updater.epochEnded(METRICS[t / PER_EPOCH - 1], false);
      }
    }
    return updater.result().clone();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          clip { layerNorm = 0.5 }                                | clip {}
          clip { maxNorm = 0.1 }, rule = sgd                      | rule = sgd
          average { kind = uniform }                              | average {}
          average { kind = uniform, from = 20 }                   | average { kind = uniform }
          rule = adam, secondMomentOnly = 5                       | rule = adam
          rule = lars, lr = 0.01, weightDecay = 0, alwaysAdapt = true | rule = lars, lr = 0.01, weightDecay = 0
          rule = lamb, trustClip = true                           | rule = lamb
          rule = quickprop, weightDecay = 0.1                     | rule = quickprop
          rule = lbfgs, learningRate = 0.1                        | rule = lbfgs
          rule = lbfgs, c1 = 0.49                                 | rule = lbfgs
          rule = lbfgs, c2 = 0.1                                  | rule = lbfgs
          rule = lbfgs, c2 = 0.01, maxTrials = 2                  | rule = lbfgs, c2 = 0.01
          schedule { kind = inverse-sqrt, peak = 20 }             | schedule { kind = inverse-sqrt }
          schedule { kind = cyclic, max = 0.01, up = 5, down = 9 } | schedule { kind = cyclic, max = 0.01, up = 5 }
          schedule { kind = plateau, patience = 0, threshold = 0.5 } | schedule { kind = plateau, patience = 0 }
          schedule { kind = plateau, patience = 0, cooldown = 3 } | schedule { kind = plateau, patience = 0 }
          schedule { kind = plateau, patience = 0, epsilon = 1 }  | schedule { kind = plateau, patience = 0 }
          schedule { kind = exponential, gamma = 0.9, per { pace = epoch } } | schedule { kind = exponential, gamma = 0.9 }
          schedule { kind = exponential, gamma = 0.9, per { pace = epoch, stepsPerEpoch = 3 } } | schedule { kind = exponential, gamma = 0.9, per = epoch }
          schedule { kind = linear, warmup { length = 9 } }       | schedule { kind = linear }
          schedule { kind = linear, warmup { length = 9, start = 0.9 } } | schedule { kind = linear, warmup = 9 }
          schedule { kind = linear, warmup { length = 9, shifted = false } } | schedule { kind = linear, warmup = 9 }
          rule = momentum, momentum { kind = sutskever, max = 0.9, period = 3 } | rule = momentum, momentum { kind = sutskever, max = 0.9 }
          rule = momentum, lr = 1e-3, momentum { kind = sutskever, max = 0.99, period = 1, finish = 9 } | rule = momentum, lr = 1e-3, momentum { kind = sutskever, max = 0.99, period = 1 }
          rule = momentum, lr = 1e-3, momentum { kind = sutskever, max = 0.99, period = 1, finish = 9, length = 45 } | rule = momentum, lr = 1e-3, momentum { kind = sutskever, max = 0.99, period = 1, finish = 9 }
          rule = momentum, momentum { kind = one-cycle-momentum, low = 0.5 } | rule = momentum, momentum { kind = one-cycle-momentum }
          rule = momentum, momentum { kind = one-cycle-momentum, high = 0.99 } | rule = momentum, momentum { kind = one-cycle-momentum }
          rule = momentum, momentum { kind = one-cycle-momentum, length = 60 } | rule = momentum, momentum { kind = one-cycle-momentum }
          rule = momentum, momentum { kind = one-cycle-momentum, rise = 0.6 } | rule = momentum, momentum { kind = one-cycle-momentum }
          rule = momentum, momentum { kind = one-cycle-momentum, anneal = linear } | rule = momentum, momentum { kind = one-cycle-momentum }
          rule = momentum, momentum { kind = one-cycle-momentum, threePhase = true } | rule = momentum, momentum { kind = one-cycle-momentum }
          """)
  void aKeyChangesWhereTheTrainingGoes(String with, String without) {
    float[] other = train(without);
    assertThat(train(without)).isEqualTo(other);
    assertThat(train(with)).doesNotContain(Float.NaN).isNotEqualTo(other);
  }

  @Test
  void aGroupHasLossTermsOfItsOwn() {
    Optimizer rule = read("rule = sgd, groups = [ { match = \"*.bias\", l1 = 0.1, l2 = 0.2 } ]");
    Updater updater = new Updater(rule, layout(), List.of(), start());
    double term = Regularization.DEFAULTS.addTo(new float[6], start(), layout(), updater.groups());
    assertThat(term).isCloseTo(0.1 * (0.3 + 0.8) + 0.1 * (0.09 + 0.64), within(1e-6));
  }
}
