package dev.schuss.report;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * The library's drawings in a fifth of their length, the same each time: numbers as exact as eyes
 * are, no blanks between elements, colours of the page, names that are made of the drawing itself
 * where the library takes random ones.
 */
final class Slim {
  private static final Pattern PIECE = Pattern.compile("<[^>]*>|[^<]+");
  private static final Pattern NUMBER = Pattern.compile("-?\\d+\\.\\d+(E-?\\d+)?");
  private static final Pattern ZEROS = Pattern.compile("\\.?0+$");
  private static final Pattern NAME = Pattern.compile(" id=\"([^\"]+)\"");
  private static final Pattern NEEDLESS =
      Pattern.compile(
          " (clip-bounds-jfx=\"[^\"]*\"|stroke-opacity=\"1\"|fill-opacity=\"1\"|transform=\"\")"
              + "|font-family:[^;\"]*;?|(?<=\\)) (?=\")| (?=[)>]|/>)|(?<=<g) id=\"[^\"]*\""
              + "| transform=\"rotate\\(0 [^\"]*\"");

  /** Of a line, which has nothing to fill, and of a field without an edge. */
  private static final Pattern FILL = Pattern.compile(" fill=\"[^\"]*\"");

  private static final Pattern EDGE =
      Pattern.compile(" stroke=\"[^\"]*\"(?=[^>]* stroke-width=\"0\")");
  private static final Pattern NO_EDGE = Pattern.compile(" stroke-width=\"0\"");
  private static final Pattern EMPTY =
      Pattern.compile(
          "<(g|defs)[^>]*></\\1>|<path[^>]* stroke-width=\"0\"[^>]* fill=\"none\"[^>]*/>"
              + "|<path( fill-rule=\"[a-z]+\")?/>");
  private static final Pattern CLOSED = Pattern.compile("(<[a-z][^>]*)></(path|line|rect)>");

  private Slim() {}

  /** What is within the element {@code svg} of a drawing, but for its style. */
  static String inner(String svg) {
    int from = svg.indexOf("</style>") + "</style>".length();
    StringBuilder slim = new StringBuilder();
    Matcher pieces = PIECE.matcher(svg.substring(from, svg.lastIndexOf("</svg>")));
    while (pieces.find()) {
      String piece = pieces.group();
      slim.append(piece.startsWith("<") ? tag(piece) : Html.possible(piece).strip());
    }
    String text = CLOSED.matcher(slim).replaceAll("$1/>");
    for (int before = -1; before != text.length(); ) {
      before = text.length();
      text = EMPTY.matcher(text).replaceAll("");
    }
    return named(text);
  }

  private static String tag(String tag) {
    String exact = NUMBER.matcher(tag).replaceAll(found -> number(found.group()));
    String needed = NEEDLESS.matcher(exact).replaceAll("");
    if (needed.startsWith("<line")) {
      needed = FILL.matcher(needed).replaceAll("");
    } else if (needed.startsWith("<rect")) {
      needed = NO_EDGE.matcher(EDGE.matcher(needed).replaceAll("")).replaceAll("");
    }
    return Ink.variables(needed);
  }

  private static String number(String text) {
    double value = Double.parseDouble(text);
    String exact = String.format(Locale.ROOT, Math.abs(value) < 2 ? "%.2f" : "%.1f", value);
    return ZEROS.matcher(exact).replaceFirst("");
  }

  /** Several drawings share a page, so each has names of its own. */
  private static String named(String text) {
    Map<String, String> names = new LinkedHashMap<>();
    Matcher found = NAME.matcher(text);
    while (found.find()) {
      names.put(found.group(1), "@" + names.size());
    }
    for (Map.Entry<String, String> name : names.entrySet()) {
      text = renamed(text, name.getKey(), name.getValue());
    }
    CRC32 crc = new CRC32();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    String own = String.format(Locale.ROOT, "p%08x-", crc.getValue());
    for (String name : names.values()) {
      text = renamed(text, name, own + name.substring(1));
    }
    return text;
  }

  private static String renamed(String text, String name, String other) {
    return text.replace(" id=\"" + name + "\"", " id=\"" + other + "\"")
        .replace("url(#" + name + ")", "url(#" + other + ")");
  }
}
