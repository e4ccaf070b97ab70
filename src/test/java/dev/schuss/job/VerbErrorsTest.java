package dev.schuss.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.schuss.TestSpark;
import dev.schuss.job.Sources.From;
import dev.schuss.model.ClassLabels;
import dev.schuss.model.Feature;
import dev.schuss.model.Invalid;
import dev.schuss.model.Preprocessing;
import dev.schuss.nn.Activation;
import dev.schuss.nn.Network;
import dev.schuss.objective.Task;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;
import org.apache.spark.SparkStatusTracker;
import org.apache.spark.sql.SparkSession;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What train, evaluate and predict say of bad input: each in one line, leaving nothing behind. */
class VerbErrorsTest {
  private static final Network NETWORK = Network.input(2).dense(2, Activation.RELU).output(2);
  private static final String GOOD = "a,b,y\n1,2,0\n3,4,1\n5,6,0\n7,8,1\n";

  @TempDir Path temp;
  private final SparkSession spark = TestSpark.session();
  private Path data;
  private Path model;

  @BeforeEach
  void files() throws IOException {
    data = Files.createDirectory(temp.resolve("data"));
    model = temp.resolve("model");
    Preprocessing columns =
        new Preprocessing(
            Task.CLASSIFICATION,
            List.of(Feature.number("a"), Feature.number("b")),
            List.of("y"),
            ClassLabels.of(0, 1),
            Invalid.ERROR,
            null,
            null);
    Verbs.save(NETWORK, columns, model);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a,b,y/1,2,0/1,abc,1 | tep | line 3, column b: "abc" is not a number
          a,b,y/1,2,0/1,,1    | tep | line 3, column b: missing value
          a,b,y/1,NaN,0/1,2,1 | tep | line 2, column b: NaN is not a finite number
          a,b,y/1,-inf,0/1,2,1 | tep | line 2, column b: "-inf" is not a number
          a,b,y/1,-Infinity,0/1,2,1 | tep | line 2, column b: -Infinity is not a finite number
          a,b,y/1,1e300,0/1,2,1 | tep | line 2, column b: 1.0E300 does not fit a 32-bit float
          a,b,y/1,2/1,2,1     | tep | line 2: "1,2" has more or fewer values than columns
          a,b,y/1,2,1,0/1,2,1 | tep | line 2: "1,2,1,0" has more or fewer values than columns
          a,c,y/1,2,0/1,2,1   | tep | no feature column b
          a,A,b,y/1,2,0,1/1,2,0,0 | tep | two columns are named a and A: rename one
          a,b,z/1,2,0/1,2,1   | te  | no label column y
          a,b,y/1,2,/1,2,1    | te  | line 2, column y: missing value
          a,b,y/1,2,NaN/1,2,1 | te  | line 2, column y: NaN is not a finite number
          a,b,y/1,2,0/1,2,dog | te  | line 3, column y: "dog" is not
          a,b,y/1,2,0/1,2,7   | e   | line 3, column y: 7 is not one of the classes of the training data (0, 1)
          a,b,y               | tep | has a header and no rows: name a file with rows
          """)
  void badLines(String text, String verbs, String message) throws IOException {
    Files.writeString(data.resolve("rows.csv"), text.replace('/', '\n') + "\n");
    assertSaid(verbs, data + "/rows.csv", "csv", message);
  }

  @Test
  void missingAndEmptyFiles() throws IOException {
    Files.writeString(data.resolve("rows.csv"), GOOD);
    assertSaid(
        "tep",
        data + "/rosw.csv",
        "csv",
        "no such file: " + data + "/rosw.csv; did you mean rows.csv?");
    assertSaid("tep", temp + "/dat/x.csv", "csv", "/x.csv; nor is there a folder " + temp + "/dat");
    Path empty = Files.createDirectory(temp.resolve("empty"));
    assertSaid("tep", empty.toString(), "csv", empty + " is a folder without files");
    Files.createFile(empty.resolve("nothing.csv"));
    assertSaid("tep", empty.toString(), "csv", empty + " is empty: name a file with rows");
  }

  @ParameterizedTest
  @ValueSource(strings = {"b,a,y", "a,b,y,c"})
  void filesOfOtherColumnsInOneFolder(String header) throws IOException {
    Files.writeString(data.resolve("1.csv"), GOOD);
    Files.writeString(data.resolve("2.csv"), GOOD.replace("a,b,y", "A, \"b\" ,y"));
    Files.writeString(data.resolve("3.csv"), GOOD.replace("a,b,y", header));
    assertSaid(
        "tep",
        data.toString(),
        "csv",
        "%s/3.csv has the header %s, but %s/1.csv has a,b,y: files of one source need the same columns in the same order"
            .formatted(data, header, data));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          b,a,y   | z.csv has the header b, a, y, but the first file has a, b, y: files of one
          a,b,c,y | z.csv has a header of 4 columns, but the first file has one of 3: files of one
          """)
  void filesOfOtherColumnsBehindManyOthers(String header, String message) throws IOException {
    for (int i = 0; i < 60; i++) {
      Files.writeString(data.resolve("p%02d.csv".formatted(i)), GOOD);
    }
    Files.writeString(data.resolve("z.csv"), header + "\n1,2,0\n");
    assertSaid("te", data.toString(), "csv", message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cut", "text", "flipped"})
  void brokenGzipAmongGoodFiles(String how) throws IOException {
    Files.writeString(data.resolve("1.csv"), GOOD);
    byte[] whole = gzip(GOOD + "9,8,1\n".repeat(5_000));
    byte[] broken =
        switch (how) {
          case "cut" -> Arrays.copyOf(whole, whole.length / 2);
          case "text" -> GOOD.getBytes(StandardCharsets.UTF_8);
          default -> flipped(whole);
        };
    Files.write(data.resolve("2.csv.gz"), broken);
    assertSaid("tep", data.toString(), "csv", data + "/2.csv.gz cannot be read: ");
  }

  /** A task beside the one that failed may still write what the folder's end must not meet. */
  @AfterEach
  void awaitTasks() throws InterruptedException {
    SparkStatusTracker tracker = spark.sparkContext().statusTracker();
    for (int i = 0; i < 500; i++) {
      if (Arrays.stream(tracker.getExecutorInfos()).allMatch(e -> e.numRunningTasks() == 0)) {
        return;
      }
      Thread.sleep(20);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "orc"})
  void aBrokenColumnFileAmongGoodOnes(String format) throws IOException {
    spark
        .sql("select double(id) as a, double(id) as b, id % 2 as y from range(100)")
        .coalesce(1)
        .write()
        .format(format)
        .mode("append")
        .save(data.toString());
    Files.writeString(data.resolve("zz." + format), "this is a text of some length, and no table");
    assertSaid("tep", data.toString(), format, data + "/zz." + format + " cannot be read: ");
  }

  @Test
  void filesOfNoJson() throws IOException {
    Files.writeString(data.resolve("rows.json"), GOOD);
    assertSaid(
        "tep",
        data + "/rows.json",
        "json",
        data + "/rows.json holds no JSON objects: name a file of one object per line");
  }

  @Test
  void fileSystemsThatAreNotThere() throws IOException {
    spark.sparkContext().hadoopConfiguration().set("fs.lacking.impl", "no.such.FileSystem");
    assertSaid(
        "tep",
        "lacking://h/x.csv",
        "csv",
        "lacking://h/x.csv cannot be read: Class no.such.FileSystem not found; add the jar of that file system");
    assertSaid("tep", "nosuch://h/x.csv", "csv", "No FileSystem for scheme \"nosuch\"");
  }

  @Test
  void anotherNumberOfFeatures() throws IOException {
    Files.writeString(data.resolve("x.json"), "{\"v\": [1.0, 2.0, 3.0], \"y\": 1}\n");
    Failure failure =
        failure(
            () -> {
              From from = source(data + "/x.json", "json");
              Verbs.evaluate(spark, model.toString(), from, List.of(), List.of("v"), null);
            });
    assertThat(failure)
        .isEqualTo(
            new Failure(
                3,
                "the rows have 3 features, but the model was trained on 2: name the same columns"));
  }

  @Test
  void tablesThatAreNotThere() {
    String hive = "; Spark runs without Hive here, so that Hive's tables are not seen)";
    assertTable("nowhere.t", "no such table: nowhere.t (there is no database nowhere" + hive);
    assertTable("default.t", "no such table: default.t (the database default has ", hive);
    assertTable("t t", "");
    assertTable("a.b.c.d", "");
  }

  private void assertTable(String name, String... parts) {
    From from = new Sources.FromTable(name, Map.of());
    Failure failure =
        failure(() -> Verbs.evaluate(spark, model.toString(), from, List.of(), List.of(), null));
    assertThat(failure.line()).contains(name).contains(parts).doesNotContain("\n");
    assertThat(failure.exitCode()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          model.json          | 0   | model.json: the JSON ends too early
          model.json          | 60  | model.json: is not JSON
          model.safetensors   | 0   | model.safetensors: 0 bytes are no safetensors file
          model.safetensors   | 100 | model.safetensors: cut off
          model.json          | -1  | model.json: no such file
          model.safetensors   | -1  | model.safetensors: no such file
          """)
  void damagedModels(String file, int left, String message) throws IOException {
    Files.writeString(data.resolve("rows.csv"), GOOD);
    Path path = model.resolve(file);
    byte[] whole = Files.readAllBytes(path);
    Files.delete(path);
    if (left >= 0) {
      Files.write(path, Arrays.copyOf(whole, left));
    }
    assertSaid(5, "Tep", data + "/rows.csv", "csv", message);
  }

  /** Neither verb gets as far as a session, which it would stop. */
  @ParameterizedTest
  @ValueSource(strings = {"evaluate", "predict"})
  void aModelIsReadBeforeSparkStarts(String verb) throws IOException {
    String[] rest = {"--data", "rows.csv", "--master", "spark://nowhere:1", "--output", "out"};
    List<String> all = new ArrayList<>(List.of(verb, temp + "/nowhere"));
    all.addAll(List.of(rest).subList(0, verb.equals("predict") ? 6 : 4));
    Runs.Outcome missing = Runs.schuss(all.toArray(String[]::new));
    assertThat(missing.err()).startsWith("schuss: no such model: " + temp + "/nowhere (");
    assertThat(missing.code()).isEqualTo(5);
    all.set(1, model.toString());
    Files.write(model.resolve("model.safetensors"), new byte[5]);
    assertThat(Runs.schuss(all.toArray(String[]::new)).err())
        .contains("which starts with 8; copy the model again, or train again")
        .hasLineCount(1);
    assertThat(spark.sparkContext().isStopped()).isFalse();
  }

  @Test
  void outputsThatAreTaken() throws IOException {
    Files.writeString(data.resolve("rows.csv"), GOOD);
    Path out = Files.createDirectory(temp.resolve("out"));
    Files.writeString(out.resolve("mine"), "x");
    From from = source(data + "/rows.csv", "csv");
    assertThat(failure(() -> train(data + "/rows.csv", "csv", out.toString(), "")).line())
        .startsWith("output.dir = " + out + " holds files that Schuss did not write (mine)");
    assertThat(failure(() -> predict(from, out.toString())).line())
        .isEqualTo("--output " + out + " exists: name another, or replace it with --overwrite");
    assertThat(out.resolve("mine")).hasContent("x");
  }

  /** Local files on a disk on which nothing fits. */
  public static final class Full extends RawLocalFileSystem {
    @Override
    public URI getUri() {
      return URI.create("full:///");
    }

    @Override
    public FSDataOutputStream create(
        org.apache.hadoop.fs.Path file,
        FsPermission permission,
        boolean overwrite,
        int bufferSize,
        short replication,
        long blockSize,
        Progressable progress)
        throws IOException {
      return full(file);
    }

    @Override
    public FSDataOutputStream create(
        org.apache.hadoop.fs.Path file,
        boolean overwrite,
        int bufferSize,
        short replication,
        long blockSize,
        Progressable progress)
        throws IOException {
      return full(file);
    }

    private FSDataOutputStream full(org.apache.hadoop.fs.Path file) throws IOException {
      mkdirs(file.getParent());
      return new FSDataOutputStream(
          new OutputStream() {
            @Override
            public void write(int b) throws IOException {
              throw new IOException("No space left on device");
            }
          },
          null);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"csv", "parquet", "orc", "json"})
  void aFullDiskIsNamedAndNothingIsLeft(String format) throws IOException {
    spark.sparkContext().hadoopConfiguration().set("fs.full.impl", Full.class.getName());
    Files.writeString(data.resolve("rows.csv"), GOOD);
    From from = source(data + "/rows.csv", "csv");
    Failure failure = failure(() -> predict(from, "full://" + temp + "/out." + format));
    assertThat(failure)
        .isEqualTo(
            new Failure(
                6,
                "--output full://%s/out.%s was not written: no space left on its disk, or on that of spark.local.dir: make room, or name another"
                    .formatted(temp, format)));
    assertThat(temp.toFile().list()).containsExactlyInAnyOrder("data", "model");
    Failure training =
        failure(() -> train(data + "/rows.csv", "csv", "full://" + temp + "/trained", ""));
    assertThat(training.line())
        .contains("cannot write into output.dir = full://", "No space left on device");
    assertThat(training.exitCode()).isEqualTo(2);
    assertThat(temp.toFile().list()).containsExactlyInAnyOrder("data", "model");
  }

  private void assertSaid(String verbs, String path, String format, String message) {
    assertSaid(3, verbs, path, format, message);
  }

  /** t stands for train, T for a training that starts from the model, e evaluate, p predict. */
  private void assertSaid(int code, String verbs, String path, String format, String message) {
    From from = source(path, format);
    String out = temp + "/out";
    int kept = spark.sparkContext().getPersistentRDDs().size();
    for (int v = 0; v < verbs.length(); v++) {
      char verb = verbs.charAt(v);
      Failure failure =
          failure(
              () -> {
                switch (verb) {
                  case 't' -> train(path, format, out, "");
                  case 'T' -> train(path, format, out, model.toString());
                  case 'e' ->
                      Verbs.evaluate(spark, model.toString(), from, List.of(), List.of(), null);
                  default -> predict(from, out);
                }
              });
      assertThat(failure.line()).as("%s", verb).contains(message).doesNotContain("\n");
      assertThat(failure.exitCode()).as("%s", verb).isEqualTo(code);
      assertThat(temp.resolve("out")).as("%s", verb).doesNotExist();
    }
    assertThat(spark.sparkContext().getPersistentRDDs().size()).isEqualTo(kept);
  }

  private static Failure failure(ThrowingCallable verb) {
    Throwable thrown = catchThrowable(verb);
    assertThat(thrown).as("what is bad was taken").isNotNull();
    return Failure.of(thrown);
  }

  private static From source(String path, String format) {
    SourceArgument argument = new SourceArgument();
    argument.data = path;
    argument.format = format;
    return argument.source();
  }

  private void train(String path, String format, String out, String warm) throws IOException {
    Path file = Files.createTempFile("job", ".conf");
    try {
      Files.writeString(
          file,
          """
          name = t
          task = classification
          data { train { format = %s, path = "%s" }, label = y, features = [a, b] }
          model { layers = [ { type = dense, units = 2, activation = relu } ] }
          train { epochs = 1 }
          output { dir = "%s" }
          """
              .formatted(format, path, out));
      List<String> set = warm.isEmpty() ? List.of() : List.of("model.from=" + warm);
      try (Cancellation cancellation = Cancellation.install()) {
        new Run(JobReader.read(file.toString(), set), spark, cancellation, silent(), false).train();
      }
    } finally {
      Files.delete(file);
    }
  }

  private void predict(From from, String out) {
    Predict verb = new Predict();
    new CommandLine(verb).parseArgs(model.toString(), "--data", "x.csv", "--output", out);
    Verbs.predict(spark, verb, from, verb.format(), silent());
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  private static byte[] flipped(byte[] whole) {
    byte[] broken = whole.clone();
    IntStream.range(20, 60).forEach(i -> broken[i] ^= (byte) 0xff);
    return broken;
  }

  private static PrintStream silent() {
    return new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
  }
}
