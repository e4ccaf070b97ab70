package dev.schuss.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.schuss.TestSpark;
import dev.schuss.model.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompareTest {
  private static final String JOB = "jobs/compare-digits.conf";

  /** What tells of time, or of the place where it ran. */
  private static final Set<String> TIMES = Set.of("seconds", "targetSeconds");

  @TempDir Path temp;
  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();

  private ComparisonRun.Outcome run(boolean anew, String... set) {
    shown.reset();
    List<String> all = new ArrayList<>(List.of("output.dir=" + temp.resolve("out")));
    all.addAll(List.of("train.partitions=2", "train.reduction=ordered"));
    all.addAll(List.of(set));
    ComparisonJob job = ComparisonReader.read(JOB, all);
    try (Cancellation cancellation = Cancellation.install()) {
      PrintStream out = new PrintStream(shown, true, StandardCharsets.UTF_8);
      return new ComparisonRun(job, anew, TestSpark.session(), cancellation, out).run();
    }
  }

  private String shown() {
    return shown.toString(StandardCharsets.UTF_8);
  }

  private Path run(String path) {
    return temp.resolve("out/runs").resolve(path);
  }

  private static Object withoutTimes(Object tree) {
    if (tree instanceof Map<?, ?> map) {
      Map<String, Object> copy = new LinkedHashMap<>();
      map.forEach(
          (key, value) -> {
            if (!TIMES.contains(String.valueOf(key))) {
              copy.put(String.valueOf(key), withoutTimes(value));
            }
          });
      return copy;
    }
    return tree instanceof List<?> list
        ? list.stream().map(CompareTest::withoutTimes).toList()
        : tree;
  }

  @Test
  void whatWasCutShortGoesOnToTheSameFigures() throws IOException {
    ComparisonRun.Outcome whole = run(false);
    assertThat(Compare.exitCode(whole)).isZero();
    assertThat(shown())
        .contains("8 runs (4 settings)", "[8/8] adam, batchSize 512, seed 2: validation accuracy")
        .contains("comparison.csv");
    assertThat(whole.comparison().mean(whole.comparison().ranked().get(0))).isGreaterThan(0.9);
    Map<String, Object> json =
        Json.parseObject(Files.readString(temp.resolve("out/comparison.json")), "c");
    assertThat(json).containsEntry("status", "completed").containsEntry("runs", 8L);
    assertThat(Files.readAllLines(temp.resolve("out/comparison.csv"))).hasSize(1 + 4);
    Map<String, Object> job =
        Json.parseObject(Files.readString(run("adam-batchsize-512/seed-2/job.json")), "j");
    assertThat(job.get("optimizer").toString()).contains("0.0084852813"); // 0.003 sqrt(8)

    assertThat(Files.readString(run("adam-batchsize-512/seed-2/report.html")))
        .contains("<h1>compare-digits: adam, batchSize 512, seed 2</h1>");
    assertThat(Files.readString(temp.resolve("out/report.html")))
        .contains("<h1>compare-digits</h1>", "As batchSize goes from 64 to 512, ")
        .contains("href=\"runs/adam-batchsize-64/seed-");

    // As a kill leaves it: one run without a result, one that has not begun, and no table.
    Files.delete(run("adam-batchsize-512/seed-1/result.json"));
    delete(run("momentum-batchsize-64/seed-2"));
    Files.delete(temp.resolve("out/comparison.json"));
    Path kept = run("adam-batchsize-64/seed-1/result.json");
    var written = Files.getLastModifiedTime(kept);
    ComparisonRun.Outcome again = run(false);
    assertThat(shown()).contains("6 of 8 runs had ended before, and are not repeated");
    assertThat(Files.getLastModifiedTime(kept)).isEqualTo(written);
    assertThat(withoutTimes(again.json())).isEqualTo(withoutTimes(whole.json()));

    // Another key makes another run of it; the rest stays.
    run(false, "train.epochs=2", "seeds=[1]");
    assertThat(shown()).doesNotContain("had ended before");
    run(false, "train.epochs=2", "seeds=[1, 3]");
    assertThat(shown()).contains("4 of 8 runs had ended before");
    run(true, "train.epochs=2", "seeds=[1]");
    assertThat(shown()).doesNotContain("(before)").contains("[4/4]");
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(path);
      }
    }
  }

  @Test
  void aRunInTheMiddleGoesOnFromItsCheckpoint() throws IOException {
    String[] small = {
      "seeds=[1]",
      "grid={ train.batchSize = [64, 128] }",
      "checkpoint.dir=" + temp.resolve("saved"),
      "checkpoint.every=5 steps"
    };
    ComparisonRun.Outcome whole = run(false, small);
    byte[] weights = Files.readAllBytes(run("batchsize-128/seed-1/model/model.safetensors"));
    Files.delete(run("batchsize-128/seed-1/result.json"));
    Path checkpoints = temp.resolve("saved/runs/batchsize-128/seed-1");
    try (Stream<Path> found = Files.list(checkpoints)) { // the newest, which is of the end
      List<Path> sorted = found.filter(Files::isDirectory).sorted().toList();
      assertThat(sorted).hasSize(2);
      delete(sorted.get(1));
    }
    ComparisonRun.Outcome again = run(false, small);
    assertThat(withoutTimes(again.json())).isEqualTo(withoutTimes(whole.json()));
    assertThat(run("batchsize-128/seed-1/model/model.safetensors")).hasBinaryContent(weights);
    assertThat(Files.readString(run("batchsize-128/seed-1/result.json")))
        .containsPattern("\"resumedAtStep\": [1-9]");
    // As a kill leaves it between the training's end and its result.
    Files.delete(run("batchsize-128/seed-1/result.json"));
    ComparisonRun.Outcome ended = run(false, small);
    assertThat(withoutTimes(ended.json())).isEqualTo(withoutTimes(whole.json()));
    assertThat(Files.readString(run("batchsize-128/seed-1/result.json")))
        .contains("completed")
        .doesNotContain("\"message\"");
    // What another job left there is no start, and stays.
    Set<String> before = names(checkpoints);
    run(false, "seeds=[1]", small[1], small[2], "train.epochs=1", "optimizer={ rule = sgd }");
    assertThat(shown()).contains("[2/2]").doesNotContain("(before)");
    assertThat(names(checkpoints)).isEqualTo(before);
    assertThat(names(temp.resolve("saved/runs/batchsize-128-2/seed-1"))).isNotEmpty();
  }

  /** A run of one epoch, with checkpoints outside of its folder and another setting. */
  private String[] oneRunSaved(String setting) {
    return new String[] {
      "seeds=[1]",
      "train.epochs=1",
      "grid={ train.batchSize = [64] }",
      "checkpoint.dir=" + temp.resolve("saved"),
      setting
    };
  }

  @Test
  void aRunWhoseFolderIsGoneIsMadeAnewWhateverItsCheckpointsSay() throws IOException {
    String[] one = oneRunSaved("train.seed=1");
    run(false, one);
    Path checkpoints = temp.resolve("saved/runs/batchsize-64/seed-1");
    Set<String> first = names(checkpoints);
    delete(temp.resolve("out"));
    run(false, one);
    assertThat(shown())
        .contains("batchSize 64, seed 1: there are checkpoints in " + checkpoints)
        .contains(", and no run in its own folder; it is made anew")
        .contains("[1/1]");
    assertThat(resumedAt("batchsize-64/seed-1")).isNull();
    Set<String> both = names(checkpoints);
    assertThat(both).containsAll(first).hasSize(first.size() + 1);
    // Nor are those of another training this run's to delete.
    delete(temp.resolve("out"));
    one[4] = "optimizer.learningRate=0.01";
    run(false, one);
    assertThat(shown())
        .contains("it is made anew: optimizer.learningRate.base is 0.001 there and 0.01 here");
    assertThat(resumedAt("batchsize-64/seed-1")).isNull();
  }

  private Object resumedAt(String path) throws IOException {
    Map<String, Object> result =
        Json.parseObject(Files.readString(run(path).resolve("result.json")), "r");
    return Json.block(result.get("checkpoint")).get("resumedAtStep");
  }

  @Test
  void aRunInTheMiddleOfOtherRowsIsMadeAnew() throws IOException {
    List<String> rows;
    try (InputStream in = getClass().getResourceAsStream("/data/digits-train.csv")) {
      rows = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
    Path file = temp.resolve("rows.csv");
    Files.write(file, rows);
    String[] one = oneRunSaved("data.train.path=" + file);
    run(false, one);
    Files.delete(run("batchsize-64/seed-1/result.json"));
    Files.write(file, rows.subList(0, rows.size() - 1));
    run(false, one);
    assertThat(shown())
        .contains("batchSize 64, seed 1: the checkpoints in " + temp.resolve("saved"))
        .contains(" are not of this training; it is made anew: training rows")
        .containsPattern(
            "anew: training rows is [0-9]+ rows with the hash .* there and [0-9]+ rows")
        .contains("[1/1]");
    assertThat(resumedAt("batchsize-64/seed-1")).isNull();
  }

  @Test
  void repeatedRunsLieInAsManyPartitionsAsTheFirstStartWouldHave() throws IOException {
    String[] one = oneRunSaved("train.partitions=5");
    run(false, one);
    Path job = run("batchsize-64/seed-1/job.json"); // as on a cluster of five slots
    Files.writeString(
        job, Files.readString(job).replace("\"partitions\": 5", "\"partitions\": null"));
    one[4] = "train.partitions=null";
    run(false, one);
    assertThat(shown()).contains("1 of 1 runs had ended before");
    Path left = temp.resolve("out/_unfinished-comparison.json-" + UUID.randomUUID());
    Path mine = temp.resolve("out/_unfinished-mine");
    Files.writeString(left, "{");
    Files.writeString(mine, "{");
    Path checkpoints = temp.resolve("saved/runs/batchsize-64/seed-1");
    Set<String> before = names(checkpoints);
    run(true, one);
    assertThat(shown()).doesNotContain("(before)");
    assertThat(Files.readString(run("batchsize-64/seed-1/result.json")))
        .contains("\"partitions\": 2");
    // In so many partitions it is another training, whose checkpoints are not this run's to delete.
    assertThat(names(checkpoints)).containsAll(before).hasSize(before.size() + 1);
    assertThat(left).doesNotExist();
    assertThat(mine).exists();
  }

  @Test
  void whatEndedStaysWhereAnAlternativeIsChanged() throws IOException {
    String[] one = {"seeds=[1]", "train.epochs=1", ""};
    String adam = "grid={ optimizer = [ { rule = adam, learningRate = %s } ] }";
    one[2] = adam.formatted("0.003");
    run(false, one);
    byte[] first = Files.readAllBytes(run("adam/seed-1/result.json"));
    one[2] = adam.formatted("0.001");
    run(false, one);
    assertThat(shown())
        .contains("made in folders of other names: 1, such as runs/adam-2/seed-1; those");
    assertThat(run("adam/seed-1/result.json")).hasBinaryContent(first);
    one[0] = "seeds=[1, 2]"; // all seeds of a setting lie together
    run(false, one);
    assertThat(shown()).contains("1 of 2 runs had ended before");
    assertThat(run("adam-2/seed-2/result.json")).exists();
    assertThat(run("adam/seed-2")).doesNotExist();
    one[0] = "seeds=[1]";
    one[2] = adam.formatted("0.003");
    run(false, one);
    assertThat(shown()).contains("1 of 1 runs had ended before").doesNotContain("other names");
  }

  @Test
  void aRunIsFoundAgainWhateverItIsCalledNow() throws IOException {
    String momentum = "{ rule = momentum, learningRate = 0.05 }";
    String adam = "{ rule = adam, learningRate = 0.003 }";
    String[] two = {"seeds=[1]", "train.epochs=1", ""};
    two[2] = "grid={ optimizer = [ " + momentum + ", " + adam + " ] }";
    run(false, two);
    assertThat(run("adam/seed-1/result.json")).exists();
    // Another Adam: now all of them are called by what differs.
    String other = "{ rule = adam, learningRate = 0.001 }";
    two[2] = "grid={ optimizer = [ " + other + ", " + momentum + ", " + adam + " ] }";
    ComparisonRun.Outcome more = run(false, two);
    assertThat(shown()).contains("2 of 3 runs had ended before");
    assertThat(more.comparison().settings().get(2).name()).contains("adam learningRate 0.003");
    assertThat(more.comparison().settings().get(2).runs().get(0).folder())
        .isEqualTo("runs/adam/seed-1");
    // The name that it lies under is free for no other.
    String sgd = "{ rule = sgd, learningRate = 0.1 }";
    two[2] =
        "runs=[ { name = a, optimizer " + adam + " }, { name = adam, optimizer " + sgd + " } ]";
    run(false, two[0], two[1], two[2], "grid=null");
    assertThat(shown()).contains("1 of 2 runs had ended before");
    assertThat(run("adam-2/seed-1/result.json")).exists();
    assertThat(Json.parseObject(Files.readString(temp.resolve("out/comparison.json")), "c"))
        .extracting("made")
        .asString()
        .contains("runs=2", "version=");
  }

  @Test
  void runsThatStartedFromOtherWeightsAreMadeAnew() throws IOException {
    String[] base = {"seeds=[1]", "train.epochs=1", "grid={ train.batchSize = [64] }"};
    run(false, base);
    Path model = temp.resolve("model");
    copy(run("batchsize-64/seed-1/model"), model);
    String[] warm = {base[0], base[1], "grid={ train.batchSize = [128] }", "model.from=" + model};
    run(false, warm);
    run(false, warm);
    assertThat(shown()).contains("1 of 1 runs had ended before");
    delete(model);
    copy(run("batchsize-128/seed-1/model"), model); // the same columns, other weights
    run(false, warm);
    assertThat(shown()).contains("ended on other rows or from other weights, and made anew: 1");
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectory(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  @Test
  void aResultWithoutAStatusIsAsGoodAsNone() throws IOException {
    String[] one = {"seeds=[1]", "train.epochs=1", "grid={ train.batchSize = [64] }"};
    run(false, one);
    Files.writeString(run("batchsize-64/seed-1/result.json"), "{}");
    run(false, one);
    assertThat(shown()).contains("[1/1]").doesNotContain("(before)");
  }

  private static Set<String> names(Path folder) throws IOException {
    try (Stream<Path> found = Files.list(folder)) {
      return found.map(p -> p.getFileName().toString()).collect(Collectors.toSet());
    }
  }

  @Test
  void theTableIsOfThisComparisonFromItsStartOn() throws IOException {
    run(false, "seeds=[1]", "train.epochs=1", "grid={ train.batchSize = [64] }");
    assertThat(Files.readString(temp.resolve("out/comparison.json"))).contains("completed");
    delete(temp.resolve("out/runs"));
    Files.writeString(temp.resolve("out/runs"), "in the way"); // so the only run fails
    String[] fails = {"seeds=[1]", "train.epochs=2", "grid={ train.batchSize = [64] }"};
    assertThat(catchThrowable(() -> run(false, fails))).isInstanceOf(JobException.class);
    assertThat(Files.readString(temp.resolve("out/comparison.json"))).contains("unfinished");
    assertThat(temp.resolve("out/comparison.csv")).doesNotExist();
    assertThat(temp.resolve("out/report.html")).doesNotExist();
  }

  @Test
  void aRunThatDivergesStopsNoOther() throws IOException {
    ComparisonRun.Outcome some =
        run(
            false,
            "seeds=[1]",
            "train.epochs=2",
            "grid={ optimizer = [ { rule = sgd, learningRate = 1e30 }, { rule = sgd, learningRate = 0.1 } ] }");
    assertThat(Compare.exitCode(some)).isZero();
    assertThat(shown())
        .contains("[1/2] sgd learningRate 1e30, seed 1: diverged: ", "1 run diverged")
        .contains("[2/2] sgd learningRate 0.1, seed 1: validation accuracy")
        .containsPattern(
            "no run reached compare.target = 0.9 of accuracy; the nearest came to [0-9.]+ %");
    assertThat(some.comparison().ranked().get(0).name()).contains("0.1");
    assertThat(Files.readString(temp.resolve("out/comparison.csv")))
        .contains("sgd learningRate 1e30");
    run(
        false,
        "seeds=[1]",
        "train.epochs=2",
        "grid={ optimizer = [ { rule = sgd, learningRate = 1e30 }, { rule = sgd, learningRate = 0.1 } ] }");
    assertThat(shown()).contains("2 of 2 runs had ended before");

    ComparisonRun.Outcome all =
        run(false, "seeds=[1, 2]", "grid={ optimizer = [ { rule = sgd, learningRate = 1e30 } ] }");
    Failure failure = Failure.of(catchThrowable(() -> Compare.exitCode(all)));
    assertThat(failure.exitCode()).isEqualTo(ExitCode.DIVERGED);
    assertThat(failure.line()).startsWith("all 2 runs diverged; the first: ");
  }

  @Test
  void everyRunIsCheckedBeforeTheFirstTrains() {
    Failure failure =
        Failure.of(catchThrowable(() -> run(false, "grid={ train.batchSize = [64, 100000] }")));
    assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(failure.line())
        .contains("the run batchSize 100000: batchSize = 100000: more than the")
        .contains("training rows");
    assertThat(temp.resolve("out")).doesNotExist();
    failure =
        Failure.of(
            catchThrowable(
                () -> run(false, "grid={ optimizer = [ { rule = adam }, { rule = lbfgs } ] }")));
    assertThat(failure.line()).startsWith("the run lbfgs: batchSize = 64: the rule");
  }
}
