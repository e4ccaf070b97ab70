package dev.schuss.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tutorial of the README, run as it stands there but for the folder of its results. */
class TutorialIT {
  private static final String COMMAND = "scripts/schuss ";

  @TempDir Path temp;

  private static List<String> section() throws IOException {
    List<String> lines = Files.readAllLines(Path.of("README.md"));
    int from = lines.indexOf("## From your own CSV to predictions in five commands");
    assertThat(from).isPositive();
    int length =
        (int) lines.stream().skip(from + 1).takeWhile(line -> !line.startsWith("## ")).count();
    return lines.subList(from + 1, from + 1 + length);
  }

  private String[] words(String command) {
    List<String> words =
        new ArrayList<>(
            Arrays.stream(command.strip().split("\\s+", -1))
                .map(word -> word.startsWith("out/") ? temp.resolve(word).toString() : word)
                .toList());
    if (words.get(0).equals("train")) {
      words.addAll(List.of("--set", "output.dir=" + temp.resolve("out/customers")));
    }
    return words.toArray(String[]::new);
  }

  @Test
  void itsCommandsDoWhatItSays() throws IOException {
    List<String> commands =
        section().stream()
            .filter(line -> line.startsWith(COMMAND))
            .map(line -> line.substring(COMMAND.length()))
            .toList();
    assertThat(commands.stream().map(c -> c.substring(0, c.indexOf(' '))))
        .containsExactly("check", "train", "inspect", "evaluate", "predict");
    List<String> shown = new ArrayList<>();
    for (String command : commands) {
      Runs.Outcome outcome = Runs.schuss(words(command));
      assertThat(outcome.err()).as(command).doesNotContain("schuss: ");
      assertThat(outcome.code()).as(command).isZero();
      shown.add(outcome.out());
    }
    assertThat(shown.get(0)).contains("is a valid job");
    assertThat(shown.get(1)).contains("validation  accuracy");
    assertThat(shown.get(2)).contains("dense0", "left", "plan");
    String accuracy =
        shown.get(3).lines().filter(l -> l.startsWith("  accuracy")).findFirst().orElseThrow();
    assertThat(Double.parseDouble(accuracy.replaceAll("[^0-9.]", ""))).isGreaterThan(86);
    List<String> predicted = new ArrayList<>();
    try (Stream<Path> parts = Files.list(temp.resolve("out/new-customers.csv"))) {
      for (Path part : parts.filter(p -> p.toString().endsWith(".csv")).sorted().toList()) {
        predicted.addAll(Files.readAllLines(part));
      }
    }
    assertThat(predicted.get(0))
        .isEqualTo(
            "customer,age,plan,country,months,calls,monthly,prediction,probability_no,probability_yes");
    assertThat(predicted).hasSize(1 + 20);
  }

  @Test
  void itShowsTheJobThatIsShipped() throws IOException {
    List<String> job = Files.readAllLines(Path.of("jobs/tutorial/customers.conf"));
    int start = job.indexOf("name = customers");
    assertThat(String.join("\n", section()))
        .contains(String.join("\n", job.subList(start, job.size())));
  }
}
