package dev.schuss.job;

import dev.schuss.experiment.RangeTest;
import dev.schuss.model.FittedModel;
import dev.schuss.model.Json;
import dev.schuss.report.RangeTestPlot;
import dev.schuss.report.RangeTestText;
import dev.schuss.train.TrainingResult;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code schuss find-lr JOB}. */
@Command(
    name = "find-lr",
    description = {
      "Suggests a learning rate for a job's network, rule and batch size: trains a little while the rate rises from"
          + " update to update, and looks at the loss. Writes the curve, and no model."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    parameterListHeading = "%nArguments:%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  schuss find-lr jobs/digits.conf",
      "  schuss find-lr jobs/digits.conf --set optimizer.rule=lamb --steps 200",
      "  schuss find-lr jobs/digits.conf --json | jq .suggestion"
    })
final class FindLr implements Callable<Integer> {
  /** In the job's output folder. */
  static final String JSON = "find-lr.json";

  static final String SVG = "find-lr.svg";

  @Mixin JobArguments arguments;

  @Mixin SparkStart start;

  @Option(
      names = "--from",
      paramLabel = "RATE",
      defaultValue = "1e-6",
      description = "The first learning rate. Default: ${DEFAULT-VALUE}.")
  double from;

  @Option(
      names = "--to",
      paramLabel = "RATE",
      defaultValue = "10",
      description = "The last; it ends sooner where the loss diverges. Default: ${DEFAULT-VALUE}.")
  double to;

  @Option(
      names = "--steps",
      paramLabel = "N",
      defaultValue = "100",
      description = "Updates. Default: ${DEFAULT-VALUE}.")
  int steps;

  @Option(
      names = "--smoothing",
      paramLabel = "S",
      defaultValue = "0.9",
      description = "Decay of the mean of losses, in [0, 1). Default: ${DEFAULT-VALUE}.")
  double smoothing;

  @Override
  public Integer call() {
    JobFile job = JobReader.read(arguments.job, arguments.set);
    RangeTest test = new RangeTest(plan());
    JobFile tried = tried(job, test);
    PrintStream people = arguments.json ? System.err : System.out;
    Map<String, Object> json =
        start.run(
            job.name(),
            "the test was done",
            (spark, cancellation) -> run(tried, test, spark, cancellation, people),
            tried.data().sources());
    if (arguments.json) {
      System.out.print(Json.pretty(json));
    }
    return ExitCode.DONE;
  }

  private RangeTest.Plan plan() {
    try {
      return new RangeTest.Plan(from, to, steps, smoothing);
    } catch (IllegalArgumentException e) {
      throw new JobException(ExitCode.USAGE, "--" + e.getMessage(), e);
    }
  }

  /** The job with rising rates: no epoch is validated, and nothing is saved. */
  private JobFile tried(JobFile job, RangeTest test) {
    if (job.optimizer().fullBatch()) {
      throw new JobException(
          ExitCode.USAGE,
          "optimizer.rule: a rule of the full batch chooses the length of its steps itself, and has no learning rate to find");
    }
    return job.trial(RateChange.replaced(job.optimizer(), test.schedule()), steps);
  }

  static Map<String, Object> run(
      JobFile job, RangeTest test, SparkSession spark, Cancellation cancellation, PrintStream out) {
    FittedModel warm = Run.warm(job, spark);
    try (OutputFolder folder =
        OutputFolder.open(
            job.output().dir(),
            job.name(),
            job.output().overwrite(),
            spark.sparkContext().hadoopConfiguration())) {
      out.printf("%s: looking for a learning rate; reading the data%n", job.name());
      int partitions = job.train().partitions() == null ? 0 : job.train().partitions();
      try (PackedRows rows = PackedRows.of(job, spark, partitions, warm, out)) {
        TrainingResult result =
            new Training(job, spark, Training.trainer(job, spark), rows)
                .listener(test)
                .cancelWhen(() -> cancellation.requested() || test.over())
                .alone();
        boolean stopped = result.status() == TrainingResult.Status.CANCELLED && !test.over();
        if (cancellation.requested() || stopped) {
          throw new JobException(ExitCode.CANCELLED, "cancelled before the test was done");
        }
        if (test.points().isEmpty() && result.status() == TrainingResult.Status.DIVERGED) {
          throw new JobException(
              ExitCode.DIVERGED,
              "no learning rate to suggest, it diverged at once: %s; give a smaller --from, or look at data.scale"
                  .formatted(result.message()));
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", job.name());
        json.putAll(test.tree());
        json.put("updates", result.steps());
        json.put("batchSize", job.train().batchSize());
        json.put("optimizer", JobReader.tree(job.optimizer()));
        json.put("version", Version.schuss());
        folder.file(JSON, Json.pretty(json));
        folder.file(SVG, RangeTestPlot.svg(job.name(), test));
        Map<String, String> outputs = new LinkedHashMap<>();
        outputs.put("curve", folder.show(SVG));
        outputs.put("figures", folder.show(JSON));
        RangeTestText.lines(test, result, outputs).forEach(out::println);
        return json;
      }
    }
  }
}
