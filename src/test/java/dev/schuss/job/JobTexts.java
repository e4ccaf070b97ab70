package dev.schuss.job;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreeScanner;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigResolveOptions;
import dev.schuss.Golden;
import dev.schuss.SourceDocs;
import dev.schuss.math.EditDistance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The blocks of many job files and parts of such: those in files, in the texts of tests, whether
 * whole or as {@code key=value} of a command line, and the hyper-parameters of golden files.
 */
final class JobTexts {
  /**
   * Where keys stand: in a block of this name, or in one whose discriminator names this
   * alternative.
   */
  record Place(
      String block, String discriminator, String alternative, Map<String, String> aliases) {
    static Place block(String name) {
      return new Place(name, null, null, Map.of());
    }

    static Place alternative(String discriminator, String name, Map<String, String> aliases) {
      return new Place(null, discriminator, name, aliases);
    }
  }

  private record Node(String name, Map<String, Object> keys) {}

  private final List<Node> nodes = new ArrayList<>();

  /** Adds a text, if it is one of HOCON. */
  void add(String text) {
    try {
      var config =
          ConfigFactory.parseString(text)
              .resolve(ConfigResolveOptions.defaults().setUseSystemEnvironment(false));
      addNode("", config.root().unwrapped());
    } catch (ConfigException e) {
      // Most texts of tests are none.
    }
  }

  private void addNode(String name, Object tree) {
    if (tree instanceof List<?> list) {
      list.forEach(element -> addNode(name, element));
    } else if (tree instanceof Map<?, ?> map) {
      Map<String, Object> keys = new LinkedHashMap<>();
      map.forEach((key, value) -> keys.put((String) key, value));
      nodes.add(new Node(name, keys));
      keys.forEach(this::addNode);
    }
  }

  void addJobs(Path folder) throws IOException {
    for (Path job : files(folder, ".conf")) {
      add(Files.readString(job));
    }
  }

  /** Adds the texts of all tests, and the first cell of the lines of their tables. */
  void addTests(Path folder) throws IOException {
    for (Path source : files(folder, ".java")) {
      for (CompilationUnitTree unit : SourceDocs.task(source).parse()) {
        new TreeScanner<Void, Void>() {
          @Override
          public Void visitBinary(BinaryTree node, Void nothing) {
            if (node.getKind() == Tree.Kind.PLUS) {
              addText(folded(node));
            }
            return super.visitBinary(node, null);
          }

          @Override
          public Void visitLiteral(LiteralTree node, Void nothing) {
            addText(folded(node));
            return null;
          }
        }.scan(unit, null);
      }
    }
  }

  private void addText(String text) {
    add(text);
    text.lines()
        .filter(line -> line.contains("|"))
        .forEach(line -> add(line.substring(0, line.indexOf('|'))));
  }

  /** A sum of texts, with a letter for what only the run of the test knows. */
  private static String folded(Tree tree) {
    if (tree instanceof BinaryTree sum && sum.getKind() == Tree.Kind.PLUS) {
      return folded(sum.getLeftOperand()) + folded(sum.getRightOperand());
    }
    return tree instanceof LiteralTree literal && literal.getValue() instanceof String text
        ? text
        : "x";
  }

  private static List<Path> files(Path folder, String end) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(p -> p.toString().endsWith(end)).sorted().toList();
    }
  }

  /** Adds the rules and schedules that {@code GoldenRulesTest} and others replay. */
  void addGolden() {
    for (Path file : Golden.files("rules")) {
      JsonObject golden = Golden.read(file);
      Map<String, Object> keys = hyper(golden);
      keys.put("rule", golden.get("rule").getAsString());
      keys.put("variant", golden.get("variant").getAsString());
      nodes.add(new Node("optimizer", keys));
    }
    for (Path file : Golden.files("schedules")) {
      JsonObject golden = Golden.read(file);
      Map<String, Object> keys = hyper(golden);
      keys.put("kind", golden.get("schedule").getAsString());
      nodes.add(new Node("schedule", keys));
    }
  }

  private static Map<String, Object> hyper(JsonObject golden) {
    Map<String, Object> keys = new LinkedHashMap<>();
    golden
        .getAsJsonObject("hyper")
        .entrySet()
        .forEach(e -> keys.put(e.getKey(), new Gson().fromJson(e.getValue(), Object.class)));
    return keys;
  }

  /** Whether any text names this key there, by its own name or another one. */
  boolean use(Place place, String key) {
    return nodes.stream()
        .filter(node -> is(node, place))
        .flatMap(node -> node.keys.keySet().stream())
        .anyMatch(k -> k.equals(key) || key.equals(place.aliases.get(k)));
  }

  private static boolean is(Node node, Place place) {
    if (place.discriminator == null) {
      return node.name.equals(place.block);
    }
    return node.keys.get(place.discriminator) instanceof String name
        && EditDistance.plain(name).equals(EditDistance.plain(place.alternative));
  }
}
