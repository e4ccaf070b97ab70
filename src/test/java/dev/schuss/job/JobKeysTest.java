package dev.schuss.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import dev.schuss.Generated;
import dev.schuss.data.ClassWeights;
import dev.schuss.model.Scaling;
import dev.schuss.nn.Activation;
import dev.schuss.nn.Initializer;
import dev.schuss.nn.Loss;
import dev.schuss.nn.Shape;
import dev.schuss.optim.Optimizer;
import dev.schuss.optim.Regularization;
import dev.schuss.spec.KeyTables;
import dev.schuss.spec.ModelBlock;
import dev.schuss.spec.Registry;
import dev.schuss.spec.Section;
import dev.schuss.train.CheckpointSettings;
import dev.schuss.train.EarlyStopping;
import dev.schuss.train.NonFinite;
import dev.schuss.train.Settings;
import dev.schuss.train.StopAt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The page of all keys, made from the records themselves, and who uses them. */
class JobKeysTest {
  private static final Path PAGE = Path.of("docs/job-file.md");

  /** What a fragment of a job leaves out. */
  private static final Config BASE =
      ConfigFactory.parseString(
          """
          name = base, task = classification
          data { train { format = csv, path = x }, validation { fraction = 0.1 } }
          model { layers = [] }, output { dir = out/base }
          """);

  private static final KeyTables TABLES =
      new KeyTables(
          JobReader.binder(),
          Map.ofEntries(
              Map.entry(DataBlock.class, "[a block](#data)"),
              Map.entry(ModelBlock.class, "[a block](#model)"),
              Map.entry(Optimizer.class, "[a block](#optimizer)"),
              Map.entry(Regularization.class, "[a block](#regularization)"),
              Map.entry(Settings.class, "[a block](#train)"),
              Map.entry(CheckpointSettings.class, "[a block](#checkpoint)"),
              Map.entry(JobFile.Output.class, "[a block](#output)"),
              Map.entry(Sources.From.class, "[a source](#sources)"),
              Map.entry(DataBlock.Validation.class, "`{ fraction = F }`, or [a source](#sources)"),
              Map.entry(DataBlock.Test.class, "`{ fraction = F }`, or [a source](#sources)"),
              Map.entry(ClassWeights.class, "`balanced`, or a block of positive numbers by class"),
              Map.entry(
                  Scaling.class,
                  "`none`, `standard`, `minmax`, `maxabs`, or a number to divide by, positive"),
              Map.entry(Shape.class, "`[channels, height, width]`"),
              Map.entry(Loss.class, "[a loss](#losses)"),
              Map.entry(Initializer.class, "[an initializer](#initializers)"),
              Map.entry(Activation.class, "[an activation](#activations)"),
              Map.entry(EarlyStopping.class, "[a block](#earlystopping)"),
              Map.entry(NonFinite.class, "[a policy](#policies)"),
              Map.entry(StopAt.class, "[a block](#stopat)"),
              Map.entry(Section.class, "a block of lists"),
              Map.entry(ComparisonBlock.class, "[a block](#compare)")));

  /** A table's keys, and where in a job file they stand. */
  private record Block(JobTexts.Place place, List<KeyTables.Key> keys) {}

  private static JobTexts.Place block(String name) {
    return JobTexts.Place.block(name);
  }

  private static final Map<String, Block> BLOCKS = new LinkedHashMap<>();

