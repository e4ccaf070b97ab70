package dev.schuss.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import breeze.linalg.DenseVector;
import breeze.linalg.DenseVector$;
import breeze.optimize.DiffFunction;
import breeze.optimize.LBFGS;
import dev.schuss.objective.Layout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import scala.Tuple2;

/** L-BFGS beside that of Breeze: the same minima, with about as many evaluations. */
class LbfgsTest {
  /** A function with its gradient, in double. */
  private interface Function {
    double at(double[] x, double[] gradient);
  }

  enum Problem implements Function {
    QUADRATIC {
      @Override
      public double at(double[] x, double[] g) {
        double f = 0;
        for (int i = 0; i < x.length; i++) {
          double curvature = Math.pow(4, i);
          g[i] = curvature * (x[i] - 1);
          f += curvature * (x[i] - 1) * (x[i] - 1) / 2;
        }
        return f;
      }
    },
    ROSENBROCK {
      @Override
      public double at(double[] x, double[] g) {
        double a = 1 - x[0];
        double b = x[1] - x[0] * x[0];
        g[0] = -2 * a - 400 * x[0] * b;
        g[1] = 200 * b;
        return a * a + 100 * b * b;
      }
    },
    LOGISTIC {
      @Override
      public double at(double[] x, double[] g) {
        Random random = new Random(7);
        double f = 0;
        int rows = 200;
        for (int row = 0; row < rows; row++) {
          double[] features = new double[x.length];
          double z = 0;
          double truth = 0;
          for (int i = 0; i < x.length; i++) {
            features[i] = random.nextGaussian() * (i + 1);
            z += features[i] * x[i];
            truth += features[i] / (i + 2);
          }
          double label = truth + random.nextGaussian() > 0 ? 1 : 0;
          f += (Math.log1p(Math.exp(-Math.abs(z))) + Math.max(z, 0) - label * z) / rows;
          for (int i = 0; i < x.length; i++) {
            g[i] += features[i] * (1 / (1 + Math.exp(-z)) - label) / rows;
          }
        }
        for (int i = 0; i < x.length; i++) {
          f += 0.005 * x[i] * x[i];
          g[i] += 0.01 * x[i];
        }
        return f;
      }
    };

    double[] start() {
      return switch (this) {
        case QUADRATIC -> new double[] {-3, 5, 2, 0, 1, -1};
        case ROSENBROCK -> new double[] {-1.2, 1};
        case LOGISTIC -> new double[10];
      };
    }
  }

  private static DiffFunction<DenseVector<Object>> counted(Function function, List<Double> losses) {
    return BreezeFunction.of(
        x -> {
          double[] at = new double[x.length()];
          for (int i = 0; i < at.length; i++) {
            at[i] = (double) x.apply(i);
          }
          double[] gradient = new double[at.length];
          double loss = function.at(at, gradient);
          // Breeze asks for the value and for the gradient of one point.
          if (losses.isEmpty() || losses.get(losses.size() - 1) != loss) {
            losses.add(loss);
          }
          return new Tuple2<>(loss, vector(gradient));
        });
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static DenseVector<Object> vector(double[] x) {
    return (DenseVector<Object>) (DenseVector) DenseVector$.MODULE$.apply$mDc$sp(x);
  }

  @ParameterizedTest
  @EnumSource
  void findsTheMinimumThatBreezeFinds(Problem problem) {
    List<Double> losses = new ArrayList<>();
    LBFGS<DenseVector<Object>> oracle =
        new LBFGS<>(200, 10, 1e-7, DenseVector$.MODULE$.space_Double());
    DenseVector<Object> minimum =
        oracle.minimize(counted(problem, losses), vector(problem.start()));
    double[] expected = new double[problem.start().length];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = (double) minimum.apply(i);
    }
    double least = problem.at(expected, new double[expected.length]);

    double goal = least + 1e-6 * Math.max(1, least);
    int breeze = 1;
    while (losses.get(breeze - 1) > goal) {
      breeze++;
    }

    int evaluations = evaluationsUntil(problem, goal);
    System.out.printf("%s: %d evaluations, Breeze %d%n", problem, evaluations, breeze);
    assertThat(evaluations).isLessThanOrEqualTo(breeze + breeze / 4 + 2);
  }

