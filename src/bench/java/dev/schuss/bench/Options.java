package dev.schuss.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * What scripts/bench was asked for.
 *
 * @param parts to be measured, in this order
 * @param seconds of a single measurement
 * @param passes measurements of which the median is taken
 * @param fashion folder with the four files of Fashion-MNIST; null for none
 * @param docs whether docs/bench.md is to be written
 * @param quick whether everything is to be short
 */
record Options(
    List<String> parts, double seconds, int passes, String fashion, boolean docs, boolean quick) {
  static final List<String> PARTS =
      List.of(
          "throughput",
          "rounds",
          "ordered",
          "checkpoints",
          "listeners",
          "growth",
          "scoring",
          "fashion",
          "ml",
          "ml-scoring",
          "layers",
          "kernels");

  static Options of(String[] args) {
    List<String> parts = new ArrayList<>();
    double seconds = 2;
    int passes = 5;
    String fashion = System.getenv("FASHION_MNIST");
    boolean docs = false;
    boolean quick = false;
    for (String arg : args) {
      String value = arg.substring(arg.indexOf('=') + 1);
      switch (arg.contains("=") ? arg.substring(0, arg.indexOf('=')) : arg) {
        case "--quick" -> {
          quick = true;
          seconds = 0.7;
          passes = 2;
        }
        case "--docs" -> docs = true;
        case "--seconds" -> seconds = Double.parseDouble(value);
        case "--passes" -> passes = Integer.parseInt(value);
        case "--fashion" -> fashion = value;
        default -> {
          if (!PARTS.contains(arg)) {
            fail(arg + " is neither an option nor a part; parts: " + String.join(" ", PARTS));
          }
          parts.add(arg);
        }
      }
    }
    if (parts.contains("fashion") && fashion == null) {
      fail("fashion needs the data: --fashion=FOLDER or FASHION_MNIST=FOLDER");
    }
    if (parts.isEmpty()) {
      parts.addAll(PARTS);
      if (fashion == null) {
        parts.remove("fashion");
      }
    }
    return new Options(parts, seconds, passes, fashion, docs, quick);
  }

  private static void fail(String why) {
    System.err.println("bench: " + why);
    System.exit(2);
  }
}
