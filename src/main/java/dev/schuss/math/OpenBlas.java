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

  private static final String FOLDER = "org/bytedeco/openblas/linux-x86_64/";
  private static final List<String> RUNTIME =
      List.of("libgcc_s.so.1", "libquadmath.so.0", "libgfortran.so.5");
  private static final String LIBRARY = "libopenblas.so.0";

  private OpenBlas() {}

  /** Maps the library into this process, with one thread. */
  static Blas load() throws ReflectiveOperationException, IOException {
    String platform = System.getProperty("os.name") + " " + System.getProperty("os.arch");
    if (!platform.equals("Linux amd64")) {
      throw new UnsupportedOperationException(
          "it is bundled for Linux amd64 only, this is " + platform);
    }
    ClassLoader app = OpenBlas.class.getClassLoader();
    ClassLoader isolated = new IsolatedLoader(app, OpenBlas::isolated);
    try (NativeFolder folder = new NativeFolder()) {
      // Preloaded because libgfortran, unlike the others, does not look beside itself.
      for (String name : RUNTIME) {
        System.load(folder.extract(app, FOLDER + name).toString());
      }
      Path library = folder.extract(app, FOLDER + LIBRARY, freshName());
      System.load(library.toString());
      String name = limitToOneThread(isolated, folder, library);
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

  private static String limitToOneThread(ClassLoader loader, NativeFolder folder, Path library)
      throws ReflectiveOperationException, IOException {
    Path javacpp = folder.extract(loader, "org/bytedeco/javacpp/linux-x86_64/libjnijavacpp.so");
    byte[] code = NativeFolder.read(loader, FOLDER + "libjniopenblas_full.so");
    relink(code, LIBRARY, library.getFileName().toString());
    Path control = folder.write(code, "libjniopenblas_full.so");
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
