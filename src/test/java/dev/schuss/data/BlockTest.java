package dev.schuss.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.serializers.ExternalizableSerializer;
import dev.schuss.objective.Batch;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.KryoRegistrator;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.serializer.SerializerInstance;
import org.junit.jupiter.api.Test;
import scala.reflect.ClassTag$;

class BlockTest {

  /** Rows of one feature and id i, i = 0.. */
  static List<Block> numbered(int rows, int partitions) {
    float[] features = new float[rows];
    long[] ids = new long[rows];
    for (int i = 0; i < rows; i++) {
      features[i] = i;
      ids[i] = i;
    }
    return LocalBlocks.of(features, 1, features, 1, null, ids, partitions);
  }

  /** Everything that a block holds. */
  static byte[] content(Block block) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
        out.writeObject(block);
      }
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  static List<Block> random(int rows, int width, int partitions, boolean weighted, boolean ids) {
    Random random = new Random(rows);
    float[] features = new float[rows * width];
    float[] targets = new float[rows];
    float[] weights = new float[rows];
    long[] id = new long[rows];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < width; j++) {
        features[i * width + j] = random.nextInt(5) - 2;
      }
      targets[i] = random.nextInt(3);
      weights[i] = random.nextFloat();
      id[i] = 1000L - i;
    }
    return LocalBlocks.of(
        features, width, targets, 1, weighted ? weights : null, ids ? id : null, partitions);
  }

  @Test
  void gatherCopiesRowsTogether() {
    float[] features = {1, 2, 3, 4, 5, 6, 7, 8};
    float[] targets = {10, 11, 20, 21, 30, 31, 40, 41};
    Block block =
        LocalBlocks.of(
                features,
                2,
                targets,
                2,
                new float[] {.1f, .2f, .3f, .4f},
                new long[] {1, 2, 3, 4},
                1)
            .get(0);
    int[] rows = block.select(new RoundRows.Ids(new long[] {9, 4, 2, -1, 1}));
    assertThat(rows).hasSize(3);
    Batch batch = new Batch(1, 2, 2);
    block.gather(rows, 0, 3, batch);
    assertThat(batch.rows()).isEqualTo(3);
    assertThat(batch.features()).startsWith(7, 8, 3, 4, 1, 2);
    assertThat(batch.targets()).startsWith(40, 41, 20, 21, 10, 11);
    assertThat(batch.weights()).startsWith(.4f, .2f, .1f);
    assertThat(batch.keys()[1]).isEqualTo(block.key(rows[1]));
    block.gather(rows, 1, 1, batch);
    assertThat(batch.rows()).isEqualTo(1);
    assertThat(batch.features()).startsWith(3, 4);
    assertThatThrownBy(() -> block.gather(rows, 0, 1, new Batch(1, 3, 2)))
        .hasMessage("rows of 2 features and 2 targets do not fit a batch of 3 and 2");
  }

  @Test
  void rowsWithoutWeightsWeighOne() {
    Block block = numbered(3, 1).get(0);
    Batch batch = new Batch(3, 1, 1);
    batch.weights()[0] = 7;
    block.gather(block.inOrder(), 0, 3, batch);
    assertThat(batch.weights()).containsExactly(1, 1, 1);
  }

  @Test
  void smallPagesHoldTheSameRows() {
    Block one = random(37, 3, 1, true, true).get(0);
    BlockBuilder builder = new BlockBuilder(0, 37, 3, 1, true, true, false, 2);
    for (int i = 0; i < 37; i++) {
      builder.features(i, one.featurePage(i), one.featureOffset(i));
      builder.target(i, 0, one.target(i, 0));
      builder.weight(i, one.weight(i));
      builder.key(i, one.key(i));
      builder.id(i, one.id(i));
    }
    Block paged = builder.build();
    Batch expected = new Batch(0, 3, 1);
    Batch found = new Batch(0, 3, 1);
    int[] order = one.permutation(1, 2);
    one.gather(order, 0, 37, expected);
    paged.gather(order, 0, 37, found);
    assertThat(found.features()).isEqualTo(expected.features());
    assertThat(found.targets()).isEqualTo(expected.targets());
    assertThat(found.weights()).isEqualTo(expected.weights());
    assertThat(found.keys()).isEqualTo(expected.keys());
    assertThat(javaRoundTrip(paged).featurePage(36)).hasSize(3);
  }

  @Test
  void pagesHoldAtMostSixteenMillionFloats() {
    assertThat(BlockBuilder.pageShift(1, 1 << 24)).isEqualTo(24);
    assertThat(BlockBuilder.pageShift(784, 1 << 24)).isEqualTo(14);
    assertThat(BlockBuilder.pageShift(1 << 25, 1 << 24)).isEqualTo(0);
    assertThat(BlockBuilder.pages(Integer.MAX_VALUE, 24)).isEqualTo(128);
  }

  @Test
  void permutationsAreRepeatableAndDiffer() {
    Block block = numbered(50, 1).get(0);
    int[] first = block.permutation(1, 0);
    assertThat(block.permutation(1, 0)).isSameAs(first);
    assertThat(Arrays.stream(first).sorted().toArray()).containsExactly(range(50));
    assertThat(block.permutation(1, 1)).isNotEqualTo(first);
    assertThat(block.permutation(2, 0)).isNotEqualTo(first);
    assertThat(block.permutation(1, 0)).isEqualTo(first);
    assertThat(Canonical.shuffle(50, 1, 0, 1)).isNotEqualTo(first);
    assertThat(Canonical.shuffle(0, 1, 0, 1)).isEmpty();
  }

  @Test
  void blocksAreAFunctionOfTheSetOfRows() {
    int rows = 500;
    int width = 2;
    Random random = new Random(3);
    float[] features = new float[rows * width];
    float[] targets = new float[rows];
    for (int i = 0; i < features.length; i++) {
      features[i] = random.nextInt(4) - 1; // many equal rows
    }
    List<Integer> order = new ArrayList<>(Arrays.stream(range(rows)).boxed().toList());
    java.util.Collections.shuffle(order, random);
    float[] shuffled = new float[rows * width];
    for (int i = 0; i < rows; i++) {
      System.arraycopy(features, order.get(i) * width, shuffled, i * width, width);
    }
    for (int p : new int[] {1, 2, 7, 33}) {
      List<Block> a = LocalBlocks.of(features, width, targets, 1, null, null, p);
      List<Block> b = LocalBlocks.of(shuffled, width, targets, 1, null, null, p);
      assertThat(a).hasSize(p);
      assertThat(a.stream().mapToInt(Block::rows).sum()).isEqualTo(rows);
      for (int i = 0; i < p; i++) {
        assertThat(a.get(i).partition()).isEqualTo(i);
        assertThat(content(a.get(i))).isEqualTo(content(b.get(i)));
      }
    }
  }

  @Test
  void rowsOfOneKeyAreSortedByContentAndId() {
    // Keys that collide (here by force) or belong to equal rows must not leave the order open.
    Chunk.Shape shape = new Chunk.Shape(1, 1, true, true);
    List<float[]> rows = new ArrayList<>();
    for (float[] row :
        new float[][] {
          {1, 0, 1, 1}, {1, 0, 1, 2}, {1, 0, 2, 0}, {1, 3, 1, 0}, {2, 0, 1, 0}, {2, 0, 1, 9}
        }) {
      rows.add(row);
    }
    Block expected = null;
    for (int seed = 0; seed < 20; seed++) {
      java.util.Collections.shuffle(rows, new Random(seed));
      Chunk one = new Chunk(shape, 0, false);
      Chunk two = new Chunk(shape, 0, false);
      for (int i = 0; i < rows.size(); i++) {
        float[] r = rows.get(i);
        Chunk chunk = i < seed % 7 ? one : two;
        chunk.add(new float[] {r[0]}, new double[] {r[1]}, 0, r[2], 42, (long) r[3]);
      }
      Block block = Canonical.merge(0, List.of(one, two), shape).block();
      expected = expected == null ? block : expected;
      assertThat(content(block)).isEqualTo(content(expected));
    }
    assertThat(expected.id(0)).isEqualTo(1);
    assertThat(expected.id(1)).isEqualTo(2);
    assertThat(expected.weight(2)).isEqualTo(2);
    assertThat(expected.target(3, 0)).isEqualTo(3);
    assertThat(expected.id(5)).isEqualTo(9);
  }

  @Test
  void indexesAreSortedByAllBitsOfTheirValue() {
    Random random = new Random(1);
    long[] values = new long[2000];
    for (int i = 0; i < values.length; i++) {
      // Few upper halves, so that most of the order is in the lower ones.
      values[i] = ((long) (random.nextInt(9) - 4) << 32) | (random.nextInt(300) & 0xFFFFFFFFL);
    }
    int[] order = Sorting.byLong(values, 1999, Integer::compare);
    assertThat(Arrays.stream(order).sorted().toArray()).isEqualTo(range(1999));
    for (int i = 1; i < order.length; i++) {
      long before = values[order[i - 1]];
      assertThat(before).isLessThanOrEqualTo(values[order[i]]);
      if (before == values[order[i]]) {
        assertThat(order[i - 1]).isLessThan(order[i]);
      }
    }
  }

  @Test
  void partitionsAreEvenlyFilled() {
    int[] sizes = numbered(40_000, 16).stream().mapToInt(Block::rows).toArray();
    // 2500 expected, standard deviation 48.
    assertThat(Arrays.stream(sizes).boxed()).allSatisfy(n -> assertThat(n).isBetween(2250, 2750));
  }

  @Test
  void minusZeroIsZero() {
    Block a = LocalBlocks.of(new float[] {-0f, 1}, 2, new float[] {-0f}, 1, null, null, 1).get(0);
    Block b = LocalBlocks.of(new float[] {0f, 1}, 2, new float[] {0f}, 1, null, null, 1).get(0);
    assertThat(a.key(0)).isEqualTo(b.key(0));
    assertThat(content(a)).isEqualTo(content(b));
    float[] zero = {0f, 1};
    float[] minus = {-0f, 1};
    double[] label = {0.0};
    double[] minusLabel = {-0.0};
    assertThat(Canonical.key(minus, 0, 2, minusLabel, 0, 1, 1f))
        .isEqualTo(Canonical.key(zero, 0, 2, label, 0, 1, 1f));
  }

  @Test
  void keysDependOnContentAndNotOnTheId() {
    float[] x = {1, 2, 3};
    double[] y = {4};
    long key = Canonical.key(x, 0, 3, y, 0, 1, 1f);
    assertThat(Canonical.key(new float[] {9, 1, 2, 3}, 1, 3, y, 0, 1, 1f)).isEqualTo(key);
    assertThat(Canonical.key(new float[] {2, 1, 3}, 0, 3, y, 0, 1, 1f)).isNotEqualTo(key);
    assertThat(Canonical.key(new float[] {1, 2, 4}, 0, 3, y, 0, 1, 1f)).isNotEqualTo(key);
    assertThat(Canonical.key(x, 0, 3, new double[] {5}, 0, 1, 1f)).isNotEqualTo(key);
    assertThat(Canonical.key(x, 0, 3, y, 0, 1, 2f)).isNotEqualTo(key);
    Block a = LocalBlocks.of(x, 3, new float[] {4}, 1, null, new long[] {1}, 1).get(0);
    Block b = LocalBlocks.of(x, 3, new float[] {4}, 1, null, new long[] {2}, 1).get(0);
    assertThat(a.key(0)).isEqualTo(b.key(0)).isEqualTo(key);
  }

  @Test
  void refusesWrongLengthsAndNonFiniteNumbers() {
    float[] x = {1, 2, 3, 4};
    assertThatThrownBy(() -> LocalBlocks.of(x, 3, x, 1, null, null, 1))
        .hasMessage("4 features do not make rows of 3");
    assertThatThrownBy(() -> LocalBlocks.of(x, 2, x, 1, null, null, 1))
        .hasMessage("4 targets, expected 2");
    assertThatThrownBy(() -> LocalBlocks.of(x, 2, x, 2, null, new long[1], 1))
        .hasMessage("1 ids, expected 2");
    assertThatThrownBy(() -> LocalBlocks.of(x, 2, x, 2, null, null, 0))
        .hasMessage("partitions = 0: must be at least 1");
    assertThatThrownBy(() -> LocalBlocks.of(new float[] {Float.NaN}, 1, x, 4, null, null, 1))
        .hasMessage("features hold NaN or infinity");
    assertThatThrownBy(
            () -> numbered(3, 1).get(0).select(new RoundRows.Slice(1, 0, new int[0], new int[0])))
        .hasMessage("partition 0 in a round that was planned for 0 partitions");
    assertThatThrownBy(
            () -> random(3, 1, 1, false, false).get(0).select(new RoundRows.Ids(new long[1])))
        .hasMessageContaining("no id column");
  }

  @Test
  void javaAndKryoKeepABlock() {
    KryoSerializer kryo =
        new KryoSerializer(
            new SparkConf(false)
                .set("spark.kryo.registrationRequired", "true")
                .set("spark.kryo.registrator", Registrator.class.getName()));
    SerializerInstance instance = kryo.newInstance();
    for (boolean with : new boolean[] {true, false}) {
      for (Block block : random(100, 3, 3, with, with)) {
        byte[] content = content(block);
        assertThat(content(javaRoundTrip(block))).isEqualTo(content);
        Block back =
            instance.deserialize(
                instance.serialize(block, ClassTag$.MODULE$.<Block>apply(Block.class)),
                ClassTag$.MODULE$.<Block>apply(Block.class));
        assertThat(content(back)).isEqualTo(content);
      }
    }
  }

  /** Registers what this room sends, as a session with required registration needs it. */
  public static final class Registrator implements KryoRegistrator {
    @Override
    public void registerClasses(Kryo kryo) {
      for (Class<?> type : DataPreparation.wireClasses()) {
        kryo.register(type, new ExternalizableSerializer());
      }
    }
  }

  private static Block javaRoundTrip(Block block) {
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(content(block)))) {
      return (Block) in.readObject();
    } catch (IOException | ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  private static int[] range(int n) {
    int[] range = new int[n];
    Arrays.setAll(range, i -> i);
    return range;
  }
}
