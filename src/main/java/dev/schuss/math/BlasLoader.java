package dev.schuss.math;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the fastest {@link Blas} that loads and computes rightly. */
final class BlasLoader {
  /** Forces one kind, by its name in lower case. */
  static final String PROPERTY = "schuss.blas";

  private static final Logger LOG = LoggerFactory.getLogger(Blas.class);
  private static final Choice CHOICE = choose(System.getProperty(PROPERTY));

  private BlasLoader() {}

  /** What was found; one of the two is null. */
  private record Choice(Blas blas, String error) {}

  /** This JVM's library. */
  static Blas chosen() {
    if (CHOICE.blas == null) {
      throw new IllegalStateException(CHOICE.error);
    }
    return CHOICE.blas;
  }

  private static Choice choose(String forced) {
    if (forced == null) {
      return firstThatLoads();
    }
    for (Blas.Kind kind : Blas.Kind.values()) {
      if (forced.equals(word(kind))) {
        return only(kind);
      }
    }
    return new Choice(
        null, PROPERTY + " = " + forced + ": must be openblas, vector or java, or not be set");
  }

  private static Choice only(Blas.Kind kind) {
    try {
      Blas blas = load(kind);
      LOG.info("BLAS: {} ({} = {})", blas.name(), PROPERTY, word(kind));
      return new Choice(blas, null);
    } catch (ReflectiveOperationException | IOException | RuntimeException | LinkageError e) {
      return new Choice(null, PROPERTY + " = " + word(kind) + " cannot be had: " + reason(e));
    }
  }

  private static Choice firstThatLoads() {
    List<String> failures = new ArrayList<>();
    for (Blas.Kind kind : Blas.Kind.values()) {
      try {
        Blas blas = load(kind);
        if (failures.isEmpty()) {
          LOG.info("BLAS: {}", blas.name());
        } else {
          LOG.warn("BLAS: {} (slower), because {}", blas.name(), String.join("; ", failures));
        }
        return new Choice(blas, null);
      } catch (ReflectiveOperationException | IOException | RuntimeException | LinkageError e) {
        failures.add(word(kind) + " cannot be had: " + reason(e));
      }
    }
    return new Choice(null, "no BLAS: " + String.join("; ", failures));
  }

  /** Loads one kind and has it compute a small product. */
  static Blas load(Blas.Kind kind) throws ReflectiveOperationException, IOException {
    Blas blas =
        switch (kind) {
          case OPENBLAS -> OpenBlas.load();
          case VECTOR -> {
            if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
              throw new UnsupportedOperationException(
                  "it needs the JVM option --add-modules jdk.incubator.vector");
            }
            yield NetlibBlas.load(kind, "VectorBLAS");
          }
          case JAVA -> NetlibBlas.load(kind, "Java8BLAS");
        };
    SelfCheck.run(blas);
    return blas;
  }

  private static String word(Blas.Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  private static String reason(Throwable e) {
    Throwable cause = e;
    while ((cause instanceof InvocationTargetException
            || cause instanceof ExceptionInInitializerError)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    // These two types carry messages of our own.
    return cause instanceof UnsupportedOperationException || cause.getClass() == IOException.class
        ? cause.getMessage()
        : cause.toString();
  }
}
