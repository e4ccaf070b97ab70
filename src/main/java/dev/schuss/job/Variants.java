package dev.schuss.job;

import static java.util.stream.Collectors.joining;

import dev.schuss.experiment.Axis;
import dev.schuss.experiment.Axis.Choice;
import dev.schuss.experiment.Comparison;
import dev.schuss.spec.Section;
import dev.schuss.spec.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** What runs of a comparison differ in: the blocks {@code grid} and {@code runs} of a job file. */
final class Variants {
  /** Keys that name an alternative: a block that has one stands for itself. */
  private static final List<String> NAMING = List.of("rule", "kind", "type", "format");

  /** What is said of a seed among the alternatives. */
  static final String SEEDS = "the seeds of a comparison stand in seeds, such as seeds = [1, 2, 3]";

  private static final Map<String, String> BOUND =
      Map.of(
          "train.seed",
          SEEDS,
          "train.partitions",
          "the rows are packed once for all runs: set train.partitions for all of them",
          "model.from",
          "the rows are packed once for all runs: set model.from for all of them");

  private Variants() {}

  /**
   * One value of a run.
   *
   * @param path the key, with dots
   */
  record Change(String path, Value value) {
    List<String> keys() {
      return List.of(path.split("\\.", -1));
    }
  }

  /**
   * What one setting changes.
   *
   * @param name what it is called
   * @param values the label of its alternative by key
   * @param changes in the order in which they are made
   */
  record Variant(String name, Map<String, String> values, List<Change> changes) {
    /** The job of this setting. */
    Section of(Section job) {
      Section changed = job;
      for (Change change : changes) {
        changed = changed.with(change.keys(), change.value());
      }
      return changed;
    }
  }

  /** Every combination of a grid's alternatives. */
  static List<Variant> ofGrid(Section grid) {
    List<Axis<Change>> axes = new ArrayList<>();
    collect(grid, "", axes);
    if (axes.isEmpty()) {
      throw grid.error("is empty: give lists of alternatives, such as train.batchSize = [64, 512]");
    }
    // What is in a block is changed after the block.
    axes.sort((a, b) -> Integer.compare(depth(a.key()), depth(b.key())));
    List<Variant> variants = new ArrayList<>();
    for (List<Choice<Change>> chosen : grid.asValue().checked(() -> Axis.product(axes))) {
      Map<String, String> values = new LinkedHashMap<>();
      List<String> words = new ArrayList<>();
      List<Change> changes = new ArrayList<>();
      for (int i = 0; i < chosen.size(); i++) {
        Choice<Change> choice = chosen.get(i);
        changes.add(choice.value());
        values.put(axes.get(i).key(), choice.label());
        words.add(Comparison.word(axes.get(i).key(), choice.label()));
      }
      variants.add(new Variant(String.join(", ", words), values, changes));
    }
    return variants;
  }

  private static int depth(String key) {
    return key.split("\\.", -1).length;
  }

  private static void collect(Section block, String path, List<Axis<Change>> axes) {
    for (String key : block.keys()) {
      Value value = block.value(key).orElseThrow();
      String full = path.isEmpty() ? key : path + "." + key;
      if (value.isSection()) {
        collect(value.section(), full, axes);
        continue;
      }
      if (!value.isList()) {
        throw value.error("must be a list of alternatives [ ... ]");
      }
      checkFree(full, value);
      List<Value> elements = value.elements();
      if (elements.isEmpty()) {
        throw value.error("is an empty list: give at least one alternative");
      }
      List<String> labels =
          labels(elements.stream().map(element -> flat("", element)).toList(), block(full));
      List<Choice<Change>> choices = new ArrayList<>();
      for (int i = 0; i < elements.size(); i++) {
        choices.add(new Choice<>(labels.get(i), new Change(full, elements.get(i))));
      }
      axes.add(new Axis<>(full, choices));
    }
  }

  private static void checkFree(String path, Value value) {
    String why = BOUND.get(path);
    if (why != null) {
      throw value.error(why);
    }
    String top = path.contains(".") ? path.substring(0, path.indexOf('.')) : path;
    if (Set.of("name", "task", "data", "checkpoint", "output").contains(top)) {
      throw value.error(
          "is the same in all runs of a comparison; what differs is in model, optimizer,"
              + " regularization and train");
    }
    // Any other key is told by the job's own reader, which knows the nearest.
  }

  /** The runs that are listed. */
  static List<Variant> ofRuns(List<Section> runs, Section job) {
    List<List<Change>> all = new ArrayList<>();
    List<Map<String, String>> flat = new ArrayList<>();
    for (Section run : runs) {
      List<Change> changes = new ArrayList<>();
      collect(run.without("name"), "", job, changes);
      all.add(changes);
      Map<String, String> values = new LinkedHashMap<>();
      changes.forEach(c -> flat(c.path(), c.value(), values));
      flat.add(values);
    }
    List<String> labels = labels(flat.stream().map(Variants::inBlocks).toList(), "");
    List<Map<String, String>> axes = axes(flat);
    List<Variant> variants = new ArrayList<>();
    Set<String> names = new LinkedHashSet<>();
    for (int i = 0; i < runs.size(); i++) {
      Value named = runs.get(i).value("name").orElse(null);
      String name = named == null ? labels.get(i) : named.text();
      if (name.isBlank()) {
        name = "as the job";
      }
      if (!names.add(name)) {
        throw runs.get(i).error("a run of the name " + name + " is there already: give it another");
      }
      variants.add(new Variant(name, axes.get(i), all.get(i)));
    }
    return variants;
  }

