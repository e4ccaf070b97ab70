import java.io.IOException;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/**
 * Breaks the optimizer in one place after another and says whether the tests see it. Arguments: the
 * list of mutations (file: old text => new text), and the class path of the libraries.
 */
public final class Mutate {
  private static final Path SOURCES = Path.of("src/main/java/dev/schuss/optim");
  private static final List<String> TESTS =
      List.of(
          "dev.schuss.spec.GoldenRulesTest",
          "dev.schuss.spec.GoldenSchedulesTest",
          "dev.schuss.spec.GoldenAveragingTest",
          "dev.schuss.spec.GoldenClippingTest",
          "dev.schuss.spec.OptimizerBlockTest",
          "dev.schuss.math.VectorsTest",
          "dev.schuss.optim.UpdaterTest",
          "dev.schuss.optim.LbfgsTest",
          "dev.schuss.optim.RulesTest",
          "dev.schuss.optim.StateTest");

  private Mutate() {}

  /** Exits with 1 if a mutation survives. */
  public static void main(String[] args) throws Exception {
    PrintStream out = System.out;
    System.setOut(new PrintStream(PrintStream.nullOutputStream()));
    List<String> survivors = new ArrayList<>();
    if (caughtBy(null) != null) {
      out.println("the tests fail without a mutation: " + caughtBy(null));
      System.exit(2);
    }
    List<String> mutations =
        Files.readAllLines(Path.of(args[0])).stream()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .toList();
    for (String line : mutations) {
      String file = line.substring(0, line.indexOf(": "));
      String[] change = line.substring(file.length() + 2).split(" => ", -1);
      String source = Files.readString(SOURCES.resolve(file + ".java"));
      int at = source.indexOf(change[0]);
      if (at < 0) {
        throw new IllegalArgumentException("not found: " + line);
      }
      String broken =
          source.substring(0, at) + change[1] + source.substring(at + change[0].length());
      Path classes = compiled(file, broken, args[1]);
      String test = caughtBy(classes);
      out.printf("%-8s %-100s %s%n", test == null ? "SURVIVED" : "caught", line, test);
      if (test == null) {
        survivors.add(line);
      }
    }
    out.printf("%d of %d caught%n", mutations.size() - survivors.size(), mutations.size());
    System.exit(survivors.isEmpty() ? 0 : 1);
  }

  private static Path compiled(String file, String source, String libraries) throws IOException {
    Path folder = Files.createTempDirectory(Files.createDirectories(Path.of("target/mutants")), "m");
    Path java = Files.writeString(folder.resolve(Path.of(file).getFileName() + ".java"), source);
    int code =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null, null, null, "-nowarn", "--release", "17", "-parameters", "-proc:none", "-d",
                folder.toString(), "-cp", "target/classes:" + libraries, java.toString());
    if (code != 0) {
      throw new IllegalArgumentException("does not compile: " + file + "\n" + source);
    }
    return folder;
  }

  /** The first test class that fails, or null. */
  private static String caughtBy(Path mutant) throws Exception {
    List<URL> urls = new ArrayList<>();
    for (String folder : Stream.of(mutant == null ? "" : mutant.toString(), "target/classes", "target/test-classes").filter(f -> !f.isEmpty()).toList()) {
      urls.add(Path.of(folder).toUri().toURL());
    }
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    try (URLClassLoader loader = new URLClassLoader(urls.toArray(URL[]::new), before)) {
      Thread.currentThread().setContextClassLoader(loader);
      for (String test : TESTS) {
        LauncherDiscoveryRequest request =
            LauncherDiscoveryRequestBuilder.request()
                .selectors(DiscoverySelectors.selectClass(loader, test))
                .configurationParameter("jqwik.tries.default", "200")
                .build();
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create().execute(request, listener);
        if (listener.getSummary().getTotalFailureCount() > 0) {
          return test.substring(test.lastIndexOf('.') + 1)
              + ": "
              + listener.getSummary().getFailures().get(0).getTestIdentifier().getDisplayName();
        }
        if (listener.getSummary().getTestsFoundCount() == 0) {
          throw new IllegalStateException("no tests in " + test);
        }
      }
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
    return null;
  }
}
