package dev.schuss.job;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code schuss completion}. */
@Command(
    name = "completion",
    description = "Prints a script by which bash and zsh complete verbs and options.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  source <(scripts/schuss completion)",
      "  schuss completion > ~/.local/share/bash-completion/completions/schuss"
    })
final class Completion implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Option(names = "--debug", description = "Prints the stack trace of an error.")
  boolean debug;

  @Override
  public Integer call() {
    System.out.print(AutoComplete.bash("schuss", spec.parent().commandLine()));
    return ExitCode.DONE;
  }
}
