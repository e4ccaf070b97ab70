package dev.schuss.report;

/** Colours and type of pages and plots, in light and dark. */
final class Look {
  static final int COLOURS = 8;

  /** Shades of the first colour that an eye may tell apart, and how strong first and last are. */
  static final int SHADES = 32;

  private static final double STRONG = 0.78;
  private static final double PALE = 0.04;

  /** How strong the second colour is where there is no number. */
  private static final double HOLE = 0.3;

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

  private static String style() {
    StringBuilder style = new StringBuilder(":root{color-scheme:light dark;");
    variables(style, LIGHT, "#ffffff", "#1a1a1a", "#666666", "#e4e4e4");
    style.append("}@media(prefers-color-scheme:dark){:root{");
    variables(style, DARK, "#16181c", "#e8e8e8", "#a0a0a0", "#33363c");
    style.append("}}");
    style.append(
        ".plot text{font:12px system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif;fill:var(--ink)}"
            + ".plot .plot-title{font-size:14px;font-weight:600}"
            + ".plot .axis-text-x,.plot .axis-text-y{font-size:11px;fill:var(--faint)}"
            + ".plot .axis-title-x,.plot .axis-title-y{fill:var(--faint)}.plot .legend-item,.plot .plot-caption{font-size:11px}"
            // Fields without gaps that are narrower than a pixel.
            + ".plot rect{shape-rendering:crispEdges}"
            // Words beside a point are read on a curve, too.
            + ".plot text[style]:not([text-anchor=middle]){paint-order:stroke;stroke:var(--paper);stroke-width:3px;stroke-linejoin:round}"
            + ".plot .paper{fill:var(--paper)}");
    return style.toString();
  }

  private static void variables(
      StringBuilder style, String[] colours, String paper, String ink, String faint, String grid) {
    style.append("--paper:%s;--ink:%s;--faint:%s;--grid:%s;".formatted(paper, ink, faint, grid));
    for (int i = 0; i < colours.length; i++) {
      style.append("--c" + i + ":" + colours[i] + ";");
    }
    style.append("--hole:" + mixed(colours[1], HOLE, paper) + ";");
    for (int i = 0; i < SHADES; i++) {
      double share = STRONG + (PALE - STRONG) * i / (SHADES - 1);
      style.append("--s" + i + ":" + mixed(colours[0], share, paper) + ";");
    }
  }

  /** A share of one colour, and the rest of another. */
  private static String mixed(String colour, double share, String other) {
    StringBuilder mixed = new StringBuilder("#");
    for (int i = 1; i < colour.length(); i += 2) {
      int one = Integer.parseInt(colour.substring(i, i + 2), 16);
      int two = Integer.parseInt(other.substring(i, i + 2), 16);
      mixed.append("%02x".formatted(Math.round(share * one + (1 - share) * two)));
    }
    return mixed.toString();
  }
}