  /** Evaluations until the loss of the weights is as low as this, at most 1000. */
  private static int evaluationsUntil(Problem problem, double goal) {
    float[] w = floats(problem.start());
    Updater updater = new Updater(Lbfgs.DEFAULTS, Layout.flat(w.length), List.of(), w);
    for (int i = 1; i < 1000; i++) {
      double[] gradient = new double[w.length];
      double loss = problem.at(doubles(updater.gradientPoint()), gradient);
      updater.update(floats(gradient), loss);
      if (problem.at(doubles(updater.result()), new double[w.length]) <= goal) {
        return i;
      }
    }
    return 1000;
  }

  private static float[] floats(double[] x) {
    float[] y = new float[x.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = (float) x[i];
    }
    return y;
  }

  private static double[] doubles(float[] x) {
    double[] y = new double[x.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = x[i];
    }
    return y;
  }

  /** Runs so many evaluations; returns the weights and checks that the loss of them never rises. */
  private static float[] run(Optimizer rule, Problem problem, int evaluations) {
    float[] w = floats(problem.start());
    Updater updater = new Updater(rule, Layout.flat(w.length), List.of(), w);
    double last = Double.POSITIVE_INFINITY;
    for (int i = 0; i < evaluations; i++) {
      double[] gradient = new double[w.length];
      double loss = problem.at(doubles(updater.gradientPoint()), gradient);
      updater.update(floats(gradient), loss);
      double now = problem.at(doubles(w), new double[w.length]);
      assertThat(now).isLessThanOrEqualTo(last + 1e-6 * Math.abs(last));
      last = now;
    }
    return w;
  }

  @ParameterizedTest
  @EnumSource
  void neverRisesAndStaysAtTheMinimum(Problem problem) {
    float[] w = run(Lbfgs.DEFAULTS, problem, 300);
    double[] gradient = new double[w.length];
    problem.at(doubles(w), gradient);
    float[] later = run(Lbfgs.DEFAULTS, problem, 400);
    for (int i = 0; i < w.length; i++) {
      assertThat(later[i]).isCloseTo(w[i], within(1e-4f));
    }
    if (problem != Problem.LOGISTIC) {
      for (float x : w) {
        assertThat(x).isCloseTo(1, within(1e-3f));
      }
    }
  }

  @Test
  void theFirstUpdateOnlyLooksAndTheSecondMovesAlongTheGradient() {
    float[] w = {3, 4};
    Updater updater = new Updater(Lbfgs.DEFAULTS, Layout.flat(2), List.of(), w);
    assertThat(updater.gradientPoint()).containsExactly(3, 4);
    updater.update(new float[] {3, 4}, 12.5);
    assertThat(w).containsExactly(3, 4);
    assertThat(updater.gradientPoint()).containsExactly(3 - 0.6f, 4 - 0.8f);
    // 4/5 of the way down, with a slope that is 4/5 of the first: accepted.
    updater.update(new float[] {2.4f, 3.2f}, 8);
    assertThat(w).containsExactly(3 - 0.6f, 4 - 0.8f);
    // On a sphere the next direction is exact.
    for (float x : updater.gradientPoint()) {
      assertThat(x).isCloseTo(0, within(1e-6f));
    }
  }

  /** With one move remembered, two trials that fail begin the search anew along the gradient. */
  @Test
  void saysWhenAnUpdateLeftTheWeights() {
    Lbfgs two = new Lbfgs(Schedule.constant(1), 10, 1e-4, 0.9, 2);
    for (Optimizer rule : List.of(two, Clip.globalNorm(two, 1e6), Average.ema(two, 0.5))) {
      float[] w = {0};
      Updater updater = new Updater(rule, Layout.flat(1), List.of(), w);
      updater.update(new float[] {-1}, 1);
      assertThat(updater.searching()).as("the start").isFalse();
      updater.update(new float[] {-0.5f}, 0.4);
      assertThat(updater.searching()).as("accepted").isFalse();
      assertThat(w).containsExactly(1);
      updater.update(new float[] {10}, 5);
      assertThat(updater.searching()).as("too long").isTrue();
      updater.update(new float[] {10}, 5);
      assertThat(updater.searching()).as("anew").isTrue();
      updater.update(new float[] {10}, Double.POSITIVE_INFINITY);
      assertThat(updater.searching()).as("infinite").isTrue();
      assertThat(w).containsExactly(1);
      updater.update(new float[] {-0.1f}, 0.3);
      assertThat(updater.searching()).as("accepted again").isFalse();
      assertThat(w[0]).isGreaterThan(1);
    }
    Updater plain = new Updater(Adam.DEFAULTS, Layout.flat(1), List.of(), new float[1]);
    plain.update(new float[] {1}, 1);
    assertThat(plain.searching()).isFalse();
  }

