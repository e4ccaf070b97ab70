package dev.schuss.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.schuss.TestSpark;
import dev.schuss.model.Scaling;
import dev.schuss.objective.Task;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceTest {
  private static SparkSession spark;

  @TempDir Path folder;

  @BeforeAll
  static void session() {
    spark = TestSpark.session();
  }

  static List<String> digitsLines() {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                SourceTest.class.getResourceAsStream("/data/digits-train.csv"),
                StandardCharsets.UTF_8))) {
      return in.lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path write(Path file, List<String> lines) {
    try {
      return write(file, (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path write(Path file, byte[] bytes) throws IOException {
    try (OutputStream out = Files.newOutputStream(file);
        OutputStream to = file.toString().endsWith(".gz") ? new GZIPOutputStream(out) : out) {
      to.write(bytes);
    }
    return file;
  }

  private String csv(String name, String... lines) {
    return write(folder.resolve(name), List.of(lines)).toString();
  }

  private static Prepared prepare(Source source, String label) {
    return DataPreparation.training(
        source.load(spark), Columns.labelled(label), Task.CLASSIFICATION, Scaling.none(), 0, 1, 2);
  }

  private static void assertSaid(Source source, String message) {
    assertThatThrownBy(() -> prepare(source, source instanceof Csv c && !c.header() ? "_c2" : "y"))
        .isInstanceOf(DataException.class)
        .hasMessage(message);
  }

  @Test
  void theDigitsAreInTheJar() {
    Dataset<Row> test = new Csv("classpath:data/digits-test.csv").load(spark);
    assertThat(test.count()).isEqualTo(360);
    assertThat(digitsLines()).hasSize(1438);
    assertThat(test.columns()).hasSize(66).contains("p0", "p63", "label");
  }

  @Test
  void plainAndCompressedFilesWithAndWithoutHeaderHoldTheSameRows() {
    List<String> lines = new ArrayList<>(digitsLines().subList(0, 200));
    Path plain = write(folder.resolve("a file.csv"), lines);
    Path gz = write(folder.resolve("a.csv.gz"), lines);
    List<String> bare = new ArrayList<>(lines.subList(1, lines.size()));
    bare.replaceAll(l -> l.replace(',', '\t'));
    bare.add(7, "");
    bare.add(9, "  ");
    Path tabs = write(folder.resolve("bare.tsv"), bare);
    try (Prepared a = prepare(new Csv(plain.toString()), "label");
        Prepared b = prepare(new Csv(gz.toUri().toString()), "label");
        Prepared c = prepare(new Csv(tabs.toString(), false, "\t"), "_c64")) {
      assertThat(a.train().rows()).isEqualTo(199);
      assertThat(c.preprocessing().features()).startsWith("_c0").hasSize(64);
      for (Prepared other : List.of(b, c)) {
        List<Block> expected = a.train().rdd().collect();
        List<Block> found = other.train().rdd().collect();
        for (int i = 0; i < 2; i++) {
          assertThat(BlockTest.content(found.get(i))).isEqualTo(BlockTest.content(expected.get(i)));
        }
      }
    }
  }

  @Test
  void missingEmptyAndRowlessFiles() throws IOException {
    String here = Path.of("").toAbsolutePath().toString();
    assertSaid(
        new Csv("nowhere/trian.csv"),
        "no such file: nowhere/trian.csv; nor is there a folder nowhere (looked for %s/nowhere/trian.csv; the working directory is %s)"
            .formatted(here, here));
    assertSaid(
        new Csv("classpath:data/trian.csv"),
        "no such resource: classpath:data/trian.csv is not on the class path");
    String empty = csv("empty.csv");
    assertSaid(new Csv(empty), empty + " is empty: name a file with rows");
    String zero = write(folder.resolve("zero.csv"), new byte[0]).toString();
    assertSaid(new Csv(zero), zero + " is empty: name a file with rows");
    String gz = write(folder.resolve("zero.csv.gz"), new byte[0]).toString();
    assertSaid(new Csv(gz), gz + " is empty: name a file with rows");
    String header = csv("header.csv", "a,b,y", "");
    assertSaid(
        new Csv(header),
        header + " has a header and no rows: name a file with rows, or set header = false");
    Path none = Files.createDirectory(folder.resolve("none"));
    assertSaid(
        new Csv(none.toString()), none + " is a folder without files: name a folder with data");
    String fake = folder.resolve("fake.csv.gz").toString();
    Files.writeString(Path.of(fake), "a,b,y\n1,2,3\n");
    assertThatThrownBy(() -> new Csv(fake).load(spark))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("fake.csv.gz cannot be read: not a gzip file");
    assertThatThrownBy(() -> new Csv("a.csv", true, "")).hasMessageContaining("delimiter is empty");
  }

  @Test
  void badLinesAreNamed() {
    String bad = csv("bad.csv", "a,b,y", "1,2,0", "", "3,abc,1", "4,5,0", "x,5,0");
    assertSaid(
        new Csv(bad),
        bad
            + " line 4, column b: \"abc\" is not a number; 2 rows of 4 are bad: mend or remove them");
    String gz = csv("bad.csv.gz", "a,b,y", "1,2,0", "", "3,,1");
    assertSaid(
        new Csv(gz), gz + " line 4, column b: missing value; 1 row of 2 is bad: mend or remove it");
    String brief = csv("short.csv", "a,b,y", "1,2,0", "3,4");
    assertSaid(
        new Csv(brief),
        brief
            + " line 3: \"3,4\" has more or fewer values than columns; 1 row of 2 is bad: mend or remove it");
    String wide = csv("long.csv", "a,b,y", "1,2,0", "3,4,1,9");
    assertSaid(
        new Csv(wide),
        wide
            + " line 3: \"3,4,1,9\" has more or fewer values than columns; 1 row of 2 is bad: mend or remove it");
    String bare = csv("bare.csv", "a,b,y", "1,2,0", "1,2,1");
    assertSaid(
        new Csv(bare, false, ","),
        bare
            + " line 1, column _c0: \"a\" is not a number (if this line is a header, set header = true); 1 row of 3 is bad: mend or remove it");
    for (String value : List.of("NaN", "Infinity")) {
      String file = csv(value + ".csv", "a,b,y", "1," + value + ",0");
      assertSaid(
          new Csv(file),
          file
              + " line 2, column b: "
              + value
              + " is not a finite number; 1 row of 1 is bad: mend or remove it");
    }
    String big = csv("big.csv", "a,b,y", "1,1e39,0");
    assertSaid(
        new Csv(big),
        big
            + " line 2, column b: 1.0E39 does not fit a 32-bit float; 1 row of 1 is bad: mend or remove it");
    String suffix = csv("suffix.csv", "a,b,y", "1,2d,0");
    assertThatThrownBy(() -> prepare(new Csv(suffix), "y"))
        .hasMessageContaining("column b: \"2d\" is not a number");
  }

  @Test
  void linesAreCountedAcrossSplitsOfAFile() {
    List<String> lines = new ArrayList<>(digitsLines());
    String[] values = lines.get(1300).split(",", -1);
    values[5] = "oops";
    lines.set(1300, String.join(",", values));
    lines.add(40, "");
    Path file = write(folder.resolve("split.csv"), lines);
    for (int splits : new int[] {1, 3, 8, 23}) {
      SparkSession small = spark.newSession();
      small.conf().set("spark.sql.files.maxPartitionBytes", file.toFile().length() / splits + 1);
      small.conf().set("spark.sql.files.openCostInBytes", 0);
      small.conf().set("spark.sql.files.minPartitionNum", 1);
      Dataset<Row> data = new Csv(file.toString()).load(small);
      assertThat(data.javaRDD().getNumPartitions()).isEqualTo(splits);
      assertThatThrownBy(
              () ->
                  DataPreparation.training(
                      data,
                      Columns.labelled("label"),
                      Task.CLASSIFICATION,
                      Scaling.none(),
                      0,
                      1,
                      2))
          .hasMessage(
              file
                  + " line 1302, column p5: \"oops\" is not a number; 1 row of 1437 is bad: mend or remove it");
    }
  }

  @Test
  void filteredRowsAreNotGivenAWrongLine() {
    String file = csv("filtered.csv", "a,b,y", "1,2,0", "3,4,1", "abc,4,1", "5,4,1");
    Dataset<Row> data = new Csv(file).load(spark).filter("a <> '1'");
    assertThatThrownBy(
            () ->
                DataPreparation.training(
                    data, Columns.labelled("y"), Task.CLASSIFICATION, Scaling.none(), 0, 1, 2))
        .hasMessageStartingWith(file + " row 2, column a: \"abc\"");
  }

  @Test
  void linesOfResourcesAreNamed() {
    assertSaid(
        new Csv("classpath:data/bad.csv"),
        "classpath:data/bad.csv line 4, column b: \"?\" is not a number; 1 row of 3 is bad: mend or remove it");
  }

  // IDX

  private static byte[] images(int count, int rows, int columns) {
    ByteBuffer bytes = ByteBuffer.allocate(16 + count * rows * columns);
    bytes.putInt(0x803).putInt(count).putInt(rows).putInt(columns);
    for (int i = 0; bytes.hasRemaining(); i++) {
      bytes.put((byte) (i * 7));
    }
    return bytes.array();
  }

  private static byte[] labels(int count) {
    ByteBuffer bytes = ByteBuffer.allocate(8 + count);
    bytes.putInt(0x801).putInt(count);
    for (int i = 0; bytes.hasRemaining(); i++) {
      bytes.put((byte) (i % 3));
    }
    return bytes.array();
  }

  private String file(String name, byte[] bytes) throws IOException {
    return write(folder.resolve(name), bytes).toString();
  }

  @Test
  void idxHoldsImagesAndLabels() throws IOException {
    Idx plain = new Idx(file("i", images(50, 2, 3)), file("l", labels(50)));
    Idx gz = new Idx(file("i.gz", images(50, 2, 3)), file("l.gz", labels(50)));
    List<Row> rows = plain.load(spark).collectAsList();
    assertThat(rows).hasSize(50);
    for (int i = 0; i < 50; i++) {
      assertThat(rows.get(i).getInt(1)).isEqualTo(i % 3);
      byte[] image = (byte[]) rows.get(i).get(0);
      assertThat(image).hasSize(6);
      assertThat(image[5]).isEqualTo((byte) ((i * 6 + 5) * 7));
    }
    try (Prepared a = prepare(plain, "label");
        Prepared b = prepare(gz, "label")) {
      assertThat(a.train().rows()).isEqualTo(50);
      assertThat(a.train().width()).isEqualTo(6);
      assertThat(BlockTest.content(a.train().rdd().collect().get(1)))
          .isEqualTo(BlockTest.content(b.train().rdd().collect().get(1)));
    }
  }

  @Test
  void idxIsReadInSeveralTasks() throws IOException {
    int count = 40_000;
    Idx plain = new Idx(file("i", images(count, 30, 30)), file("l", labels(count)));
    Idx gz = new Idx(file("i.gz", images(count, 30, 30)), file("l.gz", labels(count)));
    for (Idx idx : List.of(plain, gz)) {
      Dataset<Row> data = idx.load(spark);
      assertThat(data.javaRDD().getNumPartitions()).isEqualTo(2);
      List<Row> far = data.filter("label = 1").limit(3).collectAsList();
      assertThat(((byte[]) far.get(2).get(0))[0]).isEqualTo((byte) (7 * 900 * 7));
      assertThat(data.count()).isEqualTo(count);
      assertThat(
              data.javaRDD()
                  .mapPartitionsWithIndex(
                      (p, rows) -> {
                        assertThat(rows.hasNext()).isTrue();
                        return List.of(((byte[]) rows.next().get(0))[1]).iterator();
                      },
                      true)
                  .collect())
          .containsExactly((byte) 7, (byte) ((20_000 * 900 + 1) * 7));
    }
  }

  @Test
  void damagedIdxFiles() throws IOException {
    String labels = file("l", labels(50));
    String images = file("i", images(50, 2, 3));
    String again = "; fetch it again";
    String cut = file("cut", Arrays.copyOf(images(50, 2, 3), 200));
    assertSaid(
        new Idx(cut, labels),
        cut + " is truncated: 316 bytes expected for 50 images of 2 x 3, 200 found" + again);
    String cutInside = file("cut.gz", Arrays.copyOf(images(50, 2, 3), 200));
    assertSaid(
        new Idx(cutInside, labels),
        cutInside + " is truncated: 316 bytes expected for 50 images of 2 x 3, 200 found" + again);
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(whole)) {
      out.write(images(50, 2, 3));
    }
    String cutOutside = folder.resolve("half.gz").toString();
    Files.write(Path.of(cutOutside), Arrays.copyOf(whole.toByteArray(), whole.size() / 2));
    assertThatThrownBy(() -> new Idx(cutOutside, labels).load(spark))
        .isInstanceOf(DataException.class)
        .hasMessageMatching(
            ".*half.gz is truncated: (316 bytes expected.* found|it ends.*)" + again);
    String more = file("more", Arrays.copyOf(images(50, 2, 3), 400));
    assertSaid(
        new Idx(more, labels),
        more + " is too long: 316 bytes expected for 50 images of 2 x 3, 400 found" + again);
    String tiny = file("tiny", new byte[] {0, 0, 8, 3, 0});
    assertSaid(new Idx(tiny, labels), tiny + " is truncated: it ends within its header" + again);
    String text = file("text", "a,b,y\n1,2,3\n".getBytes(StandardCharsets.UTF_8));
    assertSaid(
        new Idx(text, labels),
        text
            + " is not an IDX file of bytes: it begins with 0x612c622c, expected 0x00000803 for images or 0x00000801 for labels");
    String fewer = file("fewer", labels(49));
    assertSaid(
        new Idx(images, fewer),
        "%s holds 50 images, but %s holds 49 labels: name two files of one set"
            .formatted(images, fewer));
    assertSaid(
        new Idx(labels, labels),
        labels + " holds labels, not images: name the file of images first");
    assertSaid(
        new Idx(images, images),
        images + " holds images, not labels: name the file of labels second");
    String none = file("none", images(0, 2, 3));
    assertSaid(
        new Idx(none, file("noLabels", labels(0))),
        none + " holds no images: name a file with some");
    assertThatThrownBy(() -> new Idx("nowhere", labels).load(spark))
        .hasMessageStartingWith("no such file: nowhere");
  }

  @Test
  void damageInsideACompressedFileIsADataError() throws IOException {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(whole)) {
      out.write(images(5000, 2, 3));
    }
    byte[] bytes = whole.toByteArray();
    for (int i = bytes.length / 2; i < bytes.length / 2 + 20; i++) {
      bytes[i] ^= 0x5A;
    }
    String damaged = folder.resolve("damaged.gz").toString();
    Files.write(Path.of(damaged), bytes);
    Idx idx = new Idx(damaged, file("l", labels(5000)));
    assertThatThrownBy(() -> prepare(idx, "label"))
        .isInstanceOf(DataException.class)
        .hasMessageMatching(".*damaged.gz cannot be read: .*; fetch it again");
  }
}
