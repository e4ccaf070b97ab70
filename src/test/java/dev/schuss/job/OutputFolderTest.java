package dev.schuss.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFolderTest {
  @TempDir Path temp;

  @Test
  void aRunLeavesItsFilesAndNothingElse() throws IOException {
    Path dir = temp.resolve("a/b");
    run(dir, "digits", "first");
    assertThat(tree(dir))
        .containsExactly("job.json", "metrics.jsonl", "model", "model/model.json", "result.json");
    assertThat(dir.resolve("metrics.jsonl")).hasContent("{\"epoch\":1}\n{\"epoch\":2}\n");
    assertThat(dir.resolve("model/model.json")).hasContent("first");
  }

  @Test
  void theSameJobReplacesItsOwnFilesAndKeepsOthers() throws IOException {
    Path dir = temp.resolve("out");
    run(dir, "digits", "first");
    Files.writeString(dir.resolve("notes.txt"), "mine");
    run(dir, "digits", "second");
    assertThat(dir.resolve("model/model.json")).hasContent("second");
    assertThat(dir.resolve("metrics.jsonl")).hasContent("{\"epoch\":1}\n{\"epoch\":2}\n");
    assertThat(dir.resolve("notes.txt")).hasContent("mine");
  }

  @Test
  void aRunThatWasKilledIsRecognised() throws IOException {
    Path dir = temp.resolve("out");
    try (OutputFolder killed = open(dir, "digits", false)) {
      killed.begin("{\"name\":\"digits\"}");
    }
    assertThat(tree(dir)).containsExactly("job.json", "metrics.jsonl");
    String left = "_unfinished-model-" + UUID.randomUUID();
    String anothers = "_unfinished-predictions-" + UUID.randomUUID(); // who may be about it
    Files.createDirectories(dir.resolve(left));
    Files.writeString(dir.resolve(anothers), "");
    Files.writeString(dir.resolve(left + "/model.json"), "{");
    run(dir, "digits", "again");
    assertThat(dir.resolve("result.json")).exists();
    assertThat(dir.resolve(left)).doesNotExist();
    assertThat(dir.resolve(anothers)).exists();
  }

  @Test
  void whatABlockOfRunsHoldsIsListed() throws IOException {
    Path dir = temp.resolve("out");
    Files.createDirectories(dir.resolve("runs/b"));
    Files.createDirectories(dir.resolve("runs/a"));
    Files.writeString(dir.resolve("runs/c"), "a file");
    try (OutputFolder folder = open(dir, "digits", true)) {
      assertThat(folder.folders("runs")).containsExactly("a", "b");
      assertThat(folder.folders("runs/c")).isEmpty();
      assertThat(folder.folders("none")).isEmpty();
    }
  }

  @Test
  void theOldResultIsGoneWhileTheNewRunIsUnfinished() throws IOException {
    Path dir = temp.resolve("out");
    run(dir, "digits", "first");
    try (OutputFolder folder = open(dir, "digits", false)) {
      assertThat(dir.resolve("result.json")).exists();
      folder.begin("{\"name\":\"digits\"}");
      assertThat(dir.resolve("result.json")).doesNotExist();
    }
  }

  @Test
  void aDriverOnAClusterWritesToWholePathsAlone() throws IOException {
    System.setProperty("spark.submit.deployMode", "cluster");
    try {
      assertThatThrownBy(() -> open(Path.of("out", "lost"), "digits", false))
          .isInstanceOf(JobException.class)
          .hasMessageStartingWith("output.dir = out/lost is relative")
          .hasMessageContaining("name the whole path");
      run(temp.resolve("out"), "digits", "first");
    } finally {
      System.clearProperty("spark.submit.deployMode");
    }
    assertThat(Path.of("out", "lost")).doesNotExist();
  }

  @Test
  void metricsCanBeReadWhileTraining() throws IOException {
    Path dir = temp.resolve("out");
    try (OutputFolder folder = open(dir, "digits", false)) {
      folder.begin("{\"name\":\"digits\"}");
      folder.metrics("{\"epoch\":1}");
      assertThat(dir.resolve("metrics.jsonl")).hasContent("{\"epoch\":1}\n");
    }
  }

  @Test
  void aModelThatFailsHalfwayLeavesTheOldOne() throws IOException {
    Path dir = temp.resolve("out");
    run(dir, "digits", "first");
    try (OutputFolder folder = open(dir, "digits", false)) {
      folder.begin("{\"name\":\"digits\"}");
      OutputFolder.Contents failing =
          into -> {
            into.create("model.json").close();
            throw new IOException("no space left");
          };
      assertThatThrownBy(() -> folder.model(failing))
          .hasMessage(
              "cannot write %s/model (no space left): is the disk full, or the file system away?",
              dir);
    }
    assertThat(dir.resolve("model/model.json")).hasContent("first");
    assertThat(tree(dir)).noneMatch(name -> name.startsWith("_unfinished"));
  }

  @Test
  void whatDidNotStartLeavesNoTrace() throws IOException {
    open(temp.resolve("a/b/c"), "digits", false).close();
    assertThat(tree(temp)).isEmpty();
  }

  @Test
  void anEmptyFolderIsTaken() throws IOException {
    Path dir = Files.createDirectory(temp.resolve("out"));
    open(dir, "digits", false).close();
    assertThat(dir).isEmptyDirectory();
  }

  @Test
  void aForeignFolderIsRefusedByMessage() throws IOException {
    for (String name : List.of("d", "b", "c", "a")) {
      Files.writeString(temp.resolve(name), "x");
    }
    assertThatThrownBy(() -> open(temp, "digits", false))
        .isInstanceOf(JobException.class)
        .hasMessage(
            "output.dir = %s holds files that Schuss did not write (a, b, c, ...): choose another with --set output.dir=..., or write into it with --set output.overwrite=true",
            temp);
    assertThat(tree(temp)).containsExactly("a", "b", "c", "d");
  }

  @Test
  void anotherJobsFolderIsRefusedByMessage() throws IOException {
    run(temp, "mnist", "first");
    assertThatThrownBy(() -> open(temp, "digits", false))
        .hasMessage(
            "output.dir = %s holds the job \"mnist\", this is \"digits\": choose another with --set output.dir=..., or write into it with --set output.overwrite=true",
            temp);
  }

  @Test
  void aFolderWithSomebodyElsesResultIsRefused() throws IOException {
    Files.writeString(temp.resolve("result.json"), "not JSON {");
    assertThatThrownBy(() -> open(temp, "digits", false))
        .hasMessageContaining("holds files that Schuss did not write (result.json)");
  }

  @Test
  void overwriteWritesIntoAForeignFolder() throws IOException {
    Files.writeString(temp.resolve("theirs.txt"), "x");
    try (OutputFolder folder = open(temp, "digits", true)) {
      folder.begin("{\"name\":\"digits\"}");
      folder.result("{\"name\":\"digits\"}");
    }
    assertThat(tree(temp)).contains("theirs.txt", "result.json");
  }

  @Test
  void aFileIsNoFolder() throws IOException {
    Path file = Files.writeString(temp.resolve("f"), "x");
    assertThatThrownBy(() -> open(file, "digits", true))
        .hasMessage("output.dir = %s is a file: choose a folder with --set output.dir=...", file);
  }

  @Test
  void aFolderThatCannotBeWrittenIsRefusedByMessage() throws IOException {
    Path below = Files.writeString(temp.resolve("f"), "x").resolve("out");
    assertThatThrownBy(() -> open(below, "digits", false))
        .isInstanceOf(JobException.class)
        .hasMessageStartingWith("cannot write into output.dir = " + below + " (")
        .hasMessageEndingWith("or choose another with --set output.dir=...");
    assertThatThrownBy(() -> open("nosuch://host/out", "digits", false))
        .hasMessageContaining("cannot write into output.dir = nosuch://host/out (No FileSystem");
  }

  private static void run(Path dir, String job, String model) throws IOException {
    String name = "{\"name\":\"" + job + "\"}";
    try (OutputFolder folder = open(dir, job, false)) {
      folder.begin(name);
      folder.metrics("{\"epoch\":1}");
      folder.metrics("{\"epoch\":2}");
      folder.model(
          into -> {
            try (OutputStream out = into.create("model.json")) {
              out.write(model.getBytes(StandardCharsets.UTF_8));
            }
          });
      folder.result(name);
    }
  }

  private static OutputFolder open(Path dir, String job, boolean overwrite) {
    return open(dir.toString(), job, overwrite);
  }

  private static OutputFolder open(String dir, String job, boolean overwrite) {
    return OutputFolder.open(dir, job, overwrite, new Configuration());
  }

  private static List<String> tree(Path dir) throws IOException {
    try (Stream<Path> all = Files.walk(dir)) {
      return all.filter(p -> !p.equals(dir))
          .map(p -> dir.relativize(p).toString())
          .sorted()
          .toList();
    }
  }
}
