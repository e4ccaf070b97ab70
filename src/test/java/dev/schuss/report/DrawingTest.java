package dev.schuss.report;

import static dev.schuss.report.Pictures.assertSound;
import static dev.schuss.report.Pictures.count;
import static org.assertj.core.api.Assertions.assertThat;

import dev.schuss.objective.Metric;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class DrawingTest {
  private static Drawing drawing(double y) {
    return new Drawing("Two points", Drawing.WIDTH, 200)
        .mark(1, y)
        .words(2, 5, "words", true, true);
  }

  private static Set<String> ids(String svg) {
    return Pattern.compile(" id=\"([^\"]+)\"")
        .matcher(svg)
        .results()
        .map(found -> found.group(1))
        .collect(Collectors.toSet());
  }

  @Test
  void theSamePictureIsTheSameText() throws Exception {
    assertThat(drawing(3).svg()).isEqualTo(drawing(3).svg());
    assertSound(drawing(3).svg());
  }

  @Test
  void twoPicturesOfAPageShareNoNames() {
    String one = drawing(3).svg();
    assertThat(ids(one)).isNotEmpty().doesNotContainAnyElementsOf(ids(drawing(4).svg()));
    Pattern.compile("url\\(#([^)]+)\\)")
        .matcher(one)
        .results()
        .forEach(used -> assertThat(ids(one)).contains(used.group(1)));
  }

  @Test
  void aFileHasItsStyle() throws Exception {
    String file = drawing(3).file();
    assertThat(file).startsWith("<?xml").contains(Look.STYLE, "class=\"paper\"");
    assertSound(file.substring(file.indexOf("<svg")));
  }

  @Test
  void coloursAreTheVariablesOfThePage() {
    assertThat(Ink.variables("fill=\"rgb(1,0,1)\" stroke=\"#010006\" color=\"rgb(255,255,255)\""))
        .isEqualTo("fill=\"var(--ink)\" stroke=\"var(--c1)\" color=\"var(--paper)\"");
    assertThat(Ink.curve(Look.COLOURS + 3)).isEqualTo(Ink.curve(3));
  }

  @Test
  void numbersAreAsExactAsEyesAndWordsStay() {
    String svg =
        "<svg><style>x</style><g id=\"a\">\n <g transform=\"translate(10.0 3.14159) \" clip-bounds-jfx=\"[x]\">"
            + "<line x1=\"-0.7071\" y1=\"1.0E-5\" fill=\"rgb(17,142,216)\" ></line></g>"
            + "<text y=\"0.0\">1.23456 &lt; 2 \u0001</text><g><g></g></g></g></svg>";
    assertThat(Slim.inner(svg))
        .isEqualTo(
            "<g><g transform=\"translate(10 3.1)\"><line x1=\"-0.71\" y1=\"0\"/></g>"
                + "<text y=\"0\">1.23456 &lt; 2</text></g>");
  }

  @Test
  void aTitleHasAsManyLinesAsItNeeds() {
    assertThat(Drawing.lines("", 10)).isEmpty();
    assertThat(Drawing.lines(" one two  three four", 9)).hasToString("one two\nthree\nfour");
    assertThat(Drawing.lines("abcdefghijkl m", 9)).hasToString("abcdefghijkl\nm");
  }

  @Test
  void aMapHasAFieldForEachValue() throws Exception {
    HeatMap map = new HeatMap("A <map>", "train.batchSize", "optimizer.rate", Metric.lower("loss"));
    map.put(64, 0.1, 0.5, "diverged");
    map.put(256, 0.1, 0.25, "diverged");
    map.put(64, 0.2, Double.NaN, "diverged");
    String svg = map.svg();
    assertSound(svg);
    assertThat(svg).isEqualTo(map.svg());
    assertThat(count(svg, "fill-opacity=\"0.6\"")).isEqualTo(1); // the least loss is the darkest
    assertThat(count(svg, "fill-opacity=\"0.05\"")).isEqualTo(1);
    assertThat(svg).contains(">0.2500<", ">0.5000<", ">diverged<", ">64<", ">256<", ">batchSize<");
    // The upper row is that of the larger number.
    assertThat(height(svg, "diverged")).isLessThan(height(svg, "0.2500"));
  }

  private static double height(String svg, String words) {
    String before = svg.substring(0, svg.indexOf(">" + words + "<"));
    String move = before.substring(before.lastIndexOf("translate(") + 10);
    return Double.parseDouble(move.substring(move.indexOf(' ') + 1, move.indexOf(')')));
  }

  @Test
  void oneValueIsAMapToo() throws Exception {
    HeatMap map = new HeatMap("one", "a", "b", Metric.higher("accuracy"));
    map.put(1, 1, 0.5, "diverged");
    assertSound(map.svg());
    HeatMap none = new HeatMap("none", "a", "b", Metric.higher("accuracy"));
    none.put(1, 1, Double.NaN, "diverged");
    assertSound(none.svg());
  }

  private static Set<String> widths(double middle) {
    HeatMap map = new HeatMap("widths", "a", "b", Metric.higher("accuracy"));
    map.put(1, 1, 0.5, "diverged");
    map.put(2, 1, middle, "diverged");
    map.put(3, 1, 0.7, "diverged");
    return Pattern.compile("<rect fill=\"var\\(--c0\\)\"[^>]* width=\"([^\"]*)\"")
        .matcher(map.svg())
        .results()
        .map(field -> field.group(1))
        .collect(Collectors.toSet());
  }

  @Test
  void aFieldWithoutAValueMakesNoOtherWider() {
    assertThat(widths(Double.NaN)).hasSize(1).isEqualTo(widths(0.6));
  }

  @Test
  void sizesOfAGradientAreFields() throws Exception {
    Map<String, Object> look =
        Map.of("step", 1L, "size", Map.of("zero", 0.5, "-12", 0.3, "-9", 0.2));
    String svg = GradientPicture.svg(List.of(Map.of("gradientLooks", List.of(look)))).orElseThrow();
    assertSound(svg);
    assertThat(svg)
        .contains("fill-opacity=\"0.65\"", "fill-opacity=\"0.45\"", ">1e-3<", ">update<");
    assertThat(GradientPicture.svg(List.of(Map.of()))).isEmpty();
  }
}
