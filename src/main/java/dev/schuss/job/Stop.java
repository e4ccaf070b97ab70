package dev.schuss.job;

import dev.schuss.model.Json;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code schuss stop DIR}. */
@Command(
    name = "stop",
    description = {
      "Ends a running training normally, wherever it runs: after the update under way it writes its model, the best"
          + " weights where it keeps those, and its result, whose status is cancelled."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    parameterListHeading = "%nArguments:%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {"  schuss stop out/digits", "  schuss stop hdfs:///models/big --wait 600"})
final class Stop implements Callable<Integer> {
  private static final long LOOK_MILLIS = 200;

  @Parameters(paramLabel = "DIR", description = "The training's output folder (output.dir).")
  String dir;

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description = "How long to wait for its end. Default: ${DEFAULT-VALUE}.")
  int seconds;

  @Option(names = "--json", description = "Prints the outcome as one JSON object on stdout.")
  boolean json;

  @Option(names = "--debug", description = "Prints the stack trace of an error.")
  boolean debug;

  @Override
  public Integer call() throws InterruptedException {
    boolean ended;
    try {
      ended = stop(SparkSettings.hadoop());
    } catch (IOException | IllegalArgumentException e) {
      throw new JobException(
          ExitCode.USAGE,
          "%s: the training there cannot be told to stop (%s): is the path right, and may you write there?"
              .formatted(dir, Failure.describe(e)),
          e);
    }
    if (json) {
      Map<String, Object> outcome = new LinkedHashMap<>();
      outcome.put("dir", dir);
      outcome.put("ended", ended);
      System.out.print(Json.pretty(outcome));
    } else {
      System.out.println(
          ended
              ? "the training in " + dir + " has ended"
              : "the training in %s was told to stop and has not ended within %d s; it ends after the update under way"
                  .formatted(dir, seconds));
    }
    return ExitCode.DONE;
  }

  /** Whether it ended in time. */
  private boolean stop(Configuration hadoop) throws IOException, InterruptedException {
    FileSystem files = StopMarker.files(dir, hadoop);
    Path folder = new Path(dir);
    Path running = new Path(folder, StopMarker.RUNNING);
    Path stop = new Path(folder, StopMarker.STOP);
    if (!files.exists(folder)) {
      throw nothing("no such folder: " + dir);
    }
    if (!files.exists(running)) {
      boolean done = files.exists(new Path(folder, OutputFolder.RESULT));
      throw nothing(
          "no training is running in %s%s"
              .formatted(dir, done ? ": it has ended, result.json tells how" : ""));
    }
    files.create(stop, true).close();
    // Both times are the file system's, whatever this machine's clock says.
    long silence =
        files.getFileStatus(stop).getModificationTime()
            - files.getFileStatus(running).getModificationTime();
    if (silence > StopMarker.GONE_MILLIS) {
      files.delete(stop, false);
      throw nothing(
          "no training is running in %s: one was there and has given no sign of life for %d minutes, so it was killed"
              .formatted(dir, Math.max(1, silence / 60_000)));
    }
    long until = System.nanoTime() + seconds * 1_000_000_000L;
    while (files.exists(running)) {
      if (System.nanoTime() > until) {
        return false;
      }
      Thread.sleep(LOOK_MILLIS);
    }
    files.delete(stop, false); // it ended by itself before it saw this
    return true;
  }

  private static JobException nothing(String why) {
    return new JobException(ExitCode.USAGE, why + "; name the output.dir of a running training");
  }
}
