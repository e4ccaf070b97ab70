package dev.schuss.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.schuss.TestSpark;
import dev.schuss.model.Scaling;
import dev.schuss.objective.Batch;
import dev.schuss.objective.Task;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.security.AccessControlException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** LIBSVM, Parquet, ORC, JSON, tables of the catalog, CIFAR, and the odder kinds of CSV. */
class FormatsTest {
  private static SparkSession spark;

  @TempDir Path folder;

  @BeforeAll
  static void session() {
    spark = TestSpark.session();
  }

  private String file(String name, String... lines) throws IOException {
    return file(name, (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private String file(String name, byte[] bytes) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    try (OutputStream out = Files.newOutputStream(file);
        OutputStream to = name.endsWith(".gz") ? new GZIPOutputStream(out) : out) {
      to.write(bytes);
    }
    return file.toString();
  }

  private static Prepared prepare(Source source, String label) {
    return DataPreparation.training(
        source.load(spark), Columns.labelled(label), Task.CLASSIFICATION, Scaling.none(), 0, 1, 2);
  }

  private static void assertSaid(Source source, String message) {
    assertThatThrownBy(() -> prepare(source, "label"))
        .isInstanceOf(DataException.class)
        .hasMessage(message)
        .hasMessageNotContaining("\n");
  }

  /** Features and target of each row. */
  static List<String> rows(Blocks blocks) {
    List<String> rows = new ArrayList<>();
    for (Block block : blocks.rdd().collect()) {
      Batch batch = new Batch(0, block.width(), block.targetWidth());
      for (int row : block.inOrder()) {
        block.gather(new int[] {row}, 0, 1, batch);
        rows.add(
            Arrays.toString(Arrays.copyOf(batch.features(), block.width())) + batch.targets()[0]);
      }
    }
    rows.sort(null);
    return rows;
  }

  // LIBSVM

  @Test
  void linesOfLibSvmAreSparseRows() throws IOException {
    String[] lines = {
      "+1 1:0.5 30:2", "", "# a comment", "-1 2:1e1\t4:-3 # and this", "-1", "+1 1:1"
    };
    for (String name : new String[] {"a.svm", "a.svm.gz"}) {
      LibSvm source = new LibSvm(file(name, lines));
      try (Prepared p = prepare(source, "label")) {
        assertThat(p.train().sparse()).isTrue();
        assertThat(p.train().width()).isEqualTo(30);
        assertThat(p.preprocessing().classes().numbers()).containsExactly(-1, 1);
        assertThat(rows(p.train())).hasSize(4).contains("[1.0" + ", 0.0".repeat(29) + "]1.0");
        // The test file has other largest indices: smaller will do, larger is an error.
        LibSvm smaller = new LibSvm(file("t.svm", "+1 3:1"));
        try (Blocks scored =
            DataPreparation.scoring(smaller.load(spark), null, p.preprocessing(), 1)) {
          assertThat(scored.width()).isEqualTo(30);
        }
        String larger = file("l.svm", "+1 3:1", "+1 31:1");
        assertThatThrownBy(
                () ->
                    DataPreparation.scoring(
                        new LibSvm(larger).load(spark), null, p.preprocessing(), 1))
            .hasMessage(
                larger
                    + " line 2, column features: index 31, but there are 30 features; 1 row of 2 is bad: mend or remove it");
      }
      try (Prepared p = prepare(new LibSvm(source.path(), 50), "label")) {
        assertThat(p.train().width()).isEqualTo(50);
      }
    }
    try (Prepared p = prepare(new LibSvm(file("text.svm", "A 1:1", "B 2:1")), "label")) {
      assertThat(p.preprocessing().classes().names()).containsExactly("A", "B");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1 3:1 2:1|\"2:1\" comes after index 3, but indices must ascend",
        "1 3:1 3:1|\"3:1\" comes after index 3, but indices must ascend",
        "1 0:1|\"0:1\" has the index 0, but indices start at 1",
        "1 x:1|\"x:1\" is not index:value, with a whole number as index",
        "1 -2:1|\"-2:1\" is not index:value, with a whole number as index",
        "1 12345678901:1|\"12345678901:1\" is not index:value, with a whole number as index",
        "1 7|\"7\" is not index:value, with a whole number as index",
        "1 2:one|\"2:one\" has no number as value",
        "1 2:|\"2:\" has no number as value",
        "1 10:1|\"10:1\" is beyond features = 9",
        "1:1 2:2|\"1:1\" is not a label: a line begins with one",
      })
  void badLinesOfLibSvmAreNamed(String line, String message) throws IOException {
    String path = file("bad.svm", "0 1:1", "", "# skipped", "1 1:2", line);
    assertSaid(
        new LibSvm(path, 9),
        path + " line 5: " + message + "; 1 row of 3 is bad: mend or remove it");
  }

  @Test
  void badNumbersOfLibSvmAreNamed() throws IOException {
    String path = file("nan.svm", "0 1:1", "1 2:NaN");
    assertSaid(
        new LibSvm(path),
        path
            + " line 2, column features[1]: NaN is not a finite number; 1 row of 2 is bad: mend or remove it");
    assertThatThrownBy(() -> new LibSvm(path, 0)).hasMessage("features = 0: must be at least 1");
    String none = file("none.svm", "0", "1");
    assertSaid(new LibSvm(none), "the feature columns features hold no values");
    assertThatThrownBy(() -> new LibSvm(folder + "/gone").load(spark))
        .hasMessageStartingWith("no such file: " + folder + "/gone");
  }

  // Formats of Spark

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "orc", "json"})
  void formatsOfSparkAreRead(String format) {
    String path = folder.resolve("data." + format).toString();
    Dataset<Row> data =
        spark.sql(
            "select * from values (1, 0.5D, 'a', array(1D, 0D)), (2, 1.5D, 'b', array(3D, 4D))"
                + " as t(n, x, label, v)");
    data.write().format(format).save(path);
    try (Prepared p = prepare(new SparkFiles(format, path), "label")) {
      assertThat(p.preprocessing().features()).containsExactlyInAnyOrder("n", "x", "v");
      assertThat(p.train().width()).isEqualTo(4);
      assertThat(p.train().rows()).isEqualTo(2);
      assertThat(p.preprocessing().classes().names()).containsExactly("a", "b");
    }
    assertThatThrownBy(() -> new SparkFiles(format, folder + "/gone").load(spark))
        .hasMessageStartingWith("no such file: " + folder + "/gone");
    assertThatThrownBy(() -> new SparkFiles(format, "classpath:x").load(spark))
        .hasMessageContaining("only csv and libsvm are read from the class path");
  }

