package dev.schuss.report;

import static dev.schuss.report.Pictures.count;
import static dev.schuss.report.Pictures.parsed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.schuss.experiment.Comparison;
import dev.schuss.experiment.RunRecord;
import dev.schuss.experiment.Yardstick;
import dev.schuss.objective.Metric;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class ReportTest {
  private static final String FIELD = "<rect fill=\"var(--c0)\"";
  private static final String ODD = "a <b> & \"c\" \u0001 \ud83d\ude00";

  /** Nothing in the page may ask for anything. */
  private static void assertAlone(String html) throws Exception {
    Document page = parsed(html);
    NodeList all = page.getElementsByTagName("*");
    for (int i = 0; i < all.getLength(); i++) {
      Element e = (Element) all.item(i);
      assertThat(e.getTagName()).isNotIn("script", "link", "iframe", "image", "use");
      assertThat(e.getAttribute("src")).matches("(data:image/png;base64,[A-Za-z0-9+/=]+)?");
      assertThat(e.getAttribute("href")).doesNotContain("//");
    }
    assertThat(html).doesNotContain("@import").doesNotContainPattern("url\\((?!#)");
  }

  private static final Map<String, Double> PARTS = Map.of("compute", 0.003, "total", 0.0042);

  /** Two in an epoch. */
  private static List<Map<String, Object>> looks(int epoch) {
    Map<String, Double> sizes = Map.of("zero", 0.1, "-12", 0.5, "-9", 0.4);
    return List.of(
        Map.of("step", 2L * epoch - 1, "size", sizes), Map.of("step", 2L * epoch, "size", sizes));
  }

  private static List<Map<String, Object>> epochs(int count, int layers) {
    List<Map<String, Object>> epochs = new ArrayList<>();
    for (int e = 1; e <= count; e++) {
      Map<String, Object> norms = new LinkedHashMap<>();
      for (int l = 0; l < layers; l++) {
        norms.put("dense" + l + ".weight", 1.0 / (e + l));
      }
      epochs.add(
          inOrder(
              "epoch",
              (long) e,
              "step",
              10L * e,
              "lr",
              0.01 / e,
              "seconds",
              0.5,
              "samplesPerSecond",
              1e5,
              "train",
              Map.of("loss", 2.0 / e),
              "validation",
              inOrder("loss", 2.1 / e, "accuracy", 1 - 0.9 / e, "f1", 1 - 0.8 / e),
              "time",
              Map.of("compute", 0.3, "wait", 0.1, "other", 0.1),
              "gradientNorm",
              norms,
              "trustRatio",
              norms,
              "gradientLooks",
              e < 100 ? looks(e) : List.of(),
              "round",
              Map.of("median", PARTS, "p90", PARTS, "longest", PARTS)));
    }
    return epochs;
  }

  /** As metrics.jsonl has them: the order counts. */
  private static Map<String, Object> inOrder(Object... pairs) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put((String) pairs[i], pairs[i + 1]);
    }
    return map;
  }

  private static Map<String, Object> result() {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("name", ODD);
    result.put("status", "early-stopped");
    result.put("message", ODD);
    result.put("steps", 3000L);
    result.put("epochs", 300L);
    result.put("seconds", 150.0);
    result.put("samplesPerSecond", 1e5);
    result.put("advice", List.of("raise train.batchSize"));
    result.put("train", Map.of("loss", 0.01));
    result.put("validation", Map.of("accuracy", 0.98, "loss", 0.02));
    result.put("test", Map.of());
    result.put("best", Map.of("epoch", 250L, "metric", "loss", "value", 2.1 / 250));
    result.put("time", Map.of("compute", 90.0, "wait", 30.0, "other", 30.0));
    result.put("skippedRows", 2L);
    result.put("skippedExamples", List.of("x.csv line 3"));
    return result;
  }

  @Test
  void thePageOfThreeHundredEpochsIsSmallAndAlone() throws Exception {
    Examples worst = images(24, 3, 128);
    String html = RunReport.html(result(), epochs(300, 40), Map.of("name", ODD), worst, ODD);
    assertAlone(html);
    assertThat(html.length()).isLessThan(1_000_000);
    assertThat(html)
        .contains("a &lt;b&gt; &amp; &quot;c&quot;", "\ud83d\ude00", "best: 0.0084")
        .contains("raise train.batchSize", "2 bad rows left out: [x.csv line 3]")
        .contains("Validation accuracy", "Gradient norm", "Learning rate", "Where the time went");
    assertThat(parsed(html).getElementsByTagName("svg").getLength()).isEqualTo(10);
    assertThat(html).contains("Trust ratio", "A round", "<td>3.00 ms</td><td>3.00 ms</td>");
  }

  /** Of noise, which cannot be packed. */
  private static Examples images(int count, int channels, int side) {
    Random random = new Random(1);
    List<float[]> images = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      float[] image = new float[channels * side * side];
      for (int j = 0; j < image.length; j++) {
        image[j] = random.nextFloat();
      }
      images.add(image);
    }
    List<Examples.Example> examples = new ArrayList<>();
    for (String picture : Examples.pictures(channels, side, side, images)) {
      examples.add(new Examples.Example("<3>", "8", 0.97, 3.25, List.of(picture), List.of()));
    }
    return new Examples("test", List.of(), examples);
  }

  @Test
  void theWorstImagesAreSeen() throws Exception {
    String html = RunReport.html(result(), epochs(2, 1), Map.of(), images(3, 1, 28), ODD);
    assertAlone(html);
    assertThat(parsed(html).getElementsByTagName("img").getLength()).isEqualTo(3);
    assertThat(html)
        .contains("Largest loss among the test rows", "97.0 %", "loss 3.25")
        .contains("<b>&lt;3&gt;</b> taken for <b>8</b>");
  }

  @Test
  void picturesHaveTheirPixelsFromBlackToWhite() throws Exception {
    float[] grey = {-1, 0, 1, 3, Float.NaN, 1};
    BufferedImage image = decoded(Examples.pictures(1, 2, 3, List.of(grey)).get(0));
    assertThat(image.getWidth()).isEqualTo(3);
    assertThat(image.getRaster().getSample(0, 0, 0)).isZero();
    assertThat(image.getRaster().getSample(2, 0, 0)).isEqualTo(128);
    assertThat(image.getRaster().getSample(0, 1, 0)).isEqualTo(255);

    float[] colours = {1, 0, 0, 1, 0, 0}; // 1 x 2 pixels: red and green, channel by channel
    BufferedImage two = decoded(Examples.pictures(3, 1, 2, List.of(colours)).get(0));
    assertThat(two.getRGB(0, 0)).isEqualTo(0xFFFF0000);
    assertThat(two.getRGB(1, 0)).isEqualTo(0xFF00FF00);

    BufferedImage large = decoded(Examples.pictures(1, 65, 130, List.of(new float[8450])).get(0));
    assertThat(List.of(large.getWidth(), large.getHeight())).containsExactly(44, 22);
  }

  private static BufferedImage decoded(String address) throws Exception {
    byte[] png = Base64.getDecoder().decode(address.substring(address.indexOf(',') + 1));
    return ImageIO.read(new ByteArrayInputStream(png));
  }

  @Test
  void theWorstRowsOfOtherDataAreATable() throws Exception {
    Examples worst =
        new Examples(
            "validation",
            List.of("age", "<job>"),
            List.of(
                new Examples.Example("yes", "no", 0.75, 4.5, List.of(), List.of("39", "a&b")),
                new Examples.Example("no", "yes", 0.5, 1.5, List.of(), List.of("40", "c"))));
    String html = RunReport.html(result(), epochs(2, 1), Map.of(), worst, ODD);
    assertAlone(html);
    assertThat(html)
        .contains("Largest loss among the validation rows", "<th>&lt;job&gt;</th>")
        .contains("<td>yes</td><td>no</td><td>75.0 %</td><td>4.5</td><td>39</td><td>a&amp;b</td>");
  }

  @Test
  void theFirstUpdatesHaveAColumnEach() throws Exception {
    String html = RunReport.html(result(), epochs(3, 1), Map.of(), Examples.NONE, ODD);
    String picture = html.substring(html.indexOf("aria-label=\"Sizes of the gradient"));
    assertThat(count(picture.substring(0, picture.indexOf("</svg>")), FIELD))
        .isEqualTo(6 * 2); // six updates, two sizes
    assertThat(picture).contains(">1e-3<");

    // A few that are next to nothing are with the smallest of the rest.
    Map<String, Object> look = Map.of("step", 1L, "size", Map.of("-120", 0.001, "-9", 0.9));
    html =
        RunReport.html(
            result(),
            List.of(Map.of("epoch", 1L, "gradientLooks", List.of(look))),
            Map.of(),
            Examples.NONE,
            ODD);
    assertThat(count(html, FIELD)).isEqualTo(1);
  }

  @Test
  void metricsThatAreSharesAreInOnePicture() throws Exception {
    String html = RunReport.html(result(), epochs(9, 1), Map.of(), Examples.NONE, ODD);
    assertThat(html).contains("Other metrics of the validation rows", "Validation accuracy");
    assertThat(html).doesNotContain("Validation f1");
  }

  @Test
  void whatIsTakenForWhatIsATable() throws Exception {
    Map<String, Object> result = result();
    result.put(
        "confusion",
        Map.of(
            "classes",
            List.of("<cat>", "dog"),
            "rows",
            List.of(List.of(9.0, 1.0), List.of(0.0, 10.0))));
    String html = RunReport.html(result, epochs(1, 1), Map.of(), Examples.NONE, ODD);
    assertAlone(html);
    assertThat(html)
        .contains("<th>&lt;cat&gt;</th>")
        .contains("<td class=\"right\" style=\"--share:54%\">9</td>")
        .contains("<td class=\"wrong\" style=\"--share:40%\">1</td>");
  }

  @Test
  void aTrainingThatDivergedAtOnceHasAPage() throws Exception {
    Map<String, Object> result = new LinkedHashMap<>(result());
    result.put("status", "diverged");
    result.put("validation", Map.of());
    result.put("train", null);
    result.put("best", null);
    String html = RunReport.html(result, List.of(), Map.of(), Examples.NONE, ODD);
    assertAlone(html);
    assertThat(html).contains("diverged: ");
    assertThat(parsed(html).getElementsByTagName("svg").getLength()).isZero();
  }

  private static RunRecord run(String rule, int batch, int k, long seed, double accuracy) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("optimizer", rule);
    values.put("train.batchSize", Integer.toString(batch));
    if (k > 0) {
      values.put("optimizer.lookahead.every", Integer.toString(k));
    }
    String setting = rule + ", batchSize " + batch + (k > 0 ? ", every " + k : "");
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("status", Double.isNaN(accuracy) ? "diverged" : "completed");
    result.put("validation", Map.of("accuracy", accuracy));
    return RunRecord.of(setting, values, seed, "runs/x", result, epochs(5, 1));
  }

  private static String page(List<String> axes, List<RunRecord> runs) {
    Yardstick accuracy = new Yardstick(Metric.higher("accuracy"), Yardstick.Rows.VALIDATION, null);
    return ComparisonReport.html(
        Comparison.of(ODD, axes, accuracy, runs), 13, Map.of(), List.of(), "report.html");
  }

  @Test
  void aComparisonSaysWhoHoldsItsAccuracy() throws Exception {
    List<RunRecord> runs = new ArrayList<>();
    for (long seed = 1; seed <= 2; seed++) {
      runs.add(run("adam", 256, 0, seed, 0.90 + 0.01 * seed));
      runs.add(run("adam", 4096, 0, seed, 0.80));
      runs.add(run("novograd", 256, 0, seed, 0.89));
      runs.add(run("novograd", 4096, 0, seed, 0.88));
      runs.add(run("sgd", 256, 0, seed, 0.10)); // which loses nothing, since it learned nothing
      runs.add(run("sgd", 4096, 0, seed, 0.10));
      runs.add(run("lars", 256, 0, seed, 0.95));
      runs.add(run("lars", 4096, 0, seed, seed == 2 ? Double.NaN : 0.95)); // not always
    }
    String html = page(List.of("optimizer", "train.batchSize"), runs);
    assertAlone(html);
    assertThat(html)
        .contains("Best: lars, batchSize 256, validation accuracy 95.00 % on average over 2 runs.")
        .contains(
            "As batchSize goes from 256 to 4096, novograd holds its accuracy best: 88.00 % there, 89.00 % at the start.")
        .contains("href=\"runs/x/report.html\"");
    assertThat(parsed(html).getElementsByTagName("svg").getLength()).isEqualTo(3);
  }

  /** A run of a setting by keys and labels. */
  private static RunRecord run(Map<String, String> values, Map<String, Object> validation) {
    return RunRecord.of(
        String.join(", ", values.values()),
        values,
        1,
        "runs/x",
        Map.of("status", "completed", "validation", validation),
        List.of());
  }

  @Test
  void onlyBatchSizesAreHeld() throws Exception {
    List<RunRecord> runs = new ArrayList<>();
    for (String rule : List.of("adam", "sgd")) {
      for (String rate : List.of("0.1", "0.2")) {
        runs.add(
            run(
                Map.of("optimizer", rule, "optimizer.learningRate", rate),
                Map.of("accuracy", 0.9)));
      }
    }
    String html = page(List.of("optimizer", "optimizer.learningRate"), runs);
    assertAlone(html);
    assertThat(html).contains("validation accuracy against learningRate").doesNotContain("holds");
  }

  /**
   * Axes whose alternatives are not all numbers have neither a place on a line nor on a surface.
   */
  @Test
  void threeAxesAndASchedule() throws Exception {
    List<RunRecord> runs = new ArrayList<>();
    for (String rate : List.of("0.1", "schedule cosine end 0.1")) {
      for (String every : List.of("5", "10")) {
        for (String batch : List.of("64", "256")) {
          for (String momentum : List.of("0.5", "0.9")) {
            runs.add(
                run(
                    Map.of(
                        "optimizer.learningRate",
                        rate,
                        "optimizer.lookahead.every",
                        every,
                        "train.batchSize",
                        batch,
                        "optimizer.momentum",
                        momentum),
                    Map.of("accuracy", 0.9)));
          }
        }
      }
    }
    String html =
        page(
            List.of(
                "optimizer.learningRate",
                "optimizer.lookahead.every",
                "train.batchSize",
                "optimizer.momentum"),
            runs);
    assertAlone(html);
    assertThat(html)
        .contains("As batchSize goes from 64 to 256, ")
        .doesNotContain("As every", "As momentum", FIELD);
  }

  @Test
  void aRunWithoutAValueDidNotDiverge() throws Exception {
    Yardstick auc = new Yardstick(Metric.higher("auc").sometimes(), Yardstick.Rows.VALIDATION, 0.9);
    List<RunRecord> runs = new ArrayList<>();
    for (String batch : List.of("64", "256")) {
      for (String every : List.of("5", "10")) {
        runs.add(
            run(
                Map.of("train.batchSize", batch, "optimizer.lookahead.every", every),
                Map.of("loss", 0.5)));
      }
    }
    Comparison all =
        Comparison.of("c", List.of("train.batchSize", "optimizer.lookahead.every"), auc, runs);
    String html = ComparisonReport.html(all, 4, Map.of(), List.of(), "report.html");
    assertAlone(html);
    String why = "no validation auc (the rows do not define it: they are all of one class)";
    assertThat(html)
        .contains("No run to rank: 4 runs with " + why, ">no auc<")
        .doesNotContain("diverged", "NaN", "class=\"best\"");
    ComparisonText text = new ComparisonText(auc);
    assertThat(text.line(runs.get(0), 1, 4, false)).contains("seed 1: " + why + ", target not");
    assertThat(String.join("\n", text.table(all)))
        .contains("4 runs with " + why + ", and left out of its figures")
        .doesNotContain("diverged", "NaN");
    assertThat(new ComparisonText(new Yardstick(Metric.LOSS, Yardstick.Rows.TEST, null)).none())
        .isEqualTo("no test loss (it is not a finite number)");
  }

  @Test
  void twoAxesOfNumbersAreASurface() throws Exception {
    List<RunRecord> runs = new ArrayList<>();
    for (int batch : new int[] {64, 256}) {
      for (int k : new int[] {5, 10, 20}) {
        if (batch == 64 || k > 5) { // one has not run yet
          runs.add(run("radam", batch, k, 1, batch == 256 && k == 20 ? Double.NaN : 0.9));
        }
      }
    }
    String html = page(List.of("optimizer", "train.batchSize", "optimizer.lookahead.every"), runs);
    assertAlone(html);
    assertThat(html).contains(FIELD, "1 run diverged", "5 of 13 runs have ended");
    assertThat(html.split("<text[^>]*>diverged<")).hasSize(2); // the other has not run
  }

  @Test
  void ofThreeAxesOfNumbersRateAndKAreTheSurfaces() throws Exception {
    List<RunRecord> runs = new ArrayList<>();
    for (int batch : new int[] {64, 256}) {
      for (int k : new int[] {5, 10}) {
        for (double rate : new double[] {0.1, 0.2}) {
          RunRecord run = run("radam", batch, k, 1, 0.9);
          Map<String, String> values = new LinkedHashMap<>(run.values());
          values.put("optimizer.learningRate", Double.toString(rate));
          runs.add(
              RunRecord.of(
                  run.setting() + ", learningRate " + rate,
                  values,
                  1,
                  "runs/x",
                  Map.of("status", "completed", "validation", Map.of("accuracy", 0.9)),
                  List.of()));
        }
      }
    }
    String html =
        page(
            List.of("train.batchSize", "optimizer.lookahead.every", "optimizer.learningRate"),
            runs);
    assertAlone(html);
    assertThat(html)
        .contains("aria-label=\"validation accuracy: radam, batchSize 64\"")
        .contains("aria-label=\"validation accuracy: radam, batchSize 256\"");
    assertThat(count(html, FIELD)).isEqualTo(8);
  }

  @Test
  void aRunThatDivergedIsInNoCurve() throws Exception {
    RunRecord good = run("sgd", 64, 0, 1, 0.9);
    Map<String, Object> far =
        inOrder("epoch", 1L, "step", 1L, "train", Map.of("loss", 1e20), "seconds", 1.0);
    RunRecord bad =
        RunRecord.of(
            good.setting(),
            good.values(),
            2,
            "runs/y",
            Map.of("status", "diverged", "message", "NaN"),
            List.of(far));
    String html = page(List.of("optimizer"), List.of(good, bad));
    assertAlone(html);
    assertThat(html).contains("Training loss").doesNotContain("e19<", "e20<");
  }

  @Test
  void runsByDifferentVersionsAreTold() throws Exception {
    Yardstick accuracy = new Yardstick(Metric.higher("accuracy"), Yardstick.Rows.VALIDATION, null);
    Comparison one = Comparison.of("c", List.of(), accuracy, List.of(run("sgd", 64, 0, 1, 0.9)));
    List<Object> made = List.of(Map.of("version", "1"), Map.of("version", "2"));
    String html = ComparisonReport.html(one, 1, Map.of(), made, "report.html");
    assertAlone(html);
    assertThat(html).contains("the runs were made by different versions");
  }
}
