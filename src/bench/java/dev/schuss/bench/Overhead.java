package dev.schuss.bench;

import static dev.schuss.bench.Contestant.jvm;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a round costs beside its gradient: rounds that compute nothing. */
final class Overhead {
  private static final int[] PARAMETERS = {535_818, 5_000_000};
  private static final int[] PARTITIONS = {2, 8, 32};
  private static final List<String> MASTERS = List.of("local[2]", "local-cluster[2,1,1024]");

  private final Options options;

  Overhead(Options options) {
    this.options = options;
  }

  /** Of one combination: each pass's median overhead, the rounds of all. */
  private static final class Figures {
    final List<Double> overheads = new ArrayList<>();
    int rounds;

    void add(String answer) {
      String[] numbers = answer.split(" ");
      overheads.add(Double.parseDouble(numbers[0]));
      rounds += Integer.parseInt(numbers[numbers.length - 1]);
    }

    double overhead() {
      return Window.median(overheads);
    }
  }

  Section run(Map<String, Object> machine) throws IOException {
    Map<String, Figures> figures = new LinkedHashMap<>();
    Map<String, Contestant> contestants = new LinkedHashMap<>();
    try {
      for (String master : MASTERS) {
        String name = master.substring(0, master.indexOf('['));
        Contestant c = new Contestant(name, jvm("4g", List.of(), Worker.class.getName(), master));
        contestants.put(name, c);
      }
      for (Contestant c : contestants.values()) {
        machine.put("Spark", c.ask("spark"));
        // Spark's first thousand jobs are several times slower than the later ones.
        c.ask("rounds 535818 2 128000 " + (options.quick() ? 2 : 90));
      }
      for (int pass = -1; pass < options.passes(); pass++) {
        for (int partitions : PARTITIONS) {
          for (int parameters : PARAMETERS) {
            for (Map.Entry<String, Contestant> c : contestants.entrySet()) {
              String answer =
                  c.getValue()
                      .ask("rounds %d %d 128000 %s".formatted(parameters, partitions, options.seconds()));
              if (pass >= 0) { // the first pass of each size warms up, too
                String key = c.getKey() + " " + parameters + " " + partitions;
                figures.computeIfAbsent(key, k -> new Figures()).add(answer);
              }
            }
          }
        }
      }
    } finally {
      for (Contestant c : contestants.values()) {
        c.close();
      }
    }
    Section section =
        new Section(
            "Round overhead: milliseconds beside the slowest partition's compute",
            "parameters",
            "partitions",
            "local[2]",
            "local-cluster[2,1]",
            "rounds, local",
            "rounds, cluster");
    for (int parameters : PARAMETERS) {
      for (int partitions : PARTITIONS) {
        Figures local = figures.get("local " + parameters + " " + partitions);
        Figures cluster = figures.get("local-cluster " + parameters + " " + partitions);
        section.row(
            parameters,
            partitions,
            local.overhead(),
            cluster.overhead(),
            local.rounds,
            cluster.rounds);
      }
    }
    section.note(
        "Medians of rounds of an objective that computes next to nothing, with plain gradient"
            + " descent; the update is part of the overhead. Settings as in"
            + " `conf/spark-defaults.conf`, for the cluster `conf/spark-cluster.conf`.");
    return section;
  }
}
