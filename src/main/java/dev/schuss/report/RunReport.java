package dev.schuss.report;

import static dev.schuss.model.Json.block;
import static dev.schuss.model.Json.number;

import dev.schuss.model.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/** The page of one training, made of what it wrote. */
public final class RunReport {
  /** Layers whose curves can be told apart in one picture. */
  private static final int LAYERS = 12;

  private static final List<String> ROUND_PARTS =
      List.of("compute", "broadcast", "wait", "reduce", "update");

  private static final List<String> PARTS =
      List.of("compute", "broadcast", "wait", "reduce", "update", "other");

  /** Metrics that are no shares, however small they are. */
  private static final Set<String> ERRORS = Set.of("logLoss", "rmse", "mae", "squaredError");

  private final Map<String, Object> result;
  private final List<Map<String, Object>> epochs;
  private final Examples worst;
  private final double[] x;

  private RunReport(Map<String, Object> result, List<Map<String, Object>> epochs, Examples worst) {
    this.result = result;
    this.epochs = epochs;
    this.worst = worst;
    this.x = epochs.stream().mapToDouble(line -> number(line.get("epoch"))).toArray();
  }

  /**
   * The page.
   *
   * @param result result.json
   * @param epochs the lines of metrics.jsonl
   * @param job job.json, without secrets
   * @param worst rows that the model is most wrong about
   * @param title of the page
   */
  public static String html(
      Map<String, Object> result,
      List<Map<String, Object>> epochs,
      Map<String, Object> job,
      Examples worst,
      String title) {
    return new RunReport(result, epochs, worst).page(job, title);
  }

  private String page(Map<String, Object> job, String title) {
    Page page = new Page(title);
    page.lead(lead());
    page.cards(cards());
    List<String> warnings = new ArrayList<>();
    if (result.get("advice") instanceof List<?> advice) {
      advice.forEach(line -> warnings.add(String.valueOf(line)));
    }
    if (number(result.get("skippedRows")) > 0) {
      warnings.add(
          Numbers.count((long) number(result.get("skippedRows")), "bad row")
              + " left out: "
              + result.get("skippedExamples"));
    }
    page.warnings(warnings);
    List<String> plots = new ArrayList<>(plots());
    GradientPicture.svg(epochs).ifPresent(plots::add);
    page.plots(plots);
    metrics(page);
    confusion(page);
    page.examples(worst);
    time(page);
    page.heading("How it was made");
    Map<String, Object> made = new LinkedHashMap<>();
    for (String key :
        List.of("version", "spark", "blas", "seed", "parameters", "reduction", "data")) {
      if (result.get(key) != null) {
        made.put(key, result.get(key));
      }
    }
    page.details("versions, seed, rows", Json.pretty(made));
    page.details("the job with every default", Json.pretty(job));
    return page.html();
  }

  private String lead() {
    String ended = String.valueOf(result.get("status")).replace('-', ' ');
    return ended + (result.get("message") instanceof String why ? ": " + why : "");
  }

  private Map<String, String> cards() {
    Map<String, String> cards = new LinkedHashMap<>();
    for (String rows : List.of("test", "validation")) {
      Map<String, Object> metrics = block(result.get(rows));
      metrics.keySet().stream()
          .filter(name -> !name.equals("loss"))
          .findFirst()
          .ifPresent(
              name ->
                  cards.put(rows + " " + name, Numbers.metric(name, number(metrics.get(name)))));
      if (metrics.containsKey("loss")) {
        cards.put(rows + " loss", Numbers.metric("loss", number(metrics.get("loss"))));
      }
    }
    Map<String, Object> best = block(result.get("best"));
    if (!best.isEmpty()) {
      cards.put("best epoch", Numbers.count(number(best.get("epoch"))));
    }
    cards.put("epochs", Numbers.count(number(result.get("epochs"))));
    cards.put("updates", Numbers.count(number(result.get("steps"))));
    cards.put("time", Numbers.duration(number(result.get("seconds"))));
    cards.put("rows/s", Numbers.count(number(result.get("samplesPerSecond"))));
    return cards;
  }

  private List<String> plots() {
    List<Plot> plots = new ArrayList<>();
    Plot loss =
        new Plot("Loss", "epoch", "loss").curve("training", x, y(e -> in(e, "train", "loss")));
    Set<String> metrics = names("validation");
    if (metrics.contains("loss")) {
      loss.curve("validation", x, y(e -> in(e, "validation", "loss")));
    }
    plots.add(marked(loss, "loss").logYWhereItHelps());
    plots.addAll(metrics(metrics.stream().filter(name -> !name.equals("loss")).toList()));
    plots.add(
        new Plot("Learning rate", "epoch", "rate of the last update")
            .curve("", 1, x, y(e -> number(e.get("lr")))));
    plots.add(byLayer("Gradient norm", "gradientNorm", "norm by layer"));
    plots.add(byLayer("Update beside weight", "updateRatio", "|update| / |weights|"));
    plots.add(byLayer("Trust ratio", "trustRatio", "factor of the layer's step"));
    plots.addAll(CurvaturePlots.of(epochs));
    Plot speed =
        new Plot("Speed", "epoch", "rows/s")
            .curve("", 4, x, y(e -> number(e.get("samplesPerSecond"))));
    plots.add(speed);
    Plot time = new Plot("Where an epoch's time went", "epoch", "seconds");
    for (String part : PARTS) {
      time.curve(named(part), x, y(e -> in(e, "time", part)));
    }
    plots.add(time);
    plots.add(rounds());
    return plots.stream().filter(plot -> !plot.empty()).map(Plot::svg).toList();
  }

