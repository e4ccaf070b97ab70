package dev.schuss.report;

import dev.schuss.experiment.Comparison;
import dev.schuss.objective.Evaluation;
import dev.schuss.train.EpochReport;
import dev.schuss.train.TrainingListener;
import dev.schuss.train.TrainingResult;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows data and trainings in a notebook.
 *
 * <pre>{@code
 * Notebook.table(rows)
 * val result = Trainer.on(spark). ... .listener(Notebook.live()).fit(rows)
 * Notebook.curve(result)
 * }</pre>
 *
 * <p>In a paragraph of Zeppelin, tables are Zeppelin's own and curves are pictures. Elsewhere (the
 * Spark shell, a program) the same is printed to System.out as text; a notebook that shows HTML,
 * such as Jupyter with a Scala kernel, is given {@link #html}. Nothing is asked of the network, and
 * no scripts are used.
 */
public final class Notebook {
  private static final Logger log = LoggerFactory.getLogger(Notebook.class);
  private static final int ROWS = 20;

  private Notebook() {}

  /** Shows the first 20 rows, by one Spark job. */
  public static void table(Dataset<?> rows) {
    table(rows, ROWS);
  }

  /**
   * Shows the first rows, by one Spark job.
   *
   * @param most how many, at least 1
   */
  public static void table(Dataset<?> rows, int most) {
    if (most < 1) {
      throw new IllegalArgumentException("%d rows of a table: must be at least 1".formatted(most));
    }
    show(NotebookTable.of(rows, most));
  }

  /**
   * Shows a list: of rows of Spark, of maps (a column for each key), of lists of cells, of the
   * epochs of a training ({@link TrainingResult#history}), or of anything else, a value in each
   * row.
   */
  public static void table(List<?> rows) {
    show(NotebookTable.of(rows));
  }

  /** Shows values, such as metrics, by their names. */
  public static void table(Map<String, ?> values) {
    show(NotebookTable.of(values));
  }

  /** Shows the metrics of an evaluation. */
  public static void table(Evaluation evaluation) {
    show(NotebookTable.of(evaluation));
  }

  /** Shows the metrics of a training's result and how it ended. */
  public static void table(TrainingResult result) {
    show(NotebookTable.of(result));
  }

  /** Shows the settings of a comparison, the best first. */
  public static void table(Comparison comparison) {
    show(NotebookTable.of(comparison));
  }

  /** Shows the curves of a training: loss, the first metric, learning rate. */
  public static void curve(TrainingResult result) {
    show(fragment("", result, null), NotebookText.lines("", result, result.epochs()));
  }

  /** Shows the curves of epochs: loss, the first metric, learning rate. */
  public static void curve(List<EpochReport> history) {
    show(
        new Fragment().plots(HistoryPlots.of(history, null, null)),
        NotebookText.epochs(history, history.size()));
  }

  /** Shows the curves of two trainings side by side. */
  public static void curves(
      String first, TrainingResult ofFirst, String second, TrainingResult ofSecond) {
    Map<String, TrainingResult> results = new LinkedHashMap<>();
    results.put(first, ofFirst);
    results.put(second, ofSecond);
    curves(results);
  }

  /** Shows the curves of trainings side by side, in the order of the map. */
  public static void curves(Map<String, TrainingResult> results) {
    List<String> lines = new ArrayList<>();
    results.forEach(
        (name, result) -> lines.addAll(NotebookText.lines(name, result, result.epochs())));
    show(fragment(results), lines);
  }

  /**
   * Shows a picture, such as a loss landscape.
   *
   * @param svg an element {@code svg}, or a file of one
   */
  public static void picture(String svg) {
    int begin = svg.indexOf("<svg");
    if (begin < 0) {
      throw new IllegalArgumentException("a picture without an element svg: give one as text");
    }
    ZeppelinParagraph here = ZeppelinParagraph.here();
    if (here == null) {
      out().println("a picture, which text cannot show: write the SVG to a file, and open that");
    } else {
      show(
          new Fragment().plots(List.of(svg.substring(begin).replace(Drawing.OWN_STYLE, ""))),
          List.of());
    }
  }

  /**
   * A listener that shows the curves of a training while it goes, to be made in the paragraph that
   * trains: {@code Trainer.listener(Notebook.live())}, {@code estimator.setListener(...)}. The
   * paragraph is drawn anew at most twice a second, and takes at most a twentieth of the training's
   * time, at the end with the summary. Where there is no Zeppelin, nothing is printed until the
   * training has ended; then its epochs and the summary. Each training has curves of its own, also
   * where several go on at the same time.
   */
  public static TrainingListener live() {
    return live("");
  }

  /**
   * The same under a title.
   *
   * @param title a line; may be empty
   */
  public static TrainingListener live(String title) {
    return new LiveCurves(title, ZeppelinParagraph.here(), out(), System::nanoTime);
  }

  /**
   * The curves and the summary of a training for notebooks that show HTML: an element {@code div}
   * with its style and its pictures within, in ASCII.
   */
  public static String html(TrainingResult result) {
    return fragment("", result, null).html();
  }

  /** The same of several trainings, in the order of the map. */
  public static String html(Map<String, TrainingResult> results) {
    return fragment(results).html();
  }

  /**
   * A training that has ended.
   *
   * @param rounds the losses of its minibatches; null where they are not known
   */
  static Fragment fragment(String title, TrainingResult result, RoundCurve rounds) {
    Fragment fragment = new Fragment().title(title);
    Summary.lines(result, Map.of()).forEach(line -> fragment.line(line.strip()));
    return fragment.plots(HistoryPlots.of(result.history(), result.best(), rounds));
  }

  private static Fragment fragment(Map<String, TrainingResult> results) {
    Map<String, List<EpochReport>> histories = new LinkedHashMap<>();
    results.forEach((name, result) -> histories.put(name, result.history()));
    return new Fragment().plots(HistoryPlots.of(histories));
  }

  private static void show(NotebookTable table) {
    ZeppelinParagraph here = ZeppelinParagraph.here();
    if (here != null) {
      try {
        here.print("table", table.zeppelin());
        if (!table.notes().isEmpty()) {
          here.text(String.join("\n", table.notes()) + "\n");
        }
        return;
      } catch (IOException e) {
        unseen(e);
      }
    }
    table.lines().forEach(out()::println);
  }

  private static void show(Fragment fragment, List<String> lines) {
    ZeppelinParagraph here = ZeppelinParagraph.here();
    if (here != null) {
      try {
        here.print("html", fragment.html());
        return;
      } catch (IOException e) {
        unseen(e);
      }
    }
    lines.forEach(out()::println);
  }

  private static void unseen(IOException e) {
    log.warn("the paragraph takes no output ({}): it is printed as text", e.toString());
  }

  /** Whatever it is at this moment: notebooks and shells put their own in its place. */
  private static PrintStream out() {
    return System.out;
  }
}
