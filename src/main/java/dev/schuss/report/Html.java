package dev.schuss.report;

/** Text as HTML, SVG and XML want it. */
final class Html {
  private Html() {}

  /** A text within an element or an attribute; what XML cannot hold is left out. */
  static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    possible(text)
        .codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                default -> escaped.appendCodePoint(c);
              }
            });
    return escaped.toString();
  }

  /** A text without what XML cannot hold. */
  static String possible(String text) {
    return text.codePoints()
        .filter(
            c -> {
              boolean control = (c < 0x20 && c != '\t' && c != '\n') || (c >= 0x7F && c < 0xA0);
              boolean none = (c >= 0xD800 && c < 0xE000) || c == 0xFFFE || c == 0xFFFF;
              return !control && !none;
            })
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
