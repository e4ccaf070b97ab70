package dev.schuss.report;

import static dev.schuss.report.Pictures.assertSound;
import static dev.schuss.report.Pictures.count;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

class PlotTest {
  private static final String ODD = "<&\"> \u0001\ud83d\ude00";

  private static double[] x(int count) {
    return IntStream.rangeClosed(1, count).asDoubleStream().toArray();
  }

  private static double[] y(int count, DoubleUnaryOperator f) {
    return Arrays.stream(x(count)).map(f).toArray();
  }

  private static Plot plot(int count, DoubleUnaryOperator f) {
    return new Plot("Loss", "epoch", "loss").curve("", x(count), y(count, f));
  }

  /** Lines and dots of the first curve. */
  private static int lines(String svg) {
    return count(svg, "stroke=\"var(--c0)\"");
  }

  private static int dots(String svg) {
    return count(svg, "<circle");
  }

  @Test
  void numbersOfEverySizeAreDrawn() throws Exception {
    Map<String, DoubleUnaryOperator> curves = new LinkedHashMap<>();
    curves.put("equal", e -> 3);
    curves.put("zero", e -> 0);
    curves.put("negative", e -> -e * e);
    curves.put("huge", e -> e * 1e299);
    curves.put("both ends", e -> e % 2 == 0 ? 1e300 : -1e300);
    curves.put("too large", e -> e % 2 == 0 ? Double.MAX_VALUE : e);
    curves.put("tiny", e -> e * 1e-300);
    curves.put("least", e -> Double.MIN_VALUE);
    curves.put("all sizes", e -> Math.pow(10, 60 * (e - 6)));
    curves.put("close", e -> 1 + e * 1e-15);
    curves.put("infinite", e -> e == 4 ? Double.POSITIVE_INFINITY : e);
    curves.put("zeros", e -> e % 3);
    for (Map.Entry<String, DoubleUnaryOperator> curve : curves.entrySet()) {
      for (int points : new int[] {1, 10}) {
        Plot plain = plot(points, curve.getValue()).mark(1, 3, "best").wall(2, "here");
        assertSound(plain.svg());
        assertSound(plain.logX().logY().svg());
      }
    }
    assertThat(plot(10, e -> e * 1e299).svg()).contains(">1e300<").doesNotContain("922337");
  }

  @Test
  void whatIsNotANumberIsNotThere() throws Exception {
    Plot none =
        plot(9, e -> Double.NaN).mark(1, 1, "best").wall(1, "here").band(0, x(0), x(0), x(0));
    assertThat(none.empty()).isTrue();
    assertSound(none.svg());
    assertThat(plot(9, e -> -e).empty()).isFalse();
    assertThat(plot(9, e -> -e).logY().empty()).isTrue();
  }

  @Test
  void aGapBreaksACurve() {
    assertThat(lines(plot(9, e -> e).svg())).isEqualTo(1);
    assertThat(lines(plot(9, e -> e == 5 ? Double.NaN : e).svg())).isEqualTo(2);
    assertThat(lines(plot(9, e -> e - 5).logY().svg())).isEqualTo(1); // the upper half
  }

  @Test
  void aPointWithoutNeighboursIsADot() {
    assertThat(dots(plot(9, e -> e).svg())).isZero();
    assertThat(dots(plot(1, e -> e).svg())).isEqualTo(1);
    assertThat(dots(plot(10, e -> e % 2 == 0 ? Double.NaN : e).svg())).isEqualTo(5);
    assertThat(dots(plot(9, e -> e).dots().svg())).isEqualTo(9);
    // Measured every tenth time, where only every second point is drawn.
    assertThat(dots(plot(1000, e -> e % 10 == 5 ? e : Double.NaN).svg())).isEqualTo(100);
  }

  @Test
  void manyPointsAreThinnedButTheLastIsThere() throws Exception {
    String svg = plot(100_000, e -> e).svg();
    assertThat(svg.length()).isLessThan(20_000);
    assertSound(svg);
    String path = svg.replaceAll("(?s).*<path d=\"([^\"]*)\".*", "$1").strip();
    String whole = plot(2, e -> e == 1 ? 1 : 100_000).svg();
    assertThat(path.split("L")).hasSizeBetween(250, 603);
    String end = path.substring(path.lastIndexOf(' '));
    assertThat(whole.replaceAll("(?s).*<path d=\"([^\"]*)\".*", "$1").strip()).endsWith(end);
    Plot three = plot(300, e -> 2 / e).curve("validation", x(300), y(300, e -> 2.1 / e));
    assertThat(three.logY().svg().length()).isLessThan(20_000);
  }

