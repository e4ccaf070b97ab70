package dev.schuss.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.ZoneOffset.UTC;
import static org.assertj.core.api.Assertions.assertThat;

import dev.schuss.Scripts;
import dev.schuss.export.Ran;
import dev.schuss.model.Feature;
import dev.schuss.model.Invalid;
import dev.schuss.model.Preprocessing;
import dev.schuss.nn.Activation;
import dev.schuss.nn.Network;
import dev.schuss.objective.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar as users get it. */
class JarIT {
  private static final Path JAR = Path.of(System.getProperty("schuss.jar"));

  private static List<? extends ZipEntry> entries() throws IOException {
    try (JarFile jar = new JarFile(JAR.toFile())) {
      return jar.stream().toList();
    }
  }

  private static List<String> names() throws IOException {
    return entries().stream().map(ZipEntry::getName).toList();
  }

  private static String text(String name) throws IOException {
    try (JarFile jar = new JarFile(JAR.toFile())) {
      return new String(jar.getInputStream(jar.getEntry(name)).readAllBytes(), UTF_8);
    }
  }

  @Test
  void holdsWhatTheClusterHasNot() throws IOException {
    assertThat(names())
        .doesNotHaveDuplicates()
        .contains(
            "dev/schuss/job/Main.class",
            "dev/schuss/version.properties",
            "data/digits-train.csv",
            "dev/schuss/shaded/config/Config.class",
            "dev/schuss/shaded/gson/Gson.class",
            "dev/schuss/shaded/picocli/CommandLine.class",
            "dev/schuss/shaded/progressbar/ProgressBar.class",
            "dev/schuss/shaded/onnx/OnnxMl$ModelProto.class",
            "dev/schuss/shaded/protobuf/ByteString.class",
            "dev/schuss/shaded/letsplot/core/util/PlotSvgExportCommon.class",
            "dev/schuss/shaded/kotlin/Unit.class",
            "dev/schuss/shaded/mu/KotlinLogging.class",
            "org/jline/terminal/TerminalBuilder.class",
            "META-INF/services/org/jline/terminal/provider/exec")
        .containsAll(
            List.of("linux-x86_64", "linux-arm64").stream()
                .map(folder -> "org/bytedeco/openblas/" + folder + "/libopenblas.so.0")
                .toList());
  }

  /** Spark's, Hadoop's, Scala's and slf4j's classes are the cluster's; the rest is renamed. */
  @Test
  void holdsNoOtherClasses() throws IOException {
    assertThat(names().stream().filter(name -> name.endsWith(".class")))
        .allMatch(name -> name.matches("(dev/schuss|org/bytedeco|org/jline)/.*"));
    assertThat(names().stream().filter(name -> name.startsWith("META-INF/")))
        .allMatch(
            name ->
                name.matches(
                    "META-INF/(MANIFEST.MF|LICENSE|NOTICE|licenses/.*|services/.*|(services/)?)"));
    assertThat(names().stream().filter(name -> name.endsWith(".so") || name.contains(".so.")))
        .allMatch(name -> name.matches("org/bytedeco/(openblas|javacpp)/linux-(x86_64|arm64)/.*"));
    assertThat(Files.size(JAR)).as("bytes").isLessThan(60_000_000);
  }

  @Test
  void saysUnderWhichLicencesItIs() throws IOException {
    assertThat(text("META-INF/LICENSE")).contains("Apache License");
    String notice = text("META-INF/NOTICE");
    assertThat(notice)
        .contains(
            "Handwritten Digits",
            "OpenBLAS",
            "JLine",
            "Protocol Buffers",
            "ONNX",
            "Lets-Plot",
            "Kotlin");
    List<String> licences =
        names().stream()
            .filter(name -> name.startsWith("META-INF/licenses/") && name.endsWith(".txt"))
            .map(name -> name.substring(name.lastIndexOf('/') + 1))
            .toList();
    assertThat(licences).hasSize(8).allMatch(notice::contains);
    assertThat(text("META-INF/licenses/OpenBLAS.txt")).contains("The OpenBLAS Project");
  }

  /** Else two builds of the same sources would differ. */
  @Test
  void holdsNoTimeOfItsBuild() throws IOException {
    LocalDateTime built = LocalDateTime.ofInstant(Files.getLastModifiedTime(JAR).toInstant(), UTC);
    assertThat(entries()).allMatch(entry -> entry.getTimeLocal().isBefore(built.minusDays(1)));
    assertThat(text("META-INF/MANIFEST.MF"))
        .contains("Main-Class: dev.schuss.job.Main")
        .doesNotContain("Build-Time", "Built-By");
  }

  /** What was renamed finds its parts under the new names. */
  @Test
  void needsNothingBesideSpark() throws IOException, InterruptedException {
    assertThat(schuss("--version")).contains("Schuss ");
    assertThat(schuss("--help")).contains("Usage: schuss", "train");
    String job = Path.of("jobs/digits.conf").toAbsolutePath().toString();
    assertThat(schuss("check", job, "--json")).contains("\"learningRate\"");
  }

  /** Protobuf under its new name, too. */
  @Test
  void exportsAModel(@TempDir Path temp) throws IOException, InterruptedException {
    Network network = Network.input(2).dense(3, Activation.RELU).regression(1);
    Preprocessing columns =
        new Preprocessing(
            Task.REGRESSION,
            List.of(Feature.number("a"), Feature.category("b", List.of(), false)),
            List.of("y"),
            null,
            Invalid.ERROR,
            null,
            null);
    Verbs.save(network, columns, temp.resolve("tiny"));
    String said = schuss("export", temp.resolve("tiny").toString(), "--format", "onnx");
    assertThat(said).contains("written as ONNX").contains("values float [N, 1]");
    Ran ran =
        Ran.of(
            Files.readAllBytes(temp.resolve("tiny.onnx")),
            List.of(new float[] {1}),
            Map.of("b", new String[] {"any"}));
    assertThat(ran.floats("values", 0)).hasSize(1).doesNotContain(Float.NaN);
  }

  private static String schuss(String... words) throws IOException, InterruptedException {
    String spark =
        Arrays.stream(System.getProperty("java.class.path").split(":", -1))
            .filter(path -> !path.matches(".*/(target/.*classes|config-.*|gson-.*|picocli-.*)"))
            .filter(path -> !path.matches(".*/(progressbar|jline|openblas|javacpp).*"))
            .filter(path -> !path.matches(".*/(protobuf-java|tribuo|onnxruntime).*"))
            .collect(Collectors.joining(":"));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-Xmx256m", Scripts.QUICK, "-cp", JAR + ":" + spark, "dev.schuss.job.Main"));
    command.addAll(List.of(words));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(said).isZero();
    return said;
  }
}
