package dev.schuss.experiment;

import dev.schuss.data.Blocks;
import dev.schuss.data.Columns;
import dev.schuss.data.DataException;
import dev.schuss.data.DataPreparation;
import dev.schuss.data.Prepared;
import dev.schuss.data.Recipe;
import dev.schuss.model.ClassLabels;
import dev.schuss.model.FittedModel;
import dev.schuss.model.ModelException;
import dev.schuss.model.Preprocessing;
import dev.schuss.nn.Network;
import dev.schuss.objective.Layout;
import dev.schuss.objective.Objective;
import dev.schuss.objective.Task;
import dev.schuss.spec.Vocabulary;
import dev.schuss.train.Evaluator;
import dev.schuss.train.WeightPoints;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The loss around a trained network: on a plane of random directions that are normalised filter by
 * filter (Li et al. 2018), on the line between two vectors of weights (Goodfellow, Vinyals and Saxe
 * 2015), or on the plane through three (Garipov et al. 2018).
 *
 * <pre>{@code
 * LossGrid grid = Landscape.around(model).grid(31).on(rows);
 * String svg = LandscapePicture.svg("digits", grid);
 * }</pre>
 *
 * <p>All points are evaluated in one Spark job: the rows stay where they are. Networks are
 * evaluated as they predict: batch normalisation by its running statistics, which directions do not
 * move, and which between vectors stay between theirs. A landscape may be used again; it is not
 * thread-safe.
 */
public final class Landscape {
  /** Points along an axis of a plane, unless said otherwise; odd, so that the middle is one. */
  public static final int PLANE_GRID = 25;

  /** Points along a line, unless said otherwise: every 0.02 from -0.5 to 1.5. */
  public static final int LINE_GRID = 101;

  /** Most points along an axis. */
  public static final int MOST = 501;

  /** How far a plane of random directions reaches, unless said otherwise. */
  public static final double AROUND_SPAN = 1;

  /** How far lines and planes go on beyond the vectors, unless said otherwise. */
  public static final double BEYOND = 0.5;

  private final Objective objective;
  private final Preprocessing preprocessing; // null where there are weights alone
  private final List<float[]> weights;
  private List<String> names;
  private long seed = 1;
  private Double span;
  private Integer points;
  private long rows = Long.MAX_VALUE;

  private Landscape(Objective objective, Preprocessing preprocessing, List<float[]> weights) {
    for (float[] w : weights) {
      if (w.length != objective.layout().size()) {
        throw new IllegalArgumentException(
            w.length + " weights for " + objective.layout().size() + " parameters");
      }
    }
    this.objective = objective;
    this.preprocessing = preprocessing;
    this.weights = List.copyOf(weights);
    this.names =
        switch (weights.size()) {
          case 1 -> List.of("the network");
          default -> List.of("first", "second", "third").subList(0, weights.size());
        };
  }

  /** Two random directions around a model. */
  public static Landscape around(FittedModel model) {
    return new Landscape(model.network(), model.preprocessing(), List.of(model.weights()));
  }

  /** Two random directions around the weights of any objective. */
  public static Landscape around(Objective objective, float[] weights) {
    return new Landscape(objective, null, List.of(weights));
  }

  /**
   * The line through two models; the rows are prepared as for the first.
   *
   * @throws ModelException if their networks, columns or classes differ
   */
  public static Landscape line(FittedModel a, FittedModel b) {
    check(a, b, "second");
    return new Landscape(a.network(), a.preprocessing(), List.of(a.weights(), b.weights()));
  }

  /** The line through two vectors of weights. */
  public static Landscape line(Objective objective, float[] a, float[] b) {
    return new Landscape(objective, null, List.of(a, b));
  }

  /**
   * The plane through three models; the rows are prepared as for the first.
   *
   * @throws ModelException if their networks, columns or classes differ
   */
  public static Landscape plane(FittedModel a, FittedModel b, FittedModel c) {
    check(a, b, "second");
    check(a, c, "third");
    return new Landscape(
        a.network(), a.preprocessing(), List.of(a.weights(), b.weights(), c.weights()));
  }

  /** The plane through three vectors of weights. */
  public static Landscape plane(Objective objective, float[] a, float[] b, float[] c) {
    return new Landscape(objective, null, List.of(a, b, c));
  }

