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

/** Fashion-MNIST: seconds and test accuracy of MLlib's perceptron, of Schuss and of PyTorch. */
final class TimeToAccuracy {
  private static final int BATCH = 256;
  private static final double RATE = 0.003;
  private static final int[] EPOCHS = {1, 5};
  private static final String WORKER = Worker.class.getName();

  private final Options options;

  TimeToAccuracy(Options options) {
    this.options = options;
  }

  /** Seconds until the first round (NaN where unknown), seconds to the end, test accuracy. */
  private record Result(double prepared, double seconds, double accuracy) {

    /** From one or several {@code seconds:accuracy}, of which the last is the end. */
    static Result of(String answer) {
      String[] points = answer.split(" ");
      String[] first = points[0].split(":");
      String[] last = points[points.length - 1].split(":");
      boolean untrained = Double.parseDouble(first[1]) == 0;
      return new Result(
          untrained ? Double.parseDouble(first[0]) : Double.NaN,
          Double.parseDouble(last[0]),
          Double.parseDouble(last[1]));
    }
  }

  Section run(Map<String, Object> machine) throws IOException {
    Section section =
        new Section(
            "Fashion-MNIST, 784-256-128-10: from the files to a trained network",
            "what",
            "seconds",
            "of that before the first round",
            "test accuracy, %",
            "MLlib's seconds / these");
    int iterations = options.quick() ? 5 : 100;
    // A reference libblas, which Debian's PyTorch brings along, is slower than MLlib's own Java.
    Result mllib = mllib("mllib", iterations, "-Ddev.ludovic.netlib.blas.nativeLib=none", Map.of());
    String name = "MLlib, %d iterations of L-BFGS".formatted(iterations);
    row(section, name, mllib, mllib);
    Result faster =
        mllib(
            "mllib-openblas",
            iterations,
            "-Ddev.ludovic.netlib.blas.nativeLibPath=" + openblas(),
            Map.of("OPENBLAS_NUM_THREADS", "1"));
    row(section, name + ", with this project's OpenBLAS", faster, mllib);
    schuss(machine, section, mllib);
    try (Contestant torch = Torch.start()) {
      for (int epochs : EPOCHS) {
        if (torch != null) {
          machine.put("PyTorch", torch.greeting().replace("PyTorch ", ""));
          row(section, "PyTorch, epochs: " + epochs, warm(torch, epochs), mllib);
        }
      }
    }
    section.note(
        ("Spark `local[2]`, each way in a JVM of its own, warm: MLlib after a training of a few"
                + " iterations, the others after one like it, of three the median; once cold, too."
                + " The start of Spark is not counted; reading and preparing the data is. Schuss"
                + " and PyTorch: ReLU, Adam, batch %d, learning rate by a cosine from %s to 0,"
                + " evaluated after every epoch. MLlib: sigmoid and its defaults; its matrix"
                + " products in Java, as on a machine without a BLAS, unless said otherwise;"
                + " without its evaluation.")
            .formatted(BATCH, RATE));
    return section;
  }

  private static void row(Section section, String what, Result r, Result mllib) {
    section.row(what, r.seconds(), r.prepared(), 100 * r.accuracy(), mllib.seconds() / r.seconds());
  }

  private Result mllib(String name, int iterations, String flag, Map<String, String> environment)
      throws IOException {
    try (Contestant c =
        new Contestant(name, jvm("4g", List.of(flag), WORKER, "local[2]"), environment)) {
      c.ask("mllib " + options.fashion() + " 5");
      return Result.of(c.ask("mllib " + options.fashion() + " " + iterations));
    }
  }

  /** The first training of a JVM, and then warm ones. */
  private void schuss(Map<String, Object> machine, Section section, Result mllib)
      throws IOException {
    try (Contestant c = new Contestant("fashion", jvm("4g", List.of(), WORKER, "local[2]"))) {
      machine.put("Spark", c.ask("spark"));
      Result cold = Result.of(c.ask(question(EPOCHS[0])));
      row(section, "Schuss, cold, epochs: " + EPOCHS[0], cold, mllib);
      for (int epochs : EPOCHS) {
        row(section, "Schuss, epochs: " + epochs, warm(c, epochs), mllib);
      }
    }
  }

  /** The median of three, after one that is not counted. */
  private Result warm(Contestant c, int epochs) throws IOException {
    List<Double> prepared = new ArrayList<>();
    List<Double> seconds = new ArrayList<>();
    List<Double> accuracies = new ArrayList<>();
    c.ask(question(epochs));
    for (int pass = 0; pass < (options.quick() ? 1 : 3); pass++) {
      Result r = Result.of(c.ask(question(epochs)));
      prepared.add(r.prepared());
      seconds.add(r.seconds());
      accuracies.add(r.accuracy());
    }
    return new Result(Window.median(prepared), Window.median(seconds), Window.median(accuracies));
  }

  private String question(int epochs) {
    return "fashion " + options.fashion() + " " + BATCH + " " + epochs + " " + RATE;
  }

  /** The OpenBLAS of the class path, with what it needs, in files. */
  static Path openblas() throws IOException {
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
