package dev.schuss.job;

import dev.schuss.train.CostModel.Estimate;
import dev.schuss.train.Forecast;
import dev.schuss.train.MemoryEstimate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What check says of time and memory.
 *
 * @param driverMemory bytes of the driver's heap; null where it was not said
 * @param executorMemory bytes of an executor's heap; null where it was not said
 */
record ForecastText(
    Forecast forecast, long parameters, int epochs, Long driverMemory, Long executorMemory) {

  /** One line for each thing to know; the last is the verdict. */
  List<String> lines(String cluster) {
    List<String> lines = new ArrayList<>();
    Estimate t = forecast.time();
    long rounds = forecast.roundsPerEpoch();
    lines.add(text("on %s, about:", cluster));
    lines.add(
        text(
            "  network     %,d parameters; weights or a gradient are %s",
            parameters, size(4 * parameters)));
    lines.add(
        text(
            "  reduction   %s, %d tasks%s",
            forecast.plan().kind().name().toLowerCase(Locale.ROOT),
            forecast.plan().tasks(),
            forecast.plan().depth() > 1 ? ", depth " + forecast.plan().depth() : ""));
    lines.add(
        text(
            "  a round     %s: gradients %s, broadcast %s, wait %s, reduce %s, update %s",
            time(t.total()),
            time(t.compute()),
            time(t.broadcast()),
            time(t.waiting()),
            time(t.reduce()),
            time(t.update())));
    lines.add(
        text(
            "  an epoch    %,d rounds, %s; %d epochs: %s",
            rounds, time(rounds * t.total()), epochs, time(seconds())));
    lines.add("  driver      " + memory(forecast.memory().driver(), driverMemory));
    if (!forecast.memory().executor().isEmpty()) {
      lines.add("  executor    " + memory(forecast.memory().executor(), executorMemory));
    }
    List<String> problems = problems();
    if (problems.isEmpty()) {
      lines.add("  verdict     fits");
    }
    problems.forEach(problem -> lines.add("  verdict     " + problem));
    return lines;
  }

  /** All of it in a line. */
  String brief() {
    List<String> problems = problems();
    return text(
        "%,d rounds an epoch; %d epochs: %s; driver %s%s; %s",
        forecast.roundsPerEpoch(),
        epochs,
        time(seconds()),
        size(total(forecast.memory().driver())),
        forecast.memory().executor().isEmpty()
            ? ""
            : ", an executor " + size(total(forecast.memory().executor())),
        problems.isEmpty() ? "fits" : String.join("; ", problems));
  }

  /** Of the whole training. */
  double seconds() {
    return epochs * (double) forecast.roundsPerEpoch() * forecast.time().total();
  }

  /** What does not fit, and the mend. */
  List<String> problems() {
    List<String> problems = new ArrayList<>();
    MemoryEstimate m = forecast.memory();
    check(problems, "the driver", "--driver-memory", m.driver(), driverMemory);
    check(problems, "an executor", "--executor-memory", m.executor(), executorMemory);
    return problems;
  }

  private static void check(
      List<String> problems, String who, String option, Map<String, Long> parts, Long memory) {
    if (memory == null || parts.isEmpty()) {
      return;
    }
    long rows = parts.getOrDefault(MemoryEstimate.ROWS, 0L);
    long needed = total(parts) - rows;
    if (needed > memory) {
      problems.add(
          text(
              "%s does not fit: it needs %s beside the rows and has %s; set %s to at least %s",
              who, size(needed), size(memory), option, size(needed + rows)));
    } else if (rows > MemoryEstimate.cacheOf(memory)) {
      problems.add(
          text(
              "rows spill to disk: %s has %s of them and caches %s; more memory or executors keep them in memory",
              who, size(rows), size(MemoryEstimate.cacheOf(memory))));
    }
  }

  private static long total(Map<String, Long> parts) {
    return parts.values().stream().mapToLong(Long::longValue).sum();
  }

  private static String memory(Map<String, Long> parts, Long memory) {
    List<String> texts = new ArrayList<>();
    parts.forEach((what, bytes) -> texts.add(what + " " + size(bytes)));
    String of = memory == null ? "" : " of " + size(memory);
    return size(total(parts)) + of + ": " + String.join(", ", texts);
  }

  /** The same for machines; seconds and bytes. */
  Map<String, Object> json() {
    Map<String, Object> time = new LinkedHashMap<>();
    time.put("compute", forecast.time().compute());
    time.put("broadcast", forecast.time().broadcast());
    time.put("wait", forecast.time().waiting());
    time.put("reduce", forecast.time().reduce());
    time.put("update", forecast.time().update());
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("parameters", parameters);
    json.put("reduction", ResultJson.reduction(forecast.plan()));
    json.put("roundsPerEpoch", forecast.roundsPerEpoch());
    json.put("round", time);
    json.put("driver", forecast.memory().driver());
    json.put("executor", forecast.memory().executor());
    json.put("problems", problems());
    return json;
  }

  static String time(double seconds) {
    if (seconds < 1) {
      return text(seconds < 0.0995 ? "%.2g ms" : "%.0f ms", 1e3 * seconds);
    }
    if (seconds < 120) {
      return text("%.3g s", seconds);
    }
    return seconds < 7200 ? text("%.0f min", seconds / 60) : text("%.1f h", seconds / 3600);
  }

  private static String size(long bytes) {
    double mib = bytes / 1024.0 / 1024;
    return mib < 1024
        ? text(mib < 9.95 ? "%.1f MiB" : "%.0f MiB", mib)
        : text("%.1f GiB", mib / 1024);
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
