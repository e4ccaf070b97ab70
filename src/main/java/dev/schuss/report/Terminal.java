package dev.schuss.report;

import java.io.Console;

/** What is at the other end of stdout. */
public final class Terminal {
  private Terminal() {}

  /**
   * Whether a person watches stdout on a terminal that understands control characters: stdin and
   * stdout are the terminal, and {@code TERM} is not {@code dumb}.
   */
  @SuppressWarnings("SystemConsoleNull") // null up to JDK 21; isTerminal answers from 22 on
  public static boolean interactive() {
    Console console = System.console();
    return console != null && isTerminal(console) && !"dumb".equals(System.getenv("TERM"));
  }

  /** Whether a console is a terminal: always so before JDK 22, where there is no such question. */
  private static boolean isTerminal(Console console) {
    try {
      return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (NoSuchMethodException before22) {
      return true;
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }
}