  @Test
  void namesAreEscapedAndCut() throws Exception {
    String svg =
        new Plot(ODD, "x" + ODD, "y" + ODD)
            .curve(ODD, x(3), x(3))
            .curve("w".repeat(500), x(3), x(3))
            .curve("", x(3), x(3))
            .mark(2, 2, "mark " + ODD)
            .wall(2, "wall " + ODD)
            .svg();
    assertSound(svg);
    String escaped = "&lt;&amp;&quot;&gt; \ud83d\ude00";
    assertThat(svg)
        .contains(">" + escaped, ">x&lt;", ">y&lt;", ">mark " + escaped, "wwww\u2026www");
    assertThat(svg).doesNotContain("\u0001").doesNotContain("w".repeat(40));
  }

  @Test
  void aLegendOfLongNamesFits() throws Exception {
    Plot plot =
        new Plot("Accuracy of a dozen settings, told by all that was set in them", "epoch", "x");
    for (int i = 0; i < 12; i++) {
      plot.curve("novograd, lookahead.every 5, batchSize 1024, rate 0.00" + i, x(5), y(5, e -> e));
    }
    String svg = plot.svg();
    Element root = assertSound(svg).getDocumentElement();
    String[] box = root.getAttribute("viewBox").split(" ", -1);
    NodeList texts = root.getElementsByTagName("text");
    int names = 0;
    for (int i = 0; i < texts.getLength(); i++) {
      Element text = (Element) texts.item(i);
      double[] at = place(text);
      double wide = 6.4 * text.getTextContent().length();
      assertThat(at[1]).isBetween(0.0, Double.parseDouble(box[3]));
      if (text.getAttribute("class").equals("legend-item")) {
        assertThat(at[0]).isBetween(0.0, 480 - wide);
        names++;
      }
    }
    assertThat(names).isEqualTo(12 * 2); // lines
    assertThat(count(svg, "class=\"plot-title\"")).isEqualTo(2);
    Matcher height =
        Pattern.compile("<clipPath[^>]*><rect x=\"0\" y=\"0\" width=\"[^\"]*\" height=\"([^\"]*)")
            .matcher(svg);
    assertThat(height.find()).isTrue();
    assertThat(Double.parseDouble(height.group(1))).isBetween(180.0, 260.0); // of the curves
  }

  /** Where an element is, by all that moves it. */
  private static double[] place(Element element) {
    double x = 0;
    double y = 0;
    for (Node n = element; n instanceof Element e; n = n.getParentNode()) {
      Matcher move =
          Pattern.compile("translate\\(([-\\d.]+) ([-\\d.]+)\\)")
              .matcher(e.getAttribute("transform"));
      if (move.find()) {
        x += Double.parseDouble(move.group(1));
        y += Double.parseDouble(move.group(2));
      }
    }
    return new double[] {x, y};
  }

  @Test
  void coloursComeAgainWithOtherLines() throws Exception {
    Plot plot = new Plot("Thirty", "epoch", "loss");
    for (int i = 0; i < 30; i++) {
      plot.curve("curve " + i, x(3), y(3, e -> e));
    }
    String svg = plot.svg();
    assertSound(svg);
    assertThat(svg).contains("stroke=\"var(--c7)\"").doesNotContain("--c8");
    assertThat(Pattern.compile("<path[^>]*stroke-dasharray").matcher(svg).results()).hasSize(16);
  }

  @Test
  void wholeNumbersHaveWholeTicks() {
    assertThat(plot(5, e -> e / 100).svg()).contains(">4</text>").doesNotContain(">3.5<");
    assertThat(plot(1, e -> e / 100).svg()).contains(">1</text>").doesNotContain(">0.5<", ">1.5<");
  }

  @Test
  void aMarkBeyondTheCurvesIsThere() throws Exception {
    Plot plot = plot(20, e -> e / 100).mark(30, 0.5, "beyond");
    String svg = plot.svg();
    assertSound(svg);
    assertThat(svg).contains(">30</text>", ">0.5</text>", ">beyond</text>").contains("<circle");
  }

  @Test
  void anAreaHasTheGapsOfItsEdges() {
    double[] high = y(9, e -> e == 5 ? Double.NaN : e + 1);
    String area = "fill=\"var(--c1)\"";
    assertThat(count(plot(9, e -> e).band(1, x(9), x(9), y(9, e -> e + 1)).svg(), area))
        .isEqualTo(1);
    assertThat(count(plot(9, e -> e).band(1, x(9), x(9), high).svg(), area)).isEqualTo(2);
  }

  @Test
  void whatIsBehindIsGrey() {
    String svg = plot(5, e -> e).behind("minibatches", x(5), x(5)).svg();
    int grey = svg.indexOf("stroke=\"var(--c7)\"");
    assertThat(grey).isPositive().isLessThan(svg.indexOf("stroke=\"var(--c0)\""));
    assertThat(svg).contains("stroke-opacity=\"0.45\"");
  }
}
