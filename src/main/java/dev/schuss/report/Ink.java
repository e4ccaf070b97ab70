package dev.schuss.report;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

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

  /** Where there is no number. */
  static final String HOLE = code(4);

  private static final String[] NAMES = {"paper", "ink", "faint", "grid", "hole"};
  private static final Pattern CODE =
      Pattern.compile("rgb\\(1,0,(\\d+)\\)|#0100([0-9a-f]{2})|rgb\\(255,255,255\\)");

  /**
   * The codes of shades: of green, with steps between them since the library makes transitions and
   * rounds.
   */
  private static final Pattern SHADE = Pattern.compile("rgb\\(\\d,(\\d{2,3}),\\d\\)");

  private static final int FIRST = 12;
  private static final int STEP = 7;

  private Ink() {}

  /** The colour of a curve by its number; from {@link Look#COLOURS} on they come again. */
  static String curve(int number) {
    return code(NAMES.length + number % Look.COLOURS);
  }

  /** The shades of the first colour, the strongest first, see {@link Look#SHADES}. */
  static List<String> shades() {
    return IntStream.range(0, Look.SHADES)
        .mapToObj(i -> String.format("#00%02x00", FIRST + STEP * i))
        .toList();
  }

  private static String code(int number) {
    return String.format("#0100%02x", number);
  }

  /** The page's variables in the place of codes; the library's own white is the paper. */
  static String variables(String attributes) {
    String shaded =
        SHADE
            .matcher(attributes)
            .replaceAll(found -> "var(--s" + shade(Integer.parseInt(found.group(1))) + ")");
    return CODE.matcher(shaded)
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

  private static long shade(int green) {
    return Math.max(0, Math.min(Look.SHADES - 1, Math.round((double) (green - FIRST) / STEP)));
  }

  private static String variable(int code) {
    return "var(--" + (code < NAMES.length ? NAMES[code] : "c" + (code - NAMES.length)) + ")";
  }
}
