package dev.schuss.data;

import dev.schuss.math.Mix;
import dev.schuss.model.ClassLabels;
import dev.schuss.model.Numbers;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Labels of a classification as numbers while rows are packed, when the classes are not yet known:
 * a number stands for itself, a text for a 52-bit hash within [2^1000, 2^1001).
 *
 * @param codes of the classes, ascending
 * @param index the class of each code
 */
record LabelCode(double[] codes, int[] index) implements Serializable {
  private static final long EXPONENT = (1023L + 1000) << 52;

  /** The codes of these classes. */
  static LabelCode of(ClassLabels classes) {
    double[] codes = each(classes);
    double[] sorted = codes.clone();
    Arrays.sort(sorted);
    int[] index = new int[codes.length];
    for (int i = 0; i < codes.length; i++) {
      index[Arrays.binarySearch(sorted, codes[i])] = i;
    }
    return new LabelCode(sorted, index);
  }

  /** The code of each class, by its index; names of numbers have no part in them. */
  static double[] each(ClassLabels classes) {
    double[] codes = new double[classes.size()];
    double[] numbers = classes.isText() ? null : classes.numbers();
    Arrays.setAll(codes, i -> numbers == null ? of(classes.name(i)) : numbers[i] + 0.0);
    return codes;
  }

  /** The class of a code, from 0; negative if it is none. */
  int classIndex(double code) {
    int at = Arrays.binarySearch(codes, code);
    return at < 0 ? -1 : index[at];
  }

  /** The code of a label. */
  static double of(String text) {
    try {
      return Numbers.parse(text) + 0.0;
    } catch (NumberFormatException e) {
      return ofText(text);
    }
  }

  /** The code of a label that is no number. */
  static double ofText(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    long hash = bytes.length;
    for (byte b : bytes) {
      hash = Mix.of(hash, b);
    }
    return Double.longBitsToDouble(EXPONENT | hash >>> 12);
  }

  static boolean isText(double code) {
    return Math.getExponent(code) == 1000;
  }
}