  @Test
  void theReadersOptionsArePassedThrough() throws IOException {
    String path = file("o.json", "{'x':1,'label':0}", "{'x':2,'label':1}");
    Map<String, String> options = Map.of("allowSingleQuotes", "true", "primitivesAsString", "true");
    Dataset<Row> data = new SparkFiles("json", path, options).load(spark);
    assertThat(data.schema().apply("x").dataType().typeName()).isEqualTo("string");
    assertThatThrownBy(() -> new SparkFiles("avro", path))
        .hasMessage("format = avro: must be one of parquet, orc, json");
  }

  @Test
  void badLinesOfJsonAreNamed() throws IOException {
    String path = file("bad.json", "{\"x\":1,\"label\":0}", "{\"x\":2,\"label\":1}", "{\"x\":");
    assertSaid(
        new SparkFiles("json", path),
        path
            + " line 3: \"{\"x\":\" is not a JSON object of these columns; 1 row of 3 is bad: mend or remove it");
    String hole = file("hole.json", "{\"x\":1,\"label\":0}", "{\"label\":1}");
    assertSaid(
        new SparkFiles("json", hole),
        hole + " line 2, column x: missing value; 1 row of 2 is bad: mend or remove it");
  }

  @Test
  void tablesAndViewsOfTheCatalogAreRead() {
    spark
        .sql("select * from values (1, 0), (2, 1) as t(x, label)")
        .createOrReplaceTempView("schuss_points");
    try (Prepared p = prepare(new CatalogTable("schuss_points"), "label")) {
      assertThat(rows(p.train())).containsExactly("[1.0]0.0", "[2.0]1.0");
    }
    assertThatThrownBy(() -> new CatalogTable("schuss_pionts").load(spark))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("no such table: schuss_pionts; did you mean schuss_points? (the");
    assertThatThrownBy(() -> new CatalogTable("no.such.thing").load(spark))
        .isInstanceOf(DataException.class)
        .hasMessageNotContaining("\n");
    assertThatThrownBy(() -> new CatalogTable(" ")).hasMessageStartingWith("name is empty");
    spark.catalog().dropTempView("schuss_points");
  }

