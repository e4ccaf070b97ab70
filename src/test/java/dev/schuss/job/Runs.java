package dev.schuss.job;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** The whole program, run within a test. */
final class Runs {
  record Outcome(int code, String out, String err) {}

  private Runs() {}

  /** Runs a command line; what verbs print to System.out is caught as well. */
  static synchronized Outcome schuss(String... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream printed = new PrintStream(out, true, StandardCharsets.UTF_8);
    PrintStream before = System.out;
    System.setOut(printed);
    try {
      int code = Main.run(words, printed, new PrintStream(err, true, StandardCharsets.UTF_8));
      return new Outcome(
          code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(before);
    }
  }
}
