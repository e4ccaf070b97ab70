package dev.schuss.report;

import static dev.schuss.report.Pictures.parsed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.schuss.Digits;
import dev.schuss.TestSpark;
import dev.schuss.data.LocalBlocks;
import dev.schuss.nn.Network;
import dev.schuss.optim.Adam;
import dev.schuss.train.RoundReport;
import dev.schuss.train.RoundTime;
import dev.schuss.train.Trainer;
import dev.schuss.train.TrainingListener;
import dev.schuss.train.TrainingResult;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.RowFactory;
import org.apache.zeppelin.interpreter.InterpreterContext;
import org.apache.zeppelin.interpreter.InterpreterOutput;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class NotebookTest {
  private static final float[] X = {0, 0, 0, 1, 1, 0, 1, 1};
  private static final float[] Y = {0, 1, 1, 0};

  private final PrintStream stdout = System.out;
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  @AfterEach
  void away() {
    InterpreterContext.end();
    System.setOut(stdout);
  }

  /** A small training in this process: two rounds in each epoch. */
  private static TrainingResult train(int epochs, TrainingListener... listeners) {
    Trainer trainer =
        Trainer.local()
            .network(Network.input(2).output(2))
            .optimizer(new Adam(0.01))
            .batchSize(2)
            .epochs(epochs);
    Arrays.stream(listeners).forEach(trainer::listener);
    var blocks = LocalBlocks.of(X, 2, Y, 1, null, null, 1);
    return trainer.fit(blocks, blocks);
  }

  private void catchPrinted() {
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
  }

  private List<String> printed() {
    return printed.toString(StandardCharsets.UTF_8).lines().toList();
  }

  /** HTML that is well formed, in ASCII, asks for nothing and changes nothing around it. */
  private static int pictures(String html) throws Exception {
    NodeList all = parsed(html).getElementsByTagName("*");
    for (int i = 0; i < all.getLength(); i++) {
      Element e = (Element) all.item(i);
      assertThat(e.getTagName()).isNotIn("script", "link", "img", "iframe", "image", "use");
      assertThat(e.hasAttribute("src") || e.hasAttribute("href")).isFalse();
    }
    assertThat(html)
        .doesNotContain("@import", ":root", "body{", "\n%", ".schuss .plot .schuss")
        .doesNotContainPattern("url\\((?!#)");
    assertThat(html.chars()).allMatch(c -> c < 128);
    assertThat(html.replaceAll("(?s).*<style>(.*)</style>.*", "$1").split("}"))
        .allMatch(rule -> rule.isEmpty() || rule.contains(".schuss"));
    return parsed(html).getElementsByTagName("svg").getLength();
  }

  @Test
  void aTableIsZeppelins() {
    InterpreterOutput out = InterpreterContext.begin();
    Map<String, Object> first = new LinkedHashMap<>();
    first.put("name", "a\tb\nc");
    first.put("value", "%html <b>");
    Notebook.table(List.of(first, Map.of("name", "", "value", new double[] {1, 2}, "more", 3)));
    Notebook.table(List.of("", "x"));
    assertThat(out.blocks)
        .extracting(b -> b.type)
        .containsExactly("table", "text", "table", "text");
    assertThat(out.blocks.get(0).content().strip())
        .isEqualTo("name\tvalue\tmore\na b c\t %html <b>\t \n \t[1.0, 2.0]\t3");
    assertThat(out.blocks.get(2).content()).startsWith("value\n \nx\n");
    assertThat(out.blocks.get(1).content()).isEmpty(); // what others print comes here
  }

  @Test
  void elsewhereATableIsText() {
    catchPrinted();
    Notebook.table(Map.of("accuracy", 0.9375));
    Notebook.table(List.of(List.of("adam", 1), List.of("momentum")));
    Notebook.table(List.of());
    assertThat(printed())
        .containsExactly(
            "name       value",
            "accuracy  0.9375",
            "column 1  column 2",
            "adam             1",
            "momentum",
            "no rows");
  }

  @Test
  void rowsOfADataFrameAreBrief() {
    catchPrinted();
    var digits = Digits.frame(TestSpark.session(), Digits.TEST);
    Notebook.table(digits.limit(3), 2);
    List<String> lines = printed();
    assertThat(lines).hasSize(4);
    assertThat(lines.get(0)).startsWith("id").contains("pixels").endsWith("label");
    assertThat(lines.get(1)).contains("[0.0, 0.0, ").contains("...").hasSizeLessThan(160);
    assertThat(lines.get(3)).isEqualTo("the first 2 rows");
    printed.reset();
    Notebook.table(List.of(RowFactory.create(Vectors.dense(1, 2), null, new byte[3])));
    assertThat(printed().get(1)).contains("[1.0,2.0]", "null", "3 bytes");
    assertThatThrownBy(() -> Notebook.table(digits, 0))
        .hasMessage("0 rows of a table: must be at least 1");
  }

  @Test
  void aTrainingIsATableAndCurves() throws Exception {
    TrainingResult result = train(3);
    InterpreterOutput out = InterpreterContext.begin();
    Notebook.table(result);
    Notebook.table(result.history());
    Notebook.curve(result);
    Notebook.curve(result.history());
    Notebook.curves("one", result, "<two>", train(2));
    assertThat(out.blocks.stream().map(b -> b.type).filter(t -> !t.equals("text")))
        .containsExactly("table", "table", "html", "html", "html");
    assertThat(out.blocks.get(0).content())
        .startsWith("rows\tloss\taccuracy")
        .contains("\ntraining\t");
    assertThat(out.blocks.get(1).content()).startsWith("completed after 3 epochs");
    assertThat(out.blocks.get(2).content().strip().lines()).hasSize(4);
    assertThat(pictures(out.blocks.get(4).content())).isEqualTo(3);
    assertThat(pictures(out.blocks.get(6).content())).isEqualTo(3);
    assertThat(pictures(out.blocks.get(8).content())).isEqualTo(3);
    assertThat(out.blocks.get(8).content()).contains("&lt;two&gt;");
    assertThat(pictures(Notebook.html(result))).isEqualTo(3);
    assertThat(pictures(Notebook.html(Map.of("a", result)))).isEqualTo(3);
  }

  @Test
  void aPictureIsShownWithoutTheHeadOfItsFile() throws Exception {
    InterpreterOutput out = InterpreterContext.begin();
    String svg = new Plot("x", "x", "y").curve("", new double[] {1, 2}, new double[] {3, 4}).file();
    assertThat(svg).startsWith("<?xml");
    Notebook.picture(svg);
    String html = out.blocks.get(0).content();
    assertThat(html).doesNotContain("<?xml").contains("class=\"paper\"");
    assertThat(pictures(html)).isEqualTo(1);
    assertThatThrownBy(() -> Notebook.picture("no picture")).hasMessageContaining("svg");
  }

  @Test
  void aLiveCurveIsDrawnInItsPlaceAndNotTooOften() throws Exception {
    AtomicLong clock = new AtomicLong();
    InterpreterOutput out = InterpreterContext.begin();
    out.write("before\n");
    var live = new LiveCurves("my & training", ZeppelinParagraph.here(), stdout, clock::get);
    List<Integer> drawings = new ArrayList<>();
    TrainingListener time =
        new TrainingListener() {
          @Override
          public void round(RoundReport report) {
            clock.addAndGet(100_000_000); // ten rounds a second
            drawings.add(drawn(out).size());
            if (report.step() == 7) {
              System.out.flush();
              assertThat(out.blocks.get(1).content())
                  .contains("epoch 3 of 50, round 2 of 2, step 6, loss ")
                  .contains("<progress value=\"6\" max=\"100\">")
                  .contains("my &amp; training");
            }
          }
        };
    TrainingResult result = train(50, live, time);
    List<String> sent = drawn(out);
    assertThat(drawings.get(drawings.size() - 1)).isBetween(18, 22); // 10 s, twice a second
    assertThat(sent).hasSizeBetween(19, 23);
    assertThat(sent).noneMatch(String::isEmpty); // no flicker
    assertThat(out.blocks).extracting(b -> b.type).containsExactly("text", "html", "text");
    assertThat(out.blocks.get(0).content()).startsWith("before");
    assertThat(out.blocks.get(1).content())
        .contains("completed after 50 epochs (100 steps)")
        .contains("minibatches")
        .doesNotContain("<progress");
    for (String html : List.of(sent.get(0), sent.get(1), sent.get(sent.size() - 1))) {
      pictures(html);
    }
    assertThat(pictures(out.blocks.get(1).content())).isEqualTo(3);
    assertThat(result.epochs()).isEqualTo(50);
  }

  /**
   * Two threads with the same listener, as in a CrossValidator, each in the middle of the other's.
   */
  private static void trainTogether(TrainingListener live, int firstEpochs, int secondEpochs) {
    CyclicBarrier both = new CyclicBarrier(2);
    TrainingListener together =
        new TrainingListener() {
          @Override
          public void round(RoundReport report) {
            if (report.step() <= 4) {
              try {
                both.await(10, TimeUnit.SECONDS);
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            }
          }
        };
    IntStream.of(firstEpochs, secondEpochs)
        .mapToObj(
            epochs ->
                CompletableFuture.runAsync(
                    () -> train(epochs, live, together), task -> new Thread(task).start()))
        .toList()
        .forEach(CompletableFuture::join);
  }

  @Test
  void trainingsAtTheSameTimeHaveCurvesOfTheirOwn() {
    InterpreterOutput out = InterpreterContext.begin();
    trainTogether(Notebook.live("fold"), 3, 4);
    List<String> shown =
        out.blocks.stream()
            .filter(block -> block.type.equals("html"))
            .map(block -> block.content())
            .sorted(Comparator.comparing(html -> html.contains("4 epochs")))
            .toList();
    assertThat(shown).hasSize(2);
    assertThat(shown.get(0)).contains("completed after 3 epochs (6 steps)");
    assertThat(shown.get(1)).contains("completed after 4 epochs (8 steps)");
  }

  @Test
  void trainingsAtTheSameTimeArePrintedOneAfterTheOther() {
    catchPrinted();
    trainTogether(Notebook.live("fold"), 3, 4);
    List<String> lines = printed();
    int second = lines.lastIndexOf("fold");
    assertThat(lines.subList(0, second))
        .filteredOn(line -> line.startsWith("completed"))
        .hasSize(1);
    assertThat(lines.subList(second, lines.size()))
        .filteredOn(line -> line.startsWith("completed"))
        .hasSize(1);
    assertThat(lines).filteredOn(line -> line.matches(" *[1-4]/4 .*")).hasSize(4);
    assertThat(lines).filteredOn(line -> line.matches(" *[1-3]/3 .*")).hasSize(3);
  }

  @Test
  void drawingsThatTakeLongAreTheFewer() {
    AtomicLong clock = new AtomicLong();
    InterpreterOutput out = InterpreterContext.begin();
    // Each look at the clock takes a while, and so a drawing takes 60 ms.
    LongSupplier slow = () -> clock.addAndGet(30_000_000);
    train(100, new LiveCurves("", ZeppelinParagraph.here(), stdout, slow));
    double seconds = clock.get() / 1e9;
    assertThat(seconds).isBetween(9.0, 12.0);
    assertThat(drawn(out).size()).isBetween(7, 11); // one in 1.2 s rather than one in 0.5 s
  }

  private static List<String> drawn(InterpreterOutput out) {
    return out.sent.stream().filter(text -> text.isEmpty() || text.startsWith("<div")).toList();
  }

  @Test
  void theParagraphThatTrainsIsDrawnInNotTheOneThatMadeTheListener() {
    InterpreterOutput first = InterpreterContext.begin();
    TrainingListener live = Notebook.live();
    InterpreterOutput second = InterpreterContext.begin();
    train(2, live);
    assertThat(first.blocks).isEmpty();
    assertThat(second.blocks.get(0).content()).contains("completed");
  }

  @Test
  void withoutAParagraphThereIsOneBlockAtTheEnd() {
    catchPrinted();
    TrainingListener silent =
        new TrainingListener() {
          @Override
          public void round(RoundReport report) {
            assertThat(printed.size()).isZero();
          }
        };
    train(50, Notebook.live("fifty"), silent);
    List<String> lines = printed();
    assertThat(lines.get(0)).isEqualTo("fifty");
    assertThat(lines.get(1)).contains("epoch", "val loss");
    assertThat(lines).anyMatch(line -> line.startsWith("50/50"));
    assertThat(lines).anyMatch(line -> line.startsWith("completed after 50 epochs"));
    assertThat(lines.size()).isBetween(15, 30);
  }

  @Test
  void aParagraphThatTakesNothingEndsNoTraining() {
    catchPrinted();
    InterpreterOutput out = InterpreterContext.begin();
    TrainingListener breaks =
        new TrainingListener() {
          @Override
          public void round(RoundReport report) {
            out.broken = true;
          }
        };
    assertThat(train(3, Notebook.live(), breaks).epochs()).isEqualTo(3);
    Notebook.table(Map.of("a", 1));
    assertThat(printed())
        .anyMatch(line -> line.startsWith("completed after 3 epochs"))
        .contains("a         1");
  }

  @Test
  void manyRoundsAreFewPoints() {
    RoundCurve curve = new RoundCurve();
    for (int step = 0; step < 10_000; step++) {
      double loss = step == 5 ? Double.NaN : step % 2;
      curve.add(
          new RoundReport(step, step / 100, step % 100, 100, loss, 1, 1, 1, RoundTime.NONE, 0));
    }
    assertThat(curve.x().length).isBetween(80, 160);
    assertThat(curve.x()).isSorted();
    assertThat(curve.x()[curve.x().length - 1]).isBetween(99.0, 100.0);
    assertThat(Arrays.stream(curve.y())).allMatch(y -> Math.abs(y - 0.5) < 0.05);
  }
}
