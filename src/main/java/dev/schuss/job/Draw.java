package dev.schuss.job;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code schuss draw PICTURE ...}. */
@Command(
    name = "draw",
    description = {"Draws pictures of optimization, as SVG files."},
    synopsisSubcommandLabel = "PICTURE",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {DrawTrajectories.class, DrawLandscape.class},
    commandListHeading = "%nPictures:%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  schuss draw trajectories",
      "  schuss draw trajectories --surface rosenbrock --steps 300",
      "  schuss draw landscape out/digits --data classpath:data/digits-test.csv",
    })
final class Draw implements Callable<Integer> {
  @Spec CommandSpec spec;

  /** Without a picture: what there is. */
  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return ExitCode.USAGE;
  }
}
