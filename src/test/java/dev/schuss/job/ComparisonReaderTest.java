package dev.schuss.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.schuss.job.ComparisonJob.Planned;
import dev.schuss.optim.Adam;
import dev.schuss.optim.Cosine;
import dev.schuss.optim.Sgd;
import dev.schuss.optim.Warmup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComparisonReaderTest {
  private static final String JOB =
      """
      name = many
      task = classification
      data { train { format = csv, path = x }, validation { fraction = 0.1 } }
      model.layers = [ { type = dense, units = 8 } ]
      optimizer { rule = sgd, learningRate = 0.5, schedule { kind = cosine, end = 0.1 } }
      train { batchSize = 64, epochs = 3 }
      output.dir = "out/many"
      """;

  @TempDir Path temp;

  private ComparisonJob read(String more, String... set) throws IOException {
    Path file = temp.resolve("many.conf");
    Files.writeString(file, JOB + more);
    return ComparisonReader.read(file.toString(), List.of(set));
  }

  private static List<String> settings(ComparisonJob job) {
    return job.runs().stream().map(Planned::setting).distinct().toList();
  }

  @Test
  void aGridIsEveryCombinationOverTheSeeds() throws IOException {
    ComparisonJob job =
        read(
            """
            grid {
              "optimizer.learningRate" = [0.1, 0.2]
              optimizer = [ { rule = adam }, { rule = sgd } ]
              train.batchSize = [64, 128]
            }
            seeds = [5, 7]
            """);
    assertThat(job.runs()).hasSize(2 * 2 * 2 * 2);
    assertThat(job.count()).isEqualTo(8);
    assertThat(job.axes())
        .containsExactly("optimizer", "optimizer.learningRate", "train.batchSize");
    assertThat(settings(job)).startsWith("adam, learningRate 0.1, batchSize 64");
    Planned last = job.runs().get(15);
    assertThat(last.seed()).isEqualTo(7);
    assertThat(last.job().train().batchSize()).isEqualTo(128);
    assertThat(last.job().train().epochs()).isEqualTo(3);
    assertThat(last.job().optimizer()).isInstanceOf(Sgd.class);
    assertThat(last.job().optimizer().learningRate().at(0)).isEqualTo(0.2);
    assertThat(last.folder()).isEqualTo("runs/sgd-learningrate-0.2-batchsize-128/seed-7");
    assertThat(last.job().output().dir()).isEqualTo("out/many/" + last.folder());
    assertThat(job.base().output().dir()).isEqualTo("out/many");
  }

  @Test
  void alternativesOfOneRuleAreToldApartByWhatDiffers() throws IOException {
    ComparisonJob job =
        read("grid.optimizer = [ { rule = adam, beta1 = 0.5 }, { rule = adam, beta1 = 0.9 } ]");
    assertThat(settings(job)).containsExactly("adam beta1 0.5", "adam beta1 0.9");
    job = read("grid.optimizer = [ { rule = adam }, { rule = adam } ]");
    assertThat(settings(job)).containsExactly("adam", "adam #2");
  }

  @Test
  void eachRuleMayHaveRatesOfItsOwn() throws IOException {
    ComparisonJob job =
        read(
            """
            grid {
              optimizer = [
                { rule = sgd, learningRate = 0.1 }, { rule = sgd, learningRate = 0.3 }
                { rule = adam, learningRate = 0.001 }
              ]
              train.batchSize = [64, 512]
            }
            """);
    assertThat(settings(job))
        .hasSize(6)
        .contains("sgd learningRate 0.3, batchSize 512", "adam, batchSize 64");
  }

  @Test
  void aRunChangesSingleKeysAndReplacesWhatNamesItself() throws IOException {
    ComparisonJob job =
        read(
            """
            runs = [
              { train.batchSize = 32 }
              { optimizer { rule = adam }, name = other }
              { optimizer.learningRate = 0.25 }
            ]
            """);
    assertThat(settings(job)).containsExactly("batchSize 32", "other", "learningRate 0.25");
    assertThat(job.runs().get(0).job().train().epochs()).isEqualTo(3);
    assertThat(job.runs().get(1).job().optimizer()).isEqualTo(Adam.DEFAULTS);
    assertThat(job.runs().get(2).job().optimizer().learningRate())
        .isEqualTo(new Cosine(0.25, null, 0.1));
  }

  @Test
  void ratesAreScaledInAllTheirParts() throws IOException {
    String grid = "grid.train.batchSize = [64, 256]\n";
    ComparisonJob job = read(grid + "compare { learningRateScaling = linear, baseBatchSize = 64 }");
    assertThat(job.runs().get(0).job().optimizer().learningRate())
        .isEqualTo(new Cosine(0.5, null, 0.1));
    assertThat(job.runs().get(1).job().optimizer().learningRate())
        .isEqualTo(new Cosine(2.0, null, 0.4));
    job = read(grid + "compare { learningRateScaling = square-root, baseBatchSize = 64 }");
    assertThat(job.runs().get(1).job().optimizer().learningRate())
        .isEqualTo(new Cosine(1.0, null, 0.2));
    job = read(grid + "compare.warmup = 5", "optimizer={ rule = adam }");
    Warmup warm = (Warmup) job.runs().get(0).job().optimizer().learningRate();
    assertThat(warm.length().count()).isEqualTo(5);
    assertThat(warm.at(5)).isEqualTo(0.001);
  }

  @Test
  void whatRisesByItselfTakesNoWarmUp() throws IOException {
    for (String own :
        List.of(
            "kind = one-cycle",
            "kind = inverse-sqrt, peak = 7",
            "kind = cyclic, max = 1, up = 3")) {
      String set = "optimizer={ rule = sgd, learningRate = 0.5, schedule { " + own + " } }";
      ComparisonJob job = read("grid.train.batchSize = [64]\ncompare.warmup = 5", set);
      assertThat(job.runs().get(0).job().optimizer().learningRate())
          .isNotInstanceOf(Warmup.class)
          .isEqualTo(JobReader.read("jobs/digits.conf", List.of(set)).optimizer().learningRate());
    }
    String falls = "optimizer={ rule = sgd, learningRate = 0.5, schedule { kind = inverse-sqrt } }";
    ComparisonJob job = read("grid.train.batchSize = [64]\ncompare.warmup = 5", falls);
    assertThat(job.runs().get(0).job().optimizer().learningRate()).isInstanceOf(Warmup.class);
  }

  @Test
  void whatListedRunsHaveInCommonAreAxes() throws IOException {
    ComparisonJob job =
        read(
            """
            runs = [
              { train { batchSize = 64, epochs = 2 }, optimizer.learningRate = 0.1 }
              { train { batchSize = 512, epochs = 2 }, optimizer.learningRate = 0.1, name = large }
            ]
            """);
    assertThat(job.axes()).containsExactly("train.batchSize");
    assertThat(job.runs().get(1).values()).isEqualTo(Map.of("train.batchSize", "512"));
    // The first two differ in what the third does not name: no axis tells all three apart.
    job =
        read(
            """
            runs = [
              { train.batchSize = 64, optimizer { rule = adam } }
              { train.batchSize = 64, optimizer { rule = sgd, weightDecay = 0.5 }, name = m }
              { train.batchSize = 512 }
            ]
            """);
    assertThat(job.axes()).isEmpty();
  }

  @Test
  void aCheckpointFolderHoldsOneForEachRun() throws IOException {
    ComparisonJob job = read("grid.train.batchSize = [64, 256]", "checkpoint.dir=/c");
    assertThat(job.runs().get(1).job().checkpoint().dir())
        .isEqualTo("/c/runs/batchsize-256/seed-1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          grid {}                              | :8: grid: is empty: give lists of alternatives
          grid.train.batchSize = []            | :8: grid.train.batchSize = []: is an empty list
          grid.train.batchSize = 64            | must be a list of alternatives [ ... ]
          grid.train.batchsize = [64]          | :8: train.batchsize: unknown key; did you mean batchSize? (in the run batchsize 64)
          grid.trian.batchSize = [64]          | :8: trian: unknown key; did you mean train?
          grid.train.batchSize = [64, 0]       | :8: train.batchSize = 0: must be at least 1 (in the run batchSize 0)
          grid.optimizer.rule = [adma]         | did you mean adam?
          grid.train.seed = [1, 2]             | the seeds of a comparison stand in seeds
          grid.train.partitions = [1, 2]       | the rows are packed once for all runs
          grid.data.scale = [16, 255]          | is the same in all runs of a comparison
          gird.train.batchSize = [64]          | :8: gird: unknown key; did you mean grid?
          seeds = [1]                          | there is nothing to compare: give a grid
          runs = []                            | runs: is an empty list
          runs = [{ train.epoch = 1 }]         | train.epoch: unknown key; did you mean epochs?
          runs = [{ name = a }, { name = a }]  | a run of the name a is there already
          grid { train.epochs = [1] }, runs = [ {} ] | give a grid or runs, not both
          grid { train.epochs = [1] }, seeds = []    | seeds = []: give at least one
          grid { train.epochs = [1] }, seeds = [1, 1] | one is there twice
          grid { train.epochs = [1] }, compare.metric = acuracy | compare.metric = acuracy: must be one of loss, accuracy
          grid { train.epochs = [1] }, compare.target = 0.9     | of which metric? Name it
          grid { train.epochs = [1] }, compare.learningRateScaling = linear | needs baseBatchSize
          grid { train.epochs = [1] }, compare.baseBatchSize = 64 | does nothing without learningRateScaling
          grid { train.epochs = [1] }, checkpoint { dir = c, resume = require } | checkpoint.resume = require
          grid { train = [ { partitions = 2 }, { partitions = 4 } ] } | packed once for all runs
          grid { train = [ { batchSize = 8, seed = 5 }, { batchSize = 9, seed = 6 } ] } | batchSize 9 seed 6 has another train.seed than the first: the seeds of a comparison stand in seeds
          grid { train = [ { seed = 5 }, { seed = 6 } ] }, seeds = [1] | has another train.seed than the first
          """)
  void aMistakeIsToldInOneLine(String more, String message) {
    Failure failure = Failure.of(catchThrowable(() -> read(more)));
    assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(failure.line()).contains(message).doesNotContain("\n");
  }

  @Test
  void aTrainingTakesNoGrid() {
    Failure failure =
        Failure.of(catchThrowable(() -> JobReader.read("jobs/compare-digits.conf", List.of())));
    assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(failure.line()).contains("grid: is of a comparison, whose verbs are compare");
  }

  @Test
  void theShippedComparisonsAreValid() {
    assertThat(ComparisonReader.read("jobs/compare-digits.conf", List.of()).runs()).hasSize(8);
    assertThat(ComparisonReader.read("jobs/papers/large-batch.conf", List.of()).runs())
        .hasSize(5 * 4 * 2);
    Runs.Outcome checked = Runs.schuss("check", "jobs/compare-digits.conf");
    assertThat(checked.code()).isZero();
    assertThat(checked.out())
        .contains("is a valid comparison of 8 runs, 4 settings:", "  adam, batchSize 512, seed 2")
        .contains("--rows, --features, --classes");
    List<String> words =
        List.of("check", "jobs/compare-digits.conf", "--gflops", "50", "--cores", "2");
    List<String> sized = new ArrayList<>(words);
    sized.addAll(List.of("--rows", "1000", "--features", "64", "--classes", "10"));
    checked = Runs.schuss(sized.toArray(String[]::new));
    assertThat(checked.out())
        .contains("on 2 local threads, about:", "  all runs: ")
        .containsPattern("  adam, batchSize 64: 16 rounds an epoch; [0-9]+ epochs: .*; fits")
        .containsPattern("  adam, batchSize 512: 2 rounds an epoch; ");
  }
}
