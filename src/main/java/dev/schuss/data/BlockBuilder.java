package dev.schuss.data;

import dev.schuss.math.SparseRows;
import java.util.Arrays;

/** The pages of a block that is being filled, row by row. */
final class BlockBuilder {
  private static final int PAGE_FLOATS = 1 << 24;

  private final int partition;
  private final int rows;
  private final int width;
  private final int targetWidth;
  private final int pageShift;
  private final float[][] features; // null where rows are sparse
  private final SparseRows[] sparse; // null where they are dense
  private final float[][] targets;
  private final float[][] weights;
  private final long[] keys;
  private final long[] ids;

  /**
   * An empty block.
   *
   * @param mostEntries entries of the fullest row where rows are sparse; -1 where they are dense
   */
  BlockBuilder(
      int partition,
      int rows,
      int width,
      int targetWidth,
      boolean weighted,
      boolean withIds,
      int mostEntries) {
    this(
        partition,
        rows,
        width,
        targetWidth,
        weighted,
        withIds,
        mostEntries >= 0,
        pageShift(Math.max(mostEntries < 0 ? width : mostEntries, targetWidth), PAGE_FLOATS));
  }

  BlockBuilder(
      int partition,
      int rows,
      int width,
      int targetWidth,
      boolean weighted,
      boolean withIds,
      boolean isSparse,
      int pageShift) {
    this.partition = partition;
    this.rows = rows;
    this.width = width;
    this.targetWidth = targetWidth;
    this.pageShift = pageShift;
    this.features = isSparse ? null : paged(rows, width, pageShift);
    this.sparse = isSparse ? new SparseRows[pages(rows, pageShift)] : null;
    if (isSparse) {
      Arrays.setAll(sparse, page -> new SparseRows());
    }
    this.targets = paged(rows, targetWidth, pageShift);
    this.weights = weighted ? paged(rows, 1, pageShift) : null;
    this.keys = new long[rows];
    this.ids = withIds ? new long[rows] : null;
  }

  /** The largest shift for which a page holds at most so many floats; 0 for very wide rows. */
  static int pageShift(int width, int pageFloats) {
    int rowsPerPage = Math.max(1, pageFloats / Math.max(1, width));
    return 31 - Integer.numberOfLeadingZeros(rowsPerPage);
  }

  static int pages(int rows, int pageShift) {
    return (int) ((rows + (1L << pageShift) - 1) >> pageShift);
  }

  static float[][] paged(int rows, int width, int pageShift) {
    float[][] pages = new float[pages(rows, pageShift)][];
    for (int page = 0; page < pages.length; page++) {
      int inPage = Math.min(1 << pageShift, rows - (page << pageShift));
      pages[page] = new float[Math.multiplyExact(inPage, width)];
    }
    return pages;
  }

  int pageShift() {
    return pageShift;
  }

  /** Sets a row's features; those of a sparse block row after row. */
  void features(int row, float[] from, int offset) {
    if (sparse == null) {
      System.arraycopy(from, offset, features[row >> pageShift], inPage(row) * width, width);
    } else {
      sparse[row >> pageShift].append(from, offset, width);
    }
  }

  /** Sets a row's features; those of a sparse block row after row. */
  void features(int row, SparseRows from, int fromRow) {
    if (sparse == null) {
      from.expand(fromRow, features[row >> pageShift], inPage(row) * width, width);
    } else {
      sparse[row >> pageShift].append(from, fromRow);
    }
  }

  void target(int row, int j, float value) {
    targets[row >> pageShift][inPage(row) * targetWidth + j] = value;
  }

  void weight(int row, float value) {
    if (weights != null) {
      weights[row >> pageShift][inPage(row)] = value;
    }
  }

  void key(int row, long key) {
    keys[row] = key;
  }

  void id(int row, long id) {
    if (ids != null) {
      ids[row] = id;
    }
  }

  /** The page of sparse rows to which this row, the next one, is to be added. */
  SparseRows sparsePage(int row) {
    return sparse[row >> pageShift];
  }

  /** The pages of dense features, for work on all rows at once. */
  float[][] featurePages() {
    return features;
  }

  Block build() {
    if (sparse != null) {
      Arrays.stream(sparse).forEach(SparseRows::trim);
    }
    return new Block(
        partition,
        rows,
        width,
        targetWidth,
        pageShift,
        features,
        sparse,
        targets,
        weights,
        keys,
        ids);
  }

  private int inPage(int row) {
    return row & ((1 << pageShift) - 1);
  }
}
