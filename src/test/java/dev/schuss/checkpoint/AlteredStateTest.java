package dev.schuss.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.schuss.data.Block;
import dev.schuss.data.LocalBlocks;
import dev.schuss.math.Mix;
import dev.schuss.model.Json;
import dev.schuss.model.ModelException;
import dev.schuss.nn.Activation;
import dev.schuss.nn.Network;
import dev.schuss.optim.Adam;
import dev.schuss.optim.Schedule;
import dev.schuss.train.Trainer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * States that somebody altered, sums and all: a training goes on from them or refuses them in one
 * line. It never fails in another way.
 */
class AlteredStateTest {
  private static final int TRIES = 100;
  private static final List<Block> ROWS = rows();

  @TempDir Path temp;

  private static List<Block> rows() {
    float[] features = new float[64];
    float[] labels = new float[32];
    for (int i = 0; i < 64; i++) {
      features[i] = i % 7 - 3;
      labels[i / 2] = i / 2 % 2;
    }
    return LocalBlocks.of(features, 2, labels, 1, null, null, 2);
  }

  private Trainer trainer(int epochs) {
    return Trainer.local()
        .network(Network.input(2).dense(3, Activation.TANH).output(2))
        .optimizer(new Adam(Schedule.constant(0.01)))
        .batchSize(8)
        .epochs(epochs)
        .checkpoint(temp.resolve("checkpoints").toString());
  }

  @Test
  void goesOnOrIsRefusedInOneLine() throws IOException {
    trainer(2).earlyStopping(5).fit(ROWS, ROWS);
    Path attempt;
    try (Stream<Path> found = Files.list(temp.resolve("checkpoints"))) {
      attempt = found.sorted().reduce((a, b) -> b).orElseThrow();
    }
    Path state = attempt.resolve("state.json");
    Path manifest = attempt.resolve(Manifest.NAME);
    String whole = Files.readString(state);
    byte[] sealed = Files.readAllBytes(manifest);
    Mix random = new Mix(1);
    int refused = 0;
    for (int i = 0; i < TRIES; i++) {
      Object tree = altered(Json.parseObject(whole, "state"), random);
      Files.writeString(state, Json.pretty(tree));
      Files.write(manifest, resealed(sealed, Files.readAllBytes(state)));
      try {
        trainer(3).earlyStopping(5).fit(ROWS, ROWS);
      } catch (CheckpointException e) {
        assertThat(e.getMessage()).isNotBlank().doesNotContain("\n");
        refused++;
      }
      keepOnly(attempt);
    }
    assertThat(refused).isGreaterThan(TRIES / 4);
  }

  private static byte[] resealed(byte[] manifest, byte[] state) {
    Manifest before = Manifest.read(manifest);
    CRC32C crc = new CRC32C();
    crc.update(state);
    List<Manifest.Entry> files = new ArrayList<>();
    for (Manifest.Entry file : before.files()) {
      files.add(
          file.name().equals("state.json")
              ? new Manifest.Entry(file.name(), state.length, Manifest.hex(crc.getValue()))
              : file);
    }
    return new Manifest(before.step(), before.versions(), files).bytes();
  }

  private static void keepOnly(Path attempt) throws IOException {
    try (Stream<Path> all = Files.list(attempt.getParent())) {
      for (Path other : all.filter(path -> !path.equals(attempt)).toList()) {
        for (String file : List.of("manifest.jsonl", "state.json", "arrays.safetensors")) {
          Files.deleteIfExists(other.resolve(file));
        }
        Files.delete(other);
      }
    }
  }

  /** The same tree with something else in one place. */
  private static Object altered(Object tree, Mix random) {
    if (tree instanceof Map<?, ?> map && !map.isEmpty() && random.nextInt(8) > 0) {
      Map<Object, Object> copy = new LinkedHashMap<>(map);
      Object key = new ArrayList<>(map.keySet()).get(random.nextInt(map.size()));
      if (random.nextInt(12) == 0) {
        copy.remove(key);
      } else {
        copy.put(key, altered(map.get(key), random));
      }
      return copy;
    }
    if (tree instanceof List<?> list && !list.isEmpty() && random.nextInt(8) > 0) {
      List<Object> copy = new ArrayList<>(list);
      int i = random.nextInt(list.size());
      copy.set(i, altered(list.get(i), random));
      return copy;
    }
    List<Object> others =
        Arrays.asList(
            null, -1L, 1L << 40, 1e300, "", "NaN", "-3.5", "\u0000x", true, List.of(), Map.of());
    return others.get(random.nextInt(others.size()));
  }

  @Test
  void randomBytesAreNoManifest() {
    Mix random = new Mix(2);
    for (int i = 0; i < 2000; i++) {
      byte[] bytes = new byte[random.nextInt(300)];
      for (int j = 0; j < bytes.length; j++) {
        bytes[j] = (byte) random.nextInt(256);
      }
      assertThat(readable(bytes)).isFalse();
      // Sealed well, but no manifest in it.
      String line = new String(bytes, StandardCharsets.ISO_8859_1).replaceAll("[^ -~]", "[") + "\n";
      CRC32C crc = new CRC32C();
      crc.update(line.getBytes(StandardCharsets.UTF_8));
      String seal = "{\"crc32c\":\"%08x\"}\n".formatted(crc.getValue());
      assertThat(readable((line + seal).getBytes(StandardCharsets.UTF_8))).isFalse();
    }
  }

  private static boolean readable(byte[] bytes) {
    try {
      Manifest.read(bytes);
      return true;
    } catch (ModelException | Manifest.NewerException e) {
      return false;
    }
  }
}
