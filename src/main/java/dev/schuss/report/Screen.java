package dev.schuss.report;

import java.io.PrintStream;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;

/**
 * Lines that scroll above one bar in the last line of a terminal. Every change is one write that
 * draws over what was there and then clears the rest of the line, so nothing flickers; all methods
 * may be called from any thread.
 */
final class Screen extends ConsoleProgressBarConsumer {
  private static final String CLEAR_TO_END = "\u001b[K";

  private final PrintStream out;
  private String bar;

  Screen(PrintStream out) {
    super(out);
    this.out = out;
  }

  /** Draws the bar. */
  @Override
  public synchronized void accept(String rendered) {
    bar = rendered.stripTrailing();
    write("\r" + bar + CLEAR_TO_END);
  }

  /** Writes a line above the bar. */
  synchronized void line(String text) {
    String below = bar == null ? "" : bar + CLEAR_TO_END;
    write((bar == null ? "" : "\r") + text + (bar == null ? "" : CLEAR_TO_END) + "\n" + below);
  }

  /** Takes the bar away. */
  @Override
  public synchronized void close() {
    if (bar != null) {
      bar = null;
      write("\r" + CLEAR_TO_END);
    }
  }

  private void write(String text) {
    out.print(text);
    out.flush();
  }
}
