package dev.schuss.model;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/** The classes of a classification: numbers or texts, ascending; their places are the indexes. */
public final class ClassLabels implements Serializable {
  private static final long serialVersionUID = 1;
  private static final int LISTED = 20;

  private final double[] numbers; // null where the classes are texts
  private final List<String> texts; // null where they are numbers

  private ClassLabels(double[] numbers, List<String> texts) {
    this.numbers = numbers;
    this.texts = texts;
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
    return new ClassLabels(numbers.clone(), null);
  }

  /** Classes that are texts, ascending. */
  public static ClassLabels of(List<String> texts) {
    return new ClassLabels(null, List.copyOf(texts));
  }

  /** Number of classes. */
  public int size() {
    return texts == null ? numbers.length : texts.size();
  }

  /** Whether the classes are texts rather than numbers. */
  public boolean isText() {
    return texts != null;
  }

  /** A class as people write it. */
  public String name(int index) {
    return texts == null ? Numbers.plain(numbers[index]) : texts.get(index);
  }

  /** The classes as people write them. */
  public List<String> names() {
    return java.util.stream.IntStream.range(0, size()).mapToObj(this::name).toList();
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
   * The index of a class; blanks around it are passed over, and a number may be written in any way.
   *
   * @return from 0; negative if the label is none of the classes
   */
  public int index(String label) {
    String trimmed = label.trim();
    try {
      return index(Numbers.parse(trimmed));
    } catch (NumberFormatException e) {
      return texts == null ? -1 : Collections.binarySearch(texts, trimmed);
    }
  }

  /** The classes with commas between, the first ones if they are many. */
  public String list() {
    String shown = names().stream().limit(LISTED).collect(Collectors.joining(", "));
    return size() <= LISTED ? shown : shown + " ... " + size() + " in all";
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof ClassLabels c
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
