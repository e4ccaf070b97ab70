package dev.schuss.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.schuss.objective.Layout;
import dev.schuss.optim.Clip;
import dev.schuss.optim.NonFiniteException;
import dev.schuss.optim.Optimizer;
import dev.schuss.optim.Schedule;
import dev.schuss.optim.Slots;
import dev.schuss.optim.Step;
import dev.schuss.optim.Updater;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A rule that a user of the library writes. */
class UserRuleTest {
  record Reciprocal(Schedule learningRate) implements Optimizer {
    @Override
    public Slots slots() {
      return Slots.perWeight("sum").andNumbers("count");
    }

    @Override
    public void step(Step s) {
      float[] sum = s.perWeight("sum");
      s.number("count", s.number("count") + 1);
      s.forEachSpan(
          p -> {
            for (int i = p.from(); i < p.to(); i++) {
              sum[i] += s.g()[i];
              s.w()[i] -= 1 / s.g()[i];
            }
          });
    }
  }

  @Test
  void aDivisionByZeroIsTakenBack() {
    float[] w = {1, 2};
    Optimizer rule = Clip.globalNorm(new Reciprocal(Schedule.constant(1)), 9);
    Updater updater = new Updater(rule, Layout.flat(2), List.of(), w);
    updater.update(new float[] {1, 1}, 0);
    assertThatThrownBy(() -> updater.update(new float[] {1, 0}, 0))
        .isInstanceOf(NonFiniteException.class)
        .hasMessage("step 2: the updated weights is NaN or infinite");
    assertThat(w).containsExactly(0, 1);
    assertThat(updater.save().perWeight().get("sum")).containsExactly(1, 1);
    assertThat(updater.save().numbers()).containsEntry("count", 1.0).containsEntry("updates", 1.0);
  }
}
