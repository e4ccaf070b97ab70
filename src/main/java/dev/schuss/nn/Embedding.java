package dev.schuss.nn;

import dev.schuss.math.Mix;
import dev.schuss.math.Range;
import dev.schuss.math.Ranges;
import dev.schuss.math.SparseRows;
import dev.schuss.objective.Layout;
import dev.schuss.objective.Segment;
import java.util.Arrays;
import java.util.List;

/**
 * Makes of each column of categories a few numbers that are learned for each of its values; the
 * other inputs stay as they are and come first, in their order. A value that is not known becomes
 * the numbers of the missing value where the training rows had such in this column, else zeros.
 *
 * <p>Parameters: {@code weight} [inputs of all categories, units]: the numbers of each value.
 *
 * @param units numbers that each category becomes
 * @param initializer how its weights start; null for the network's way
 */
public record Embedding(@Range(min = 1) int units, Initializer initializer) implements Layer {
  /** Checks the units. */
  public Embedding {
    Ranges.check(Embedding.class, units, initializer);
  }

  /** A layer whose weights start in the network's way. */
  public Embedding(int units) {
    this(units, null);
  }

  /** What a job file need not say; the units it must. */
  public static Embedding defaults(int units) {
    return new Embedding(units);
  }

  /** Without its start, which is over for a model that another training goes on from. */
  @Override
  public String toString() {
    return "Embedding[units=" + units + "]";
  }

  @Override
  public String type() {
    return "embedding";
  }

  @Override
  public boolean takesCategories() {
    return true;
  }

  @Override
  public BoundLayer bind(String name, Shape input, Layout.Builder layout) {
    List<Shape.Category> categories = input.categories();
    if (categories.isEmpty()) {
      throw new IllegalArgumentException(
          name
              + " has no categories: name their columns in data.categorical, and put it before layers that mix inputs");
    }
    int values = categories.stream().mapToInt(Shape.Category::width).sum();
    int numbers = input.size() - values;
    long outputs = numbers + (long) units * categories.size();
    if (outputs > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "%s: %d units for each of %d categories are more than 2147483647 numbers of a row: take fewer units"
              .formatted(name, units, categories.size()));
    }
    Segment weight = layout.append(name + ".weight", true, values, units);
    return new Bound(
        input.size(),
        (int) outputs,
        numbers,
        units,
        initializer,
        categories.stream().mapToInt(Shape.Category::from).toArray(),
        categories.stream().mapToInt(Shape.Category::width).toArray(),
        weight.offset());
  }

  /** A category's inputs are zeros and a one, so that its numbers are a product with the table. */
  private record Bound(
      int inputs,
      int outputs,
      int numbers,
      int units,
      Initializer own,
      int[] from,
      int[] width,
      int weight)
      implements SparseInput {

    @Override
    public double operations() {
      return 2.0 * units * from.length;
    }

    @Override
    public void initialize(float[] w, Initializer initializer, Mix random) {
      int values = Arrays.stream(width).sum();
      Initializer chosen = own == null ? initializer : own;
      chosen.fill(w, weight, weight + values * units, units, units, random);
    }

    @Override
    public void forward(float[] w, float[] x, int rows, float[] y) {
      for (int r = 0; r < rows; r++) {
        int in = r * inputs;
        int out = r * outputs;
        copyNumbers(x, in, y, out, true);
        int table = weight;
        for (int c = 0; c < from.length; c++) {
          int to = out + numbers + c * units;
          Arrays.fill(y, to, to + units, 0);
          for (int j = in + from[c]; j < in + from[c] + width[c]; j++, table += units) {
            if (x[j] != 0) {
              add(x[j], w, table, y, to);
            }
          }
        }
      }
    }

    private void add(float factor, float[] a, int from, float[] to, int at) {
      for (int k = 0; k < units; k++) {
        to[at + k] += factor * a[from + k];
      }
    }

    /** The inputs between the categories to the first outputs, or the other way. */
    private void copyNumbers(float[] inRow, int in, float[] outRow, int out, boolean forth) {
      int done = 0;
      int to = out;
      for (int c = 0; c <= from.length; c++) {
        int n = (c == from.length ? inputs : from[c]) - done;
        if (forth) {
          System.arraycopy(inRow, in + done, outRow, to, n);
        } else {
          System.arraycopy(outRow, to, inRow, in + done, n);
        }
        to += n;
        done = c == from.length ? inputs : from[c] + width[c];
      }
    }

    @Override
    public void backward(
        float[] w,
        float[] x,
        float[] y,
        int rows,
        float[] dy,
        float[] dx,
        float[] gradient,
        Training training) {
      for (int r = 0; r < rows; r++) {
        int in = r * inputs;
        int out = r * outputs;
        if (dx != null) {
          copyNumbers(dx, in, dy, out, false);
        }
        int table = weight;
        for (int c = 0; c < from.length; c++) {
          int of = out + numbers + c * units;
          for (int j = in + from[c]; j < in + from[c] + width[c]; j++, table += units) {
            if (x[j] != 0) {
              add(x[j], dy, of, gradient, table);
            }
            if (dx != null) {
              float sum = 0;
              for (int k = 0; k < units; k++) {
                sum += w[table + k] * dy[of + k];
              }
              dx[j] = sum;
            }
          }
        }
      }
    }

    @Override
    public void forward(float[] w, SparseRows x, float[] y, Training training) {
      forward(w, x, y);
    }

    @Override
    public void forward(float[] w, SparseRows x, float[] y) {
      Arrays.fill(y, 0, x.rows() * outputs, 0);
      each(
          x,
          (value, number, table, to) -> {
            if (number) {
              y[to] = value;
            } else {
              add(value, w, table, y, to);
            }
          });
    }

    @Override
    public void backward(SparseRows x, float[] y, float[] dy, float[] gradient, Training training) {
      each(
          x,
          (value, number, table, of) -> {
            if (!number) {
              add(value, dy, of, gradient, table);
            }
          });
    }

    /** An input that is not 0: its row of the table unless it is a number, and its output. */
    private interface Entry {
      void at(float value, boolean number, int table, int output);
    }

    private void each(SparseRows x, Entry entry) {
      for (int r = 0; r < x.rows(); r++) {
        int out = r * outputs;
        int category = 0;
        int before = 0; // inputs of the categories before this one
        int last = -1;
        for (int e = x.offsets()[r]; e < x.offsets()[r + 1]; e++) {
          int j = x.indices()[e];
          if (j < last) { // not in order: look from the start
            category = 0;
            before = 0;
          }
          last = j;
          while (category < from.length && j >= from[category] + width[category]) {
            before += width[category++];
          }
          if (category < from.length && j >= from[category]) {
            int table = weight + (before + j - from[category]) * units;
            entry.at(x.values()[e], false, table, out + numbers + category * units);
          } else {
            entry.at(x.values()[e], true, -1, out + j - before);
          }
        }
      }
    }
  }
}
