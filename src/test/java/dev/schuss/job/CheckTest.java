package dev.schuss.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.schuss.model.Json;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What check says of time and memory. */
class CheckTest {
  private static final String JOB = "jobs/mnist.conf";

  private record Said(int code, String out, String err) {}

  private static Said check(String... arguments) {
    List<String> all = new ArrayList<>(List.of("check", JOB, "--gflops", "50"));
    all.addAll(List.of(arguments));
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    ByteArrayOutputStream complained = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(complained, true, StandardCharsets.UTF_8));
      int code = Main.run(all.toArray(String[]::new), System.out, System.err);
      return new Said(
          code, said.toString(StandardCharsets.UTF_8), complained.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  private static Map<?, ?> forecast(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--json", "--rows", "60000", "--features", "784", "--classes", "10"));
    Said said = check(all.toArray(String[]::new));
    assertThat(said.code()).as(said.err()).isZero();
    return (Map<?, ?>) Json.parseObject(said.out(), "stdout").get("forecast");
  }

  @Test
  void withoutTheShapeOfTheDataItSaysWhatItWouldNeed() {
    assertThat(check().out()).contains("valid job").contains("--rows, --features, --classes");
  }

  @Test
  void whatAScheduleIsToldInVainIsAWarning() {
    String rule =
        "optimizer={ rule = nesterov, momentum { kind = sutskever, max = 0.99, finish = %s } }";
    String warning = "warning: sutskever: finish = %s is no shorter than the run: the momentum is";
    String epochs = rule.formatted("\"3 epochs\"");
    assertThat(check("--set", epochs, "--set", "train.epochs=3").out())
        .contains(warning.formatted("3 epochs"));
    assertThat(check("--set", epochs, "--set", "train.epochs=4").out()).doesNotContain("warning");
    String steps = rule.formatted("1000");
    assertThat(check("--set", steps, "--set", "train.epochs=3").out()).doesNotContain("warning");
    assertThat(check("--set", steps, "--set", "train.maxSteps=1000").out())
        .contains(warning.formatted("1000 steps"));
    assertThat(check("--set", steps, "--set", "train.epochs=3", "--rows", "60000").out())
        .contains(warning.formatted("1000 steps"));
    Said compared = check("--set", epochs, "--set", "grid={ train.epochs = [3, 4] }", "--json");
    assertThat(compared.out().split("\"warnings\"")).hasSize(2);
  }

  @Test
  void aLocalForecastCountsParametersRoundsAndRows() {
    Map<?, ?> forecast = forecast("--cores", "2");

    assertThat(forecast.get("parameters")).hasToString("535818");
    assertThat(forecast.get("roundsPerEpoch")).hasToString("235");
    assertThat((List<?>) forecast.get("problems")).isEmpty();
    assertThat(((Map<?, ?>) forecast.get("executor")).isEmpty()).isTrue();
    double rows = ((Number) ((Map<?, ?>) forecast.get("driver")).get("rows")).doubleValue();
    assertThat(rows).isBetween(60_000 * 784 * 4.0, 60_000 * 784 * 4.1);
  }

  @Test
  void moreGflopsAndMoreCoresMakeLessCompute() {
    double one = compute(forecast("--cores", "1"));
    double four = compute(forecast("--cores", "4"));
    // 256 rows x (4 x 784 x 512 + 6 x (512 x 256 + 256 x 10)) operations at 50 GFLOP/s
    double products = 256 * (4.0 * 784 * 512 + 6.0 * (512 * 256 + 256 * 10)) / 50e9;
    assertThat(one).isBetween(products, 1.3 * products);
    assertThat(four).isLessThan(one / 2.5);
  }

  private static double compute(Map<?, ?> forecast) {
    return ((Number) ((Map<?, ?>) forecast.get("round")).get("compute")).doubleValue();
  }

  @Test
  void aDriverThatIsTooSmallIsNamedWithTheMend() {
    Said said =
        check("--rows", "60000", "--features", "784", "--classes", "10", "--driver-memory", "256m");
    assertThat(said.code()).isZero();
    assertThat(said.out())
        .containsPattern(
            "verdict +the driver does not fit: it needs [0-9]+ MiB beside the rows and has 256 MiB; set --driver-memory to at least [0-9]+ MiB");
  }

  /** 10,000 rows of a million features: 40 GB if they were dense. */
  @Test
  void sparseRowsTakeWhatTheirEntriesDo() {
    assertThat(wide("100")).contains("rows 3.9 MiB").contains("verdict     fits");
    assertThat(wide("1000001"))
        .contains("--entries = 1000001: must be at most --features, which is 1000000");
  }

  private static String wide(String entries) {
    Said said =
        check(
            ("--rows 10000 --features 1000000 --classes 2 --executors 2 --executor-memory 2g"
                    + " --set model.layers=[{type=dense,units=16,activation=relu}] --entries "
                    + entries)
                .split(" "));
    return said.out() + said.err();
  }

  @Test
  void rowsThatDoNotFitTheCacheSpill() {
    Said said =
        check(
            "--rows",
            "100000000",
            "--features",
            "784",
            "--classes",
            "10",
            "--executors",
            "16",
            "--executor-memory",
            "4g");
    assertThat(said.out()).contains("rows spill to disk: an executor has 18.4 GiB of them");
  }

  @Test
  void aSizeThatIsNoneIsRefused() {
    String[] shape = {"--rows", "9", "--features", "4", "--classes", "3"};
    List<String> arguments = new ArrayList<>(List.of(shape));
    arguments.addAll(List.of("--driver-memory", "4 gigs"));
    Said said = check(arguments.toArray(String[]::new));
    assertThat(said.code()).isEqualTo(ExitCode.USAGE);
    assertThat(said.err()).contains("--driver-memory = 4 gigs: is not a size, such as 4g or 800m");
    assertThat(check("--rows", "0", "--features", "4", "--classes", "3").err())
        .contains("--rows = 0: must be greater than 0");
  }
}
