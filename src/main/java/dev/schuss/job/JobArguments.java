package dev.schuss.job;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What every verb that reads a job file understands. */
final class JobArguments {

  @Parameters(
      paramLabel = "JOB",
      description = "The job file (HOCON): a path here or on any file system of Hadoop.")
  String job;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = {
        "Replaces one key of the job file; may be given many times, the last one wins. A value that is a number,"
            + " true, false or null, or begins with [, { or \", is read as HOCON, any other as plain text."
      })
  List<String> set = new ArrayList<>();

  @Option(names = "--json", description = "Prints the outcome as one JSON object on stdout.")
  boolean json;

  @Option(names = "--debug", description = "Prints the stack trace of an error.")
  boolean debug;
}
