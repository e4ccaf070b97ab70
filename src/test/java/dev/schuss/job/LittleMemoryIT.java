package dev.schuss.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.schuss.train.KryoRegistration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trainings in a process of their own whose Spark has hardly any room for rows. */
class LittleMemoryIT {
  @TempDir Path temp;

  @BeforeEach
  void rows() throws IOException {
    StringBuilder text = new StringBuilder("kind,x,y\n");
    for (int i = 0; i < 60_000; i++) {
      text.append("k").append(i % 40).append(',').append(i % 97).append(',').append(i % 2);
      text.append('\n');
    }
    Files.writeString(temp.resolve("rows.csv"), text);
    Files.writeString(
        temp.resolve("job.conf"),
        """
        name = t
        task = classification
        data {
          train { format = csv, path = "%1$s/rows.csv" }
          validation { fraction = 0.1 }
          label = y
          categorical = [kind]
        }
        model { layers = [ { type = dense, units = 2, activation = relu } ] }
        train { batchSize = 4096, epochs = 1 }
        output { dir = "%1$s/out" }
        """
            .formatted(temp));
  }

  /** Also: all that this sends and spills is registered with Kryo, surveys of categories too. */
  @Test
  void whatSpillsIsSaidOncePerPartOfTheDataWithItsSize() throws Exception {
    String said = train("--set", "data.persist=memory-and-disk");
    String line =
        "schuss training blocks: [0-9.]+ of [0-9.]+ MB do not fit into memory and lie on disk, which slows every round; give executors more memory \\(spark.executor.memory; SCHUSS_MEMORY under a local master\\)";
    assertThat(said.lines().filter(l -> l.matches(".* WARN Blocks: " + line))).hasSize(1);
    assertThat(temp.resolve("out/result.json")).exists();
  }

  @Test
  void whatIsComputedAnewIsSaid() throws Exception {
    assertThat(train("--set", "data.persist=memory"))
        .containsPattern("training blocks: [12] of 2 blocks do not fit into memory")
        .contains("or set data.persist = memory-and-disk");
  }

  /** What a training says, which must end well. */
  private String train(String... more) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of("train", temp + "/job.conf"));
    words.addAll(List.of(more));
    Path log = temp.resolve("log");
    Process process =
        Processes.schuss(
            log.toFile(),
            List.of(
                "-Xmx800m",
                "-Dspark.memory.fraction=0.002",
                "-Dspark.serializer=org.apache.spark.serializer.KryoSerializer",
                "-Dspark.kryo.registrationRequired=true",
                "-Dspark.kryo.registrator=" + KryoRegistration.class.getName()),
            words);
    assertThat(process.waitFor(3, TimeUnit.MINUTES)).as("ended in time").isTrue();
    String said = Files.readString(log);
    assertThat(process.exitValue()).as(said).isZero();
    return said;
  }
}
