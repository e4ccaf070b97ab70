package dev.schuss.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.schuss.checkpoint.CheckpointFolder.Found;
import dev.schuss.checkpoint.FaultyFileSystem.Fault;
import dev.schuss.math.Mix;
import dev.schuss.model.Tensor;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A reader finds the old or the new, whatever happens to a writer or to the files. */
@Timeout(100)
class CheckpointFolderTest {
  private static final Map<String, String> VERSIONS = Map.of("schuss", "0.1.0");

  private static final Configuration HADOOP = new Configuration(); // slow to make

  @TempDir Path temp;

  private CheckpointFolder folder() {
    return CheckpointFolder.at(temp.resolve("checkpoints").toString(), HADOOP);
  }

  private static Snapshot snapshot(long step) {
    Mix random = new Mix(step);
    float[] values = new float[1000];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    Map<String, Tensor> arrays = new LinkedHashMap<>();
    arrays.put("weights/dense0.weight", new Tensor(new int[] {30, 30}, values, 0));
    arrays.put("weights/dense0.bias", new Tensor(new int[] {100}, values, 900));
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("step", step);
    tree.put("history", List.of(Map.of("loss", "0.25"), Map.of("loss", "NaN")));
    return new Snapshot(step, arrays, tree);
  }

  private static String save(CheckpointFolder folder, long step, int keep) throws IOException {
    return folder.save(snapshot(step), VERSIONS, keep);
  }

  private List<Path> attempts() throws IOException {
    try (Stream<Path> found = Files.list(temp.resolve("checkpoints"))) {
      return found.sorted().toList();
    }
  }

  @Test
  void whatWasSavedIsFound() throws IOException {
    String name = save(folder(), 1200, 2);

    Found found = folder().newest();

    assertThat(found.name()).isEqualTo(name).matches(".*/checkpoints/000001-step-1200-[0-9a-f]{8}");
    assertThat(found.snapshot()).isEqualTo(snapshot(1200));
    assertThat(found.manifest().versions()).isEqualTo(VERSIONS);
    assertThat(found.passedOver()).isEmpty();
    assertThat(CheckpointFolder.at(name, HADOOP).isCheckpoint()).isTrue();
    assertThat(CheckpointFolder.at(name, HADOOP).only().snapshot()).isEqualTo(snapshot(1200));
  }

  @Test
  void nothingIsFoundWhereNothingWasSaved() throws IOException {
    assertThat(folder().newest()).isNull();
    assertThat(folder().isUsed()).isFalse();
    Files.createDirectories(temp.resolve("checkpoints/notes"));
    assertThat(folder().newest()).isNull();
  }

  @Test
  void theNewestIsTheLastThatWasSavedWhateverItsStep() throws IOException {
    save(folder(), 5000, 3);
    save(folder(), 10, 3);

    assertThat(folder().newest().snapshot().step()).isEqualTo(10);
  }

  @Test
  void soManyAreKept() throws IOException {
    for (int step = 1; step <= 5; step++) {
      save(folder(), step, 2);
    }

    assertThat(attempts()).hasSize(2);
    assertThat(attempts().get(0).toString()).contains("000004-step-4-");
    assertThat(attempts().get(1).toString()).contains("000005-step-5-");
  }

  @Test
  void aDamagedOneIsPassedOverAndNamed() throws IOException {
    save(folder(), 1, 3);
    String second = save(folder(), 2, 3);
    String third = save(folder(), 3, 3);
    Path file = Path.of(second, "arrays.safetensors");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    Files.delete(Path.of(third, "manifest.jsonl"));

    Found found = folder().newest();

    assertThat(found.snapshot()).isEqualTo(snapshot(1));
    assertThat(found.passedOver()).hasSize(2);
    assertThat(found.passedOver().get(0)).isEqualTo(third + " was not finished");
    assertThat(found.passedOver().get(1))
        .startsWith(second + " is damaged: arrays.safetensors: its checksum is ");
    save(folder(), 4, 2);
    assertThat(attempts()).hasSize(2); // the damaged ones are gone
    assertThat(attempts().get(0).toString()).contains("000001-step-1-");
    assertThat(folder().newest().snapshot()).isEqualTo(snapshot(4));
  }

  @Test
  void whereNoneIsWholeNothingIsStartedAnewByItself() throws IOException {
    String only = save(folder(), 7, 2);
    Files.writeString(Path.of(only, "state.json"), "{}");

    assertThatThrownBy(() -> folder().newest())
        .isInstanceOf(CheckpointException.class)
        .hasMessageMatching(
            "no checkpoint in .*/checkpoints is whole: .*-step-7-.* is damaged: state.json: has 2 bytes, the manifest says \\d+; restore one, or start anew with --set checkpoint.resume=never");
    assertThatThrownBy(() -> CheckpointFolder.at(only, HADOOP).only())
        .isInstanceOf(CheckpointException.class)
        .hasMessageEndingWith("; use another one");
  }

