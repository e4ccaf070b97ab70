package dev.schuss.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns the feature columns of one row into raw network inputs: categories into zeros and ones,
 * vectors element by element, everything in single precision, not yet scaled ({@link
 * Preprocessing#apply}). Training, evaluation and prediction all use it, so that they cannot
 * differ.
 *
 * <p>Call {@link #start}, then one of the {@code add} methods for each column in order, then {@link
 * #end}. Arrays are used again for the next row. One per thread.
 */
public final class InputRow {
  private final List<Feature> features;
  private final boolean sparse;
  private final boolean keep;
  private final List<Map<String, Integer>> places = new ArrayList<>(); // of each category's values
  private final int[] widths; // 0: not yet known
  private final int[] rowWidths;

  private int column;
  private int width; // so far
  private float[] dense;
  private int[] indices = new int[16];
  private float[] values = new float[16];
  private int entries;

  /**
   * A row of these columns.
   *
   * @param features in order; a width of 0 is taken from the first row
   * @param sparse whether inputs are wanted as entries other than 0
   */
  public InputRow(List<Feature> features, boolean sparse, Invalid invalid) {
    this.features = features;
    this.sparse = sparse;
    this.keep = invalid == Invalid.KEEP;
    this.widths = features.stream().mapToInt(Feature::width).toArray();
    this.rowWidths = new int[widths.length];
    this.dense = new float[sparse ? 0 : Math.max(widths.length, Arrays.stream(widths).sum())];
    for (Feature feature : features) {
      Map<String, Integer> place = new HashMap<>();
      for (int i = 0; feature.isCategory() && i < feature.categories().size(); i++) {
        place.put(feature.categories().get(i), i);
      }
      places.add(place);
    }
  }

  /** Begins a row. */
  public void start() {
    column = 0;
    width = 0;
    entries = 0;
  }

  /**
   * Ends a row.
   *
   * @throws IllegalStateException if not every column was added
   */
  public void end() {
    if (column < widths.length) {
      throw new IllegalStateException(column + " of " + widths.length + " columns were added");
    }
    System.arraycopy(rowWidths, 0, widths, 0, widths.length);
  }

  /** Adds a column of any kind that this class knows; null is a missing value. */
  public void add(Object value) throws BadValue {
    if (value == null) {
      addMissing();
    } else if (features.get(column).isCategory()) {
      addCategory(value);
    } else if (value instanceof Number number) {
      addNumber(number.doubleValue());
    } else if (value instanceof Boolean bool) {
      addNumber(bool ? 1 : 0);
    } else if (value instanceof CharSequence text) {
      addText(text.toString());
    } else if (value instanceof byte[] bytes) {
      addBytes(bytes);
    } else if (value instanceof double[] numbers) {
      addVector(numbers);
    } else if (value instanceof float[] numbers) {
      addVector(numbers);
    } else if (value instanceof List<?> list) {
      addList(list);
    } else {
      throw new BadValue(
          name(), "a " + value.getClass().getSimpleName() + " is not a number", value.toString());
    }
  }

  /** Adds a missing value. */
  public void addMissing() throws BadValue {
    Feature feature = features.get(column);
    if (feature.isCategory()) {
      unknownCategory(feature);
    } else if (!keep || widths[column] == 0) {
      throw BadValue.missing(feature.name());
    } else {
      int from = grow(widths[column]);
      for (int j = 0; j < widths[column]; j++) {
        set(from + j, Float.NaN);
      }
      next(widths[column]);
    }
  }

  /** Adds a number. */
  public void addNumber(double x) throws BadValue {
    int at = begin(1);
    set(at, single(x, -1));
    next(1);
  }

  /** Adds a number that is written as text. */
  public void addText(String text) throws BadValue {
    if (text.isBlank()) {
      addMissing();
      return;
    }
    double number;
    try {
      number = Numbers.parse(text);
    } catch (NumberFormatException e) {
      throw BadValue.noNumber(name(), text);
    }
    addNumber(number);
  }

  /** Adds a category; blank text is a missing value. */
  public void addCategory(Object value) {
    Feature feature = features.get(column);
    Integer place = places.get(column).get(categoryName(value));
    if (place == null) {
      unknownCategory(feature);
    } else {
      set(grow(feature.width()) + place, 1f);
      next(feature.width());
    }
  }

  /** A value as the name of a category: trimmed, whole numbers without a point. */
  public static String categoryName(Object value) {
    boolean real = value instanceof Double || value instanceof Float;
    return real ? Numbers.plain(((Number) value).doubleValue()) : value.toString().trim();
  }

  private void unknownCategory(Feature feature) {
    int from = grow(feature.width());
    if (feature.missingSeen()) {
      set(from + feature.width() - 1, 1f);
    }
    next(feature.width());
  }

  /** Adds bytes as numbers from 0 to 255. */
  public void addBytes(byte[] bytes) throws BadValue {
    int from = begin(bytes.length);
    for (int j = 0; j < bytes.length; j++) {
      set(from + j, bytes[j] & 0xFF);
    }
    next(bytes.length);
  }

  /** Adds a vector. */
  public void addVector(double[] x) throws BadValue {
    int from = begin(x.length);
    for (int j = 0; j < x.length; j++) {
      set(from + j, single(x[j], j));
    }
    next(x.length);
  }

  /** Adds a vector. */
  public void addVector(float[] x) throws BadValue {
    int from = begin(x.length);
    for (int j = 0; j < x.length; j++) {
      set(from + j, single(x[j], j));
    }
    next(x.length);
  }

  /** Adds a vector of numbers, some of which may be null. */
  public void addList(List<?> list) throws BadValue {
    int from = begin(list.size());
    int j = 0;
    for (Object element : list) {
      if (element == null && !keep) {
        throw BadValue.missing(name() + "[" + j + "]");
      }
      set(from + j, element == null ? Float.NaN : single(((Number) element).doubleValue(), j));
      j++;
    }
    next(j);
  }

  /**
   * Adds a sparse vector.
   *
   * @param open whether size is only a lower bound, so that a wider column is filled with zeros
   * @param at indices, ascending, below size
   */
  public void addVector(int size, boolean open, int[] at, double[] x) throws BadValue {
    int known = widths[column];
    if (open && known != 0 && size > known) {
      throw new BadValue(name(), "index %d, but there are %d features".formatted(size, known), "");
    }
    int wide = open && known != 0 ? known : size;
    int from = begin(wide);
    for (int k = 0; k < at.length; k++) {
      set(from + at[k], single(x[k], at[k]));
    }
    next(wide);
  }

  /** The inputs that were added so far. */
  public int width() {
    return width;
  }

  /** The inputs of each column; 0 where it is not yet known. */
  public int[] widths() {
    return widths.clone();
  }

  /** The inputs of a dense row, at least {@link #width} floats; NaN where one is missing. */
  public float[] dense() {
    return dense;
  }

  /** Whether the row is given as entries, rather than in full. */
  public boolean isSparse() {
    return sparse;
  }

  /** Number of entries of a sparse row; 0 for a dense one. */
  public int entries() {
    return entries;
  }

  /** The places of the entries of a sparse row, ascending. */
  public int[] indices() {
    return indices;
  }

  /** The values of the entries of a sparse row: not 0; NaN where one is missing. */
  public float[] values() {
    return values;
  }

  private String name() {
    return features.get(column).name();
  }

  /** Makes room for a vector, which must be as long as those before. */
  private int begin(int length) throws BadValue {
    int known = widths[column];
    if (known != 0 && known != length) {
      boolean given = features.get(column).width() != 0;
      throw new BadValue(
          name(),
          "%d values, but %d %s"
              .formatted(length, known, given ? "are expected" : "in the rows before"),
          "");
    }
    return grow(length);
  }

  private int grow(int length) {
    int to = Math.addExact(width, length);
    if (!sparse) {
      if (to > dense.length) {
        dense = Arrays.copyOf(dense, Math.max(to, 2 * dense.length));
      }
      Arrays.fill(dense, width, to, 0f);
    }
    return width;
  }

  private void set(int at, float x) {
    if (!sparse) {
      dense[at] = x + 0f; // -0 is 0
    } else if (x != 0) { // NaN is an entry
      if (entries == indices.length) {
        indices = Arrays.copyOf(indices, 2 * entries);
        values = Arrays.copyOf(values, 2 * entries);
      }
      indices[entries] = at;
      values[entries++] = x;
    }
  }

  private void next(int length) {
    rowWidths[column++] = length;
    width += length;
  }

  private float single(double x, int j) throws BadValue {
    float single = (float) x;
    if (Float.isFinite(single)) {
      return single;
    }
    if (keep) {
      return Float.NaN;
    }
    throw new BadValue(
        j < 0 ? name() : name() + "[" + j + "]",
        Double.isFinite(x) ? x + " does not fit a 32-bit float" : x + " is not a finite number",
        "");
  }
}
