package dev.schuss.data;

import dev.schuss.model.Feature;
import dev.schuss.model.Preprocessing;
import dev.schuss.objective.Task;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.linalg.DenseVector;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** Where the features of a model lie in a table, whose other columns do not matter. */
public final class FeatureColumns implements Serializable {
  private static final long serialVersionUID = 1;

  /** Wider rows are never read in full where one of them might be sparse. */
  private static final int WIDEST = 1 << 14;

  private final Table table;
  private final Preprocessing preprocessing;
  private final List<Feature> features;

  private FeatureColumns(Table table, Preprocessing preprocessing, List<Feature> features) {
    this.table = table;
    this.preprocessing = preprocessing;
    this.features = features;
  }

  /**
   * Finds a model's features.
   *
   * @param columns names of the feature columns, in the model's order; empty for the model's own
   *     names. They may be more or fewer than the model's, such as one vector of all numbers, if
   *     they hold as many inputs
   * @throws DataException if a column is missing, or of a type that cannot be used
   */
  public static FeatureColumns of(
      StructType schema, Preprocessing preprocessing, List<String> columns) {
    List<String> names = columns.isEmpty() ? preprocessing.features() : columns;
    boolean same = names.size() == preprocessing.inputs().size();
    if (!same && !preprocessing.categorical().isEmpty()) {
      throw new DataException(
          "%d feature columns are named, but the model takes %d, categories among them: name one column for each of %s"
              .formatted(
                  names.size(),
                  preprocessing.inputs().size(),
                  String.join(", ", preprocessing.features())));
    }
    List<Feature> features = new ArrayList<>();
    List<String> categorical = new ArrayList<>();
    for (int f = 0; f < names.size(); f++) {
      Feature feature = same ? preprocessing.inputs().get(f) : Feature.vector("", 0);
      features.add(
          new Feature(names.get(f), feature.width(), feature.categories(), feature.missingSeen()));
      if (feature.isCategory()) {
        categorical.add(names.get(f));
      }
    }
    Table table =
        Table.of(
            schema,
            new Columns(names, List.of(), categorical, null, null),
            Task.RECONSTRUCTION); // which reads no labels
    return new FeatureColumns(table, preprocessing, features);
  }

  /**
   * Whether rows had better be read as entries: they hold categories, or vectors that may be
   * sparse.
   *
   * @param first the first of them: where its vectors are dense, the others are taken to be so too
   */
  public boolean sparse(Row first) {
    boolean dense = preprocessing.width() <= WIDEST && preprocessing.categorical().isEmpty();
    for (Table.Field field : table.features()) {
      boolean vector = field.kind() == Table.Kind.VECTOR;
      dense &= !vector || first.get(field.index()) instanceof DenseVector;
    }
    return table.maybeSparse() && !dense;
  }

  /** Place of the column in which a source keeps what it could not read; -1 if there is none. */
  public int malformed() {
    return table.malformed();
  }

  /**
   * A reader for the rows of one task.
   *
   * @param sparse whether it gives rows as entries; it takes either
   */
  public FeatureReader reader(boolean sparse) {
    return new FeatureReader(table, features, preprocessing, sparse);
  }
}
