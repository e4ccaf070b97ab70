package dev.schuss.math;

import com.sun.management.OperatingSystemMXBean;
import dev.ludovic.netlib.blas.BLAS;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The main class of a JVM of its own: does what the arguments say, in their order. */
public final class BlasProbe {

  private BlasProbe() {}

  /** Prints lines of the form {@code key=value}. */
  public static void main(String[] args) throws Exception {
    try {
      for (String arg : args) {
        act(arg);
      }
    } catch (IllegalStateException e) {
      print("error", e.getMessage());
    }
    // As a killed executor ends: no hook runs, and nothing is deleted at exit.
    System.out.flush();
    Runtime.getRuntime().halt(0);
  }

  private static void act(String arg) throws Exception {
    switch (arg) {
      case "blas" -> {
        print("kind", Blas.get().kind());
        print("name", Blas.get().name());
      }
      case "netlib" -> {
        BLAS mllib = BLAS.getInstance();
        print("netlib", mllib.getClass().getSimpleName());
        print("dot", mllib.sdot(2, new float[] {3, 4}, 1, new float[] {5, 6}, 1));
      }
      case "mapped" -> print("mapped", mapped());
      case "cores" -> print("cores", coresOfOneCaller());
      case "properties" -> {
        for (String key :
            List.of(
                "dev.ludovic.netlib.blas.nativeLibPath",
                "org.bytedeco.javacpp.loadlibraries",
                "org.bytedeco.javacpp.nopointergc")) {
          print(key, System.getProperty(key));
        }
      }
      default -> System.load(arg);
    }
  }

  private static void print(String key, Object value) {
    System.out.println(key + "=" + value);
  }

  /** Mapped files that look like a BLAS or what belongs to one. */
  private static Set<String> mapped() throws Exception {
    Set<String> files = new TreeSet<>();
    for (String line : Files.readString(Path.of("/proc/self/maps")).lines().toList()) {
      if (line.matches(".*/lib[^/]*(blas|gfortran|quadmath|lapack|mkl|atlas)[^/]*")) {
        files.add(line.substring(line.indexOf('/')).replace(" (deleted)", ""));
      }
    }
    return files;
  }

  /** How many cores the process keeps busy while one thread multiplies. */
  private static double coresOfOneCaller() {
    int n = 768;
    float[] a = new float[n * n];
    float[] c = new float[n * n];
    var process = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    var threads = ManagementFactory.getThreadMXBean();
    Blas blas = Blas.get();
    blas.sgemm(false, false, n, n, n, 1, a, 0, n, a, 0, n, 0, c, 0, n);
    long all = process.getProcessCpuTime();
    long own = threads.getCurrentThreadCpuTime();
    do {
      blas.sgemm(false, false, n, n, n, 1, a, 0, n, a, 0, n, 0, c, 0, n);
    } while (threads.getCurrentThreadCpuTime() - own < 400_000_000L);
    return (double) (process.getProcessCpuTime() - all) / (threads.getCurrentThreadCpuTime() - own);
  }
}
