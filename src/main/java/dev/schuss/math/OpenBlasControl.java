package dev.schuss.math;

import java.util.List;
import java.util.function.Function;
import org.bytedeco.openblas.global.openblas_full;

/**
 * Binds javacpp's classes to the mapped OpenBLAS and sets it to one thread. Made anew by {@link
 * IsolatedLoader}, because {@link System#load} binds a library to the loader of the class that
 * calls it.
 */
final class OpenBlasControl implements Function<List<String>, String> {

  /** Loads javacpp's two binding libraries and returns a name for people. */
  @Override
  public String apply(List<String> bindings) {
    bindings.forEach(System::load);
    openblas_full.openblas_set_num_threads(1);
    int threads = openblas_full.openblas_get_num_threads();
    if (threads != 1) {
      throw new IllegalStateException("OpenBLAS stays at " + threads + " threads");
    }
    // OpenBLAS 0.3.31 DYNAMIC_ARCH NO_AFFINITY Cooperlake MAX_THREADS=64
    String[] config = openblas_full.openblas_get_config().getString().split(" ", 3);
    String core = openblas_full.openblas_get_corename().getString();
    return "OpenBLAS " + config[1] + " (bundled, " + core + ", 1 thread)";
  }
}
