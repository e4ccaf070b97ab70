package dev.schuss.job;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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

  @Option(
      names = "--master",
      paramLabel = "URL",
      description =
          "Where Spark runs, e.g. local[4] or spark://host:7077. Default: Spark's settings, else local[*].")
  String master;

  @Override
  public Integer call() {
    throw new JobException(ExitCode.USAGE, "x");
  }
}
