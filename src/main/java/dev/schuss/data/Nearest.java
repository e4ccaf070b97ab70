package dev.schuss.data;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Finds the name that was probably meant. */
final class Nearest {

  private Nearest() {}

  /** {@code (did you mean label?)}, or nothing where no name is near. */
  static String hint(String name, List<String> names) {
    return names.stream()
        .min(Comparator.comparingInt(n -> distance(name, n)))
        .filter(n -> distance(name, n) < Math.max(2, name.length() / 3 + 1))
        .filter(n -> distance(name, n) < Math.max(name.length(), n.length()))
        .map(n -> " (did you mean " + n + "?)")
        .orElse("");
  }

  /** Levenshtein's distance, upper and lower case alike. */
  private static int distance(String a, String b) {
    String s = a.toLowerCase(Locale.ROOT);
    String t = b.toLowerCase(Locale.ROOT);
    int[] row = new int[t.length() + 1];
    for (int j = 0; j <= t.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= s.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= t.length(); j++) {
        int substituted = diagonal + (s.charAt(i - 1) == t.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[t.length()];
  }
}
