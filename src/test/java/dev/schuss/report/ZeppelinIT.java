package dev.schuss.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.schuss.Scripts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.launcher.JavaModuleOptions;
import org.junit.jupiter.api.Test;

/** The note that comes with Schuss, in Zeppelin's own Spark interpreter, against the built jar. */
class ZeppelinIT {
  private static final Pattern PARAGRAPH =
      Pattern.compile("paragraph (\\d+): (\\w+) (\\S*) drawn (\\d+) in \\d+ ms");

  @Test
  void theTourIsLiveAndCanBeCancelled() throws Exception {
    String said = run("jobs/zeppelin/schuss-tour.zpln");
    Map<Integer, String> types = new LinkedHashMap<>();
    Map<Integer, Integer> drawn = new LinkedHashMap<>();
    Matcher lines = PARAGRAPH.matcher(said);
    while (lines.find()) {
      assertThat(lines.group(2)).isEqualTo("SUCCESS");
      types.put(Integer.parseInt(lines.group(1)), lines.group(3));
      drawn.put(Integer.parseInt(lines.group(1)), Integer.parseInt(lines.group(4)));
    }
    assertThat(types.keySet()).as(said).containsExactly(2, 3, 4, 5, 6, 7, 8, 9, 10); // 1 is text
    for (int table : List.of(3, 5, 10)) {
      assertThat(types.get(table)).as("paragraph " + table).contains("TABLE");
    }
    for (int html : List.of(4, 6, 7, 8, 9)) {
      assertThat(types.get(html)).as("paragraph " + html).contains("HTML");
    }
    for (int live : List.of(4, 6, 9)) { // begun, going on, ended
      assertThat(drawn.get(live)).as("drawings of paragraph " + live).isGreaterThan(2);
    }

    assertThat(said).containsPattern("cancel: drawn \\d+, running");
    assertThat(said).containsPattern("cancelled: SUCCESS HTML\\S* in \\d+ ms");
    assertThat(said).containsPattern("state: SUCCESS CANCELLED [1-9]\\d* 4810");
    assertThat(said).contains("context: SUCCESS 100 false");
    assertThat(said).containsPattern("curve: SUCCESS HTML");
  }

  /** What the runner says; no process is left. */
  private String run(String note) throws IOException, InterruptedException {
    String path = new Scripts().run("scripts/zeppelin", "interpreter").well().said().strip();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(Arrays.asList(JavaModuleOptions.defaultModuleOptions().split(" ")));
    command.addAll(
        List.of(
            "-Xmx1g",
            Scripts.QUICK,
            "-XX:+UseSerialGC",
            "-cp",
            path.substring(path.lastIndexOf('\n') + 1) + ":" + System.getProperty("schuss.jar"),
            "src/zeppelin/NoteRunner.java",
            note));
    return new Scripts()
        .set("SPARK_LOCAL_IP", "127.0.0.1")
        .set("SPARK_LOCAL_HOSTNAME", "localhost")
        .run(command.toArray(String[]::new))
        .well()
        .said();
  }
}
