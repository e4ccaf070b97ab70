package dev.schuss.job;

import dev.schuss.experiment.RateScaling;
import dev.schuss.job.ComparisonJob.Planned;
import dev.schuss.job.Variants.Variant;
import dev.schuss.optim.Optimizer;
import dev.schuss.spec.Section;
import dev.schuss.spec.SpecException;
import dev.schuss.spec.Value;
import dev.schuss.train.CheckpointSettings.Resume;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** Reads the job file of a comparison: a training, and what differs from run to run. */
final class ComparisonReader {
  /** The folder of the runs' folders. */
  static final String RUNS = "runs";

  private static final int LONGEST_NAME = 80;

  private ComparisonReader() {}

  /**
   * A job file with the values of the command line; every run of it is checked.
   *
   * @param path a local file, or any of Hadoop's
   * @throws SpecException on the first mistake, in one line
   */
  static ComparisonJob read(String path, List<String> set) {
    return of(JobReader.section(path, set));
  }

  /** Whether a job file is of a comparison. */
  static boolean is(Section job) {
    return job.has("grid") || job.has("runs");
  }

  static ComparisonJob of(Section file) {
    file.allowOnly(
        Stream.of(JobFile.class, ComparisonKeys.class)
            .flatMap(type -> Arrays.stream(type.getRecordComponents()))
            .map(RecordComponent::getName)
            .toArray(String[]::new));
    Section job = file.without(ComparisonKeys.NAMES);
    if (!is(file)) {
      throw file.error(
          "there is nothing to compare: give a grid, such as grid { train.batchSize = [64, 512] }, or a list of runs");
    }
    ComparisonKeys keys =
        JobReader.binder().bind(only(file, ComparisonKeys.NAMES), ComparisonKeys.class);
    if (keys.grid() == null && keys.runs() == null) {
      throw file.error("grid and runs are null: there is nothing to compare");
    }
    if (keys.runs() != null && keys.runs().isEmpty()) {
      throw file.error("runs", "is an empty list: give at least one run");
    }
    List<Variant> variants =
        keys.grid() != null ? Variants.ofGrid(keys.grid()) : Variants.ofRuns(keys.runs(), job);
    List<Planned> runs = new ArrayList<>();
    Set<String> folders = new HashSet<>();
    JobFile base = null;
    for (Variant variant : variants) {
      Section changed = variant.of(job);
      JobFile one = changed(bind(changed, variant), keys.compare());
      if (base == null) {
        base = one;
        check(base, keys.compare());
      }
      checkRows(one, base, variant);
      String folder = folder(variant.name(), folders);
      for (long seed : keys.seeds() == null ? List.of(one.train().seed()) : keys.seeds()) {
        String own = RUNS + "/" + folder + "/seed-" + seed;
        runs.add(new Planned(variant.name(), variant.values(), own, run(one, changed, seed, own)));
      }
    }
    Set<String> axes = new LinkedHashSet<>();
    variants.forEach(variant -> axes.addAll(variant.values().keySet()));
    return new ComparisonJob(base, List.copyOf(axes), List.copyOf(runs), keys.compare());
  }

  private static Section only(Section file, String... names) {
    Set<String> others = new LinkedHashSet<>(file.keys());
    others.removeAll(List.of(names));
    return file.without(others.toArray(String[]::new));
  }

  private static JobFile bind(Section changed, Variant variant) {
    try {
      return JobReader.binder().bind(changed, JobFile.class);
    } catch (SpecException e) {
      throw new SpecException(e.getMessage() + " (in the run " + variant.name() + ")", e);
    }
  }

  private static JobFile changed(JobFile job, ComparisonBlock settings) {
    Optimizer rule = job.optimizer();
    if (rule.fullBatch()) { // whose batch is all rows, and whose rate is no length of a step
      return job;
    }
    if (settings.learningRateScaling() != RateScaling.NONE) {
      rule =
          RateChange.scaled(
              rule,
              settings
                  .learningRateScaling()
                  .factor(job.train().batchSize(), settings.baseBatchSize()));
    }
    if (settings.warmup() != null) {
      rule = RateChange.warmedUp(rule, settings.warmup());
    }
    return job.with(rule);
  }

  /** What holds for all runs. */
  private static void check(JobFile base, ComparisonBlock settings) {
    if (base.checkpoint().resume() == Resume.REQUIRE) {
      throw new SpecException(
          "checkpoint.resume = require: a comparison goes on where it was, and its later runs have no checkpoint yet: set it to auto");
    }
    if (settings.metric() != null && !base.metrics().contains(settings.metric())) {
      throw new SpecException(
          "compare.metric = %s: must be one of %s"
              .formatted(settings.metric(), String.join(", ", base.metrics())));
    }
    if (settings.target() != null && base.data().validation() == null) {
      throw new SpecException(
          "compare.target needs validation rows: set data.validation, such as { fraction = 0.1 }");
    }
    if (settings.metric() != null
        && !settings.metric().equals("loss")
        && base.data().validation() == null
        && base.data().test() == null) {
      throw new SpecException(
          "compare.metric = %s needs validation rows or test rows: set data.validation, such as { fraction = 0.1 }"
              .formatted(settings.metric()));
    }
  }

  /** A whole block of alternatives may hold what {@link Variants} refuses by its key. */
  private static void checkRows(JobFile one, JobFile base, Variant variant) {
    if (!Objects.equals(one.model().from(), base.model().from())
        || !Objects.equals(one.train().partitions(), base.train().partitions())) {
      throw new SpecException(
          "the run %s has another model.from or train.partitions than the first: the rows are packed once for all runs"
              .formatted(variant.name()));
    }
    if (one.train().seed() != base.train().seed()) {
      throw new SpecException(
          "the run %s has another train.seed than the first: %s"
              .formatted(variant.name(), Variants.SEEDS));
    }
  }

  /** The same training with this seed in this folder. */
  private static JobFile run(JobFile job, Section changed, long seed, String folder) {
    Section train =
        changed
            .with(List.of("train", "seed"), Value.of(seed, "seeds"))
            .with(
                List.of("output", "dir"),
                Value.of(OutputFolder.below(job.output().dir(), folder), "output.dir"));
    if (job.checkpoint().dir() != null) {
      train =
          train.with(
              List.of("checkpoint", "dir"),
              Value.of(OutputFolder.below(job.checkpoint().dir(), folder), "checkpoint.dir"));
    }
    return JobReader.binder().bind(train, JobFile.class).with(job.optimizer());
  }

  /** A name that any file system takes, different from those before. */
  private static String folder(String setting, Set<String> taken) {
    String plain =
        setting
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9.]+", "-")
            .replaceAll("^[-.]+|[-.]+$", "");
    plain = plain.isEmpty() ? "run" : plain;
    plain = plain.length() <= LONGEST_NAME ? plain : plain.substring(0, LONGEST_NAME);
    String name = plain;
    for (int n = 2; !taken.add(name); n++) {
      name = plain + "-" + n;
    }
    return name;
  }
}
