package dev.schuss.job;

import dev.schuss.data.Columns;
import dev.schuss.data.Csv;
import dev.schuss.data.Idx;
import dev.schuss.data.Source;
import dev.schuss.math.Range;
import dev.schuss.math.Ranges;
import dev.schuss.model.Scaling;
import java.util.List;
import org.apache.hadoop.fs.Path;

/**
 * The block {@code data} of a job file.
 *
 * @param validation null for none
 * @param test null for none
 * @param weight null for unit weights
 * @param id null for none
 */
record DataBlock(
    From train,
    Validation validation,
    From test,
    List<String> label,
    List<String> features,
    String weight,
    String id,
    Scaling scale) {

  /** Rows to validate on: a part of the training rows, or a source of their own. */
  sealed interface Validation permits Fraction, From {}

  /** A part of the training rows, stratified by class. */
  record Fraction(@Range(above = 0, below = 1) double fraction) implements Validation {
    Fraction {
      Ranges.check(Fraction.class, fraction);
    }
  }

  /** A source as a job file names it. */
  sealed interface From extends Validation permits FromCsv, FromIdx {
    Source source();
  }

  /** Separated values. */
  record FromCsv(String path, boolean header, String delimiter) implements From {
    static FromCsv defaults(String path) {
      Csv csv = new Csv(path);
      return new FromCsv(path, csv.header(), csv.delimiter());
    }

    @Override
    public Source source() {
      return new Csv(path, header, delimiter);
    }
  }

  /**
   * MNIST's files.
   *
   * @param path the folder that holds the files; null where they have paths of their own
   */
  record FromIdx(String path, String images, String labels) implements From {
    static FromIdx defaults(String images, String labels) {
      return new FromIdx(null, images, labels);
    }

    @Override
    public Source source() {
      return new Idx(in(images), in(labels));
    }

    private String in(String file) {
      return path == null ? file : new Path(path, file).toString();
    }
  }

  static DataBlock defaults(From train) {
    return new DataBlock(
        train, null, null, List.of("label"), List.of("*"), null, null, Scaling.none());
  }

  Columns columns() {
    return new Columns(features, label, weight, id);
  }

  /** The part of the training rows that is kept for validation; 0 for none. */
  double validationFraction() {
    return validation instanceof Fraction part ? part.fraction : 0;
  }
}
