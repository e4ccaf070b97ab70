package dev.schuss.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ScreenTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private Screen screen;

  @BeforeEach
  void open() {
    screen = new Screen(new PrintStream(bytes, true, StandardCharsets.UTF_8));
  }

  @Test
  void aShorterLineTakesThePlaceOfTheBarAndTheBarMovesDown() {
    screen.accept("a long bar |=====     |");
    screen.line("short");
    assertThat(shown()).containsExactly("short", "a long bar |=====     |");
  }

  @Test
  void aShorterBarLeavesNothingOfTheLonger() {
    screen.accept("a long bar |=====     |");
    screen.accept("bar");
    assertThat(shown()).containsExactly("bar");
  }

  @Test
  void inTheEndOnlyTheLinesAreLeft() {
    screen.line("before");
    screen.accept("bar");
    screen.line("after");
    screen.close();
    screen.close();
    screen.line("last");
    assertThat(shown()).containsExactly("before", "after", "last");
  }

  private Iterable<String> shown() {
    return FakeTerminal.shown(bytes.toString(StandardCharsets.UTF_8));
  }
}
