package dev.schuss.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A page in one file: HTML that is XML as well, styles and pictures within it, no scripts. It asks
 * nothing of the network.
 */
final class Page {
  private static final String STYLE =
      "body{margin:0 auto;padding:1rem;max-width:1000px;background:var(--paper);color:var(--ink);"
          + "font:15px/1.45 system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif}"
          + "h1{font-size:1.5rem;margin:.2rem 0}h2{font-size:1.15rem;margin:1.6rem 0 .5rem}"
          + ".lead{font-size:1.1rem;margin:.3rem 0 .8rem}.faint{color:var(--faint)}"
          + ".cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.5rem,1fr));gap:.6rem;margin:.8rem 0}"
          + ".card{border:1px solid var(--grid);border-radius:.4rem;padding:.4rem .7rem}"
          + ".card b{display:block;font-size:1.15rem;font-weight:600}"
          + ".plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,420px),1fr));gap:.8rem}"
          + ".plots>div{max-width:560px}.plot{width:100%;height:auto;display:block}"
          + ".wide{overflow-x:auto}table{border-collapse:collapse;font-variant-numeric:tabular-nums}"
          + "th,td{padding:.25rem .6rem;text-align:right;border-bottom:1px solid var(--grid);white-space:nowrap}"
          + "th:first-child,td:first-child{text-align:left}th{color:var(--faint);font-weight:500}"
          + ".pictures{display:grid;grid-template-columns:repeat(auto-fill,minmax(5.6rem,1fr));gap:.7rem}"
          + ".pictures figure{margin:0;font-size:12px;line-height:1.3}.pictures figcaption{overflow-wrap:anywhere}"
          + ".pictures img{width:5.6rem;image-rendering:pixelated;display:block;margin-bottom:.2rem}"
          + "tr.best td{font-weight:600}a{color:var(--c0)}.warning{color:var(--c1)}"
          + ".confusion td.right{background:color-mix(in srgb,var(--c2) var(--share),transparent)}"
          + ".confusion td.wrong{background:color-mix(in srgb,var(--c1) var(--share),transparent)}"
          + "pre{overflow-x:auto;font-size:12px;border:1px solid var(--grid);padding:.6rem;border-radius:.4rem}"
          + "summary{cursor:pointer}";

  private final StringBuilder body = new StringBuilder();
  private final String title;

  Page(String title) {
    this.title = title;
    body.append("<h1>").append(Html.escaped(title)).append("</h1>\n");
  }

  /** A sentence that stands out. */
  Page lead(String text) {
    body.append("<p class=\"lead\">").append(Html.escaped(text)).append("</p>\n");
    return this;
  }

  Page heading(String text) {
    body.append("<h2>").append(Html.escaped(text)).append("</h2>\n");
    return this;
  }

  Page text(String text) {
    body.append("<p>").append(Html.escaped(text)).append("</p>\n");
    return this;
  }

  /** What somebody should know; nothing where there is nothing. */
  Page warnings(List<String> lines) {
    if (!lines.isEmpty()) {
      body.append("<ul class=\"warning\">\n");
      lines.forEach(line -> body.append("<li>").append(Html.escaped(line)).append("</li>\n"));
      body.append("</ul>\n");
    }
    return this;
  }

  /** Figures by their names. */
  Page cards(Map<String, String> figures) {
    body.append("<div class=\"cards\">\n");
    figures.forEach(
        (name, value) ->
            body.append(
                String.format(
                    Locale.ROOT,
                    "<div class=\"card\"><span class=\"faint\">%s</span><b>%s</b></div>%n",
                    Html.escaped(name),
                    Html.escaped(value))));
    body.append("</div>\n");
    return this;
  }

  /** Pictures side by side, or below each other where the page is narrow. */
  Page plots(List<String> svgs) {
    if (!svgs.isEmpty()) {
      body.append("<div class=\"plots\">\n");
      svgs.forEach(svg -> body.append("<div>").append(svg).append("</div>\n"));
      body.append("</div>\n");
    }
    return this;
  }