  @Test
  void columnsMayBeComputed() throws IOException {
    String path = file("d.csv", "x,label", "1,no.", "2,yes.");
    Source source = new Derived(new Csv(path), Map.of("label", "trim(trailing '.' from label)"));
    try (Prepared p = prepare(source, "label")) {
      assertThat(p.preprocessing().classes().names()).containsExactly("no", "yes");
    }
    assertThatThrownBy(() -> new Derived(new Csv(path), Map.of("z", "xx + 1")).load(spark))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("derive.z = xx + 1: ")
        .hasMessageContaining("xx")
        .hasMessageNotContaining("\n");
    assertThatThrownBy(() -> new Derived(new Csv(path), Map.of("z", "x +")).load(spark))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("derive.z = x +: ");
  }

  // CIFAR

  private static byte[] cifar(int records, int firstLabel) {
    byte[] bytes = new byte[records * 3073];
    for (int i = 0; i < records; i++) {
      Arrays.fill(bytes, i * 3073, (i + 1) * 3073, (byte) (200 + firstLabel + i));
      bytes[i * 3073] = (byte) (firstLabel + i);
    }
    return bytes;
  }

  @Test
  void severalFilesOfCifarAreRead() throws IOException {
    file("c/data_batch_1.bin", cifar(3, 0));
    file("c/data_batch_2.bin.gz", cifar(2, 5));
    file("c/test_batch.bin", cifar(1, 9));
    try (Prepared p = prepare(new Cifar(folder + "/c/data_batch_*"), "label")) {
      assertThat(p.train().width()).isEqualTo(3072);
      assertThat(p.preprocessing().classes().numbers()).containsExactly(0, 1, 2, 5, 6);
      List<String> rows = rows(p.train());
      assertThat(rows).hasSize(5);
      assertThat(rows.get(4)).startsWith("[206.0, 206.0").endsWith(" 206.0]4.0");
    }
  }

  @Test
  void damagedFilesOfCifarAreNamed() throws IOException {
    String cut = file("cut.bin", Arrays.copyOf(cifar(2, 0), 5000));
    String gz = file("cut.bin.gz", Arrays.copyOf(cifar(2, 0), 5000));
    for (String path : List.of(cut, gz)) {
      assertSaid(
          new Cifar(path),
          path
              + " is no whole file of CIFAR-10: it has 5000 bytes, which is no multiple of 3073; fetch it again");
    }
    String other = file("other.bin", cifar(3, 8));
    assertSaid(
        new Cifar(other), other + " record 3: label 10 is above 9, so this is no file of CIFAR-10");
    String broken = file("broken.bin.gz", cifar(2, 0));
    byte[] bytes = Files.readAllBytes(Path.of(broken));
    Arrays.fill(bytes, 20, bytes.length - 10, (byte) 0x55);
    Files.write(Path.of(broken), bytes);
    assertThatThrownBy(() -> prepare(new Cifar(broken), "label"))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(broken + " cannot be read: ")
        .hasMessageEndingWith("; fetch it again");
  }

  // CSV

