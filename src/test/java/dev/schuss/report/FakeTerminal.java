package dev.schuss.report;

import java.util.ArrayList;
import java.util.List;

/** The two control characters that a {@link Screen} needs. */
final class FakeTerminal {
  private FakeTerminal() {}

  /**
   * What a terminal shows in the end: a carriage return goes back, ESC [ K clears to the end of the
   * line.
   */
  static List<String> shown(String written) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    int at = 0;
    for (int i = 0; i < written.length(); i++) {
      char c = written.charAt(i);
      if (c == '\n') {
        lines.add(line.toString());
        line.setLength(0);
        at = 0;
      } else if (c == '\r') {
        at = 0;
      } else if (written.startsWith("\u001b[K", i)) {
        line.setLength(at);
        i += 2;
      } else {
        line.replace(at, Math.min(at + 1, line.length()), String.valueOf(c));
        at++;
      }
    }
    if (!line.isEmpty()) {
      lines.add(line.toString());
    }
    return lines;
  }
}
