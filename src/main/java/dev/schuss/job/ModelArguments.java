package dev.schuss.job;

import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What every verb that uses a model understands. */
final class ModelArguments {
  @Parameters(
      paramLabel = "MODEL",
      description =
          "The model's folder, or the output folder of its training: a path here or on any file system of Hadoop.")
  String model;

  @Option(names = "--json", description = "Prints the outcome as one JSON object on stdout.")
  boolean json;

  @Option(names = "--debug", description = "Prints the stack trace of an error.")
  boolean debug;
}
