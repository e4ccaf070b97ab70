package dev.schuss.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.schuss.experiment.LossGrid;
import dev.schuss.experiment.LossGrid.Kind;
import dev.schuss.experiment.LossGrid.Place;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

class LandscapePictureTest {
  private static Document parsed(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
  }

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
    Document document = parsed(svg);
    assertThat(document.getDocumentElement().getTextContent())
        .contains("Loss & more", "a <model>: loss 0.0100", "first random direction")
        .doesNotContain("no finite number");
    assertThat(svg)
        .doesNotContain("NaN", "Infinity", "href", "url(", "<script", "rect class=\"hole");
    // 0.02, 0.05 ... of a loss from 0.01 to 20: a line for each in picture and bar
    int lines = document.getElementsByTagName("path").getLength();
    assertThat(lines).isBetween(3, 10);
    assertThat(svg.length()).isLessThan(60_000);
    assertThat(document.getElementsByTagName("circle").getLength()).isEqualTo(2);
  }

  @Test
  void holesAreHolesAndCutTheLines() throws Exception {
    String svg = LandscapePicture.svg("x", bowl(11, 4));
    assertThat(parsed(svg).getDocumentElement().getTextContent())
        .contains("the loss is no finite number there");
    assertThat(svg).doesNotContain("NaN", "Infinity");
    assertThat(svg.split("rect class=\"hole", -1)).hasSize(3); // of one row, and the legend
  }

  @Test
  void nothingButHolesAndALossThatIsFlatAreDrawn() throws Exception {
    double[] axis = axis(2, 0, 1);
    for (double value : new double[] {Double.NaN, 0, 1, 1e300}) {
      double[][] loss = {{value, value}, {value, value}};
      LossGrid flat = new LossGrid(Kind.PLANE, axis, axis, loss, places(value), 1);
      assertThat(LandscapePicture.svg("flat", flat)).doesNotContain("Infinity");
      parsed(LandscapePicture.svg("flat", flat));
      parsed("<html>" + LandscapePicture.element("flat", flat) + "</html>");
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
