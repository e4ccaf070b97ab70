package dev.schuss.report;

/** Colours and type of pages and plots, in light and dark. */
final class Look {
  static final int COLOURS = 8;

  /** Of Okabe and Ito, whom most eyes can tell apart; lighter ones on dark paper. */
  private static final String[] LIGHT = {
    "#0072b2", "#d55e00", "#009e73", "#b0478a", "#a67c00", "#3a8fc4", "#7a5195", "#555555"
  };

  private static final String[] DARK = {
    "#5cb8f0", "#ff9248", "#3ddc97", "#e6a5cc", "#f0e442", "#9ad8ff", "#c7a6f2", "#cccccc"
  };

  /** Of plots; what else a page needs is beside it. */
  static final String STYLE = style();

  private Look() {}

  /** The classes of a curve by its number: from the ninth on the colours come again, dashed. */
  static String colour(int number) {
    int dash = number / COLOURS;
    return hue(number) + (dash == 0 ? "" : dash % 2 == 1 ? " dash" : " dots");
  }

  /** The class of a colour alone. */
  static String hue(int number) {
    return "c" + number % COLOURS;
  }

  private static String style() {
    StringBuilder style = new StringBuilder(":root{color-scheme:light dark;");
    variables(style, LIGHT, "#ffffff", "#1a1a1a", "#666666", "#e4e4e4");
    style.append("}@media(prefers-color-scheme:dark){:root{");
    variables(style, DARK, "#16181c", "#e8e8e8", "#a0a0a0", "#33363c");
    style.append("}}");
    style.append(
        ".plot text{font:12px system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif;fill:var(--ink)}"
            + ".plot .title{font-size:14px;font-weight:600}.plot .plot-title{font-size:14px;font-weight:600}"
            + ".plot .axis-text-x,.plot .axis-text-y{font-size:11px;fill:var(--faint)}"
            + ".plot .axis-title-x,.plot .axis-title-y{fill:var(--faint)}.plot .legend-item{font-size:11px}"
            // Fields without gaps that are narrower than a pixel.
            + ".plot rect{shape-rendering:crispEdges}"
            // Words beside a point are read on a curve, too.
            + ".plot text[style]:not([text-anchor=middle]){paint-order:stroke;stroke:var(--paper);stroke-width:3px;stroke-linejoin:round}"
            + ".plot .tick,.plot .small{font-size:11px}.plot .tick,.plot .name{fill:var(--faint)}"
            + ".plot .grid{stroke:var(--grid)}.plot .axis{stroke:var(--faint)}"
            + ".plot .wall{stroke:var(--faint);stroke-dasharray:3 3}"
            + ".plot .paper{fill:var(--paper)}"
            + ".plot .curve{fill:none;stroke-width:1.8;stroke-linejoin:round}"
            + ".plot .band{opacity:.18}.plot .dash{stroke-dasharray:6 3}.plot .dots{stroke-dasharray:2 2}"
            + ".plot .field{fill:var(--c0)}"
            + ".plot .mark{fill:var(--paper);stroke:var(--ink);stroke-width:1.6}");
    for (int i = 0; i < COLOURS; i++) {
      style.append(
          ".plot .curve.c%1$d{stroke:var(--c%1$d)}.plot .dot.c%1$d,.plot .band.c%1$d{fill:var(--c%1$d)}"
              .formatted(i));
    }
    return style.toString();
  }

  private static void variables(
      StringBuilder style, String[] colours, String paper, String ink, String faint, String grid) {
    style.append("--paper:%s;--ink:%s;--faint:%s;--grid:%s;".formatted(paper, ink, faint, grid));
    for (int i = 0; i < colours.length; i++) {
      style.append("--c%d:%s;".formatted(i, colours[i]));
    }
  }
}
