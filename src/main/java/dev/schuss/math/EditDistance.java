package dev.schuss.math;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The distance between words, to find the name that a person meant. */
public final class EditDistance {

  private EditDistance() {}

  /** All names, the most similar first; equally similar ones in alphabetic order. */
  public static List<String> nearestFirst(String name, Collection<String> known) {
    return known.stream()
        .sorted(
            Comparator.comparingInt((String k) -> distance(plain(name), plain(k)))
                .thenComparing(Comparator.naturalOrder()))
        .toList();
  }

  /** The known name that was probably meant, if one is near. */
  public static Optional<String> nearest(String name, Collection<String> known) {
    return nearestFirst(name, known).stream()
        .findFirst()
        .filter(
            k -> {
              int d = distance(plain(name), plain(k));
              return d <= 1 + plain(k).length() / 4
                  && d < Math.max(plain(k).length(), plain(name).length());
            });
  }

  /** batch_size, batch-size and batchsize are batchSize but for the spelling. */
  public static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
  }

  /** Insertions, deletions, replacements and swaps of neighbours that turn a into b. */
  public static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int replace = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        d[i][j] = Math.min(replace, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], 1 + d[i - 2][j - 2]);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
