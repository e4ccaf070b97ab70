package dev.schuss.report;

import java.util.Locale;

/** What pictures have in common: a head, words, numbers. */
final class Svg {
  /** Width of every picture that shares a line of a page with another. */
  static final double WIDTH = 480;

  private final StringBuilder text = new StringBuilder();

  /**
   * The head of an element {@code svg}; its style is {@link Look#STYLE}, which a page has once.
   *
   * @param label what the picture is called where it cannot be seen
   */
  Svg(double width, double height, String label) {
    raw(head(width, height, label));
  }

  /** An open element {@code svg}. */
  static String head(double width, double height, String label) {
    return String.format(
        Locale.ROOT,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"plot\" viewBox=\"0 0 %s %s\" role=\"img\" aria-label=\"%s\">%n",
        number(width),
        number(height),
        Html.escaped(label));
  }

  /** Some elements more; numbers are written alike in every language. */
  Svg add(String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values));
    return this;
  }

  /** Elements as they are. */
  Svg raw(CharSequence elements) {
    text.append(elements);
    return this;
  }

  /**
   * Words.
   *
   * @param type a class of {@link Look}
   * @param anchor {@code start}, {@code middle} or {@code end}
   */
  Svg words(String type, double x, double y, String anchor, String words) {
    return raw(text(type, x, y, anchor, words));
  }

  /** The name of a vertical axis, from bottom to top, at the left edge. */
  Svg upright(double middle, String name) {
    return raw(uprightText(middle, name));
  }

  /** See {@link #upright}. */
  static String uprightText(double middle, String name) {
    return String.format(
        Locale.ROOT,
        "<text class=\"name\" text-anchor=\"middle\" transform=\"translate(13 %s) rotate(-90)\">%s</text>%n",
        number(middle),
        Html.escaped(name));
  }

  /** A field of a table of fields. */
  Svg field(double x, double y, double width, double height, double opacity) {
    return add(
        "<rect class=\"field\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" fill-opacity=\"%.2f\"/>%n",
        number(x), number(y), number(width), number(height), opacity);
  }

  /** The whole element. */
  String end() {
    return text.append("</svg>").toString();
  }

  /** An element {@code text}. */
  static String text(String type, double x, double y, String anchor, String words) {
    return String.format(
        Locale.ROOT,
        "<text class=\"%s\" x=\"%s\" y=\"%s\" text-anchor=\"%s\">%s</text>%n",
        type,
        number(x),
        number(y),
        anchor,
        Html.escaped(words));
  }

  /** A tenth of a pixel is enough. */
  static String number(double value) {
    String text = String.format(Locale.ROOT, "%.1f", value);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }
}