  /**
   * A table.
   *
   * @param header names of the columns
   * @param rows texts, as many in each
   * @param links where the first column of a row leads, relative to the page; null, or null for a
   *     row, for nowhere
   * @param best the row that stands out; -1 for none
   */
  Page table(List<String> header, List<List<String>> rows, List<String> links, int best) {
    body.append("<div class=\"wide\"><table>\n<tr>");
    header.forEach(name -> body.append("<th>").append(Html.escaped(name)).append("</th>"));
    body.append("</tr>\n");
    for (int r = 0; r < rows.size(); r++) {
      body.append(r == best ? "<tr class=\"best\">" : "<tr>");
      for (int c = 0; c < rows.get(r).size(); c++) {
        String text = Html.escaped(rows.get(r).get(c));
        String link = c == 0 && links != null ? links.get(r) : null;
        body.append("<td>")
            .append(link == null ? text : "<a href=\"" + Html.escaped(link) + "\">" + text + "</a>")
            .append("</td>");
      }
      body.append("</tr>\n");
    }
    body.append("</table></div>\n");
    return this;
  }

  /**
   * A table of classes, each field as dark as its share of the class.
   *
   * @param weights of the rows by class and predicted class
   */
  Page confusion(List<String> classes, double[][] weights) {
    body.append("<div class=\"wide\"><table class=\"confusion\">\n<tr><th></th>");
    classes.forEach(name -> body.append("<th>").append(Html.escaped(name)).append("</th>"));
    body.append("</tr>\n");
    for (int c = 0; c < weights.length; c++) {
      double sum = Arrays.stream(weights[c]).sum();
      body.append("<tr><th>").append(Html.escaped(classes.get(c))).append("</th>");
      for (int p = 0; p < weights[c].length; p++) {
        double share = sum > 0 ? weights[c][p] / sum : 0;
        body.append(
            String.format(
                Locale.ROOT,
                "<td class=\"%s\" style=\"--share:%.0f%%\">%s</td>",
                c == p ? "right" : "wrong",
                // An error of a few per cent is to be seen.
                100 * (c == p ? 0.6 * share : Math.min(0.8, 4 * share)),
                weights[c][p] == 0 ? "" : Numbers.compactCount(weights[c][p])));
      }
      body.append("</tr>\n");
    }
    body.append("</table></div>\n");
    return this;
  }

  /** Rows that the model is most wrong about: pictures, or a table; nothing of nothing. */
  Page examples(Examples worst) {
    if (worst.examples().isEmpty()) {
      return this;
    }
    heading("Largest loss among the " + worst.of() + " rows");
    return worst.columns().isEmpty() ? pictures(worst) : rows(worst);
  }

  private Page pictures(Examples worst) {
    body.append("<div class=\"pictures\">\n");
    for (Examples.Example example : worst.examples()) {
      body.append("<figure>");
      for (String picture : example.pictures()) {
        body.append("<img alt=\"\" src=\"").append(Html.escaped(picture)).append("\"/>");
      }
      body.append("<figcaption>");
      if (!example.label().isEmpty()) {
        body.append("<b>").append(Html.escaped(example.label())).append("</b> taken for <b>");
        body.append(Html.escaped(example.predicted())).append("</b><br/>");
      }
      body.append("<span class=\"faint\">");
      if (example.probability() != null) {
        body.append(Html.escaped(Numbers.share(example.probability()))).append("<br/>");
      }
      body.append("loss ").append(Html.escaped(Numbers.compact(example.loss())));
      body.append("</span></figcaption></figure>\n");
    }
    body.append("</div>\n");
    return this;
  }

  private Page rows(Examples worst) {
    boolean likely = worst.examples().stream().anyMatch(e -> e.probability() != null);
    List<String> header = new ArrayList<>(List.of("label", "predicted"));
    if (likely) {
      header.add("probability");
    }
    header.add("loss");
    header.addAll(worst.columns());
    List<List<String>> lines = new ArrayList<>();
    for (Examples.Example example : worst.examples()) {
      List<String> line = new ArrayList<>(List.of(example.label(), example.predicted()));
      if (likely) {
        line.add(Numbers.share(example.probability()));
      }
      line.add(Numbers.compact(example.loss()));
      line.addAll(example.values());
      lines.add(line);
    }
    return table(header, lines, null, -1);
  }

  /** A long text that is shown when asked for. */
  Page details(String summary, String text) {
    body.append("<details><summary>")
        .append(Html.escaped(summary))
        .append("</summary>\n<pre>")
        .append(Html.escaped(text))
        .append("</pre></details>\n");
    return this;
  }

  /** The whole file. */
  String html() {
    return "<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\">\n<head>\n"
        + "<meta charset=\"utf-8\"/>\n"
        + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n<title>"
        + Html.escaped(title)
        + "</title>\n<style>"
        + Look.STYLE
        + STYLE
        + "</style>\n</head>\n<body>\n"
        + body
        + "</body>\n</html>\n";
  }
}
