package dev.schuss.job;

import dev.schuss.math.Blas;
import java.util.Optional;

/** Tells who trained, once, that it could have been faster: an executor's log is read by nobody. */
final class BlasNote {
  private BlasNote() {}

  /**
   * A line without a break, if any task computed without OpenBLAS.
   *
   * @param kinds bits of {@link Blas.Kind}
   */
  static Optional<String> of(int kinds) {
    return kinds == 0 || kinds == Blas.Kind.OPENBLAS.bit()
        ? Optional.empty()
        : Optional.of(
            "  slower      tasks computed with %s, without OpenBLAS in some or all processes: the stderr of the executors says why"
                .formatted(String.join(" and ", ResultJson.kinds(kinds))));
  }
}
