package dev.schuss.job;

import dev.schuss.model.Feature;
import dev.schuss.model.FittedModel;
import dev.schuss.model.ModelDescription;
import dev.schuss.model.Preprocessing;
import dev.schuss.nn.Dense;
import dev.schuss.nn.Elementwise;
import dev.schuss.nn.ForwardPass;
import dev.schuss.nn.Layer;
import dev.schuss.nn.Network;
import dev.schuss.objective.Segment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What {@code inspect} says of a model. */
final class ModelReport {
  private static final int SHOWN = 8;

  private ModelReport() {}

  /** A layer as the table has it. */
  private record Line(String name, String type, String options, int width, long parameters) {}

  private static List<Line> layers(Network network) {
    ForwardPass pass = network.forwardPass(new float[0]); // only asked for its shapes
    List<Line> lines = new ArrayList<>();
    for (int i = 0; i < pass.layers(); i++) {
      boolean last = i == pass.layers() - 1;
      Layer layer = last ? null : network.hidden().get(i);
      String name = last ? "output" : layer.type() + i;
      long parameters =
          network.layout().segments().stream()
              .filter(s -> s.name().startsWith(name + "."))
              .mapToLong(Segment::length)
              .sum();
      String options =
          layer instanceof Dense dense
              ? kind(JobReader.tree(dense.activation()))
              : layer instanceof Elementwise e ? kind(JobReader.tree(e.activation())) : "";
      lines.add(new Line(name, last ? "dense" : layer.type(), options, pass.width(i), parameters));
    }
    return lines;
  }

  /** The name of what has a name alone, or keys beside it. */
  private static String kind(Object tree) {
    return String.valueOf(tree instanceof Map<?, ?> block ? block.get("kind") : tree);
  }

  /** The report for people. */
  static List<String> lines(ModelFolder folder, ModelDescription model, String state) {
    Network network = model.network();
    Preprocessing columns = model.preprocessing();
    List<String> out = new ArrayList<>();
    out.add("%s: %s".formatted(folder.name(), word(network.task())));
    out.add("");
    out.addAll(table(network));
    out.add("");
    out.add("loss        " + network.loss().getClass().getSimpleName());
    out.add("features    " + features(columns));
    if (columns.classes() != null) {
      out.add("classes     %d: %s".formatted(columns.classes().size(), columns.classes().list()));
    }
    if (!columns.labels().isEmpty()) {
      out.add("label       " + String.join(", ", columns.labels()));
    }
    out.add("scaling     " + scaling(columns));
    out.add("bad rows    " + word(columns.invalid()));
    FittedModel.Provenance from = model.provenance();
    out.add(
        "trained     %,d steps, seed %d, by Schuss %s%s"
            .formatted(
                from.steps(),
                from.seed(),
                from.version(),
                from.spark() == null ? "" : " on Spark " + from.spark()));
    out.add(
        "weights     %s, %,d bytes, checksum %s"
            .formatted(
                folder.path(model.weightsFile()),
                Math.max(0, folder.length(model.weightsFile())),
                model.checksum() == null ? "none" : model.checksum() + " " + state));
    return out;
  }

  /** The layers with shapes and parameters. */
  static List<String> table(Network network) {
    List<String> out = new ArrayList<>();
    out.add(row("layer", "type", "activation", "output", "parameters"));
    out.add(row("input", "", "", count(network.inputs()), ""));
    for (Line line : layers(network)) {
      out.add(row(line.name, line.type, line.options, count(line.width), count(line.parameters)));
    }
    out.add(row("total", "", "", "", count(network.layout().size())));
    return out;
  }

  private static String row(String name, String type, String options, String width, String params) {
    return "%-12s%-10s%-12s%10s%14s".formatted(name, type, options, width, params).stripTrailing();
  }

  private static String count(long n) {
    return String.format(Locale.ROOT, "%,d", n);
  }

  private static String features(Preprocessing columns) {
    String shown =
        columns.inputs().stream()
            .limit(SHOWN)
            .map(ModelReport::feature)
            .collect(Collectors.joining(", "));
    int n = columns.inputs().size();
    return "%d %s, %,d inputs: %s%s"
        .formatted(
            n, n == 1 ? "column" : "columns", columns.width(), shown, n > SHOWN ? ", ..." : "");
  }

  private static String feature(Feature feature) {
    if (feature.isCategory()) {
      return "%s (%d categories)".formatted(feature.name(), feature.categories().size());
    }
    return feature.width() == 1
        ? feature.name()
        : "%s (%,d numbers)".formatted(feature.name(), feature.width());
  }

  private static String scaling(Preprocessing columns) {
    if (!columns.scales()) {
      return "none";
    }
    boolean one = true;
    for (int j = 0; j < columns.width(); j++) {
      one &= columns.divisor()[j] == columns.divisor()[0] && columns.shift()[j] == 0;
    }
    return one
        ? "divided by " + columns.divisor()[0]
        : "shifted and divided, each input by its own numbers";
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /** The same for programs. */
  static Map<String, Object> layersJson(Network network) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("inputs", network.inputs());
    json.put("outputs", network.outputs());
    List<Object> layers = new ArrayList<>();
    for (Line line : layers(network)) {
      Map<String, Object> layer = new LinkedHashMap<>();
      layer.put("name", line.name);
      layer.put("type", line.type);
      layer.put("output", line.width);
      layer.put("parameters", line.parameters);
      layers.add(layer);
    }
    json.put("layers", layers);
    json.put("parameters", network.layout().size());
    return json;
  }

  /** The report for programs. */
  static Map<String, Object> json(ModelFolder folder, ModelDescription model, String state) {
    Network network = model.network();
    Preprocessing columns = model.preprocessing();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("model", folder.name());
    json.put("task", word(network.task()));
    json.putAll(layersJson(network));
    json.put("bytes", 4L * network.layout().size());
    json.put("features", columns.features());
    json.put("categorical", columns.categorical());
    json.put("labels", columns.labels());
    json.put("classes", columns.classes() == null ? null : columns.classes().names());
    json.put("scaled", columns.scales());
    json.put("invalid", word(columns.invalid()));
    Map<String, Object> from = new LinkedHashMap<>();
    from.put("version", model.provenance().version());
    from.put("spark", model.provenance().spark());
    from.put("seed", model.provenance().seed());
    from.put("steps", model.provenance().steps());
    json.put("provenance", from);
    Map<String, Object> weights = new LinkedHashMap<>();
    weights.put("file", folder.path(model.weightsFile()));
    weights.put("bytes", folder.length(model.weightsFile()));
    weights.put("crc32c", model.checksum());
    weights.put("state", state);
    json.put("weights", weights);
    return json;
  }
}
