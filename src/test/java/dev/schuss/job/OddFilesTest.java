package dev.schuss.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.schuss.TestSpark;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.compress.BZip2Codec;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Files that are odd but good: each is trained on, evaluated and predicted. */
class OddFilesTest {
  private static final int ROWS = 60;

  @TempDir Path temp;
  private final SparkSession spark = TestSpark.session();

  /**
   * In rows A and B stand for numbers, L for the label; ~ is a line break, ^ a return, @ a tab, _ a
   * blank.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          a,b,y | A,B,L | UTF-8 | | a,b
          \uFEFFa,b,y^ | A,B,L^ | UTF-8 | | a,b
          a;b;y | A;B;L | UTF-8 | delimiter = ";" | a,b
          a@b@y | A@B@L | UTF-8 | delimiter = "\\t" | a,b
          | A   B@@L | UTF-8 | delimiter = whitespace, header = false, columns = [a, b, y] | a,b
          " a ",b b,,y | A,B,1,L | UTF-8 | | a,b b
          größe,b,y | A,B,L | ISO-8859-1 | options { encoding = "ISO-8859-1" } | größe,b
          a,b,note,y | A,B,"x, ""y""~z",L | UTF-8 | options { multiLine = true } | a,b
          a,b,note,y | A,B,"x, ""y"", \\z",L | UTF-8 | | a,b
          a,b,note,y | A,B,"x \\", y",L | UTF-8 | options { escape = "\\\\" } | a,b
          a,y | A,L | UTF-8 | | a
          a,c,y | A,5,L | UTF-8 | | a,c
          a,b,y | _A,_B_,_L_ | UTF-8 | | a,b
          """)
  void formsOfCsv(String head, String row, String charset, String more, String features)
      throws IOException {
    StringBuilder text = new StringBuilder(head == null ? "" : head + "~");
    for (int i = 0; i < ROWS; i++) {
      text.append(
          row.replace("A", "" + (i % 2 + i / 100.0)).replace("B", "" + i).replace("L", "" + i % 2));
      text.append('~');
    }
    Path file = temp.resolve("rows.csv");
    String whole =
        text.toString().replace('~', '\n').replace('^', '\r').replace('@', '\t').replace('_', ' ');
    Files.write(file, whole.getBytes(Charset.forName(charset)));
    String source =
        "{ format = csv, path = \"%s\"%s }".formatted(file, more == null ? "" : ", " + more);
    verbs(source, "data.features=[\"" + String.join("\",\"", features.split(",")) + "\"]");
  }

  @Test
  void compressedFilesAndLettersAsLabels() throws IOException {
    StringBuilder text = new StringBuilder("a,y\n");
    for (int i = 0; i < ROWS; i++) {
      text.append(i % 3).append(',').append((char) ('A' + i % 3)).append('\n');
    }
    Path file = temp.resolve("rows.csv.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(text.toString().getBytes(StandardCharsets.UTF_8));
    }
    verbs("{ format = csv, path = \"%s\" }".formatted(file), "data.scale=minmax");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bzip2.csv.bz2", "carriage-returns.csv"})
  void otherCompressionAndOtherLineEnds(String name) throws IOException {
    StringBuilder text = new StringBuilder("a,y\r");
    for (int i = 0; i < ROWS; i++) {
      text.append(i % 3).append(',').append(i % 2).append('\r');
    }
    Path file = temp.resolve(name);
    BZip2Codec codec = new BZip2Codec();
    codec.setConf(new Configuration());
    OutputStream plain = Files.newOutputStream(file);
    try (OutputStream out = name.endsWith("bz2") ? codec.createOutputStream(plain) : plain) {
      out.write(text.toString().getBytes(StandardCharsets.UTF_8));
    }
    verbs("{ format = csv, path = \"%s\" }".formatted(file), "data.scale=minmax");
  }

  /** Dates and nested columns by what is derived from them; two rows are the fewest. */
  @ParameterizedTest
  @ValueSource(ints = {ROWS, 2})
  void typesOfParquet(int rows) throws IOException {
    Path file = temp.resolve("rows.parquet");
    spark
        .range(rows)
        .selectExpr(
            "cast(id / 7 as decimal(20, 6)) as money",
            "cast(id as byte) as small",
            "id % 2 = 0 as even",
            "date_add(date'2026-01-01', cast(id as int)) as day",
            "named_struct('x', id, 'y', array(id, id + 1)) as place",
            "cast(id % 2 as decimal(3, 0)) as y")
        .write()
        .parquet(file.toString());
    String derive = "derive { x = \"place.x\", y1 = \"place.y[1]\", weekday = \"dayofweek(day)\" }";
    verbs(
        "{ format = parquet, path = \"%s\", %s }".formatted(file, derive),
        "data.features=[money, small, even, x, y1, weekday]",
        rows);
  }

  @Test
  void aCategoryOfTenThousandValues() throws IOException {
    List<String> rows = new ArrayList<>(List.of("a,c,y"));
    for (int i = 0; i < 20_000; i++) {
      rows.add(i % 7 + ",v" + i % 10_000 + "," + i % 2);
    }
    Path file = Files.write(temp.resolve("rows.csv"), rows);
    verbs("{ format = csv, path = \"%s\" }".formatted(file), "data.categorical=[c]");
  }

  /** Trains, evaluates and predicts; the rows that come out are all that went in. */
  private void verbs(String source, String set) throws IOException {
    verbs(source, set, ROWS);
  }

  private void verbs(String source, String set, int rows) throws IOException {
    Path job =
        Files.writeString(
            temp.resolve("job.conf"),
            """
            name = odd
            task = classification
            data { train = %s, label = y, scale = standard }
            model { layers = [ { type = dense, units = 2, activation = relu } ] }
            train { epochs = 1, batchSize = %d }
            output { dir = "%s/out" }
            """
                .formatted(source, Math.min(60, rows), temp));
    PrintStream silent =
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    try (Cancellation cancellation = Cancellation.install()) {
      JobFile read = JobReader.read(job.toString(), List.of(set));
      new Run(read, spark, cancellation, silent, false).train();
    }
    SourceArgument argument = new SourceArgument();
    argument.data = source;
    Evaluated evaluated =
        Verbs.evaluate(spark, temp + "/out", argument.source(), List.of(), List.of(), null);
    Predict verb = new Predict();
    new CommandLine(verb).parseArgs(temp + "/out", "--data", source, "--output", temp + "/scored");
    Map<String, Object> scored = Verbs.predict(spark, verb, argument.source(), "parquet", silent);
    assertThat(evaluated.evaluation().rows()).isGreaterThanOrEqualTo(rows);
    assertThat(scored.get("rows")).isEqualTo(evaluated.evaluation().rows());
    assertThat(evaluated.skipped().rows()).isZero();
  }
}
