package dev.schuss.spec;

import dev.schuss.math.Alias;
import dev.schuss.math.EditDistance;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** Names as people write and mistype them. */
final class Names {

  private Names() {}

  /** {@code HALF_SUM} as job files write it: {@code half-sum}. */
  static String kebab(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The other names of a constant. */
  static List<String> aliases(Enum<?> constant) {
    try {
      Alias alias =
          constant.getDeclaringClass().getField(constant.name()).getAnnotation(Alias.class);
      return alias == null ? List.of() : List.of(alias.value());
    } catch (NoSuchFieldException e) {
      throw new IllegalStateException(e);
    }
  }

  /** {@code unknown WHAT; did you mean X?}, or all that is known where nothing is near. */
  static String unknown(String what, String name, Collection<String> known) {
    return "unknown "
        + what
        + EditDistance.nearest(name, known)
            .map(k -> "; did you mean " + k + "?")
            .orElse(
                known.isEmpty()
                    ? "; none is known here"
                    : "; known are " + String.join(", ", known));
  }
}
