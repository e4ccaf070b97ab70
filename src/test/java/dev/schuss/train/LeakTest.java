package dev.schuss.train;

import dev.schuss.TestSpark;
import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Nothing is left behind by thousands of rounds; a tree of them makes shuffles. */
@Timeout(100)
class LeakTest {
  @TempDir Path checkpoints;

  @ParameterizedTest
  @CsvSource({"2, AUTO, 2000", "8, ORDERED, 2000", "8, TREE, 300"})
  void roundsLeaveNothingBehind(int partitions, Reduction reduction, int rounds) {
    Leaks.check(TestSpark.session(), partitions, reduction, rounds, checkpoints);
  }
}