  @Test
  void namesMayBeGivenAndLinesMayBeComments() throws IOException {
    String bare = file("bare.csv", "|no row", "1, a, 0", "2, ?, 1");
    Csv csv =
        new Csv(
            bare,
            false,
            ",",
            List.of("x", "c", "label"),
            Map.of("comment", "|", "nullValue", "?", "ignoreLeadingWhiteSpace", "true"));
    try (Prepared p =
        DataPreparation.training(
            csv.load(spark),
            Columns.labelled("label").categorical("c"),
            Task.CLASSIFICATION,
            Scaling.none(),
            0,
            1,
            1)) {
      assertThat(rows(p.train())).containsExactly("[1.0, 1.0, 0.0]0.0", "[2.0, 0.0, 1.0]1.0");
    }
    assertSaid(
        csv,
        bare
            + " line 2, column c: \"a\" is not a number (if this line is a header, set header = true); 2 rows of 2 are bad: mend or remove them");
    String headed = file("headed.csv", "# x,y", "1,0", "2,1");
    try (Prepared p =
        prepare(new Csv(headed, true, ",", List.of("a", "label"), Map.of()), "label")) {
      assertThat(p.preprocessing().features()).containsExactly("a");
      assertThat(p.train().rows()).isEqualTo(2);
    }
    assertSaid(
        new Csv(headed, true, ",", List.of("a"), Map.of()),
        headed + " has 2 columns, but columns names 1: name each of them");
  }

  @ParameterizedTest
  @ValueSource(strings = {"whitespace", " "})
  void blanksMaySeparate(String delimiter) throws IOException {
    String[] lines = {"50 21 -3 1", "51 22 -4 2"};
    String path = file("blank.txt", lines);
    try (Prepared p = prepare(new Csv(path, false, delimiter), "_c3")) {
      assertThat(rows(p.train())).containsExactly("[50.0, 21.0, -3.0]0.0", "[51.0, 22.0, -4.0]1.0");
    }
    Map<String, String> sep = Map.of("sep", delimiter);
    try (Prepared p = prepare(new Csv(path, false, ",", List.of(), sep), "_c3")) {
      assertThat(p.train().width()).isEqualTo(3);
    }
  }

  @Test
  void runsOfBlanksMaySeparate() throws IOException {
    String path = file("runs.txt.gz", "x  y\tlabel", "  1   2\t0", "", "3 4    1  ", "! note");
    Csv csv = new Csv(path, true, "whitespace", List.of(), Map.of("comment", "!"));
    try (Prepared p = prepare(csv, "label")) {
      assertThat(p.preprocessing().features()).containsExactly("x", "y");
      assertThat(rows(p.train())).containsExactly("[1.0, 2.0]0.0", "[3.0, 4.0]1.0");
    }
    String bad = file("runs-bad.txt", "x  label", "1   0", "", "3 4    1");
    assertSaid(
        new Csv(bad, true, "whitespace"),
        bad
            + " line 4: \"3 4    1\" has more or fewer values than columns; 1 row of 2 is bad: mend or remove it");
    assertThatThrownBy(() -> prepare(new Csv(bad, true, " "), "label"))
        .hasMessageContaining("(where several blanks separate, set delimiter = whitespace)");
    assertThatThrownBy(
            () -> new Csv(bad, true, "whitespace", List.of(), Map.of("quote", "'")).load(spark))
        .hasMessage(
            "options.quote does not go with delimiter = whitespace; comment and nullValue do");
  }

