package dev.schuss.job;

import dev.schuss.data.Blocks;
import dev.schuss.model.Feature;
import dev.schuss.model.Numbers;
import dev.schuss.model.Preprocessing;
import dev.schuss.nn.Network;
import dev.schuss.nn.Shape;
import dev.schuss.nn.SoftmaxCrossEntropy;
import dev.schuss.objective.Task;
import dev.schuss.report.Examples;
import dev.schuss.report.Examples.Example;
import dev.schuss.train.WorstRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The test rows (else the validation rows) that a model is most wrong about, to be looked at: 24
 * pictures or 10 lines, of rows of at most 2^18 numbers, which are no more than some 100 MB on the
 * driver with what is made of them, whatever the rows and the partitions.
 */
final class WorstExamples {
  private static final Logger log = LoggerFactory.getLogger(WorstExamples.class);

  /** Pictures beside each other in some lines. */
  private static final int PICTURES = 24;

  private static final int LINES = 10;

  /** Columns that a line of a table has room for. */
  private static final int MOST_COLUMNS = 16;

  /** Larger rows are neither pictures nor lines that anybody would want to look at. */
  private static final int WIDEST = 1 << 18;

  /** Fewer columns with numbers in their names, such as the digits' 8 x 8, may be anything. */
  private static final int SMALLEST_SIDE = 8;

  private static final Pattern NUMBERED = Pattern.compile("(.*?)(\\d+)");

  private final Network network;
  private final Preprocessing columns;
  private final Shape image; // null for none

  WorstExamples(JobFile job, Network network, Preprocessing columns) {
    this.network = network;
    this.columns = columns;
    this.image = image(network.input(), columns, job.data().train());
  }

  /** Looks for them; without any where they could not be shown. */
  Examples of(SparkSession spark, float[] weights, Blocks validation, Blocks test) {
    Blocks blocks = test != null ? test : validation;
    boolean table =
        columns.inputs().size() <= MOST_COLUMNS && network.task() != Task.RECONSTRUCTION;
    if (blocks == null || columns.width() > WIDEST || (image == null && !table)) {
      return Examples.NONE;
    }
    String name = test != null ? "test" : "validation";
    int count = image == null ? LINES : PICTURES;
    try {
      List<WorstRows.Row> rows = WorstRows.of(spark, network, weights, blocks, count);
      return rows.isEmpty() ? Examples.NONE : shown(name, weights, rows);
    } catch (Exception e) { // also Scala's checked ones: the model is there, and worth more
      log.warn("the worst rows could not be looked for: {}", Failure.describe(e));
      return Examples.NONE;
    }
  }

  private Examples shown(String name, float[] weights, List<WorstRows.Row> rows) {
    int n = rows.size();
    int width = columns.width();
    float[] x = new float[n * width];
    for (int i = 0; i < n; i++) {
      System.arraycopy(rows.get(i).features(), 0, x, i * width, width);
    }
    int k = network.outputs();
    float[] made = Arrays.copyOf(network.forwardPass(weights).run(x, n), n * k);
    columns.revert(x, n);
    if (network.task() == Task.RECONSTRUCTION) {
      columns.revert(made, n);
    }
    float[] probabilities = null;
    if (network.task() == Task.CLASSIFICATION && network.probabilities()) {
      probabilities = new float[n * k];
      SoftmaxCrossEntropy.probabilities(made, n, k, new double[n * k], probabilities, 0);
    }
    List<String> pictures = image == null ? List.of() : pictures(x, made, n);
    int each = pictures.size() / n;
    List<Example> examples = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      int best = Network.largest(made, i * k, k);
      examples.add(
          new Example(
              label(rows.get(i).targets()),
              predicted(made, i * k, best),
              probabilities == null ? null : (double) probabilities[i * k + best],
              rows.get(i).loss(),
              pictures.subList(i * each, (i + 1) * each),
              image == null ? values(x, i * width) : List.of()));
    }
    return new Examples(name, image == null ? columns.features() : List.of(), examples);
  }

  /** One of each row; of an autoencoder two, the second what it makes of it. */
  private List<String> pictures(float[] x, float[] made, int n) {
    int width = columns.width();
    List<float[]> images = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      images.add(Arrays.copyOfRange(x, i * width, (i + 1) * width));
      if (network.task() == Task.RECONSTRUCTION) {
        images.add(Arrays.copyOfRange(made, i * width, (i + 1) * width));
      }
    }
    return Examples.pictures(image.channels(), image.height(), image.width(), images);
  }

  private String label(float[] targets) {
    return switch (network.task()) {
      case CLASSIFICATION -> columns.classes().name((int) targets[0]);
      case REGRESSION -> numbers(targets, 0, targets.length);
      case RECONSTRUCTION -> "";
    };
  }

  private String predicted(float[] made, int from, int best) {
    return switch (network.task()) {
      case CLASSIFICATION -> columns.classes().name(best);
      case REGRESSION -> numbers(made, from, network.outputs());
      case RECONSTRUCTION -> "";
    };
  }

  private static String numbers(float[] values, int from, int count) {
    List<String> texts = new ArrayList<>();
    for (int j = from; j < from + count; j++) {
      texts.add(number(values[j]));
    }
    return String.join(", ", texts);
  }

  private static String number(float value) {
    return value == Math.rint(value)
        ? Numbers.plain(value)
        : String.format(Locale.ROOT, "%.5g", value);
  }

  /** A text for each column. */
  private List<String> values(float[] x, int from) {
    List<String> values = new ArrayList<>();
    int at = from;
    for (Feature feature : columns.inputs()) {
      if (feature.isCategory()) {
        int place = Network.largest(x, at, feature.width());
        boolean known = x[at + place] > 0.5 && place < feature.categories().size();
        values.add(known ? feature.categories().get(place) : "-");
      } else if (feature.width() == 1) {
        values.add(number(x[at]));
      } else {
        values.add("[" + feature.width() + "]");
      }
      at += feature.width();
    }
    return values;
  }

  /** What the rows are images of, if they are such. */
  static Shape image(Shape input, Preprocessing columns, Sources.From source) {
    if (input.isImage()) {
      return input;
    }
    int width = columns.width();
    int side = (int) Math.round(Math.sqrt(width));
    if (source instanceof Sources.FromCifar) {
      return Shape.image(3, 32, 32);
    }
    boolean pixels = source instanceof Sources.FromIdx || areNumbered(columns.inputs());
    return pixels && side * side == width && side >= SMALLEST_SIDE
        ? Shape.image(1, side, side)
        : null;
  }

  /** Whether columns are called like each other, with numbers that follow one another. */
  private static boolean areNumbered(List<Feature> features) {
    String prefix = null;
    long before = 0;
    for (Feature feature : features) {
      Matcher name = NUMBERED.matcher(feature.name());
      if (feature.isCategory() || feature.width() != 1 || !name.matches()) {
        return false;
      }
      if (name.group(2).length() > 9) {
        return false;
      }
      long number = Long.parseLong(name.group(2));
      if (prefix != null && (!name.group(1).equals(prefix) || number != before + 1)) {
        return false;
      }
      prefix = name.group(1);
      before = number;
    }
    return true;
  }
}
