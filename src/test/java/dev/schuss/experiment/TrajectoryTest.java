package dev.schuss.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.schuss.optim.Optimizer;
import dev.schuss.spec.Overrides;
import dev.schuss.spec.Section;
import dev.schuss.spec.Vocabulary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TrajectoryTest {
  private final double[] slope = new double[2];

  @ParameterizedTest
  @EnumSource
  void theDerivativesAreThoseOfTheValues(Surface surface) {
    double h = 1e-5;
    double[] unused = new double[2];
    for (double[] at : new double[][] {surface.start(), {0.3, 0.9}, {-1.1, 0.4}}) {
      surface.at(at[0], at[1], slope);
      double dx = surface.at(at[0] + h, at[1], unused) - surface.at(at[0] - h, at[1], unused);
      double dy = surface.at(at[0], at[1] + h, unused) - surface.at(at[0], at[1] - h, unused);
      assertThat(slope[0]).isCloseTo(dx / (2 * h), within(1e-4));
      assertThat(slope[1]).isCloseTo(dy / (2 * h), within(1e-4));
    }
  }

  @Test
  void gradientDescentTakesTheStepsOfItsEquation() {
    Trajectory way =
        Trajectory.follow("sgd", sgd(0.005), Surface.RAVINE, new double[] {-1, 1.2}, 2);
    // x - 0.005 * 2 (x - 1), y - 0.005 * 200 (y - 1)
    assertThat(way.x()).containsExactly(new double[] {-1, -0.98, -0.9602}, within(1e-6));
    assertThat(way.y()).containsExactly(new double[] {1.2, 1, 1}, within(1e-6));
    assertThat(way.values()[0]).isCloseTo(8, within(1e-5));
    assertThat(way.steps()).isEqualTo(2);
    assertThat(way.diverged()).isFalse();
  }

  @Test
  void momentumIsFasterThroughTheRavine() {
    double[] start = Surface.RAVINE.start();
    double plain = Trajectory.follow("sgd", sgd(0.004), Surface.RAVINE, start, 100).last();
    Optimizer momentum = rule("rule = momentum, learningRate = 0.004");
    double with = Trajectory.follow("momentum", momentum, Surface.RAVINE, start, 100).last();
    assertThat(with).isLessThan(plain / 10);
  }

  @Test
  void aWayThatDivergesIsCut() {
    Trajectory way =
        Trajectory.follow("sgd", sgd(0.02), Surface.RAVINE, Surface.RAVINE.start(), 2_000);
    assertThat(way.diverged()).isTrue();
    assertThat(way.steps()).isBetween(2, 1_000);
    assertThat(way.x()).doesNotContain(Double.NaN);
  }

  @Test
  void adamLeavesTheSaddle() {
    Optimizer adam = rule("rule = adam, learningRate = 0.05");
    Trajectory way = Trajectory.follow("adam", adam, Surface.SADDLE, Surface.SADDLE.start(), 100);
    assertThat(way.last()).isLessThan(-1);
  }

  private static Optimizer sgd(double rate) {
    return rule("rule = sgd, learningRate = " + rate);
  }

  private static Optimizer rule(String block) {
    return Vocabulary.binder()
        .read(Section.ofText(block, "rule", Overrides.NONE).asValue(), Optimizer.class);
  }
}