  @Test
  void columnsOfOneNameAreRefused() throws IOException {
    String path = file("twins.csv", "x, X,label", "1,2,0", "3,4,1");
    assertSaid(
        new Csv(path),
        path + ": two columns are named x and X: rename one, or name all in columns");
    assertThatThrownBy(() -> new Csv(path, true, ",", List.of("a", "a"), Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("columns names a and a: give each column its own name");
    assertThatThrownBy(() -> new Csv(path, true, ",", List.of(), Map.of("header", "false")))
        .hasMessage("options.header: set header beside the path instead");
    assertThatThrownBy(() -> new Csv(path, true, ";", List.of(), Map.of("sep", "|")))
        .hasMessage("delimiter is given twice, as options.sep too: leave one out");
  }

  // Damage

  @Test
  void aBrokenFileAmongGoodOnesIsNamed() throws IOException {
    for (int i = 0; i < 3; i++) {
      String[] lines = new String[2000];
      Arrays.setAll(lines, j -> j == 0 ? "x,label" : j * 7919 % 1009 + "," + j % 2);
      file("many/part" + i + ".csv.gz", lines);
    }
    Path broken = folder.resolve("many/part1.csv.gz");
    byte[] bytes = Files.readAllBytes(broken);
    Files.write(broken, Arrays.copyOf(bytes, bytes.length / 2));
    assertBroken(new Csv(folder + "/many"), broken, "Unexpected end of input stream");
    Arrays.fill(bytes, bytes.length / 2, bytes.length, (byte) 0x77);
    Files.write(broken, bytes);
    assertBroken(new Csv(folder + "/many"), broken, "");
  }

  @Test
  void filesOfAnotherFormatAreNamed() throws IOException {
    for (String format : List.of("parquet", "orc")) {
      String path = folder.resolve("mixed." + format).toString();
      spark
          .range(10)
          .selectExpr("id as x", "id % 2 as label")
          .coalesce(1)
          .write()
          .format(format)
          .save(path);
      Path bad =
          Path.of(file("mixed." + format + "/part-99999." + format, "this is text, not data"));
      assertBroken(new SparkFiles(format, path), bad, "");
      Files.delete(bad);
      Path only = Path.of(file("only-" + format + "/a." + format, "this is text, not data"));
      assertBroken(new SparkFiles(format, only.toString()), only, "");
    }
  }

  private void assertBroken(Source source, Path file, String why) {
    int held = spark.sparkContext().getPersistentRDDs().size();
    assertThatThrownBy(() -> prepare(source, "label"))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(file + " cannot be read: " + why)
        .hasMessageEndingWith("; it is damaged or of another format: write or fetch it again")
        .hasMessageNotContaining("\n");
    assertThat(spark.sparkContext().getPersistentRDDs().size()).isEqualTo(held);
  }

  @Test
  void emptyFoldersAreNamed() throws IOException {
    file("empty/_SUCCESS", "");
    file("empty/.hidden.csv", "x");
    for (Source source :
        List.of(
            new Csv(folder + "/empty"),
            new LibSvm(folder + "/empty"),
            new SparkFiles("parquet", folder + "/empty"),
            new Cifar(folder + "/empty"))) {
      assertSaid(source, folder + "/empty is a folder without files: name a folder with data");
    }
  }

  /** Local files, of which none may be opened. */
  public static final class Refusing extends RawLocalFileSystem {
    @Override
    public URI getUri() {
      return URI.create("refusing:///");
    }

    @Override
    public FSDataInputStream open(org.apache.hadoop.fs.Path file, int bufferSize)
        throws IOException {
      throw new AccessControlException("user=me, access=READ");
    }
  }

  @Test
  void filesThatMayNotBeReadAreNamed() throws IOException {
    spark.sparkContext().hadoopConfiguration().set("fs.refusing.impl", Refusing.class.getName());
    String path = "refusing://" + file("secret.svm", "0 1:1", "1 2:1");
    assertSaid(
        new LibSvm(path),
        "no permission to read "
            + path.replace("://", ":")
            + " (user=me, access=READ): ask for it, or name other data");
  }

  @Test
  void rowsAreKeptWhereAsked() throws IOException {
    LibSvm source = new LibSvm(file("p.svm", "0 1:1", "1 2:1"));
    for (Persist persist : Persist.values()) {
      Recipe usual = Recipe.of(Columns.labelled("label"), Task.CLASSIFICATION);
      Recipe recipe =
          new Recipe(
              usual.columns(),
              usual.task(),
              usual.scaling(),
              null,
              usual.invalid(),
              persist,
              0,
              0,
              1,
              1);
      try (Prepared p = DataPreparation.training(source.load(spark), recipe)) {
        StorageLevel level = p.train().kept().getStorageLevel();
        assertThat(level.useDisk()).isEqualTo(persist != Persist.MEMORY);
        assertThat(level.useMemory()).isEqualTo(persist != Persist.DISK);
        assertThat(rows(p.train())).hasSize(2);
      }
    }
  }
}
