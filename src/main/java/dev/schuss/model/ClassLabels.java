package dev.schuss.model;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The classes of a classification: numbers or texts, ascending; their places are the indexes.
 * Numbers may have names, as spark.ml's indexes of labels have.
 */
public final class ClassLabels implements Serializable {
  private static final long serialVersionUID = 1;
  private static final int LISTED = 20;

  private final double[] numbers; // null where the classes are texts
  private final List<String> texts; // null where they are numbers
  private final List<String> names; // of numbers; null where they have none

  private ClassLabels(double[] numbers, List<String> texts, List<String> names) {
    this.numbers = numbers;
    this.texts = texts;
    this.names = names;
    for (int i = 1; i < size(); i++) {
      boolean ascending =
          isText() ? texts.get(i - 1).compareTo(texts.get(i)) < 0 : numbers[i - 1] < numbers[i];
      if (!ascending) {
        throw new IllegalArgumentException("classes are not in ascending order at place " + i);
      }
    }
  }

  /** Classes that are numbers, ascending. */
  public static ClassLabels of(double... numbers) {
    return new ClassLabels(numbers.clone(), null, null);
  }

  /** Classes that are texts, ascending. */
  public static ClassLabels of(List<String> texts) {
    return new ClassLabels(null, List.copyOf(texts), null);
  }

  /**
   * The same classes, numbers, with a name for each.
   *
   * @throws IllegalArgumentException if there are more names than classes, or fewer, or they are
   *     texts
   */
  public ClassLabels named(List<String> given) {
    if (texts != null || given.size() != size()) {
      throw new IllegalArgumentException(
          "%d names for the classes %s: each number needs one, and texts are their own"
              .formatted(given.size(), list()));
    }
    return new ClassLabels(numbers, null, List.copyOf(given));
  }

  /** Number of classes. */
  public int size() {
    return texts == null ? numbers.length : texts.size();
  }

  /** Whether the classes are texts rather than numbers. */
  public boolean isText() {
    return texts != null;
  }

  /** Whether the classes are numbers that have names. */
  public boolean isNamed() {
    return names != null;
  }

  /** A class as people write it: a number by its name, if it has one. */
  public String name(int index) {
    if (names != null) {
      return names.get(index);
    }
    return texts == null ? Numbers.plain(numbers[index]) : texts.get(index);
  }

  /** The classes as people write them. */
  public List<String> names() {
    return IntStream.range(0, size()).mapToObj(this::name).toList();
  }

  /**
   * The classes that are numbers.
   *
   * @throws IllegalStateException if they are texts
   */
  public double[] numbers() {
    if (numbers == null) {
      throw new IllegalStateException("the classes are texts: " + list());
    }
    return numbers.clone();
  }

  /**
   * The index of a class.
   *
   * @return from 0; negative if the label is none of the classes
   */
  public int index(double label) {
    return texts == null
        ? Arrays.binarySearch(numbers, label + 0.0) // -0 is 0
        : Collections.binarySearch(texts, Numbers.plain(label));
  }

  /**
   * Whether labels are names, and no numbers of classes: some name is a number, but not that of its
   * class, as where StringIndexer ordered digits by how often they are. Else a label may be either.
   */
  public boolean namesAlone() {
    return names != null
        && IntStream.range(0, size())
            .anyMatch(
                i -> {
                  Double named = number(names.get(i));
                  return named != null && named != numbers[i];
                });
  }

  /**
   * The index of a class; blanks around it are passed over, and a number may be written in any way.
   * A class that has a name is found by it and, but for {@link #namesAlone}, by its number; NaN and
   * Infinity are no numbers, but may be names.
   *
   * @return from 0; negative if the label is none of the classes, or the name of several
   */
  public int index(String label) {
    String trimmed = label.trim();
    Double number = number(trimmed);
    if (names != null && (number == null || namesAlone())) {
      int[] so = IntStream.range(0, size()).filter(i -> isCalled(i, trimmed, number)).toArray();
      return so.length == 1 ? so[0] : -1;
    }
    if (number != null) {
      return index(number);
    }
    return texts == null ? -1 : Collections.binarySearch(texts, trimmed);
  }

  private boolean isCalled(int index, String label, Double number) {
    String name = names.get(index).trim();
    return number == null ? name.equals(label) : number.equals(number(name));
  }

  /** What a text says as a finite number, 0 for -0; null if it is none. */
  private static Double number(String text) {
    try {
      double number = Numbers.parse(text) + 0.0;
      return Double.isFinite(number) ? (Double) number : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** The same classes, numbers without names. */
  public ClassLabels unnamed() {
    return names == null ? this : new ClassLabels(numbers, null, null);
  }

  /**
   * The classes with commas between, numbers beside their names; the first ones if they are many.
   */
  public String list() {
    return list(names != null);
  }

  /**
   * What labels may be, as {@link #list}; names without numbers where they are {@link #namesAlone}.
   */
  public String listLabels() {
    return list(names != null && !namesAlone());
  }

  private String list(boolean withNumbers) {
    String shown =
        IntStream.range(0, Math.min(size(), LISTED))
            .mapToObj(i -> (withNumbers ? Numbers.plain(numbers[i]) + " = " : "") + name(i))
            .collect(Collectors.joining(", "));
    return size() <= LISTED ? shown : shown + " ... " + size() + " in all";
  }

  /**
   * Whether an index is the same class in both; numbers without names are taken by their values.
   */
  public boolean isLike(ClassLabels other) {
    boolean nameless = names == null || other.names == null;
    return nameless
        ? Arrays.equals(numbers, other.numbers) && Objects.equals(texts, other.texts)
        : equals(other);
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof ClassLabels c
        && Objects.equals(names, c.names)
        && Arrays.equals(numbers, c.numbers)
        && (texts == null ? c.texts == null : texts.equals(c.texts));
  }

  @Override
  public int hashCode() {
    return texts == null ? Arrays.hashCode(numbers) : texts.hashCode();
  }

  @Override
  public String toString() {
    return names().toString();
  }
}
