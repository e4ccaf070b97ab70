package dev.schuss.bench;

import dev.schuss.model.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * scripts/bench: measures the parts that were asked for, and writes target/bench/bench.json and
 * bench.md. A part that was not asked for keeps the figures of the run before.
 */
public final class Bench {
  private static final Path FOLDER = Path.of("target/bench");

  private Bench() {}

  /** Options as scripts/bench gives them: see its head. */
  public static void main(String[] args) throws IOException {
    Locale.setDefault(Locale.ROOT);
    Options options = Options.of(args);
    Path file = FOLDER.resolve("bench.json");
    Map<String, Object> report = new LinkedHashMap<>();
    if (Files.exists(file)) {
      report.putAll(Json.parseObject(Files.readString(file), file.toString()));
    }
    for (String part : options.parts()) {
      System.err.println("bench: " + part);
      Map<String, Object> machine = Machine.describe();
      Section section =
          switch (part) {
            case "throughput" -> new Throughput(options).run(machine);
            case "rounds" -> new Overhead(options).run(machine);
            case "ordered" -> Ordered.run(options, machine);
            case "checkpoints" -> Saving.run(options);
            case "listeners" -> Listeners.run(options, machine);
            case "growth" -> new Growth(options).run(machine);
            case "scoring" -> Scoring.run(options, machine);
            case "fashion" -> new TimeToAccuracy(options).run(machine);
            case "ml" -> SparkMl.run(options);
            case "ml-scoring" -> SparkMlScoring.run(options);
            case "layers" -> Layers.run(options);
            case "kernels" -> Kernels.run(options);
            default -> throw new IllegalArgumentException(part);
          };
      if (options.quick()) {
        section.note("A quick run: too short to be quoted.");
      }
      Map<String, Object> json = section.json(machine);
      System.out.println(Section.markdown(json));
      report.put(part, json);
      Files.writeString(file, Json.pretty(report));
    }
    String markdown = markdown(report);
    Files.writeString(FOLDER.resolve("bench.md"), markdown);
    if (options.docs()) {
      Files.writeString(Path.of("docs/bench.md"), markdown);
    }
  }

  private static String markdown(Map<String, Object> report) {
    List<String> text = new ArrayList<>();
    text.add(
        "# Measurements\n"
            + "Made by `scripts/bench`; medians. What is compared is measured in turns, in one"
            + " run.\n");
    for (String part : Options.PARTS) {
      if (report.get(part) instanceof Map<?, ?> section) {
        text.add(Section.markdown(section));
      }
    }
    return String.join("\n", text);
  }
}
