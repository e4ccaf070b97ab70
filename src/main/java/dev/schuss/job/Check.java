package dev.schuss.job;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code schuss check JOB}. */
@Command(
    name = "check",
    description = "Reads a job file as train would, and says what it would do; starts no Spark.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    parameterListHeading = "%nArguments:%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  schuss check jobs/digits.conf",
      "  schuss check jobs/digits.conf --set train.batchSize=4096",
    })
final class Check implements Callable<Integer> {
  @Mixin JobArguments arguments;

  @Override
  public Integer call() {
    throw new JobException(ExitCode.USAGE, "x");
  }
}
