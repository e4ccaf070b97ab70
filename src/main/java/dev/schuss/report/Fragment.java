package dev.schuss.report;

import java.util.List;

/**
 * A piece of a page for notebooks: HTML with its pictures and its style within, no scripts, nothing
 * that is fetched. Its colours and its paper are its own, in light and in dark, and its style
 * touches nothing else of the page.
 */
final class Fragment {
  private static final String STYLE =
      // The look of plots, for what is in the fragment alone.
      Look.STYLE.replace(":root", ".schuss").replace(".plot ", ".schuss .plot ")
          + ".schuss{background:var(--paper);color:var(--ink);padding:.6rem .8rem;border-radius:.4rem;"
          + "font:14px/1.4 system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif}"
          + ".schuss .title{font-weight:600}.schuss .line{color:var(--faint)}"
          + ".schuss progress{width:100%;max-width:560px;height:.5rem;display:block;margin:.3rem 0}"
          + ".schuss .plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,300px),1fr));gap:.6rem;margin-top:.4rem}"
          + ".schuss .plots>div{max-width:520px}.schuss .plot{width:100%;height:auto;display:block}";

  private final StringBuilder body = new StringBuilder();

  /** A first line in bold; nothing where it is empty. */
  Fragment title(String text) {
    return text.isEmpty() ? this : element("title", text);
  }

  Fragment line(String text) {
    return element("line", text);
  }

  /** How much of something is done. */
  Fragment progress(long done, long of) {
    body.append("<progress value=\"" + done + "\" max=\"" + of + "\"></progress>\n");
    return this;
  }

  /** Pictures side by side, or below each other where it is narrow. */
  Fragment plots(List<String> svgs) {
    body.append("<div class=\"plots\">\n");
    svgs.forEach(svg -> body.append("<div>").append(svg).append("</div>\n"));
    body.append("</div>\n");
    return this;
  }

  private Fragment element(String type, String text) {
    body.append("<div class=\"").append(type).append("\">");
    body.append(Html.escaped(text)).append("</div>\n");
    return this;
  }

  /** An element {@code div}; ASCII, whatever the notebook takes the encoding to be. */
  String html() {
    String html = "<div class=\"schuss\"><style>" + STYLE + "</style>\n" + body + "</div>";
    StringBuilder ascii = new StringBuilder(html.length());
    html.codePoints()
        .forEach(
            c -> {
              if (c < 128) {
                ascii.append((char) c);
              } else {
                ascii.append("&#").append(c).append(';');
              }
            });
    return ascii.toString().replace("\n%", "\n&#37;"); // there a notebook would begin a block
  }
}
