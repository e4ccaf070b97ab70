package dev.schuss.job;

import dev.schuss.model.Json;
import dev.schuss.report.Terminal;
import dev.schuss.train.TrainingResult.Status;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code schuss train JOB}. */
@Command(
    name = "train",
    description = {
      "Trains the network of a job file and writes the model, the metrics of every epoch and the result into its"
          + " output folder."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    parameterListHeading = "%nArguments:%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  schuss train jobs/digits.conf",
      "  schuss train jobs/digits.conf --set optimizer.learningRate=0.01",
      "  schuss train hdfs:///jobs/big.conf --set output.dir=hdfs:///models/big",
      "  schuss train jobs/digits.conf --json | jq .test.accuracy"
    })
final class Train implements Callable<Integer> {
  @Mixin JobArguments arguments;

  @Mixin SparkStart start;

  @Override
  public Integer call() {
    JobFile job = JobReader.read(arguments.job, arguments.set);
    PrintStream people = arguments.json ? System.err : System.out;
    Run.Outcome outcome =
        start.run(
            job.name(),
            "the training was done",
            (spark, cancellation) ->
                new Run(job, spark, cancellation, people, Terminal.interactive()).train(),
            job.data().sources());
    if (arguments.json) {
      System.out.print(Json.pretty(outcome.json()));
    }
    if (outcome.result().status() == Status.DIVERGED) {
      throw new JobException(ExitCode.DIVERGED, outcome.result().message());
    }
    if (outcome.stopped()) {
      return ExitCode.DONE; // schuss stop is an end that was asked for
    }
    return outcome.result().status() == Status.CANCELLED ? ExitCode.CANCELLED : ExitCode.DONE;
  }
}
