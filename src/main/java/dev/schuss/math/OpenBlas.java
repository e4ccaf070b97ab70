package dev.schuss.math;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.ludovic.netlib.blas.BLAS;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The OpenBLAS of the bytedeco jars, called through netlib's JNI binding, which works on heap
 * arrays without copying them.
 *
 * <p>netlib binds one native library per class loader, at its first use, which may be MLlib's. So
 * its binding is loaded a second time, in a loader of our own; and MLlib's is left as it is.
 */
final class OpenBlas {
  private static final String BINDING = "dev.ludovic.netlib.blas.JNIBLAS";
  private static final String BINDING_FILE = "libnetlibblasjni.so";

  private static final String LIBRARY = "libopenblas.so.0";
  private static final String CONTROL = "libjniopenblas_full.so";

  /**
   * What it is bundled for.
   *
   * @param architecture as Java calls it
   * @param folder as bytedeco calls it
   * @param runtime the libraries of the compiler that it needs, each after those that it needs
   */
  record Platform(String architecture, String folder, List<String> runtime) {
    static final List<Platform> ALL =
        List.of(
            new Platform(
                "amd64",
                "linux-x86_64",
                List.of("libgcc_s.so.1", "libquadmath.so.0", "libgfortran.so.5")),
            new Platform("aarch64", "linux-arm64", List.of("libgcc_s.so.1", "libgfortran.so.5")));

    private static Platform here() {
      String os = System.getProperty("os.name");
      String architecture = System.getProperty("os.arch");
      return ALL.stream()
          .filter(p -> os.equals("Linux") && p.architecture.equals(architecture))
          .findFirst()
          .orElseThrow(
              () ->
                  new UnsupportedOperationException(
                      "it is bundled for Linux amd64 and aarch64, this is "
                          + os
                          + " "
                          + architecture));
    }

    private String resource(String file) {
      return "org/bytedeco/openblas/" + folder + "/" + file;
    }

    private String javacpp() {
      return "org/bytedeco/javacpp/" + folder + "/libjnijavacpp.so";
    }

    /** Everything that is loaded from the class path there. */
    List<String> resources() {
      return Stream.concat(
              Stream.of(javacpp()),
              Stream.concat(runtime.stream(), Stream.of(LIBRARY, CONTROL)).map(this::resource))
          .toList();
    }

    /** The binding of javacpp's classes, made to need the library under another name. */
    byte[] relinked(ClassLoader loader, String name) throws IOException {
      byte[] code = NativeFolder.read(loader, resource(CONTROL));
      relink(code, LIBRARY, name);
      return code;
    }
  }

  private OpenBlas() {}

  /** Maps the library into this process, with one thread. */
  static Blas load() throws ReflectiveOperationException, IOException {
    Platform platform = Platform.here();
    ClassLoader app = OpenBlas.class.getClassLoader();
    ClassLoader isolated = new IsolatedLoader(app, OpenBlas::isolated);
    try (NativeFolder folder = new NativeFolder()) {
      // Preloaded because libgfortran, unlike the others, does not look beside itself.
      for (String name : platform.runtime) {
        System.load(folder.extract(app, platform.resource(name)).toString());
      }
      Path library = folder.extract(app, platform.resource(LIBRARY), freshName());
      System.load(library.toString());
      String name = limitToOneThread(platform, isolated, folder, library);
      BLAS blas = bind(isolated, library);
      if (!NativeFolder.mapped(library.getFileName().toString())
          .equals(Set.of(library.toString()))) {
        throw new IllegalStateException("mapped twice or not at all: " + library);
      }
      return new NetlibBlas(Blas.Kind.OPENBLAS, name, blas);
    }
  }

  private static boolean isolated(String className) {
    return className.startsWith("org.bytedeco.")
        || className.equals(BINDING)
        || className.equals("dev.ludovic.netlib.blas.AbstractBLAS")
        || className.equals(OpenBlasControl.class.getName());
  }

  /**
   * A file name as long as the library's own, which no mapped file has. The dynamic linker takes a
   * library of the same name that is in the process already (the system's, a second copy of ours)
   * for the one that is asked for, whatever its folder.
   */
  private static String freshName() throws IOException {
    SecureRandom random = new SecureRandom();
    String name;
    do {
      name = String.format("libopenblas.%04x", random.nextInt(1 << 16));
    } while (!NativeFolder.mapped(name).isEmpty());
    return name;
  }

  private static String limitToOneThread(
      Platform platform, ClassLoader loader, NativeFolder folder, Path library)
      throws ReflectiveOperationException, IOException {
    Path javacpp = folder.extract(loader, platform.javacpp());
    Path control =
        folder.write(platform.relinked(loader, library.getFileName().toString()), CONTROL);
    Constructor<?> constructor =
        Class.forName(OpenBlasControl.class.getName(), true, loader).getDeclaredConstructor();
    constructor.setAccessible(true);
    @SuppressWarnings("unchecked") // OpenBlasControl, as the other loader defines it
    var apply = (Function<List<String>, String>) constructor.newInstance();
    return with(
        // The libraries are loaded here, without javacpp's cache, and without its cleaner thread.
        Map.of(
            "org.bytedeco.javacpp.loadlibraries", "false",
            "org.bytedeco.javacpp.nopointergc", "true"),
        () -> apply.apply(List.of(javacpp.toString(), control.toString())));
  }

  /** Makes a library that needs one file need another one, whose name is of the same length. */
  private static void relink(byte[] code, String needed, String instead) {
    byte[] old = (needed + "\0").getBytes(US_ASCII);
    byte[] fresh = (instead + "\0").getBytes(US_ASCII);
    for (int i = 0; i + old.length <= code.length; i++) {
      if (code[i] == old[0] && Arrays.equals(code, i, i + old.length, old, 0, old.length)) {
        System.arraycopy(fresh, 0, code, i, fresh.length);
        return;
      }
    }
    throw new IllegalStateException("OpenBLAS's binding does not need " + needed);
  }

  private static BLAS bind(ClassLoader loader, Path library)
      throws ReflectiveOperationException, IOException {
    Set<String> before = NativeFolder.mapped(BINDING_FILE);
    BLAS blas =
        with(
            Map.of("dev.ludovic.netlib.blas.nativeLibPath", library.toString()),
            () -> {
              Method instance =
                  Class.forName(BINDING, true, loader).getDeclaredMethod("getInstance");
              instance.setAccessible(true);
              return (BLAS) instance.invoke(null);
            });
    // netlib deletes its temporary file at exit, which an executor that is killed never reaches.
    for (String file : NativeFolder.mapped(BINDING_FILE)) {
      if (!before.contains(file)) {
        Files.deleteIfExists(Path.of(file));
      }
    }
    return blas;
  }

  /** Runs an action under these system properties, and puts back what they were. */
  private static <T> T with(Map<String, String> properties, Callable<T> action)
      throws ReflectiveOperationException {
    Map<String, String> before = new HashMap<>();
    properties.forEach((key, value) -> before.put(key, System.setProperty(key, value)));
    try {
      return action.call();
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    } finally {
      before.forEach(
          (key, value) -> {
            if (value == null) {
              System.clearProperty(key);
            } else {
              System.setProperty(key, value);
            }
          });
    }
  }
}
