package dev.schuss.job;

import dev.schuss.model.Json;
import dev.schuss.nn.Network;
import dev.schuss.objective.Task;
import dev.schuss.optim.RunLength;
import dev.schuss.spec.Section;
import dev.schuss.train.Forecast;
import dev.schuss.train.Settings;
import dev.schuss.train.SettingsException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code schuss check JOB}. */
@Command(
    name = "check",
    description =
        "Reads a job file as train or compare would, and shows it with every default; with --rows, --features and --classes also"
            + " what it will take of time and memory. Starts no Spark.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    parameterListHeading = "%nArguments:%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  schuss check jobs/digits.conf",
      "  schuss check jobs/digits.conf --set train.batchSize=4096",
      "  schuss check jobs/mnist.conf --rows 60000 --features 784 --classes 10 --executors 4 --cores 2",
    })
final class Check implements Callable<Integer> {
  @Mixin JobArguments arguments;
  @Mixin Sizing sizing;

  @Override
  public Integer call() {
    Section section = JobReader.section(arguments.job, arguments.set);
    if (ComparisonReader.is(section)) {
      return comparison(ComparisonReader.of(section));
    }
    JobFile job = JobReader.read(arguments.job, arguments.set);
    ForecastText forecast = null;
    Forecast.Place place = null;
    if (sizing.known(job)) {
      place = sizing.place();
      forecast = forecast(job, place);
    }
    List<String> doubts = doubts(job);
    if (arguments.json) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("job", Secrets.hidden(JobReader.tree(job)));
      putDoubts(json, doubts);
      if (forecast != null) {
        json.put("forecast", forecast.json());
      }
      System.out.println(Json.pretty(json));
    } else {
      System.out.println(arguments.job + " is a valid job; with every default it reads:");
      System.out.print(Json.pretty(Secrets.hidden(JobReader.tree(job))));
      doubts.forEach(line -> System.out.println("warning: " + line));
      if (forecast != null) {
        forecast.lines(sizing.describe(place)).forEach(System.out::println);
      } else {
        System.out.println(hint(job));
      }
    }
    return ExitCode.DONE;
  }

  private int comparison(ComparisonJob comparison) {
    Map<String, ForecastText> forecasts = new LinkedHashMap<>(); // by setting
    Forecast.Place place = null;
    if (sizing.known(comparison.base())) {
      place = sizing.place();
      for (ComparisonJob.Planned run : comparison.runs()) {
        if (!forecasts.containsKey(run.setting())) {
          forecasts.put(run.setting(), forecast(run, place));
        }
      }
    }
    if (arguments.json) {
      List<Object> runs = new ArrayList<>();
      for (ComparisonJob.Planned run : comparison.runs()) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("setting", run.setting());
        one.put("seed", run.seed());
        one.put("job", Secrets.hidden(JobReader.tree(run.job())));
        putDoubts(one, doubts(run.job()));
        if (forecasts.containsKey(run.setting())) {
          one.put("forecast", forecasts.get(run.setting()).json());
        }
        runs.add(one);
      }
      System.out.println(Json.pretty(Map.of("runs", runs)));
    } else {
      System.out.printf(
          "%s is a valid comparison of %d runs, %d settings:%n",
          arguments.job, comparison.runs().size(), comparison.count());
      for (ComparisonJob.Planned run : comparison.runs()) {
        System.out.printf("  %s, seed %d%n", run.setting(), run.seed());
        doubts(run.job()).forEach(line -> System.out.println("    warning: " + line));
      }
      show(comparison, forecasts, place);
      System.out.println("--json shows every one of them with every default");
    }
    return ExitCode.DONE;
  }

  private void show(
      ComparisonJob comparison, Map<String, ForecastText> forecasts, Forecast.Place place) {
    if (forecasts.isEmpty()) {
      System.out.println(hint(comparison.base()));
      return;
    }
    System.out.println("on " + sizing.describe(place) + ", about:");
    forecasts.forEach((setting, text) -> System.out.println("  " + setting + ": " + text.brief()));
    double all = 0;
    for (ComparisonJob.Planned run : comparison.runs()) {
      all += forecasts.get(run.setting()).seconds();
    }
    System.out.println("  all runs: " + ForecastText.time(all));
  }

  private static void putDoubts(Map<String, Object> json, List<String> doubts) {
    if (!doubts.isEmpty()) {
      json.put("warnings", doubts);
    }
  }

  /**
   * What the job's schedules say in vain. While the rows are not known an epoch counts as so long,
   * or so short, that a length in the other unit raises no doubt.
   */
  private List<String> doubts(JobFile job) {
    Settings train = job.train();
    Long limit = train.maxSteps();
    long epoch =
        sizing.rows != null
            ? Math.max(1, (sizing.rows + train.batchSize() - 1) / train.batchSize())
            : limit == null ? Integer.MAX_VALUE : 1;
    long steps = Math.multiplyExact(epoch, (long) train.epochs());
    boolean limited = limit != null && (sizing.rows == null || limit < steps);
    return new RunLength(epoch, limited ? limit : Long.valueOf(steps)).doubts(job.optimizer());
  }

  private static String hint(JobFile job) {
    return "For what it takes of time and memory: --rows, --features"
        + (job.task() == Task.CLASSIFICATION ? ", --classes" : "");
  }

  private ForecastText forecast(ComparisonJob.Planned run, Forecast.Place place) {
    try {
      return forecast(run.job(), place);
    } catch (SettingsException e) {
      throw new JobException(
          ExitCode.USAGE, "the run %s: %s".formatted(run.setting(), e.getMessage()), e);
    }
  }

  private ForecastText forecast(JobFile job, Forecast.Place place) {
    Network network = sizing.network(job);
    Forecast forecast =
        Forecast.of(network, job.optimizer(), job.train(), job.checkpoint(), sizing.data(), place);
    return new ForecastText(
        forecast,
        network.layout().size(),
        job.train().epochs(),
        Sizing.bytes("--driver-memory", sizing.driverMemory),
        Sizing.bytes("--executor-memory", sizing.executorMemory));
  }
}
