package dev.schuss.bench;

import static dev.schuss.bench.Contestant.jvm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What Spark's listener bus takes of a core for each round: it hears of every job and task. */
final class Listeners {
  private static final int[] PARTITIONS = {2, 32};

  private Listeners() {}

  static Section run(Options options, Map<String, Object> machine) throws IOException {
    Path events = Files.createDirectories(Path.of("target/bench/events")).toAbsolutePath();
    Map<String, List<String>> settings = new LinkedHashMap<>();
    settings.put("no web page", List.of());
    settings.put("web page", List.of("-Dspark.ui.enabled=true"));
    settings.put(
        "web page and event log",
        List.of(
            "-Dspark.ui.enabled=true",
            "-Dspark.eventLog.enabled=true",
            "-Dspark.eventLog.dir=file:" + events));
    Section section =
        new Section(
            "Listener bus: milliseconds of CPU time in its threads for each round, local[2]",
            "setting",
            "partitions",
            "ms of a round",
            "ms in the listener bus");
    for (Map.Entry<String, List<String>> setting : settings.entrySet()) {
      try (Contestant c =
          new Contestant(
              "listeners", jvm("2g", setting.getValue(), Worker.class.getName(), "local[2]"))) {
        machine.put("Spark", c.ask("spark"));
        c.ask("listeners 100000 2 128000 " + (options.quick() ? 2 : 20));
        for (int partitions : PARTITIONS) {
          List<Double> rounds = new ArrayList<>();
          List<Double> bus = new ArrayList<>();
          for (int pass = 0; pass < options.passes(); pass++) {
            String[] answer =
                c.ask("listeners 100000 %d 128000 %s".formatted(partitions, options.seconds()))
                    .split(" ");
            rounds.add(Double.parseDouble(answer[0]));
            bus.add(Double.parseDouble(answer[1]));
          }
          section.row(
              setting.getKey(), partitions, Window.median(rounds), Window.median(bus));
        }
      }
    }
    section.note(
        "Threads named spark-listener-group-*; rounds of 100,000 parameters that compute next to"
            + " nothing. They run beside the rounds. The event log is compressed here as Spark has"
            + " it by default.");
    return section;
  }
}
