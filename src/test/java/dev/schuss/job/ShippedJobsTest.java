package dev.schuss.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.schuss.TestSpark;
import dev.schuss.model.FittedModel;
import dev.schuss.model.LocalFolder;
import dev.schuss.model.Predictor;
import dev.schuss.model.Preprocessing;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jobs whose data does not come along, on made-up data of the same form. */
class ShippedJobsTest {
  @TempDir Path temp;
  private final Random random = new Random(1);
  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();

  private String file(String name, int rows, Function<Integer, String> row) throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      lines.add(row.apply(i));
    }
    Path file = temp.resolve(name);
    Files.write(file, lines);
    return file.toString();
  }

  private Run.Outcome run(String job, String... set) {
    List<String> all = new ArrayList<>(List.of(set));
    all.add("output.dir=" + temp.resolve("out"));
    all.add("output.overwrite=true");
    JobFile read = JobReader.read(job, all);
    try (Cancellation cancellation = Cancellation.install()) {
      PrintStream out = new PrintStream(shown, true, StandardCharsets.UTF_8);
      return new Run(read, TestSpark.session(), cancellation, out, false).train();
    }
  }

  private static double accuracy(Run.Outcome outcome) {
    return outcome.result().test().get("accuracy");
  }

  private Preprocessing preprocessing() throws IOException {
    return FittedModel.load(new LocalFolder(temp.resolve("out/model"))).preprocessing();
  }

  @Test
  void a9a() throws IOException {
    Function<Integer, String> row =
        i -> {
          int a = random.nextInt(60);
          return (a < 30 ? "+1 " : "-1 ") + (1 + a) + ":1 " + (61 + random.nextInt(62)) + ":1 ";
        };
    String train = file("a9a", 600, row);
    file("a9a.t", 200, row);
    Run.Outcome outcome = run("jobs/a9a.conf", "data.train.path=" + train, "train.batchSize=32");
    assertThat(accuracy(outcome)).isGreaterThan(0.9);
    assertThat(preprocessing().classes().numbers()).containsExactly(-1, 1);
    assertThat(preprocessing().width()).isEqualTo(122);
  }

  private String adultRow(String end) {
    boolean rich = random.nextInt(4) == 0;
    String job = random.nextInt(9) == 0 ? "?" : rich ? "Exec-managerial" : "Sales";
    return String.join(
        ", ",
        "" + (20 + random.nextInt(50)),
        "Private",
        "77516",
        "Bachelors",
        "" + (rich ? 14 : 9),
        "Never-married",
        job,
        "Husband",
        "White",
        "Male",
        "0",
        "0",
        "40",
        random.nextInt(30) == 0 ? "?" : "United-States",
        (rich ? ">50K" : "<=50K") + end);
  }

  @Test
  void adult() throws IOException {
    String train = file("adult.data", 500, i -> adultRow(""));
    Files.writeString(Path.of(train), Files.readString(Path.of(train)) + "\n");
    String test = file("adult.test", 101, i -> i == 0 ? "|1x3 Cross validator" : adultRow("."));
    String[] paths = {"data.train.path=" + train, "data.test.path=" + test, "train.batchSize=32"};
    Run.Outcome outcome = run("jobs/adult.conf", paths);
    assertThat(accuracy(outcome)).isGreaterThan(0.98);
    Preprocessing p = preprocessing();
    assertThat(p.classes().names()).containsExactly("<=50K", ">50K");
    assertThat(p.inputs().get(5).categories()).containsExactly("Sales", "Exec-managerial");
    assertThat(p.inputs().get(5).missingSeen()).isTrue();
    assertThat(outcome.json()).containsEntry("skippedRows", 0L);

    String odd = file("odd.test", 3, i -> i == 1 ? "no, row" : adultRow("."));
    String[] skip = {
      paths[0], "data.test.path=" + odd, "data.invalid=skip", "train.epochs=1", "train.batchSize=64"
    };
    run("jobs/adult.conf", skip);
    JsonObject json =
        JsonParser.parseString(Files.readString(temp.resolve("out/result.json"))).getAsJsonObject();
    assertThat(json.get("skippedRows").getAsInt()).isEqualTo(1);
    assertThat(json.getAsJsonArray("skippedExamples").get(0).getAsString())
        .isEqualTo(odd + " line 2: \"no, row\" has more or fewer values than columns");
    assertThat(shown.toString(StandardCharsets.UTF_8)).contains("1 bad rows left out: " + odd);
    skip[2] = "data.invalid=error";
    Failure failure = Failure.of(catchThrowable(() -> run("jobs/adult.conf", skip)));
    assertThat(failure.exitCode()).isEqualTo(ExitCode.DATA);
    assertThat(failure.line()).startsWith(odd + " line 2: ");
  }

  @Test
  void adultByEmbeddings() throws IOException {
    String train = file("adult.data", 500, i -> adultRow(""));
    String test = file("adult.test", 101, i -> i == 0 ? "|1x3 Cross validator" : adultRow("."));
    Run.Outcome outcome =
        run(
            "jobs/adult-embeddings.conf",
            "data.train.path=" + train,
            "data.test.path=" + test,
            "train.batchSize=32");
    assertThat(accuracy(outcome)).isGreaterThan(0.98);
    FittedModel model = FittedModel.load(new LocalFolder(temp.resolve("out/model")));
    assertThat(model.network().layout().segment("embedding0.weight").shape())
        .containsExactly(model.preprocessing().width() - 5, 6);
    float[] row = new float[model.preprocessing().width()];
    assertThat(Predictor.of(model).classIndex(row)).isBetween(0, 1);
  }

  /** Images of noise, in which one class is brighter. */
  private String cifar(String name, int rows) throws IOException {
    byte[] bytes = new byte[rows * 3073];
    random.nextBytes(bytes);
    for (int r = 0; r < rows; r++) {
      bytes[r * 3073] = (byte) (r % 10);
      for (int i = 1; i <= 3072 && r % 10 < 5; i++) {
        bytes[r * 3073 + i] = (byte) (128 + (bytes[r * 3073 + i] & 127));
      }
    }
    Path file = temp.resolve(name);
    Files.write(file, bytes);
    return file.toString();
  }

  @Test
  void cifar10() throws IOException {
    Run.Outcome outcome =
        run(
            "jobs/cifar10.conf",
            "data.train.path=" + cifar("train.bin", 200),
            "data.test.path=" + cifar("test.bin", 50),
            "train.batchSize=64",
            "train.epochs=4");
    assertThat(outcome.result().history()).hasSize(4);
    assertThat(outcome.result().train().get("loss")).isLessThan(Math.log(10));
  }

  @Test
  void casp() throws IOException {
    String path =
        file(
            "CASP.csv",
            801,
            i -> {
              double a = random.nextGaussian();
              double b = random.nextGaussian();
              return i == 0
                  ? "# \"RMSD\",\"F1\",\"F2\",\"F3\",\"F4\",\"F5\",\"F6\",\"F7\",\"F8\",\"F9\""
                  : (8 + 3 * a - b) + "," + 1000 * a + "," + b + ",1,2,3,4,5,6,7";
            });
    Run.Outcome outcome =
        run("jobs/casp.conf", "data.train.path=" + path, "train.batchSize=64", "train.epochs=20");
    assertThat(outcome.result().test().get("rmse")).isLessThan(1);
    assertThat(shown.toString(StandardCharsets.UTF_8)).contains("560 rows in 2 partitions");
  }

  @Test
  void higgs7k() throws IOException {
    Function<Integer, String> row =
        i -> {
          double a = random.nextGaussian();
          return (a > 0 ? 1 : 0) + "\t" + a + "\t0.635".repeat(27);
        };
    Run.Outcome outcome =
        run(
            "jobs/higgs7k.conf",
            "data.train.path=" + file("binary.train", 400, row),
            "data.test.path=" + file("binary.test", 100, row),
            "train.epochs=10");
    assertThat(accuracy(outcome)).isGreaterThan(0.9);
    assertThat(preprocessing().features()).hasSize(28).startsWith("_c1").endsWith("_c28");
  }

  @Test
  void theDataBlockChecksWhatBelongsTogether() {
    String job = "jobs/higgs7k.conf";
    assertSaid(
        job, "data.validation.fraction=1.5", "data.validation.fraction = 1.5: must be in (0, 1)");
    assertSaid(
        "jobs/casp.conf",
        "data.validation.fraction=0.9",
        "validation fraction 0.9 and test fraction 0.2 leave no training rows");
    assertSaid("jobs/casp.conf", "data.classWeights=balanced", "belong to a classification");
    assertSaid(job, "data.classWeights=even", "must be balanced, or weights by label such as");
    assertSaid(job, "data.classWeights={ 1 = -2 }", "the weight of class 1 is -2.0: must be");
    assertSaid(job, "data.invalid=drop", "must be one of");
    assertSaid(job, "data.persist=ram", "must be one of");
    assertSaid(job, "data.train.format=avro", "unknown format");
    assertSaid(job, "data.train.options={ mode = FAILFAST }", "options.mode: set data.invalid");
    assertSaid(job, "data.train.features=3", "unknown key of format csv");
    assertThat(JobReader.read(job, List.of("data.classWeights={ 1 = 2.5 }")).data().classWeights())
        .isEqualTo(dev.schuss.data.ClassWeights.of(java.util.Map.of("1", 2.5)));
  }

  private static void assertSaid(String job, String set, String message) {
    Failure failure = Failure.of(catchThrowable(() -> JobReader.read(job, List.of(set))));
    assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(failure.line()).contains(message).doesNotContain("\n");
  }
}
