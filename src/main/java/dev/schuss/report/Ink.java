package dev.schuss.report;

import java.util.regex.Pattern;

/**
 * Colours of a drawing by what they are for. The library that draws takes numbers only, so each has
 * one that nobody would choose; in what was drawn it is replaced by the page's variable, which has
 * a value in light and another in dark.
 */
final class Ink {
  static final String PAPER = code(0);
  static final String TEXT = code(1);
  static final String FAINT = code(2);
  static final String GRID = code(3);

  private static final String[] NAMES = {"paper", "ink", "faint", "grid"};
  private static final Pattern CODE =
      Pattern.compile("rgb\\(1,0,(\\d+)\\)|#0100([0-9a-f]{2})|rgb\\(255,255,255\\)");

  private Ink() {}

  /** The colour of a curve by its number; from {@link Look#COLOURS} on they come again. */
  static String curve(int number) {
    return code(NAMES.length + number % Look.COLOURS);
  }

  private static String code(int number) {
    return String.format("#0100%02x", number);
  }

  /** The page's variables in the place of codes; the library's own white is the paper. */
  static String variables(String attributes) {
    return CODE.matcher(attributes)
        .replaceAll(
            found -> {
              if (found.group(1) != null) {
                return variable(Integer.parseInt(found.group(1)));
              }
              return found.group(2) != null
                  ? variable(Integer.parseInt(found.group(2), 16))
                  : variable(0);
            });
  }

  private static String variable(int code) {
    return "var(--" + (code < NAMES.length ? NAMES[code] : "c" + (code - NAMES.length)) + ")";
  }
}
