package dev.schuss.data;

import java.util.ArrayList;
import java.util.List;

/**
 * Rows that were left out because something in them is missing or wrong.
 *
 * @param rows how many
 * @param examples the first of them: where each lies, and what is wrong with it
 */
public record Skipped(long rows, List<String> examples) {
  /** No row was left out. */
  public static final Skipped NONE = new Skipped(0, List.of());

  /** Copies the list. */
  public Skipped {
    examples = List.copyOf(examples);
  }

  /** The first example; empty if there is none. */
  public String first() {
    return examples.isEmpty() ? "" : examples.get(0);
  }

  /** These and others; of the examples the first ones. */
  public Skipped and(Skipped others) {
    List<String> all = new ArrayList<>(examples);
    all.addAll(others.examples);
    return new Skipped(
        rows + others.rows, all.subList(0, Math.min(all.size(), MapperNote.EXAMPLES)));
  }
}
