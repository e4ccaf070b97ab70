package dev.schuss.job;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Keeps passwords and keys that stand in a source's {@code options}, or before the host of an
 * address, out of what is written and shown.
 */
final class Secrets {
  /** What stands in place of a secret. */
  static final String HIDDEN = "*** (hidden)";

  private static final String OPTIONS = "options";

  /** What Spark hides in its own settings, and the names of other stores. */
  private static final Pattern SECRET =
      Pattern.compile(
          "(?i)secret|passw|pwd|passphrase|token|credential|[._-]sas|(access|account|private|api|encryption)[._-]?key");

  /** A container's name may stand before the @, too; what has a colon is a name and a password. */
  private static final Pattern USER =
      Pattern.compile("([a-zA-Z][a-zA-Z0-9+.-]*://)[^\\s/@:\"']*:[^\\s/@\"']*@");

  private Secrets() {}

  /**
   * The same tree, see {@link #hidden(String)} of its texts; in blocks named {@code options},
   * values whose keys tell of secrets are gone.
   */
  static Object hidden(Object tree) {
    return hidden(tree, false, false);
  }

  private static Object hidden(Object tree, boolean options, boolean secret) {
    if (tree instanceof Map<?, ?> map) {
      Map<Object, Object> copy = new LinkedHashMap<>();
      map.forEach(
          (key, value) -> {
            String name = String.valueOf(key);
            copy.put(
                key,
                hidden(
                    value,
                    options || name.equals(OPTIONS),
                    secret || (options && SECRET.matcher(name).find())));
          });
      return copy;
    }
    if (tree instanceof List<?> list) {
      return list.stream().map(each -> hidden(each, options, secret)).toList();
    }
    return secret ? HIDDEN : tree instanceof String text ? hidden(text) : tree;
  }

  /**
   * The same text; of addresses such as {@code ftp://user:password@host/file} these two are gone.
   */
  static String hidden(String text) {
    return USER.matcher(text).replaceAll("$1***@");
  }
}