  @Test
  void anAttemptThatWasCutShortIsNone() throws IOException {
    String only = save(folder(), 7, 2);
    Files.delete(Path.of(only, "manifest.jsonl"));

    assertThat(folder().newest()).isNull();
    assertThat(folder().isUsed()).isTrue();
  }

  /** What a driver leaves that is killed between making the file and writing into it. */
  @Test
  void anEmptyManifestIsNoDamage() throws IOException {
    String only = save(folder(), 7, 2);
    Files.write(Path.of(only, "manifest.jsonl"), new byte[0]);

    assertThat(folder().newest()).isNull();
  }

  @Test
  void whatIsDamagedAfterItWasFoundIsTold() throws IOException {
    String only = save(folder(), 7, 2);
    Found found = folder().newest();
    Files.delete(Path.of(only, "arrays.safetensors"));

    assertThatThrownBy(found::snapshot)
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith("the checkpoint " + only + " cannot be read any more: ");
  }

  /** HDFS tells of blocks that are lost by exceptions of its own. */
  @Test
  void aFileThatIsLostForGoodIsPassedOverAndOneThatIsAwayIsNot() throws IOException {
    String dir = "faulty:" + temp.resolve("checkpoints");
    CheckpointFolder folder = CheckpointFolder.at(dir, FaultyFileSystem.configuration());
    FaultyFileSystem.failAt(0, Fault.THROWS);
    save(folder, 1, 2);
    save(folder, 2, 2);

    FaultyFileSystem.failAt(3, Fault.LOST); // listing, the manifest, then the arrays
    assertThat(folder.newest().snapshot()).isEqualTo(snapshot(1));
    FaultyFileSystem.failAt(3, Fault.THROWS);
    assertThatThrownBy(folder::newest)
        .isInstanceOf(CheckpointException.class)
        .hasMessage(
            "the checkpoints in "
                + dir
                + " cannot be read (open fails on purpose): is the path right, and may you read it?");
    FaultyFileSystem.failAt(0, Fault.THROWS);
    assertThat(folder.newest().snapshot()).isEqualTo(snapshot(2));
  }

  @Test
  void oneOfANewerFormIsNotDeleted() throws IOException {
    String first = save(folder(), 1, 1);
    Path manifest = Path.of(first, "manifest.jsonl");
    String line = Files.readString(manifest).lines().findFirst().orElseThrow();
    Files.writeString(manifest, sealed(line.replace("checkpoint/1", "checkpoint/2")));
    save(folder(), 2, 1);
    save(folder(), 3, 2);

    assertThat(attempts()).hasSize(3).first().asString().contains("-step-1-");
  }

  private static String sealed(String line) {
    CRC32C crc = new CRC32C();
    crc.update((line + "\n").getBytes(StandardCharsets.UTF_8));
    return line + "\n{\"crc32c\":\"%08x\"}\n".formatted(crc.getValue());
  }

  @Test
  void aNewerFormIsNotPassedOver() throws IOException {
    save(folder(), 1, 2);
    String second = save(folder(), 2, 2);
    Path manifest = Path.of(second, "manifest.jsonl");
    String line = Files.readString(manifest).lines().findFirst().orElseThrow();
    Files.writeString(manifest, sealed(line.replace("schuss-checkpoint/1", "schuss-checkpoint/2")));

    assertThatThrownBy(() -> folder().newest())
        .isInstanceOf(CheckpointException.class)
        .hasMessage(
            "the checkpoint "
                + second
                + " is of the form schuss-checkpoint/2, this Schuss reads schuss-checkpoint/1: go on with the Schuss that wrote it, or name another checkpoint.dir");
  }

