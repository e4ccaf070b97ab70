package dev.schuss.data;

import dev.schuss.model.Feature;
import dev.schuss.model.InputRow;
import dev.schuss.model.Invalid;
import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What must be known of a table's columns before its rows can be packed: the values of categories,
 * the length of vectors that do not say it, and that of all vectors where missing ones are kept, as
 * so many zeros. A pass of its own, made only where there are such.
 */
final class Survey implements Externalizable {
  private static final long serialVersionUID = 1;

  /** A column of more values is no category. */
  static final int MAX_CATEGORIES = 100_000;

  private static final int LONGEST = 1000;

  private List<Map<String, Long>> counts = new ArrayList<>(); // per feature column
  private boolean[] missing = {};
  private int[] widths = {};

  /** For deserialization. */
  public Survey() {}

  private Survey(Table table, Invalid invalid, Iterator<Row> rows) {
    int n = table.features().size();
    missing = new boolean[n];
    widths = new int[n];
    for (int f = 0; f < n; f++) {
      counts.add(new HashMap<>());
    }
    while (rows.hasNext()) {
      add(table, invalid, rows.next());
    }
  }

  private void add(Table table, Invalid invalid, Row row) {
    if (table.malformed() >= 0 && !row.isNullAt(table.malformedAt())) {
      return;
    }
    for (int f = 0; f < widths.length; f++) {
      Table.Field field = table.features().get(f);
      if (field.kind() == Table.Kind.CATEGORY) {
        String name = row.isNullAt(f) ? "" : InputRow.categoryName(row.get(f));
        if (name.isEmpty()) {
          missing[f] = true;
        } else if (counts.get(f).size() <= MAX_CATEGORIES && name.length() <= LONGEST) {
          counts.get(f).merge(name, 1L, Long::sum);
        }
      } else if (measured(field, invalid) && !row.isNullAt(f)) {
        widths[f] = Math.max(widths[f], length(row.get(f)));
      }
    }
  }

  /** Whether the length of a column's vectors must be known before the first of them. */
  private static boolean measured(Table.Field field, Invalid invalid) {
    return switch (field.kind()) {
      case VECTOR, ARRAY, BYTES -> field.open() || invalid == Invalid.KEEP;
      case NUMBER, BOOLEAN, TEXT, CATEGORY -> false;
    };
  }

  private static int length(Object value) {
    if (value instanceof Vector vector) {
      return vector.size();
    }
    return value instanceof byte[] bytes ? bytes.length : ((scala.collection.Seq<?>) value).size();
  }

  /**
   * The feature columns of a table. Categories are ordered by their number of rows, the most
   * frequent first, those of equal number by name.
   *
   * @param invalid what becomes of missing values
   * @throws DataException if a category has too many values, or none
   */
  static List<Feature> of(Dataset<Row> data, Table table, Invalid invalid) {
    boolean needed =
        table.features().stream()
            .anyMatch(f -> f.kind() == Table.Kind.CATEGORY || measured(f, invalid));
    List<Survey> parts =
        needed
            ? table
                .select(data)
                .javaRDD()
                .mapPartitions(rows -> List.of(new Survey(table, invalid, rows)).iterator())
                .collect()
            : List.of();
    List<Feature> features = new ArrayList<>();
    for (int f = 0; f < table.features().size(); f++) {
      Table.Field field = table.features().get(f);
      int at = f;
      features.add(
          switch (field.kind()) {
            case NUMBER, BOOLEAN, TEXT -> Feature.number(field.name());
            case CATEGORY -> category(field.name(), parts, at);
            case VECTOR, ARRAY, BYTES ->
                Feature.vector(
                    field.name(), parts.stream().mapToInt(p -> p.widths[at]).max().orElse(0));
          });
    }
    return features;
  }

  private static Feature category(String column, List<Survey> parts, int f) {
    Map<String, Long> all = new HashMap<>();
    boolean missing = false;
    for (Survey part : parts) {
      part.counts.get(f).forEach((name, n) -> all.merge(name, n, Long::sum));
      missing |= part.missing[f];
    }
    if (all.size() > MAX_CATEGORIES) {
      throw new DataException(
          "categorical column %s has more than %d different values: leave it out of the features, or make it coarser"
              .formatted(column, MAX_CATEGORIES));
    }
    List<String> names =
        all.entrySet().stream()
            .sorted(
                Comparator.comparingLong((Map.Entry<String, Long> e) -> -e.getValue())
                    .thenComparing(Map.Entry::getKey))
            .map(Map.Entry::getKey)
            .toList();
    return Feature.category(column, names, missing);
  }

  @Override
  public void writeExternal(ObjectOutput out) throws IOException {
    out.writeInt(widths.length);
    for (int f = 0; f < widths.length; f++) {
      out.writeInt(widths[f]);
      out.writeBoolean(missing[f]);
      out.writeInt(counts.get(f).size());
      for (Map.Entry<String, Long> entry : counts.get(f).entrySet()) {
        out.writeUTF(entry.getKey());
        out.writeLong(entry.getValue());
      }
    }
  }

  @Override
  public void readExternal(ObjectInput in) throws IOException {
    int n = in.readInt();
    widths = new int[n];
    missing = new boolean[n];
    for (int f = 0; f < n; f++) {
      widths[f] = in.readInt();
      missing[f] = in.readBoolean();
      Map<String, Long> names = new HashMap<>();
      for (int left = in.readInt(); left > 0; left--) {
        names.put(in.readUTF(), in.readLong());
      }
      counts.add(names);
    }
  }
}