  /**
   * Refuses a model that is not of the same function as another.
   *
   * @param name of the second, for the message
   * @throws ModelException naming what differs
   */
  public static void check(FittedModel a, FittedModel b, String name) {
    check(a.network(), b.network(), name);
    Preprocessing here = a.preprocessing();
    Preprocessing there = b.preprocessing();
    if (!here.inputs().equals(there.inputs()) || !here.labels().equals(there.labels())) {
      throw new ModelException(
          "%s was trained on other columns than the first model: a loss between them means nothing; take models of one job"
              .formatted(name));
    }
    if (here.classes() != null && !here.classes().equals(there.classes())) {
      throw new ModelException(
          "%s tells other classes apart than the first model, %s and not %s: take models of one job"
              .formatted(name, there.classes().names(), here.classes().names()));
    }
  }

  /**
   * Refuses a network that is another function.
   *
   * @param name of the second, for the message
   * @throws ModelException naming what differs
   */
  public static void check(Network a, Network b, String name) {
    if (!a.layout().equals(b.layout())) {
      throw new ModelException(
          "%s is of another network than the first model: its layers are %s, not %s; take models of one job"
              .formatted(name, b.layout(), a.layout()));
    }
    if (!tree(a).equals(tree(b))) {
      throw new ModelException(
          "%s is of another network than the first model, by an activation, a loss or an option: take models of one job"
              .formatted(name));
    }
  }

  private static Object tree(Network network) {
    try {
      return function(Vocabulary.binder().toTree(network));
    } catch (IllegalArgumentException e) {
      return network.layout(); // a layer of the user's own has no name
    }
  }

  /** A network's tree without what only its first weights depend on. */
  private static Object function(Object tree) {
    if (tree instanceof Map<?, ?> map) {
      Map<Object, Object> kept = new LinkedHashMap<>();
      map.forEach((key, value) -> kept.put(key, function(value)));
      kept.remove("initializer");
      return kept;
    }
    return tree instanceof List<?> list ? list.stream().map(Landscape::function).toList() : tree;
  }

  /** Of the random directions; 1 by default. */
  public Landscape seed(long value) {
    seed = value;
    return this;
  }

  /**
   * How far the picture reaches.
   *
   * @param reach around a network from -reach to reach, where 1 is as far as its weights are long
   *     (default {@value #AROUND_SPAN}); else how far beyond the vectors on all sides, as a share
   *     of what they extend along the longer axis (default {@value #BEYOND})
   * @throws IllegalArgumentException unless it is positive; between vectors it may be 0
   */
  public Landscape span(double reach) {
    boolean good = weights.size() == 1 ? reach > 0 : reach >= 0;
    if (!good || !(reach <= 1e6)) {
      throw new IllegalArgumentException(
          "span = %s: must be %s and at most 1000000"
              .formatted(reach, weights.size() == 1 ? "positive" : "0 or more"));
    }
    span = reach;
    return this;
  }

  /**
   * Points along each axis.
   *
   * @param count 2 to {@value #MOST}; {@value #PLANE_GRID} by default, {@value #LINE_GRID} of a
   *     line
   * @throws IllegalArgumentException if it is not
   */
  public Landscape grid(int count) {
    if (count < 2 || count > MOST) {
      throw new IllegalArgumentException("grid = %d: must be 2 to %d".formatted(count, MOST));
    }
    points = count;
    return this;
  }

  /**
   * Evaluates a sample of the rows: those of the smallest hashes, the same in any partition.
   *
   * @param most rows, at least 1; all where there are no more
   * @throws IllegalArgumentException if it is less
   */
  public Landscape rows(long most) {
    if (most < 1) {
      throw new IllegalArgumentException("rows = " + most + ": must be at least 1");
    }
    rows = most;
    return this;
  }

  /** What the vectors of weights are called, one name for each. */
  public Landscape names(String... chosen) {
    if (chosen.length != weights.size()) {
      throw new IllegalArgumentException(
          chosen.length + " names for " + weights.size() + " vectors of weights");
    }
    names = List.of(chosen);
    return this;
  }

  /**
   * Evaluates the grid on the rows of a DataFrame: with the columns and the preprocessing of the
   * model; of weights alone with the columns {@code features} and {@code label}, unscaled, as a
   * {@link dev.schuss.train.Trainer} takes them by default.
   *
   * @throws DataException if the rows cannot be used; of weights alone also where they are not of
   *     as many classes as the network tells apart
   * @throws ModelException if two vectors are the same, three lie on one line, or the only one is 0
   */
  public LossGrid on(Dataset<Row> data) {
    SparkSession spark = data.sparkSession();
    if (preprocessing != null) {
      try (Blocks blocks = DataPreparation.scoring(data, null, preprocessing, 0)) {
        return on(spark, blocks);
      }
    }
    Task task = objective instanceof Network network ? network.task() : Task.REGRESSION;
    Columns columns = new Columns(List.of("features"), List.of("label"), null, null);
    try (Prepared prepared = DataPreparation.training(data, Recipe.of(columns, task))) {
      checkClasses(prepared.preprocessing().classes());
      return on(spark, prepared.train());
    }
  }