  /**
   * The values of each run by those keys that all runs have and that differ; none at all where two
   * runs would have the same, since something else tells these apart.
   */
  private static List<Map<String, String>> axes(List<Map<String, String>> runs) {
    List<Map<String, String>> axes = new ArrayList<>();
    for (Map<String, String> run : runs) {
      Map<String, String> values = new LinkedHashMap<>();
      for (String key : runs.get(0).keySet()) { // in the same order for all
        boolean everywhere = runs.stream().allMatch(other -> other.containsKey(key));
        if (everywhere && differs(key, run.get(key), runs)) {
          values.put(key, run.get(key));
        }
      }
      axes.add(values);
    }
    boolean apart = axes.stream().distinct().count() == axes.size();
    return apart ? axes : axes.stream().map(values -> Map.<String, String>of()).toList();
  }

  private static void collect(Section run, String path, Section job, List<Change> changes) {
    for (String key : run.keys()) {
      Value value = run.value(key).orElseThrow();
      String full = path.isEmpty() ? key : path + "." + key;
      boolean inside =
          value.isSection()
              && NAMING.stream().noneMatch(name -> value.section().has(name))
              && job != null
              && job.value(key).filter(Value::isSection).isPresent();
      if (inside) {
        collect(value.section(), full, job.value(key).orElseThrow().section(), changes);
      } else {
        checkFree(full, value);
        changes.add(new Change(full, value));
      }
    }
  }

  private static Map<String, String> flat(String path, Value value) {
    Map<String, String> flat = new LinkedHashMap<>();
    flat(path, value, flat);
    return flat;
  }

  private static void flat(String path, Value value, Map<String, String> into) {
    if (value.isSection()) {
      for (String key : value.section().keys()) {
        flat(
            path.isEmpty() ? key : path + "." + key,
            value.section().value(key).orElseThrow(),
            into);
      }
    } else {
      into.put(path, text(value));
    }
  }

  /** A value in a line; blocks in lists by what names them, then their keys. */
  private static String text(Value value) {
    if (value.isNull()) {
      return "null";
    }
    if (value.isList()) {
      return value.elements().stream().map(Variants::text).collect(joining(", ", "[", "]"));
    }
    return value.isSection() ? words(flat("", value), key -> true, "") : value.text();
  }

  /**
   * The block that a key changes, as the job's own keys need none: {@code warmup}, not {@code
   * train}.
   */
  private static String block(String key) {
    return key.contains(".") ? Comparison.lastPart(key) : "";
  }

  /** The same keys without the job's block, which they are known without. */
  private static Map<String, String> inBlocks(Map<String, String> flat) {
    Map<String, String> inside = new LinkedHashMap<>();
    flat.forEach(
        (key, value) -> {
          String rest = key.substring(key.indexOf('.') + 1);
          inside.put(inside.containsKey(rest) ? key : rest, value);
        });
    return inside;
  }

  /**
   * As few words as tell alternatives apart: what names them where that suffices, else what differs
   * among those of a name.
   *
   * @param block that they are alternatives of, told before keys of one that has no name; may be
   *     empty
   */
  static List<String> labels(List<Map<String, String>> alternatives, String block) {
    List<String> names = alternatives.stream().map(Variants::name).toList();
    boolean apart =
        names.stream().allMatch(Objects::nonNull)
            && names.stream().distinct().count() == names.size();
    List<String> labels = new ArrayList<>();
    for (int i = 0; i < alternatives.size(); i++) {
      String name = names.get(i);
      Map<String, String> one = alternatives.get(i);
      List<Map<String, String>> namesakes =
          IntStream.range(0, alternatives.size())
              .filter(other -> name == null || name.equals(names.get(other)))
              .mapToObj(alternatives::get)
              .toList();
      String text =
          apart
              ? name
              : words(one, key -> differs(key, one.get(key), namesakes), name == null ? block : "");
      text = text.isEmpty() ? "as the job" : text;
      String unique = text;
      for (int n = 2; labels.contains(unique); n++) {
        unique = text + " #" + n;
      }
      labels.add(unique);
    }
    return labels;
  }

  /**
   * What names an alternative, and then those of its keys that are told, each with the block that
   * it is in: {@code adam beta1 0.5 warmup length 20 shifted false}.
   */
  private static String words(
      Map<String, String> alternative, Predicate<String> told, String block) {
    String name = name(alternative);
    List<String> words = new ArrayList<>(name == null ? List.of() : List.of(name));
    List<String> keys = new ArrayList<>(alternative.keySet());
    keys.sort( // its own before those of its blocks, and of each what names it first
        Comparator.comparing(Variants::place)
            .thenComparing(key -> !isNaming(Comparison.lastPart(key))));
    String last = "";
    for (String key : keys) {
      if (key.isEmpty() || isNaming(key) || !told.test(key)) {
        continue;
      }
      String in = key.contains(".") ? place(key) : block;
      String word = Comparison.lastPart(key);
      if (!in.equals(last) && !in.isEmpty()) {
        words.add(Comparison.lastPart(in));
      }
      if (in.equals(last) || in.isEmpty() || !isNaming(word)) {
        words.add(word);
      }
      words.add(alternative.get(key));
      last = in;
    }
    return String.join(" ", words);
  }

  /** The block that a key is in; empty for none. */
  private static String place(String key) {
    return key.substring(0, Math.max(0, key.lastIndexOf('.')));
  }

  private static boolean isNaming(String key) {
    return NAMING.contains(key);
  }

  private static String name(Map<String, String> alternative) {
    if (alternative.containsKey("")) {
      return alternative.get("");
    }
    return NAMING.stream().map(alternative::get).filter(Objects::nonNull).findFirst().orElse(null);
  }

  private static boolean differs(String key, String value, List<Map<String, String>> alternatives) {
    return alternatives.stream().anyMatch(other -> !value.equals(other.get(key)));
  }
}
