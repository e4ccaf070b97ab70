package dev.schuss.job;

import dev.schuss.experiment.Comparison;
import dev.schuss.model.Json;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code schuss compare JOB}. */
@Command(
    name = "compare",
    description = {
      "Trains every combination of a job file's grid, or each of its runs, once for each seed, and writes them side by"
          + " side. Started again it goes on where it was."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    parameterListHeading = "%nArguments:%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  schuss compare jobs/compare-digits.conf",
      "  schuss compare jobs/compare-digits.conf --set 'seeds=[1, 2, 3]'",
      "  schuss compare jobs/compare-digits.conf --json | jq .ranking",
      "  schuss check jobs/compare-digits.conf"
    })
final class Compare implements Callable<Integer> {
  @Mixin JobArguments arguments;

  @Mixin SparkStart start;

  @Option(names = "--anew", description = "Repeats runs that have ended, too.")
  boolean anew;

  @Override
  public Integer call() {
    ComparisonJob job = ComparisonReader.read(arguments.job, arguments.set);
    PrintStream people = arguments.json ? System.err : System.out;
    ComparisonRun.Outcome outcome =
        start.run(
            job.base().name(),
            "the comparison was done",
            (spark, cancellation) ->
                new ComparisonRun(job, anew, spark, cancellation, people).run(),
            job.base().data().sources());
    if (arguments.json) {
      System.out.print(Json.pretty(outcome.json()));
    }
    return exitCode(outcome);
  }

  static int exitCode(ComparisonRun.Outcome outcome) {
    if (outcome.stopped()) {
      return ExitCode.DONE; // an end that was asked for
    }
    if (outcome.cut()) {
      return ExitCode.CANCELLED;
    }
    Comparison comparison = outcome.comparison();
    if (comparison.diverged() == comparison.runs().size()) {
      throw new JobException(
          ExitCode.DIVERGED,
          "all %d runs diverged; the first: %s"
              .formatted(comparison.runs().size(), comparison.runs().get(0).message()));
    }
    return ExitCode.DONE;
  }
}