  /** A thousand places over all files of a checkpoint. */
  @Test
  void everyFlippedByteIsFound() throws IOException {
    String name = save(folder(), 3, 2);
    Mix random = new Mix(1);
    for (Map.Entry<String, Integer> sample :
        Map.of("arrays.safetensors", 600, "state.json", 50, "manifest.jsonl", 350).entrySet()) {
      Path path = Path.of(name, sample.getKey());
      byte[] whole = Files.readAllBytes(path);
      try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
        for (int i = 0; i < sample.getValue(); i++) {
          int at =
              whole.length <= sample.getValue() ? i % whole.length : random.nextInt(whole.length);
          flip(file, at, whole[at] ^ (1 + random.nextInt(255)));
          assertThatThrownBy(() -> folder().newest())
              .as("%s at %d", sample.getKey(), at)
              .isInstanceOf(CheckpointException.class);
          flip(file, at, whole[at]);
        }
      }
      for (int length : new int[] {1, whole.length / 2, whole.length - 1}) {
        Files.write(path, Arrays.copyOf(whole, length));
        assertThatThrownBy(() -> folder().newest()).isInstanceOf(CheckpointException.class);
      }
      Files.write(path, whole);
    }
    assertThat(folder().newest().snapshot()).isEqualTo(snapshot(3));
  }

  private static void flip(RandomAccessFile file, int at, int value) throws IOException {
    file.seek(at);
    file.write(value);
  }

  @Test
  void aManifestMayNotNameOtherFiles() throws IOException {
    String name = save(folder(), 3, 2);
    Manifest own = Manifest.read(Files.readAllBytes(Path.of(name, Manifest.NAME)));
    List<Manifest.Entry> entries = new ArrayList<>(own.files());
    Path secret = Files.writeString(temp.resolve("secret"), "abc");
    entries.add(new Manifest.Entry("../../" + secret.getFileName(), 3, "00000000"));
    Files.write(Path.of(name, Manifest.NAME), new Manifest(3, VERSIONS, entries).bytes());

    assertThatThrownBy(() -> folder().newest())
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("names ../../secret");
  }

  /** Every call of the file system fails in turn, until a save needs no more of them. */
  @ParameterizedTest
  @EnumSource(Fault.class)
  void whateverFailsTheOldOrTheNewIsThere(Fault fault) throws IOException {
    int call = 0;
    boolean failed = true;
    while (failed) {
      call++;
      empty();
      CheckpointFolder folder =
          CheckpointFolder.at(
              "faulty:" + temp.resolve("checkpoints"), FaultyFileSystem.configuration());
      FaultyFileSystem.failAt(0, fault);
      save(folder, 1, 1);
      FaultyFileSystem.failAt(call, fault);
      boolean saved = saved(folder);
      failed = FaultyFileSystem.hasFailed();
      FaultyFileSystem.failAt(0, fault);

      Found found = folder.newest();
      if (saved) {
        assertThat(found.snapshot()).as("call %d", call).isEqualTo(snapshot(2));
      } else {
        assertThat(found.snapshot()).as("call %d", call).isIn(snapshot(1), snapshot(2));
      }
      save(folder, 3, 1);
      assertThat(folder.newest().snapshot()).isEqualTo(snapshot(3));
      assertThat(attempts()).as("call %d", call).hasSize(1);
    }
    assertThat(call).isGreaterThan(15); // all of them were tried
  }

  /** The disk fills up in the middle of a file, wherever that is. */
  @Test
  void aDiskThatFillsUpLeavesTheOld() throws IOException {
    CheckpointFolder folder =
        CheckpointFolder.at(
            "faulty:" + temp.resolve("checkpoints"), FaultyFileSystem.configuration());
    FaultyFileSystem.failAt(0, Fault.THROWS);
    save(folder, 1, 1);
    long size = 0;
    for (String file : List.of("arrays.safetensors", "state.json", "manifest.jsonl")) {
      size += Files.size(attempts().get(0).resolve(file));
    }
    try {
      for (long room = 0; room < size - 1; room += 97) {
        FaultyFileSystem.room(room);
        assertThatThrownBy(() -> save(folder, 2, 1))
            .as("with room for %d of %d bytes", room, size)
            .isInstanceOf(IOException.class)
            .hasMessageContaining("No space left on device");
        assertThat(folder.newest().snapshot()).isEqualTo(snapshot(1));
        assertThat(attempts()).as("what was half written is gone").hasSize(1);
      }
      FaultyFileSystem.room(size + 10);
      save(folder, 3, 1);
    } finally {
      FaultyFileSystem.room(Long.MAX_VALUE);
    }
    assertThat(folder.newest().snapshot()).isEqualTo(snapshot(3));
    assertThat(attempts()).hasSize(1);
  }

  /** Object stores copy, and some of them say false: nothing here depends on it. */
  @Test
  void nothingIsRenamed() throws IOException {
    String dir = "faulty:" + temp.resolve("checkpoints");
    CheckpointFolder folder = CheckpointFolder.at(dir, FaultyFileSystem.configuration());
    FaultyFileSystem.failAt(0, Fault.THROWS);
    org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(dir);
    FileSystem files = path.getFileSystem(FaultyFileSystem.configuration());
    assertThatThrownBy(() -> files.rename(path, path)).isInstanceOf(AssertionError.class);
    for (int step = 1; step <= 4; step++) {
      save(folder, step, 2);
    }

    assertThat(folder.newest().snapshot()).isEqualTo(snapshot(4));
    assertThat(attempts()).hasSize(2);
  }

  private static boolean saved(CheckpointFolder folder) {
    try {
      save(folder, 2, 1);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private void empty() throws IOException {
    Path folder = temp.resolve("checkpoints");
    if (Files.exists(folder)) {
      try (Stream<Path> found = Files.walk(folder)) {
        found
            .sorted(Comparator.reverseOrder())
            .forEach(
                path -> {
                  try {
                    Files.delete(path);
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  }
                });
      }
    }
  }
}
