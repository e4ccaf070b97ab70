package dev.schuss.job;

import java.util.Collection;
import java.util.Comparator;

/** What somebody who mistyped a word may have meant. */
final class Nearest {
  private Nearest() {}

  /** {@code ", did you mean X?"} for the nearest known word, or nothing where none is near. */
  static String hint(String word, Collection<String> known) {
    return known.stream()
        .min(Comparator.comparingInt(k -> distance(word, k)))
        .filter(k -> distance(word, k) <= Math.max(2, word.length() / 2))
        .map(k -> ", did you mean " + k + "?")
        .orElse("");
  }

  /** Levenshtein's distance: letters to insert, drop or replace. */
  private static int distance(String a, String b) {
    int[] last = new int[b.length() + 1];
    for (int j = 0; j < last.length; j++) {
      last[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[last.length];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int replace = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replace, 1 + Math.min(last[j], row[j - 1]));
      }
      last = row;
    }
    return last[b.length()];
  }
}
