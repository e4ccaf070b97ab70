package dev.schuss.job;

import dev.schuss.math.EditDistance;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line: {@code schuss VERB ...}, the same under scripts/schuss and spark-submit. */
@Command(
    name = "schuss",
    description = "Trains neural networks on Apache Spark.",
    synopsisSubcommandLabel = "VERB",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {
      Train.class,
      Compare.class,
      FindLr.class,
      Check.class,
      Evaluate.class,
      Predict.class,
      Inspect.class,
      Export.class,
      Stop.class,
      Completion.class
    },
    commandListHeading = "%nVerbs:%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  schuss train jobs/digits.conf",
      "  schuss train jobs/digits.conf --set train.batchSize=256",
      "  schuss compare jobs/compare-digits.conf",
      "  schuss check jobs/digits.conf",
      "  schuss evaluate out/digits --data classpath:data/digits-test.csv",
      "  schuss predict out/digits --data new.csv --output out/new.csv",
      "  schuss inspect out/digits",
      "  schuss export out/digits --format onnx",
      "",
      "'schuss VERB --help' tells more of one verb. Exit codes: 0 done, 1 error in",
      "Schuss, 2 usage or job file, 3 data, 4 diverged, 5 model or checkpoint,",
      "6 Spark or cluster, 130 cancelled (Ctrl-C), 143 terminated."
    })
public final class Main implements Callable<Integer> {
  @Spec private CommandSpec spec;

  private Main() {}

  /**
   * Runs one verb and ends the process with one of the documented exit codes.
   *
   * @param args the command line
   */
  public static void main(String[] args) {
    int code = run(args, System.out, System.err);
    if (SparkSettings.driverIsAway()) {
      // There the driver runs inside Spark's own process, which must learn of a failure by an
      // exception.
      if (code != ExitCode.DONE) {
        throw new JobException(code, "schuss ended with exit code " + code);
      }
      return;
    }
    System.exit(code);
  }

  /** The whole program but for ending the process; returns the exit code. */
  static int run(String[] args, PrintStream out, PrintStream err) {
    CommandLine line =
        new CommandLine(new Main())
            .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
            .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8))
            .setUsageHelpLongOptionsMaxWidth(24)
            .setParameterExceptionHandler((e, given) -> usage(e))
            .setExecutionExceptionHandler(
                (e, at, given) -> failed(e, at, given.matchedOptionValue("--debug", false)));
    try {
      return line.execute(args);
    } catch (Error e) { // picocli handles exceptions alone; memory and classes end with errors
      return failed(e, line, List.of(args).contains("--debug"));
    }
  }

  /** Without a verb: what there is. */
  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return ExitCode.USAGE;
  }

  private static int usage(ParameterException e) {
    CommandLine at = e.getCommandLine();
    say(at, complaint(e) + "; see " + at.getCommandSpec().qualifiedName() + " --help");
    return ExitCode.USAGE;
  }

  private static String complaint(ParameterException e) {
    if (e instanceof UnmatchedArgumentException unmatched) {
      String word = unmatched.getUnmatched().get(0);
      boolean option = word.startsWith("-");
      boolean verb = !option && !e.getCommandLine().getSubcommands().isEmpty();
      List<String> known =
          option
              ? List.copyOf(e.getCommandLine().getCommandSpec().optionsMap().keySet())
              : List.copyOf(e.getCommandLine().getSubcommands().keySet());
      String what = option ? "unknown option " : verb ? "unknown verb " : "unexpected argument ";
      String hint =
          EditDistance.nearest(word, known).map(k -> "; did you mean " + k + "?").orElse("");
      return what + word + (option || verb ? hint : "");
    }
    String message = Failure.firstLine(e.getMessage());
    return Character.toLowerCase(message.charAt(0)) + message.substring(1).replaceFirst("\\.$", "");
  }

  private static int failed(Throwable e, CommandLine at, boolean debug) {
    Failure failure = Failure.of(e);
    say(at, failure.line());
    if (debug) {
      e.printStackTrace(at.getErr());
    }
    return failure.exitCode();
  }

  private static void say(CommandLine at, String line) {
    at.getErr().println("schuss: " + line);
  }
}
