package dev.schuss.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.DeflaterOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The published experiments: jobs that check without their data, and the images that two of them
 * need.
 */
class PapersTest {
  private static final Path FOLDER = Path.of("jobs/papers");

  @TempDir static Path temp;

  static List<String> jobs() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".conf"))
          .map(name -> name.substring(0, name.length() - ".conf".length()))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("jobs")
  void everyJobIsValidAndToldOf(String name) throws IOException {
    ComparisonJob comparison = ComparisonReader.read(FOLDER + "/" + name + ".conf", List.of());
    assertThat(comparison.count()).isGreaterThan(3);
    for (ComparisonJob.Planned run : comparison.runs()) {
      assertThat(run.job().name()).isEqualTo(name);
      assertThat(run.job().output().dir()).startsWith("out/" + name + "/runs/");
    }
    assertThat(Files.readString(Path.of("docs/papers.md")))
        .contains("scripts/schuss compare jobs/papers/" + name + ".conf");
  }

  @Test
  void whatAnIncludedJobComparesIsReplaced() throws IOException {
    assertThat(jobs()).hasSizeGreaterThan(8);
    assertThat(ComparisonReader.read(FOLDER + "/lookahead-inner.conf", List.of()).runs())
        .hasSize(5)
        .allSatisfy(run -> assertThat(run.job().optimizer().toString()).startsWith("Momentum["));
    assertThat(ComparisonReader.read(FOLDER + "/lookahead.conf", List.of()).runs())
        .hasSize(5 * 3)
        .allSatisfy(run -> assertThat(run.job().optimizer().toString()).startsWith("Lookahead["));
  }

  private static void paperData(String... arguments) throws Exception {
    Path classes = temp.resolve("classes");
    if (!Files.exists(classes)) {
      int failed =
          ToolProvider.getSystemJavaCompiler()
              .run(null, null, null, "-d", classes.toString(), FOLDER + "/PaperData.java");
      assertThat(failed).isZero();
    }
    try (URLClassLoader loader = new URLClassLoader(new URL[] {classes.toUri().toURL()})) {
      Class<?> program = loader.loadClass("PaperData");
      program.getMethod("main", String[].class).invoke(null, (Object) arguments);
    }
  }

  private static byte[] images(Path folder, int count, int side) throws IOException {
    byte[] file = Files.readAllBytes(folder.resolve("train-images-idx3-ubyte"));
    ByteBuffer head = ByteBuffer.wrap(file);
    assertThat(List.of(head.getInt(), head.getInt(), head.getInt(), head.getInt()))
        .containsExactly(0x803, count, side, side);
    assertThat(head.remaining()).isEqualTo(count * side * side);
    assertThat(folder.resolve("train-labels-idx1-ubyte")).hasSize(8 + count);
    byte[] pixels = new byte[head.remaining()];
    head.get(pixels);
    return pixels;
  }

  @Test
  void curvesAreThinBrightLinesInTheMiddle() throws Exception {
    Path folder = temp.resolve("curves");
    paperData("curves", folder.toString(), "20");
    byte[] pixels = images(folder, 20, 28);
    for (int image = 0; image < 20; image++) {
      int bright = 0;
      int atTheRim = 0;
      for (int i = 0; i < 784; i++) {
        int value = pixels[784 * image + i] & 255;
        bright += value > 127 ? 1 : 0;
        atTheRim += i < 28 && value > 127 ? 1 : 0;
      }
      assertThat(bright).isBetween(8, 200);
      assertThat(atTheRim).isZero();
    }
  }

  /** A MATLAB 5 file with one compressed matrix. */
  private static byte[] matlab(String name, byte[] values) throws IOException {
    ByteBuffer matrix = ByteBuffer.allocate(values.length + 1000).order(ByteOrder.LITTLE_ENDIAN);
    matrix.putInt(14).putInt(0); // its length is not read
    matrix.putInt(6).putInt(8).putLong(9); // flags
    matrix.putInt(5).putInt(8).putInt(4096).putInt(values.length / 4096);
    matrix.putInt(1).putInt(name.length()).put(name.getBytes(StandardCharsets.US_ASCII));
    matrix.position((matrix.position() + 7) / 8 * 8);
    matrix.putInt(2).putInt(values.length).put(values);
    matrix.putInt(4, matrix.position() - 8);
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflater = new DeflaterOutputStream(packed)) {
      deflater.write(matrix.array(), 0, matrix.position());
    }
    return ByteBuffer.allocate(128 + 8 + packed.size())
        .order(ByteOrder.LITTLE_ENDIAN)
        .position(128)
        .putInt(15)
        .putInt(packed.size())
        .put(packed.toByteArray())
        .array();
  }

  @Test
  void facesAreTurnedAndEnlarged() throws Exception {
    byte[] faces = new byte[2 * 4096];
    for (int i = 0; i < faces.length; i++) {
      faces[i] = (byte) (i < 4096 ? 2 * (i / 64) : 200 + i % 64 / 2); // columns get brighter; rows
    }
    Path file = Files.write(temp.resolve("faces.mat"), matlab("faces", faces));
    Path folder = temp.resolve("faces");
    paperData("faces", file.toString(), folder.toString(), "30");
    byte[] pixels = images(folder, 30, 25);
    int dark = 0;
    for (int image = 0; image < 30; image++) {
      int middle = pixels[625 * image + 312] & 255;
      boolean first = middle < 128;
      dark += first ? 1 : 0;
      assertThat(middle).isEqualTo(first ? 63 : 216);
      int right = (pixels[625 * image + 324] & 255) - middle;
      int down = (pixels[625 * image + 612] & 255) - middle;
      double steepness = Math.hypot(right, down) / 12 / (first ? 2 : 0.5);
      assertThat(steepness).isBetween(64 / 25.0 / 1.8 - 0.3, 64 / 25.0 / 1.4 + 0.3);
      // Turned by less than a right angle, what got brighter to the right still does.
      assertThat(first ? right : down).isGreaterThanOrEqualTo(0);
    }
    assertThat(dark).isBetween(5, 25);
  }
}