  static {
    Sources.From source = Sources.FromCsv.defaults("x");
    DataBlock data = DataBlock.defaults(source);
    Map<String, Object> needed =
        Map.of(
            "name",
            "x",
            "data",
            data,
            "model",
            ModelBlock.defaults(List.of()),
            "output",
            JobFile.Output.defaults("x"));
    put("top", "", TABLES.keys(JobFile.class, needed));
    List<KeyTables.Key> ofData = new ArrayList<>(TABLES.keys(DataBlock.class));
    put("data", "data", ofData);
    put("validation", "validation", TABLES.keys(DataBlock.Fraction.class));
    put("test", "test", TABLES.keys(DataBlock.Fraction.class));
    put("model", "model", TABLES.keys(ModelBlock.class, Map.of("layers", List.of())));
    KeyTables.wrappers(KeyTables.RULES)
        .forEach((key, type) -> put("wrappers/" + key, key, TABLES.keys(type, "inner")));
    put("regularization", "regularization", TABLES.keys(Regularization.class));
    put("train", "train", TABLES.keys(Settings.class));
    put("earlyStopping", "earlyStopping", TABLES.keys(EarlyStopping.class));
    put("stopAt", "stopAt", TABLES.keys(StopAt.class));
    put("checkpoint", "checkpoint", TABLES.keys(CheckpointSettings.class));
    put("output", "output", TABLES.keys(JobFile.Output.class));
    put("comparison", "", TABLES.keys(ComparisonKeys.class));
    put("compare", "compare", TABLES.keys(ComparisonBlock.class));
    alternatives("formats", "format", Sources.REGISTRY);
    alternatives("layers", "type", KeyTables.LAYERS);
    alternatives("activations", "kind", KeyTables.ACTIVATIONS);
    alternatives("initializers", "kind", KeyTables.INITIALIZERS);
    alternatives("losses", "kind", KeyTables.LOSSES);
    alternatives("policies", "kind", NonFinite.REGISTRY);
    alternatives("rules", "rule", KeyTables.RULES);
    alternatives("schedules", "kind", KeyTables.SCHEDULES, "base");
    KeyTables.wrappers(KeyTables.SCHEDULES)
        .forEach((key, type) -> put("schedules/" + key + " { }", key, TABLES.keys(type, "inner")));
  }

  private static void put(String table, String block, List<KeyTables.Key> keys) {
    BLOCKS.put(table, new Block(block(block), keys));
  }

  private static void alternatives(
      String table, String discriminator, Registry<?> registry, String... given) {
    KeyTables.alternatives(registry)
        .forEach(
            (name, type) ->
                BLOCKS.put(
                    table + "/" + name,
                    new Block(
                        JobTexts.Place.alternative(
                            discriminator, name, KeyTables.aliases(registry)),
                        TABLES.keys(type, given))));
  }

  @TestFactory
  List<DynamicTest> thePageShowsTheKeysOfTheRecords() {
    Map<String, List<String>> tables = new LinkedHashMap<>();
    for (String name :
        List.of(
            "top",
            "data",
            "model",
            "regularization",
            "train",
            "earlyStopping",
            "stopAt",
            "checkpoint",
            "output",
            "comparison",
            "compare")) {
      List<String> lines = header("");
      BLOCKS.get(name).keys.forEach(key -> lines.add(row("", key)));
      tables.put(name, lines);
    }
    tables
        .get("data")
        .addAll(
            TABLES.keys(DataBlock.Fraction.class).stream()
                .map(
                    k ->
                        row(
                            "",
                            new KeyTables.Key(
                                "validation.fraction`, `test.fraction",
                                k.values(),
                                k.usual(),
                                k.meaning())))
                .toList());
    tables.put("formats", table("formats", "format", Sources.REGISTRY));
    tables.put("layers", table("layers", "type", KeyTables.LAYERS));
    tables.put("activations", table("activations", "kind", KeyTables.ACTIVATIONS));
    tables.put("initializers", table("initializers", "kind", KeyTables.INITIALIZERS));
    tables.put("losses", table("losses", "kind", KeyTables.LOSSES));
    tables.put("policies", table("policies", "kind", NonFinite.REGISTRY));
    tables.put("schedules", table("schedules", "kind", KeyTables.SCHEDULES));
    addWrappers(tables.get("schedules"), "schedules/", " { }", KeyTables.SCHEDULES);
    tables.put("wrappers", header("| block "));
    addWrappers(tables.get("wrappers"), "wrappers/", "", KeyTables.RULES);
    tables.put("rules", rules());
    return tables.entrySet().stream()
        .map(t -> DynamicTest.dynamicTest(t.getKey(), () -> compare(t.getKey(), t.getValue())))
        .toList();
  }

  private static void compare(String name, List<String> table) {
    if (Generated.writing()) {
      Generated.write(PAGE, name, table);
    }
    assertThat(Generated.read(PAGE, name))
        .as("%s; -Dtest=JobKeysTest -Dschuss.docs=write writes it anew", PAGE)
        .isEqualTo(table);
  }

  private static List<String> header(String first) {
    return new ArrayList<>(
        List.of(
            first + "| key | values | default | meaning |",
            (first.isEmpty() ? "" : "|---") + "|---|---|---|---|"));
  }

