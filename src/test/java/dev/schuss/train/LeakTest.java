package dev.schuss.train;

import dev.schuss.TestSpark;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing is left behind by 5,000 rounds. */
class LeakTest {

  @ParameterizedTest
  @ValueSource(ints = {2, 8})
  void fiveThousandRoundsLeaveNothingBehind(int partitions) {
    Leaks.check(TestSpark.session(), partitions, 5_000);
  }
}
