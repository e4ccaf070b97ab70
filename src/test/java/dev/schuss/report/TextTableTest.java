package dev.schuss.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TextTableTest {
  private static final List<List<String>> ROWS =
      List.of(
          List.of("run", "loss", ""), List.of("a", "0.25", "diverged"), List.of("bb", "1", "x"));

  @Test
  void numbersStandToTheRight() {
    assertThat(TextTable.aligned(ROWS, "", false))
        .containsExactly("run  loss", "a    0.25  diverged", "bb      1         x");
    assertThat(TextTable.aligned(List.of(), "", false)).isEmpty();
  }

  @Test
  void notesInTheLastColumnToTheLeft() {
    assertThat(TextTable.aligned(ROWS, "  ", true))
        .containsExactly("  run  loss", "  a    0.25  diverged", "  bb      1  x");
  }
}
