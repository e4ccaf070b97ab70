package dev.schuss.bench;

import static dev.schuss.bench.Contestant.jvm;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Fashion-MNIST: how long until the test accuracy that MLlib's perceptron ends with. */
final class TimeToAccuracy {
  private static final int BATCH = 128;
  private static final double RATE = 0.002;
  private static final int EPOCHS = 5;

  private final Options options;

  TimeToAccuracy(Options options) {
    this.options = options;
  }

  /** Seconds and test accuracy. */
  private record Point(double seconds, double accuracy) {
    static Point of(String text) {
      String[] parts = text.split(":");
      return new Point(Double.parseDouble(parts[0]), Double.parseDouble(parts[1]));
    }
  }

  Section run(Map<String, Object> machine) throws IOException {
    int iterations = options.quick() ? 5 : 100;
    Section section =
        new Section(
            "Fashion-MNIST, 784-256-128-10: seconds from the files to the accuracy",
            "what",
            "seconds",
            "test accuracy, %",
            "MLlib's time / this");
    Point mllib = mllib(iterations, List.of(), Map.of());
    Path openblas = openblas();
    Point bundled =
        mllib(
            iterations,
            List.of("-Ddev.ludovic.netlib.blas.nativeLibPath=" + openblas),
            Map.of("OPENBLAS_NUM_THREADS", "1"));
    Point ours = ours(machine, 1);
    Point oursLater = ours(machine, EPOCHS);
    section.row(
        "MLlib, %d iterations of L-BFGS".formatted(iterations),
        mllib.seconds(),
        100 * mllib.accuracy(),
        1);
    section.row(
        "the same, with this project's OpenBLAS",
        bundled.seconds(),
        100 * bundled.accuracy(),
        mllib.seconds() / bundled.seconds());
    section.row(
        "Schuss, 1 epoch", ours.seconds(), 100 * ours.accuracy(), mllib.seconds() / ours.seconds());
    section.row(
        "Schuss, %d epochs".formatted(EPOCHS),
        oursLater.seconds(),
        100 * oursLater.accuracy(),
        mllib.seconds() / oursLater.seconds());
    try (Contestant torch = Torch.start()) {
      if (torch != null) {
        machine.put("PyTorch", torch.greeting().replace("PyTorch ", ""));
        for (int epochs : new int[] {1, EPOCHS}) {
          String[] all =
              torch
                  .ask("fashion " + options.fashion() + " " + BATCH + " " + epochs + " " + RATE)
                  .split(" ");
          Point p = Point.of(all[all.length - 1]);
          section.row(
              "PyTorch, %d epoch%s".formatted(epochs, epochs == 1 ? "" : "s"),
              p.seconds(),
              100 * p.accuracy(),
              mllib.seconds() / p.seconds());
        }
      }
    }
    section.note(
        "Spark `local[2]`; each in a JVM of its own, whose start and Spark's are not counted, but"
            + " reading and preparing the data is. Schuss and PyTorch: ReLU, Adam, batch %d, a cosine from %s to 0; their evaluations after each epoch are counted. MLlib: sigmoid units, the network's defaults, its evaluation not counted."
                .formatted(BATCH, RATE));
    return section;
  }

  private Point mllib(int iterations, List<String> flags, Map<String, String> environment)
      throws IOException {
    try (Contestant c =
        new Contestant(
            "mllib" + flags.size(),
            jvm("4g", flags, Worker.class.getName(), "local[2]"),
            environment)) {
      return Point.of(c.ask("mllib " + options.fashion() + " " + iterations));
    }
  }

  /** The last of so many epochs, median over passes in fresh JVMs. */
  private Point ours(Map<String, Object> machine, int epochs) throws IOException {
    List<Double> seconds = new ArrayList<>();
    List<Double> accuracies = new ArrayList<>();
    for (int pass = 0; pass < 3; pass++) {
      try (Contestant c =
          new Contestant("fashion", jvm("4g", List.of(), Worker.class.getName(), "local[2]"))) {
        machine.put("Spark", c.ask("spark"));
        String[] all =
            c.ask("fashion " + options.fashion() + " " + BATCH + " " + epochs + " " + RATE)
                .split(" ");
        Point p = Point.of(all[all.length - 1]);
        seconds.add(p.seconds());
        accuracies.add(p.accuracy());
      }
    }
    return new Point(Window.median(seconds), Window.median(accuracies));
  }

  /** The OpenBLAS of the class path with what it needs, in files. */
  private static Path openblas() throws IOException {
    Path folder = Files.createDirectories(Path.of("target/bench/openblas")).toAbsolutePath();
    for (String name :
        List.of("libgcc_s.so.1", "libquadmath.so.0", "libgfortran.so.5", "libopenblas.so.0")) {
      try (InputStream in =
          TimeToAccuracy.class.getResourceAsStream("/org/bytedeco/openblas/linux-x86_64/" + name)) {
        Files.copy(in, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    return folder.resolve("libopenblas.so.0");
  }
}
