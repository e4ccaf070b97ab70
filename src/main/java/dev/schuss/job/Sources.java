package dev.schuss.job;

import dev.schuss.data.CatalogTable;
import dev.schuss.data.Cifar;
import dev.schuss.data.Csv;
import dev.schuss.data.Derived;
import dev.schuss.data.Idx;
import dev.schuss.data.LibSvm;
import dev.schuss.data.Source;
import dev.schuss.data.SparkFiles;
import dev.schuss.spec.Registry;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;

/** The sources of rows as job files name them, told apart by {@code format}. */
final class Sources {
  static final Registry<From> REGISTRY =
      Registry.of(From.class, "format")
          .add("csv", FromCsv.class)
          .add("libsvm", FromLibSvm.class)
          .add("parquet", FromParquet.class)
          .add("orc", FromOrc.class)
          .add("json", FromJson.class)
          .add("table", FromTable.class)
          .add("idx", FromIdx.class)
          .add("cifar", FromCifar.class);

  private Sources() {}

  /** A source as a job file names it. */
  sealed interface From extends DataBlock.Validation, DataBlock.Test
      permits FromCsv, FromLibSvm, FromParquet, FromOrc, FromJson, FromTable, FromIdx, FromCifar {
    Source source();
  }

  /**
   * Separated values, plain or compressed.
   *
   * @param path a file, folder or pattern here or on any file system of Hadoop, or {@code
   *     classpath:} and the name of a file inside the jar
   * @param header whether the first line of each file holds the columns' names; without names they
   *     are {@code _c0}, {@code _c1} ...
   * @param delimiter what stands between values, such as a tab; {@code whitespace} for any number
   *     of blanks
   * @param columns names of all columns, in place of the header's; empty for those
   * @param options of Spark's CSV reader, such as {@code nullValue}
   * @param derive columns that Spark SQL computes: a name and its expression
   */
  record FromCsv(
      String path,
      boolean header,
      String delimiter,
      List<String> columns,
      Map<String, String> options,
      Map<String, String> derive)
      implements From {
    FromCsv {
      new Csv(path, header, delimiter, columns, options); // checks them where the file can be named
    }

    static FromCsv defaults(String path) {
      Csv csv = new Csv(path);
      return new FromCsv(
          path, csv.header(), csv.delimiter(), csv.columns(), csv.options(), Map.of());
    }

    @Override
    public Source source() {
      return Derived.of(new Csv(path, header, delimiter, columns, options), derive);
    }
  }

  /**
   * Lines of {@code label index:value ...}, indices from 1. Rows stay sparse up to the first layer.
   *
   * @param path a file, folder or pattern, or {@code classpath:} and the name of a file inside the
   *     jar
   * @param features length of a row, at least 1; null for the largest index
   */
  record FromLibSvm(String path, Integer features) implements From {
    FromLibSvm {
      new LibSvm(path, features);
    }

    static FromLibSvm defaults(String path) {
      return new FromLibSvm(path, null);
    }

    @Override
    public Source source() {
      return new LibSvm(path, features);
    }
  }

  /**
   * Parquet files.
   *
   * @param path a file, folder or pattern
   * @param options of Spark's Parquet reader
   * @param derive columns that Spark SQL computes: a name and its expression
   */
  record FromParquet(String path, Map<String, String> options, Map<String, String> derive)
      implements From {
    FromParquet {
      new SparkFiles("parquet", path, options); // checks them where the file can be named
    }

    static FromParquet defaults(String path) {
      return new FromParquet(path, Map.of(), Map.of());
    }

    @Override
    public Source source() {
      return Derived.of(new SparkFiles("parquet", path, options), derive);
    }
  }

  /**
   * ORC files.
   *
   * @param path a file, folder or pattern
   * @param options of Spark's ORC reader
   * @param derive columns that Spark SQL computes: a name and its expression
   */
  record FromOrc(String path, Map<String, String> options, Map<String, String> derive)
      implements From {
    FromOrc {
      new SparkFiles("orc", path, options); // checks them where the file can be named
    }

    static FromOrc defaults(String path) {
      return new FromOrc(path, Map.of(), Map.of());
    }

    @Override
    public Source source() {
      return Derived.of(new SparkFiles("orc", path, options), derive);
    }
  }

  /**
   * Files of one JSON object per line.
   *
   * @param path a file, folder or pattern
   * @param options of Spark's JSON reader
   * @param derive columns that Spark SQL computes: a name and its expression
   */
  record FromJson(String path, Map<String, String> options, Map<String, String> derive)
      implements From {
    FromJson {
      new SparkFiles("json", path, options); // checks them where the file can be named
    }

    static FromJson defaults(String path) {
      return new FromJson(path, Map.of(), Map.of());
    }

    @Override
    public Source source() {
      return Derived.of(new SparkFiles("json", path, options), derive);
    }
  }

  /**
   * A table or view of Spark's catalog, such as Hive's.
   *
   * @param name of the table, with its database where that is another one than the session's
   * @param derive columns that Spark SQL computes: a name and its expression
   */
  record FromTable(String name, Map<String, String> derive) implements From {
    FromTable {
      new CatalogTable(name);
    }

    static FromTable defaults(String name) {
      return new FromTable(name, Map.of());
    }

    @Override
    public Source source() {
      return Derived.of(new CatalogTable(name), derive);
    }
  }

  /**
   * MNIST's files, plain or compressed.
   *
   * @param path the folder that holds both files; null where they have paths of their own
   * @param images the file of the images
   * @param labels the file of the labels
   */
  record FromIdx(String path, String images, String labels) implements From {
    FromIdx {
      new Idx(images, labels);
    }

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

  /**
   * CIFAR-10's binary files.
   *
   * @param path a file, folder or pattern
   */
  record FromCifar(String path) implements From {
    FromCifar {
      new Cifar(path);
    }

    @Override
    public Source source() {
      return new Cifar(path);
    }
  }
}