  private static String row(String first, KeyTables.Key key) {
    return first
        + "| `%s` | %s | %s | %s |"
            .formatted(key.name(), key.values(), key.usual(), cell(key.meaning()));
  }

  private static String cell(String markdown) {
    return markdown.replace("|", "\\|");
  }

  private static List<String> table(String table, String what, Registry<?> registry) {
    List<String> lines = header("| " + what + " ");
    KeyTables.alternatives(registry)
        .forEach((name, type) -> addAlternative(lines, table + "/" + name, name, type));
    return lines;
  }

  private static void addWrappers(
      List<String> lines, String table, String end, Registry<?> registry) {
    KeyTables.wrappers(registry)
        .forEach((key, type) -> addAlternative(lines, table + key + end, key + end, type));
  }

  private static void addAlternative(List<String> lines, String table, String name, Class<?> type) {
    lines.add("| **`%s`** | | | | %s |".formatted(name, cell(KeyTables.summary(type))));
    BLOCKS.get(table).keys.forEach(key -> lines.add(row("| ", key)));
  }

  private static List<String> rules() {
    List<String> lines = new ArrayList<>();
    KeyTables.alternatives(KeyTables.RULES)
        .forEach(
            (name, type) -> {
              Optimizer rule = rule(name);
              lines.add("#### " + name);
              lines.add((rule.fullBatch() ? "(full batch) " : "") + KeyTables.summary(type));
              lines.add("```hocon");
              lines.add("optimizer " + TABLES.written(rule));
              lines.add("```");
              lines.addAll(header(""));
              BLOCKS.get("rules/" + name).keys.forEach(key -> lines.add(row("", key)));
              lines.add("");
            });
    return lines;
  }

  private static Optimizer rule(String name) {
    return JobReader.binder().fromTree(Map.of("rule", name), Optimizer.class, "the page");
  }

  /** The examples of the page; a blank line stands between two. */
  private static List<String> examples() throws IOException {
    List<String> all = new ArrayList<>();
    StringBuilder example = new StringBuilder();
    boolean inside = false;
    for (String line : Files.readAllLines(PAGE)) {
      boolean fence = line.startsWith("```");
      if ((fence || line.isBlank()) && !example.isEmpty()) {
        all.add(example.toString());
        example.setLength(0);
      }
      if (fence) {
        inside = line.equals("```hocon");
      } else if (inside && !line.isBlank()) {
        example.append(line).append('\n');
      }
    }
    return all;
  }

  @TestFactory
  List<DynamicTest> theExamplesAreValid(@TempDir Path temp) throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (String example : examples()) {
      tests.add(
          DynamicTest.dynamicTest(
              example.lines().findFirst().orElseThrow(),
              () -> {
                Config fragment = ConfigFactory.parseString(example);
                Config base = BASE;
                for (String source : List.of("data.train", "data.validation", "data.test")) {
                  base = fragment.hasPath(source) ? base.withoutPath(source) : base;
                }
                Path job = temp.resolve("job.conf");
                Files.writeString(
                    job, fragment.withFallback(base).root().render(ConfigRenderOptions.concise()));
                boolean comparison = fragment.hasPath("grid") || fragment.hasPath("runs");
                JobFile read =
                    comparison
                        ? ComparisonReader.read(job.toString(), List.of()).base()
                        : JobReader.read(job.toString(), List.of());
                assertThat(read.name()).isNotEmpty();
              }));
    }
    assertThat(tests).hasSizeGreaterThan(40);
    return tests;
  }

  @Test
  void everyKeyHasAnExample() throws IOException {
    JobTexts texts = new JobTexts();
    examples().forEach(texts::add);
    assertThat(unused(texts)).as("keys without an example on %s", PAGE).isEmpty();
  }

  @Test
  void everyKeyIsUsedByATestOrAShippedJob() throws IOException {
    JobTexts texts = new JobTexts();
    texts.addJobs(Path.of("jobs"));
    texts.addTests(Path.of("src/test/java"));
    texts.addGolden();
    assertThat(unused(texts)).as("keys that neither a test nor a job uses").isEmpty();
  }

  private static List<String> unused(JobTexts texts) {
    List<String> unused = new ArrayList<>();
    BLOCKS.forEach(
        (table, block) -> {
          for (KeyTables.Key key : block.keys) {
            if (!texts.use(block.place, key.name())) {
              unused.add(table + ": " + key.name());
            }
          }
        });
    return unused;
  }
}
