package dev.schuss.job;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code schuss check JOB}. */
@Command(
    name = "check",
    description =
        "Reads a job file as train would, and shows it with every default; starts no Spark.",
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
    JobFile job = JobReader.read(arguments.job, arguments.set);
    if (!arguments.json) {
      System.out.println(arguments.job + " is a valid job; with every default it reads:");
    }
    System.out.print(Json.pretty(JobReader.tree(job)));
    return ExitCode.DONE;
  }
}
