package dev.schuss.math;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What is chosen once per JVM, tried in JVMs of their own. */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class BlasJvmTest {
  private static final String VECTOR = "--add-modules=jdk.incubator.vector";
  private static final String NATIVE = "org/bytedeco/openblas/linux-x86_64/libopenblas.so.0";

  @TempDir Path tmp;

  @Test
  void severalJvmsAtOnceMapTheBundledLibraryAndNoOther(@TempDir Path links) throws Exception {
    // Neither a home that is not there nor a temporary folder behind a link must matter.
    Path link = Files.createSymbolicLink(links.resolve("link"), tmp);
    Child one = start(classPath(""), List.of("-Duser.home=/nowhere"), "blas", "mapped", "cores");
    Child two =
        start(classPath(""), List.of("-Djava.io.tmpdir=" + link), "blas", "mapped", "cores");
    for (Child child : List.of(one, two)) {
      Map<String, String> said = child.result();
      assertThat(said).containsEntry("kind", "OPENBLAS");
      assertThat(said.get("name")).matches("OpenBLAS 0\\.3\\.31 \\(bundled, \\w+, 1 thread\\)");
      assertThat(child.output()).contains("INFO", "BLAS: " + said.get("name"));
      List<String> mapped = list(said.get("mapped"));
      assertThat(mapped).allMatch(file -> file.startsWith(tmp.toString()));
      assertThat(mapped.stream().filter(file -> file.contains("/libopenblas.")).toList())
          .singleElement()
          .asString()
          .startsWith(tmp + "/schuss-openblas-");
      assertThat(Double.parseDouble(said.get("cores"))).isBetween(0.9, 1.5);
    }
    assertThat(tmp).as("what halted JVMs leave behind").isEmptyDirectory();
  }

  @Test
  void isNotTouchedByWhatWasLoadedBefore(@TempDir Path elsewhere) throws Exception {
    // The system's library, as MLlib's netlib would have mapped it: the same name, another folder.
    List<String> before = new ArrayList<>();
    for (String name : List.of("libgcc_s.so.1", "libquadmath.so.0", "libgfortran.so.5")) {
      before.add(copy(NATIVE.replace("libopenblas.so.0", name), elsewhere).toString());
    }
    before.add(copy(NATIVE, elsewhere).toString());
    before.addAll(List.of("netlib", "blas", "mapped", "cores", "properties"));
    Child child =
        start(
            classPath(""),
            List.of("-Ddev.ludovic.netlib.blas.nativeLibPath=/nowhere/libblas.so", VECTOR),
            before.toArray(String[]::new));
    Map<String, String> said = child.result();
    assertThat(said)
        .containsEntry("kind", "OPENBLAS")
        .containsEntry("netlib", "VectorBLAS")
        .containsEntry("dot", "39.0")
        .containsEntry("dev.ludovic.netlib.blas.nativeLibPath", "/nowhere/libblas.so")
        .containsEntry("org.bytedeco.javacpp.loadlibraries", "null")
        .containsEntry("org.bytedeco.javacpp.nopointergc", "null");
    assertThat(list(said.get("mapped")).stream().filter(f -> f.contains("/libopenblas.")).toList())
        .hasSize(2)
        .contains(elsewhere.resolve("libopenblas.so.0").toString());
    assertThat(Double.parseDouble(said.get("cores"))).isBetween(0.9, 1.5);
  }

  @Test
  void leavesMllibsOwnNetlibAlone() throws Exception {
    List<String> jvm = List.of("-Ddev.ludovic.netlib.blas.nativeLibPath=/nowhere/libblas.so");
    Map<String, String> said = start(classPath(""), jvm, "blas", "netlib").result();
    assertThat(said)
        .containsEntry("kind", "OPENBLAS")
        .containsEntry("netlib", "Java11BLAS")
        .containsEntry("dot", "39.0");
  }

  @Test
  void aPropertyForcesOneKind() throws Exception {
    Child vector = start(classPath(""), List.of(VECTOR, "-Dschuss.blas=vector"), "blas");
    Child java = start(classPath(""), List.of(VECTOR, "-Dschuss.blas=java"), "blas");
    assertThat(vector.result())
        .containsEntry("kind", "VECTOR")
        .containsEntry("name", "netlib VectorBLAS");
    assertThat(java.result())
        .containsEntry("kind", "JAVA")
        .containsEntry("name", "netlib Java8BLAS");
  }

  @Test
  void aForcedKindThatCannotBeHadIsAnError() throws Exception {
    Child vector = start(classPath(""), List.of("-Dschuss.blas=vector"), "blas");
    Child unknown = start(classPath(""), List.of("-Dschuss.blas=mkl"), "blas");
    Child openblas = start(classPath("linux-x86_64"), List.of("-Dschuss.blas=openblas"), "blas");
    assertThat(vector.result())
        .containsEntry(
            "error",
            "schuss.blas = vector cannot be had: it needs the JVM option"
                + " --add-modules jdk.incubator.vector");
    assertThat(unknown.result())
        .containsEntry(
            "error", "schuss.blas = mkl: must be openblas, vector or java, or not be set");
    assertThat(openblas.result().get("error"))
        .startsWith("schuss.blas = openblas cannot be had: org/bytedeco/openblas/linux-x86_64/")
        .endsWith("is not on the class path");
  }

  @Test
  void fallsBackToTheVectorKernelsWithoutTheNativeJar() throws Exception {
    Child child = start(classPath("linux-x86_64"), List.of(VECTOR), "blas");
    assertThat(child.result()).containsEntry("kind", "VECTOR");
    assertThat(child.output())
        .containsOnlyOnce("BLAS:")
        .containsPattern(
            "WARN .*BLAS: netlib VectorBLAS \\(slower\\), because openblas cannot be had:"
                + " org/bytedeco/\\S+ is not on the class path");
  }

  @Test
  void fallsBackToJavaFromABrokenLibrary(@TempDir Path broken) throws Exception {
    Path file = broken.resolve(NATIVE);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "this is no library");
    Child child = start(broken + File.pathSeparator + classPath(""), List.of(), "blas");
    assertThat(child.result()).containsEntry("kind", "JAVA");
    assertThat(child.output())
        .containsOnlyOnce("BLAS:")
        .containsPattern(
            "WARN .*BLAS: netlib Java8BLAS \\(slower\\), because openblas cannot be had:"
                + " .*(invalid ELF header|file too short).*; vector cannot be had: it needs the JVM"
                + " option --add-modules jdk.incubator.vector");
    assertThat(tmp).isEmptyDirectory();
  }

  @Test
  void saysWhatIsWrongWithTheTemporaryFolder() throws Exception {
    Path missing = tmp.resolve("missing");
    Child child =
        start(classPath(""), List.of("-Djava.io.tmpdir=" + missing, "-XX:-UsePerfData"), "blas");
    assertThat(child.result()).containsEntry("kind", "JAVA");
    assertThat(child.output())
        .contains("java.io.tmpdir = " + missing + " must be a folder that can be written to");
  }

  private record Child(Process process, Path log) {
    Map<String, String> result() throws Exception {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ended").isTrue();
      assertThat(process.exitValue()).as(output()).isZero();
      Map<String, String> said = new LinkedHashMap<>();
      for (String line : Files.readAllLines(log)) {
        int equals = line.indexOf('=');
        if (line.matches("[\\w.]+=.*")) {
          said.put(line.substring(0, equals), line.substring(equals + 1));
        }
      }
      return said;
    }

    String output() throws IOException {
      return Files.readString(log);
    }
  }

  private Child start(String classPath, List<String> jvm, String... args) throws IOException {
    Path log = Files.createTempFile("blas-probe-", ".log");
    log.toFile().deleteOnExit();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx512m", "-Djava.io.tmpdir=" + tmp));
    command.add("-Dorg.apache.logging.log4j.level=INFO");
    command.addAll(jvm);
    command.addAll(List.of("-cp", classPath, BlasProbe.class.getName()));
    command.addAll(Arrays.asList(args));
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    return new Child(process, log);
  }

  /** This JVM's class path, as far as the room needs it, but for files whose name contains this. */
  private static String classPath(String without) {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .filter(
            path ->
                new File(path).isDirectory()
                    || path.matches(
                        ".*/(blas|openblas|javacpp|arpack_combined_all|slf4j-api|log4j-api"
                            + "|log4j-core|log4j-slf4j2-impl)-[^/]*\\.jar"))
        .filter(path -> without.isEmpty() || !path.contains(without))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static Path copy(String resource, Path folder) throws IOException {
    Path file = folder.resolve(resource.substring(resource.lastIndexOf('/') + 1));
    try (InputStream in = BlasJvmTest.class.getClassLoader().getResourceAsStream(resource)) {
      Files.copy(in, file);
    }
    return file;
  }

  private static List<String> list(String printed) {
    return List.of(printed.substring(1, printed.length() - 1).split(", "));
  }
}
