package dev.schuss.report;

import static dev.schuss.report.Pictures.assertSound;
import static dev.schuss.report.Pictures.parsed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.schuss.experiment.LossGrid;
import dev.schuss.experiment.LossGrid.Kind;
import dev.schuss.experiment.LossGrid.Place;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class LandscapePictureTest {
  private static double[] axis(int n, double low, double high) {
    double[] axis = new double[n];
    for (int i = 0; i < n; i++) {
      axis[i] = low + (high - low) * i / (n - 1);
    }
    return axis;
  }

  /** A bowl of so many sizes, with holes in one corner. */
  private static LossGrid bowl(int n, int holes) {
    double[] axis = axis(n, -1, 1);
    double[][] loss = new double[n][n];
    for (int r = 0; r < n; r++) {
      for (int c = 0; c < n; c++) {
        loss[r][c] = 0.01 + 10 * (axis[r] * axis[r] + axis[c] * axis[c]);
      }
    }
    for (int h = 0; h < holes; h++) {
      loss[0][h] = h % 2 == 0 ? Double.NaN : Double.POSITIVE_INFINITY;
    }
    return new LossGrid(
        Kind.AROUND, axis, axis, loss, List.of(new Place("a <model>", 0, 0, 0.01)), 10);
  }

  @Test
  void aPlaneHasFieldsLinesAndTheModel() throws Exception {
    String svg = LandscapePicture.svg("Loss & more", bowl(25, 0));
    Document document = assertSound(svg);
    assertThat(document.getDocumentElement().getTextContent())
        .contains("Loss & more", "a <model>: loss 0.0100", "first random direction")
        .doesNotContain("no finite number");
    assertThat(svg)
        .doesNotContain("NaN", "Infinity", "href", "url(http", "<script", "fill=\"var(--hole)\"")
        .contains("fill=\"var(--s0)\"", "fill=\"var(--s31)\"");
    // 0.1, 1 and 10 of a loss from 0.01 to 20
    assertThat(levels(document)).isEqualTo(3);
    assertThat(svg.length()).isLessThan(60_000);
    assertThat(document.getElementsByTagName("circle").getLength()).isEqualTo(1);
  }

  private static long levels(Document svg) {
    NodeList paths = svg.getElementsByTagName("path");
    return IntStream.range(0, paths.getLength())
        .mapToObj(i -> ((Element) paths.item(i)).getAttribute("stroke"))
        .filter("var(--ink)"::equals)
        .count();
  }

  /** A circle at half a level: its line is where the loss is, whatever the other levels are. */
  @Test
  void linesLieWhereTheLossIs() throws Exception {
    double[] axis = axis(41, -1, 1);
    Drawing drawing = new Drawing("x", 480, 480).plane("x", ends(), "y", ends(), 1);
    double[][] square = new double[41][41];
    for (int r = 0; r < 41; r++) {
      for (int c = 0; c < 41; c++) {
        square[r][c] = axis[r] * axis[r] + axis[c] * axis[c];
      }
    }
    Contours.draw(
        drawing, axis, axis, square, DoubleStream.of(0.01, 0.25, 0.25, 9), "color", Ink.TEXT);
    String svg = drawing.svg();
    Document document = parsed(svg);
    assertThat(levels(document)).isEqualTo(2);
    Matcher window = Pattern.compile("<rect x=\"0\" y=\"0\" width=\"([\\d.]+)\"").matcher(svg);
    assertThat(window.find()).isTrue();
    double middle = Double.parseDouble(window.group(1)) / 2;
    String path = ((Element) document.getElementsByTagName("path").item(1)).getAttribute("d");
    Matcher point = Pattern.compile("([\\d.]+) ([\\d.]+)").matcher(path);
    while (point.find()) {
      double right = Double.parseDouble(point.group(1)) / middle - 1;
      double down = Double.parseDouble(point.group(2)) / middle - 1;
      assertThat(Math.hypot(right, down)).isCloseTo(0.5, within(0.005));
    }
  }

  private static double[] ends() {
    return new double[] {-1, 1};
  }

  @Test
  void marksAtTheEdgeAreWholeAndTheirNamesApart() throws Exception {
    double[] axis = axis(5, 0, 4);
    double[][] loss = new double[5][5];
    loss[2][2] = 1;
    List<Place> three =
        List.of(new Place("a", 0, 0, 0), new Place("b", 4, 0, 0), new Place("c", 1, 4, 0));
    String svg = LandscapePicture.svg("x", new LossGrid(Kind.PLANE, axis, axis, loss, three, 1));
    NodeList marks = parsed(svg).getElementsByTagName("circle");
    assertThat(marks.getLength()).isEqualTo(3);
    for (int i = 0; i < 3; i++) {
      Element mark = (Element) marks.item(i);
      assertThat(Double.parseDouble(mark.getAttribute("cx"))).isBetween(4.5, 345.0);
      assertThat(Double.parseDouble(mark.getAttribute("cy"))).isBetween(4.5, 345.0);
    }
    assertThat(svg).contains(">a</text>", ">b</text>", ">c</text>");
  }

  @Test
  void aTallPlaneIsATallPicture() {
    double[] x = axis(3, 0, 1);
    double[] y = axis(3, 0, 1.5);
    double[][] loss = {{1, 2, 3}, {1, 2, 3}, {1, 2, 3}};
    List<Place> one = List.of(new Place("a", 0.5, 0.5, 1));
    Pattern size =
        Pattern.compile("<rect x=\"0\" y=\"0\" width=\"([\\d.]+)\" height=\"([\\d.]+)\"");
    Matcher plane =
        size.matcher(LandscapePicture.svg("x", new LossGrid(Kind.AROUND, x, y, loss, one, 1)));
    assertThat(plane.find()).isTrue();
    assertThat(Double.parseDouble(plane.group(2)) / Double.parseDouble(plane.group(1)))
        .isCloseTo(1.5, within(0.01));
  }

  @Test
  void lossesThatAreCloseHaveDifferentNames() {
    double[] axis = axis(3, 0, 1);
    double[][] loss = {
      {2.3021, 2.3022, 2.3024}, {2.3022, 2.3024, 2.3026}, {2.3024, 2.3027, 2.3029}
    };
    List<Place> one = List.of(new Place("a", 0.5, 0.5, 2.3024));
    String svg = LandscapePicture.svg("x", new LossGrid(Kind.AROUND, axis, axis, loss, one, 1));
    assertThat(svg).contains(">2.3022<", ">2.3026<").doesNotContain(">2.3<");
  }

  @Test
  void holesAreHoles() throws Exception {
    String svg = LandscapePicture.svg("x", bowl(11, 4));
    assertThat(assertSound(svg).getDocumentElement().getTextContent())
        .contains("the loss is no finite number there");
    assertThat(svg).doesNotContain("NaN", "Infinity");
    assertThat(svg.split("<rect[^>]*fill=\"var\\(--hole\\)\"", -1)).hasSize(2); // of one row
    assertThat(svg).contains("fill:var(--hole)"); // what it stands for
  }

  @Test
  void nothingButHolesAndALossThatIsFlatAreDrawn() throws Exception {
    double[] axis = axis(2, 0, 1);
    for (double value : new double[] {Double.NaN, 0, 1, 1e300}) {
      double[][] loss = {{value, value}, {value, value}};
      LossGrid flat = new LossGrid(Kind.PLANE, axis, axis, loss, places(value), 1);
      assertThat(LandscapePicture.svg("flat", flat)).doesNotContain("Infinity");
      assertSound(LandscapePicture.svg("flat", flat));
    }
  }

  private static List<Place> places(double loss) {
    return List.of(
        new Place("a", 0, 0, loss), new Place("b", 1, 0, loss), new Place("c", .5, 1, loss));
  }

  @Test
  void aLineIsACurveWithBothEnds() throws Exception {
    double[] x = axis(5, -0.5, 1.5);
    double[][] loss = {{Double.NaN, 1, 2, 1.5, 9}};
    LossGrid line =
        new LossGrid(
            Kind.LINE,
            x,
            new double[0],
            loss,
            List.of(new Place("a", 0, 0, 1), new Place("b", 1, 0, 1.5)),
            3);
    Document document = parsed(LandscapePicture.svg("line", line));
    assertThat(document.getDocumentElement().getTextContent()).contains("from a (0) to b (1)");
    assertThat(document.getElementsByTagName("circle").getLength()).isEqualTo(2);
    assertThat(line.tree().get("x")).isEqualTo(List.of(-0.5, 0.0, 0.5, 1.0, 1.5));
    assertThat(line.tree()).doesNotContainKey("y").containsEntry("kind", "line");
  }

  @Test
  void longNamesAreCutAtTheirBeginning() {
    Place far = new Place("hdfs:///a/very/long/way/to/the/models/of/some/people/out/x", 0, 0, 1);
    double[] axis = axis(2, -1, 1);
    double[][] loss = {{1, 2}, {3, 4}};
    assertThat(
            LandscapePicture.svg("x", new LossGrid(Kind.AROUND, axis, axis, loss, List.of(far), 1)))
        .contains("…ery/long/way/to/the/models/of/some/people/out/x: loss 1.0000");
  }

  @Test
  void curvatureIsDrawnWhereItWasMeasured() throws Exception {
    assertThat(CurvaturePlots.of(List.of(Map.of("epoch", 1L)))).allMatch(Plot::empty);
    Map<String, Object> look =
        Map.of(
            "step",
            1L,
            "gradientSquared",
            2.0,
            "alongGradient",
            3.0,
            "firstOrder",
            -1.0,
            "secondOrder",
            -0.5,
            "taken",
            -0.4,
            "illConditioned",
            false);
    Map<String, Object> ill = new HashMap<>(look);
    ill.put("illConditioned", true);
    List<Plot> plots = CurvaturePlots.of(List.of(Map.of("curvature", List.of(look, ill, look))));
    assertThat(plots).noneMatch(Plot::empty);
    assertThat(parsed(plots.get(0).svg()).getDocumentElement().getTextContent())
        .contains("g.g", "g.Hg");
    assertThat(parsed(plots.get(1).svg()).getDocumentElement().getTextContent())
        .contains("1 of 3 ill-conditioned", "taken", "by the slope", "with curvature");
  }
}
