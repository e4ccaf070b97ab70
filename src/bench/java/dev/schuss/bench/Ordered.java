package dev.schuss.bench;

import static dev.schuss.bench.Contestant.jvm;

import dev.schuss.train.Reduction;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the same bits cost: rounds that compute nothing, whose sums are ordered or a tree. */
final class Ordered {
  private static final int PARAMETERS = 535_818;
  private static final int[] PARTITIONS = {2, 8, 32};
  private static final List<Reduction> WAYS =
      List.of(Reduction.ORDERED, Reduction.TREE, Reduction.AUTO);
  private static final List<String> MASTERS = List.of("local[2]", "local-cluster[2,1,1024]");

  private Ordered() {}

  static Section run(Options options, Map<String, Object> machine) throws IOException {
    Section section =
        new Section(
            "Ordered sums: milliseconds of a round beside its gradients, 535,818 parameters",
            "master",
            "partitions",
            "ordered",
            "tree",
            "auto");
    for (String master : MASTERS) {
      try (Contestant c =
          new Contestant(
              master.substring(0, master.indexOf('[')),
              jvm("4g", List.of(), Worker.class.getName(), master))) {
        machine.put("Spark", c.ask("spark"));
        for (Reduction way : WAYS) { // until all of it is compiled
          c.ask("rounds %d 2 128000 %d %s".formatted(PARAMETERS, options.quick() ? 1 : 9, way));
        }
        for (int partitions : PARTITIONS) {
          Map<Reduction, List<Double>> figures = new LinkedHashMap<>();
          for (int pass = -1; pass < options.passes(); pass++) {
            for (Reduction way : WAYS) {
              String answer =
                  c.ask(
                      "rounds %d %d 128000 %s %s"
                          .formatted(PARAMETERS, partitions, options.seconds(), way));
              if (pass >= 0) {
                figures
                    .computeIfAbsent(way, k -> new ArrayList<>())
                    .add(Double.parseDouble(answer.split(" ")[0]));
              }
            }
          }
          section.row(
              master.replace(",1024", ""),
              partitions,
              Window.median(figures.get(Reduction.ORDERED)),
              Window.median(figures.get(Reduction.TREE)),
              Window.median(figures.get(Reduction.AUTO)));
        }
      }
    }
    section.note(
        "`train.reduction`: `ordered` gives the same bits whatever fails and wherever it runs;"
            + " `tree` is Spark's treeAggregate. docs/rounds.md tells what each does.");
    return section;
  }
}