  /** What the rounds of each epoch took: half of them, and the slow ones. */
  private Plot rounds() {
    Plot plot = new Plot("A round's time: the median", "epoch", "milliseconds");
    List<String> parts = new ArrayList<>(ROUND_PARTS);
    parts.add("total");
    for (String part : parts) {
      plot.curve(named(part), x, y(e -> 1e3 * round(e, "median", part)));
    }
    return plot.curve("total, 9 of 10 below", x, y(e -> 1e3 * round(e, "p90", "total")));
  }

  private static double round(Map<String, Object> epoch, String figure, String part) {
    return in(block(epoch.get("round")), figure, part);
  }

  private static String named(String part) {
    return part.equals("wait") ? "waiting" : part;
  }

  /** The first of the metrics alone, of the others those that are shares in one picture. */
  private List<Plot> metrics(List<String> names) {
    List<Plot> plots = new ArrayList<>();
    Plot shares = new Plot("Other metrics of the validation rows", "epoch", "");
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      double[] y = y(e -> in(e, "validation", name));
      boolean share =
          !ERRORS.contains(name)
              && Arrays.stream(y).allMatch(v -> Double.isNaN(v) || (v >= 0 && v <= 1));
      if (i > 0 && share) {
        shares.curve(name, x, y);
      } else {
        plots.add(
            marked(
                new Plot("Validation " + name, "epoch", name).curve("", 2, x, y).logYWhereItHelps(),
                name));
      }
    }
    plots.add(shares);
    return plots;
  }

  private Plot byLayer(String title, String key, String axis) {
    Plot plot = new Plot(title, "epoch", axis);
    names(key).stream()
        .limit(LAYERS)
        .forEach(layer -> plot.curve(layer, x, y(e -> in(e, key, layer))));
    return plot.logYWhereItHelps();
  }

  /** With the best epoch, if it is the best by this metric. */
  private Plot marked(Plot plot, String metric) {
    Map<String, Object> best = block(result.get("best"));
    return metric.equals(best.get("metric"))
        ? plot.mark(
            number(best.get("epoch")),
            number(best.get("value")),
            "best: " + Numbers.metric(metric, number(best.get("value"))))
        : plot;
  }

  private void metrics(Page page) {
    Set<String> names = new LinkedHashSet<>();
    List<String> rows = new ArrayList<>();
    for (String part : List.of("train", "validation", "test")) {
      Map<String, Object> metrics = block(result.get(part));
      if (!metrics.isEmpty()) {
        names.addAll(metrics.keySet());
        rows.add(part);
      }
    }
    if (rows.isEmpty()) {
      return;
    }
    List<String> header = new ArrayList<>(List.of("rows"));
    header.addAll(names);
    List<List<String>> table = new ArrayList<>();
    for (String part : rows) {
      List<String> line = new ArrayList<>(List.of(part.equals("train") ? "training" : part));
      Map<String, Object> metrics = block(result.get(part));
      for (String name : names) {
        line.add(metrics.containsKey(name) ? Numbers.metric(name, number(metrics.get(name))) : "-");
      }
      table.add(line);
    }
    page.heading("Metrics of the result").table(header, table, null, -1);
  }

  private void confusion(Page page) {
    Map<String, Object> confusion = block(result.get("confusion"));
    if (!(confusion.get("classes") instanceof List<?> names)
        || !(confusion.get("rows") instanceof List<?> rows)) {
      return;
    }
    List<String> classes = names.stream().map(String::valueOf).toList();
    double[][] weights = new double[rows.size()][];
    for (int c = 0; c < weights.length; c++) {
      weights[c] = ((List<?>) rows.get(c)).stream().mapToDouble(Json::number).toArray();
    }
    page.heading("Test rows: class (down) as predicted (across)").confusion(classes, weights);
  }

  private void time(Page page) {
    Map<String, Object> time = block(result.get("time"));
    if (time.isEmpty()) {
      return;
    }
    double sum = PARTS.stream().mapToDouble(part -> number(time.get(part))).sum();
    List<List<String>> rows = new ArrayList<>();
    for (String part : PARTS) {
      double seconds = number(time.get(part));
      rows.add(
          List.of(
              named(part),
              Numbers.duration(seconds),
              "%.0f %%".formatted(sum > 0 ? 100 * seconds / sum : 0),
              ofRounds(part, "median"),
              ofRounds(part, "p90"),
              longest(part)));
    }
    rows.add(
        List.of(
            "all",
            Numbers.duration(sum),
            "",
            ofRounds("total", "median"),
            ofRounds("total", "p90"),
            longest("total")));
    page.heading("Where the time went")
        .table(
            List.of("part", "time", "share", "a round", "9 of 10 rounds below", "longest round"),
            rows,
            null,
            -1);
  }

  /** The median of the epochs' figures. */
  private String ofRounds(String part, String figure) {
    double[] sorted =
        epochs.stream()
            .mapToDouble(epoch -> round(epoch, figure, part))
            .filter(Double::isFinite)
            .sorted()
            .toArray();
    return sorted.length == 0 ? "-" : Numbers.brief(sorted[(sorted.length - 1) / 2]);
  }

  private String longest(String part) {
    return epochs.stream()
        .mapToDouble(epoch -> round(epoch, "longest", part))
        .filter(Double::isFinite)
        .max()
        .stream()
        .mapToObj(Numbers::brief)
        .findFirst()
        .orElse("-");
  }

  private double[] y(ToDoubleFunction<Map<String, Object>> of) {
    return epochs.stream().mapToDouble(of).toArray();
  }

  private Set<String> names(String key) {
    Set<String> names = new LinkedHashSet<>();
    epochs.forEach(epoch -> names.addAll(block(epoch.get(key)).keySet()));
    return names;
  }

  private static double in(Map<String, Object> epoch, String block, String key) {
    return number(block(epoch.get(block)).get(key));
  }
}