  /** Of weights alone the classes are those of the rows: without some, others have their places. */
  private void checkClasses(ClassLabels found) {
    if (found != null
        && objective instanceof Network network
        && found.size() != network.outputs()) {
      throw new DataException(
          "the rows are of %d classes (%s), and the network tells %d apart, but not which: give rows of all classes, or models rather than weights, as in Landscape.around(model)"
              .formatted(found.size(), found.list(), network.outputs()));
    }
  }

  /** Rows that the network cannot take. */
  private void check(Blocks blocks) {
    if (objective instanceof Network network) {
      int targets =
          switch (network.task()) {
            case CLASSIFICATION -> 1;
            case REGRESSION -> network.outputs();
            case RECONSTRUCTION -> 0;
          };
      if (blocks.width() != network.inputs() || blocks.targetWidth() != targets) {
        throw new DataException(
            "the rows have %d features and %d label columns, but the network takes %d and %d: name the same columns"
                .formatted(blocks.width(), blocks.targetWidth(), network.inputs(), targets));
      }
    }
  }

  /**
   * Evaluates the grid on prepared rows, which stay open; their classes are those of the network,
   * in the same order.
   *
   * @throws DataException if they have other columns than the network takes
   * @throws ModelException if two vectors are the same, three lie on one line, or the only one is 0
   */
  public LossGrid on(SparkSession spark, Blocks blocks) {
    check(blocks);
    Frame frame = frame();
    double[] x = axis(frame, 0);
    double[] y = frame.kind() == LossGrid.Kind.LINE ? new double[0] : axis(frame, 1);
    List<double[]> coefficients = new ArrayList<>();
    for (double row : y.length == 0 ? new double[1] : y) {
      for (double column : x) {
        coefficients.add(frame.coefficients(column, row));
      }
    }
    for (int k = 0; k < weights.size(); k++) {
      coefficients.add(frame.ofPlace(k));
    }
    int[] taken = blocks.sample(rows);
    double[] losses =
        Evaluator.losses(
            spark,
            objective,
            new WeightPoints(frame.vectors(), coefficients, frame.held()),
            blocks,
            taken);
    double[][] grid = new double[Math.max(1, y.length)][];
    for (int r = 0; r < grid.length; r++) {
      grid[r] = Arrays.copyOfRange(losses, r * x.length, (r + 1) * x.length);
    }
    List<LossGrid.Place> places = new ArrayList<>();
    for (int k = 0; k < weights.size(); k++) {
      double[] at = frame.at().get(k);
      double loss = losses[grid.length * x.length + k];
      places.add(new LossGrid.Place(names.get(k), at[0], at[1], loss));
    }
    long count = Arrays.stream(taken).asLongStream().sum();
    return new LossGrid(frame.kind(), x, y, grid, List.copyOf(places), count);
  }

  private Frame frame() {
    Layout layout = objective.layout();
    return switch (weights.size()) {
      case 1 -> Frame.around(layout, weights.get(0), seed);
      case 2 -> Frame.line(layout, weights.get(0), weights.get(1), names);
      default -> Frame.plane(layout, weights.get(0), weights.get(1), weights.get(2), names);
    };
  }

  /** The coordinates of the grid along an axis, evenly spaced. */
  private double[] axis(Frame frame, int number) {
    boolean around = frame.kind() == LossGrid.Kind.AROUND;
    double reach = span != null ? span : around ? AROUND_SPAN : BEYOND;
    double room = around ? reach : reach * Math.max(extent(frame, 0), extent(frame, 1));
    double low = coordinates(frame, number).min().orElse(0);
    double high = coordinates(frame, number).max().orElse(0);
    int count =
        points != null ? points : frame.kind() == LossGrid.Kind.LINE ? LINE_GRID : PLANE_GRID;
    double[] axis = new double[count];
    for (int i = 0; i < count; i++) {
      double share = (double) i / (count - 1);
      axis[i] = (1 - share) * (low - room) + share * (high + room);
    }
    return axis;
  }

  private static DoubleStream coordinates(Frame frame, int number) {
    return frame.at().stream().mapToDouble(at -> at[number]);
  }

  /** From the first of the given vectors to the last, along an axis. */
  private static double extent(Frame frame, int number) {
    return coordinates(frame, number).max().orElse(0) - coordinates(frame, number).min().orElse(0);
  }
}
