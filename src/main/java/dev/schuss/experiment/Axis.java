package dev.schuss.experiment;

import java.util.ArrayList;
import java.util.List;

/**
 * What one key of a grid may be.
 *
 * @param key the key
 * @param choices its alternatives, at least one
 * @param <T> what an alternative is
 */
public record Axis<T>(String key, List<Choice<T>> choices) {
  /** More runs than this are a mistake, such as a list that was meant to be one value. */
  public static final int MOST = 10_000;

  /**
   * One alternative.
   *
   * @param label for people, different from that of the others
   */
  public record Choice<T>(String label, T value) {}

  /** Takes a copy of the choices. */
  public Axis {
    choices = List.copyOf(choices);
  }

  /**
   * Every combination of one choice from each axis; the last axis changes the fastest.
   *
   * @throws IllegalArgumentException if an axis has no choice, or there are more than {@link #MOST}
   *     combinations
   */
  public static <T> List<List<Choice<T>>> product(List<Axis<T>> axes) {
    long count = 1;
    for (Axis<T> axis : axes) {
      if (axis.choices.isEmpty()) {
        throw new IllegalArgumentException(axis.key + " = []: needs at least one alternative");
      }
      count *= axis.choices.size();
      if (count > MOST) {
        throw new IllegalArgumentException(
            "the grid has more than %,d combinations: give it fewer alternatives".formatted(MOST));
      }
    }
    List<List<Choice<T>>> all = List.of(List.of());
    for (Axis<T> axis : axes) {
      List<List<Choice<T>>> longer = new ArrayList<>();
      for (List<Choice<T>> shorter : all) {
        for (Choice<T> choice : axis.choices) {
          List<Choice<T>> one = new ArrayList<>(shorter);
          one.add(choice);
          longer.add(List.copyOf(one));
        }
      }
      all = longer;
    }
    return all;
  }
}