  @Test
  void aTrialThatIsTooLongIsHalvedAndOneThatIsTooShortDoubled() {
    float[] w = {0};
    Updater updater = new Updater(Lbfgs.DEFAULTS, Layout.flat(1), List.of(), w);
    updater.update(new float[] {-1}, 1);
    assertThat(updater.gradientPoint()).containsExactly(1);
    updater.update(new float[] {5}, 1.1);
    assertThat(updater.gradientPoint()).containsExactly(0.5f);
    updater.update(new float[] {-0.95f}, 0.6);
    assertThat(updater.gradientPoint()).containsExactly(0.75f);
    assertThat(w).containsExactly(0);
    updater.update(new float[] {-0.5f}, 0.5);
    assertThat(w).containsExactly(0.75f);

    Updater longer = new Updater(Lbfgs.DEFAULTS, Layout.flat(1), List.of(), new float[1]);
    longer.update(new float[] {-1}, 1);
    longer.update(new float[] {-0.95f}, 0.1);
    assertThat(longer.gradientPoint()).containsExactly(2);
  }

  @Test
  void aStepThatLowersTheLossTooLittleIsHalved() {
    Lbfgs rule = new Lbfgs(Schedule.constant(1), 10, 0.4, 0.9, 20);
    Updater updater = new Updater(rule, Layout.flat(1), List.of(), new float[1]);
    updater.update(new float[] {-1}, 1);
    updater.update(new float[] {0}, 0.7); // 0.6 was promised
    assertThat(updater.gradientPoint()).containsExactly(0.5f);
  }

  @Test
  void aTrialThatIsNotFiniteIsHalvedAndNeverTaken() {
    float[] bad = {Float.NaN};
    for (Optimizer rule : List.of(Lbfgs.DEFAULTS, Average.ema(Lbfgs.DEFAULTS, 0.5))) {
      float[] w = {0};
      Updater updater = new Updater(rule, Layout.flat(1), List.of(), w);
      updater.update(new float[] {-1}, 1);
      updater.update(new float[] {-1}, Double.POSITIVE_INFINITY);
      assertThat(updater.gradientPoint()).containsExactly(0.5f);
      updater.update(bad.clone(), 0.1);
      assertThat(updater.gradientPoint()).containsExactly(0.25f);
      assertThat(w).containsExactly(0);
      updater.update(new float[] {0}, 0.5);
      assertThat(w).containsExactly(0.25f);
    }
  }

  @Test
  void whereNoTrialIsFiniteTheWeightsStayAndAtThemItIsAnError() {
    float[] w = {0};
    Lbfgs rule = new Lbfgs(Schedule.constant(1), 10, 1e-4, 0.9, 3);
    Updater updater = new Updater(rule, Layout.flat(1), List.of(), w);
    assertThatThrownBy(() -> updater.update(new float[] {1}, Double.NaN))
        .isInstanceOf(NonFiniteException.class)
        .hasMessage("step 1: the loss is NaN or infinite");
    updater.update(new float[] {-1}, 1);
    for (int i = 0; i < 3; i++) {
      assertThat(updater.gradientPoint()[0]).isPositive();
      updater.update(new float[] {Float.NEGATIVE_INFINITY}, Double.NaN);
    }
    assertThat(updater.gradientPoint()).containsExactly(0);
    assertThat(w).containsExactly(0);
  }

  @Test
  void theConstantsOfTheSearchAreChecked() {
    assertThatThrownBy(() -> new Lbfgs(Schedule.constant(1), 10, 0.4, 0.3, 20))
        .hasMessage("Lbfgs: c1 = 0.4: must be less than c2 = 0.3");
    assertThatThrownBy(() -> new Lbfgs(Schedule.constant(1), 0, 1e-4, 0.9, 20))
        .hasMessage("Lbfgs: history = 0: must be in [1, 100]");
  }
}
