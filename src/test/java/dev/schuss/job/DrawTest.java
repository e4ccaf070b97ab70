package dev.schuss.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import picocli.CommandLine;

class DrawTest {
  @TempDir Path temp;

  @ParameterizedTest
  @ValueSource(strings = {"ravine", "saddle", "rosenbrock", "hole"})
  void eachSurfaceIsAPictureThatMoves(String surface) throws Exception {
    Path file = temp.resolve("pictures/" + surface + ".svg");
    assertThat(draw("--surface", surface, "--output", file.toString()).call()).isZero();
    assertThat(Files.size(file)).isLessThan(500_000);
    Document svg = parsed(file);
    int rules = 6;
    assertThat(svg.getElementsByTagName("animate").getLength()).isEqualTo(3 * rules);
    for (int i = 0; i < 3 * rules; i++) {
      Element moves = (Element) svg.getElementsByTagName("animate").item(i);
      String[] times = moves.getAttribute("keyTimes").split(";");
      assertThat(moves.getAttribute("values").split(";")).hasSameSizeAs(times).hasSize(102);
      assertThat(times[0]).isEqualTo("0.0000");
      assertThat(times[101]).isEqualTo("1");
    }
    String text = Files.readString(file);
    assertThat(text).doesNotContain("NaN", "Infinity", "href", "url(http", "<script");
    assertThat(text.split("<path [^>]*stroke=\"var\\(--faint\\)\"").length).isGreaterThan(16);
    // Where nothing moves the whole way is seen: a dash as long as the way.
    assertThat(text.split("pathLength=\"([\\d.]+)\" stroke-dasharray=\"\\1\"")).hasSize(1 + rules);
  }

  @Test
  void ruleOfOnesOwnFromAPlaceOfOnesOwn() throws Exception {
    Path file = temp.resolve("own.svg");
    DrawTrajectories verb =
        draw(
            "--rule",
            "rule = adam, learningRate = 0.1",
            "--rule",
            "rprop",
            "--start=-1,1.1",
            "--steps",
            "3",
            "--output",
            file.toString());
    assertThat(verb.call()).isZero();
    Document svg = parsed(file);
    assertThat(svg.getDocumentElement().getTextContent())
        .contains("adam, learningRate = 0.1", "rprop", "3 updates");
    assertThat(Files.readString(file)).contains("keyTimes=\"0.0000;0.2667;0.5333;0.8000;1\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --surface sadle  | --surface sadle: there is ravine, saddle, rosenbrock, hole; did you mean saddle?
          --steps 0        | --steps 0: must be 1 to 2000
          --start 1        | --start 1.0: must be two numbers, such as --start=-1.5,1
          --start 1,NaN    | --start 1.0,NaN: must be two numbers, such as --start=-1.5,1
          --rule adma      | did you mean adam?
          """)
  void whatDoesNotFitIsSaid(String arguments, String message) {
    DrawTrajectories verb = draw(arguments.split(" "));
    assertThatThrownBy(verb::call)
        .isInstanceOf(JobException.class)
        .hasMessageContaining(message)
        .satisfies(e -> assertThat(Failure.of(e).exitCode()).isEqualTo(ExitCode.USAGE));
  }

  @Test
  void aFolderInPlaceOfTheFileIsSaid() throws IOException {
    DrawTrajectories verb = draw("--output", Files.createDirectory(temp.resolve("x")).toString());
    assertThatThrownBy(verb::call)
        .hasMessageContaining("--output " + temp.resolve("x") + ": cannot be written")
        .satisfies(e -> assertThat(Failure.of(e).exitCode()).isEqualTo(ExitCode.USAGE));
  }

  private static DrawTrajectories draw(String... arguments) {
    DrawTrajectories verb = new DrawTrajectories();
    new CommandLine(verb).parseArgs(arguments);
    return verb;
  }

  private static Document parsed(Path file) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(Files.readString(file).getBytes(StandardCharsets.UTF_8)));
  }
}
