package dev.schuss.data;

import dev.schuss.model.BadValue;
import dev.schuss.model.ClassLabels;
import dev.schuss.model.Feature;
import dev.schuss.model.InputRow;
import dev.schuss.model.Invalid;
import dev.schuss.objective.Task;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.ShuffledRDD;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.Tuple2;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/** The one shuffle: rows of a DataFrame to canonical blocks of raw values. */
final class Packer {
  private static final long CHUNK_BYTES = 1 << 20;
  private static final long TASK_BYTES = 64 << 20;

  private Packer() {}

  /**
   * Exactly one block per partition, perhaps an empty one; neighbouring blocks lie together in as
   * many partitions of Spark's as there are groups. Bad rows are left out and reported in the notes
   * of the first block.
   *
   * @param features the table's, with what is known of them
   * @param classes the only labels that are allowed; null if any is
   */
  static JavaRDD<RawBlock> pack(
      Dataset<Row> data,
      Table table,
      List<Feature> features,
      Task task,
      ClassLabels classes,
      Invalid invalid,
      int partitions,
      Groups groups) {
    JavaRDD<Tuple2<Integer, Chunk>> chunks =
        table
            .select(data)
            .javaRDD()
            .mapPartitionsWithIndex(
                (mapper, rows) ->
                    new Chunks(
                        mapper,
                        rows,
                        table,
                        new RowReader(table, features, task, classes, invalid),
                        partitions),
                false);
    return shuffle(chunks, groups, data.sparkSession().sparkContext().conf())
        .mapPartitionsWithIndex((group, arrived) -> merge(groups, group, arrived), false);
  }

  /**
   * Sends each chunk to its partition. Java serialization remembers the last hundred objects of a
   * stream, and there is a stream per partition: with chunks of a megabyte that would be gigabytes.
   * So this shuffle has a serializer of its own that forgets each object at once.
   */
  private static JavaPairRDD<Integer, Chunk> shuffle(
      JavaRDD<Tuple2<Integer, Chunk>> chunks, Groups groups, SparkConf conf) {
    ClassTag<Integer> keys = ClassTag$.MODULE$.apply(Integer.class);
    ClassTag<Chunk> values = ClassTag$.MODULE$.apply(Chunk.class);
    ShuffledRDD<Integer, Chunk, Chunk> shuffled =
        new ShuffledRDD<>(JavaPairRDD.fromJavaRDD(chunks).rdd(), groups, keys, values, values);
    shuffled.setSerializer(
        new JavaSerializer(conf.clone().set("spark.serializer.objectStreamReset", "1")));
    return JavaPairRDD.fromRDD(shuffled, keys, values);
  }

  /** The blocks of a group, in order, each made when it is asked for. */
  private static Iterator<RawBlock> merge(
      Groups groups, int group, Iterator<Tuple2<Integer, Chunk>> arrived) {
    int first = groups.first(group);
    List<List<Chunk>> chunks = new ArrayList<>();
    for (int p = first; p < groups.first(group + 1); p++) {
      chunks.add(new ArrayList<>());
    }
    arrived.forEachRemaining(chunk -> chunks.get(chunk._1() - first).add(chunk._2()));
    return IntStream.range(0, chunks.size())
        .mapToObj(i -> merge(first + i, chunks.set(i, null)))
        .iterator();
  }

  private static RawBlock merge(int partition, List<Chunk> arrived) {
    List<Chunk> chunks = new ArrayList<>();
    List<MapperNote> notes = new ArrayList<>();
    for (Chunk chunk : arrived) {
      if (chunk.note() != null) {
        notes.add(chunk.note());
      } else {
        chunks.add(chunk);
      }
    }
    Chunk.Shape shape =
        chunks.isEmpty() ? new Chunk.Shape(0, 0, false, false) : chunks.get(0).shape();
    if (chunks.stream().anyMatch(c -> !c.shape().equals(shape))) {
      chunks.clear(); // the mappers' notes tell of their different widths, and the driver stops
    }
    RawBlock block = Canonical.merge(partition, chunks, shape);
    notes.sort(Comparator.comparingInt(MapperNote::mapper));
    block.notes().addAll(notes);
    return block;
  }

  /** Reads rows and hands out chunks as they fill; at the end a note on the rows. */
  private static final class Chunks implements Iterator<Tuple2<Integer, Chunk>> {
    private final int mapper;
    private final Iterator<Row> rows;
    private final Table table;
    private final RowReader reader;
    private final int partitions;
    private final Chunk[] open;
    private final Deque<Tuple2<Integer, Chunk>> ready = new ArrayDeque<>();

    private Chunk.Shape shape;
    private long chunkBytes;
    private String file = "";
    private long blockStart;
    private long rowInBlock;
    private long good;
    private long bad;
    private long entries;
    private int mostEntries;
    private final List<RowProblem> problems = new ArrayList<>();
    private boolean finished;

    Chunks(int mapper, Iterator<Row> rows, Table table, RowReader reader, int partitions) {
      this.mapper = mapper;
      this.rows = rows;
      this.table = table;
      this.reader = reader;
      this.partitions = partitions;
      this.open = new Chunk[partitions];
    }

    @Override
    public boolean hasNext() {
      while (ready.isEmpty() && !finished) {
        if (rows.hasNext()) {
          read(rows.next());
        } else {
          finish();
        }
      }
      return !ready.isEmpty();
    }

    @Override
    public Tuple2<Integer, Chunk> next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return ready.remove();
    }

    private void read(Row row) {
      locate(row);
      RowProblem.Place place = new RowProblem.Place(file, blockStart, rowInBlock);
      try {
        reader.read(row, place);
      } catch (BadValue e) {
        bad++;
        if (problems.size() < MapperNote.EXAMPLES) {
          problems.add(RowProblem.of(e, place));
        }
        return;
      }
      InputRow input = reader.input();
      if (shape == null) {
        shape =
            new Chunk.Shape(
                input.width(), table.labels().size(), table.weight() != null, table.id() != null);
        chunkBytes = Math.min(CHUNK_BYTES, Math.max(1 << 13, TASK_BYTES / partitions));
      }
      good++;
      entries += input.entries();
      mostEntries = Math.max(mostEntries, input.entries());
      pack(input);
    }

    private void pack(InputRow input) {
      long key = Canonical.key(input, reader.labels(), reader.weight());
      int partition = Canonical.partition(key, partitions);
      Chunk chunk = open[partition];
      if (chunk == null) {
        // Either form holds any row; this one is the smaller, if the first row is like the others.
        boolean sparse = input.isSparse() && 2L * input.entries() < shape.width();
        chunk = new Chunk(shape, 4, sparse);
        open[partition] = chunk;
      }
      chunk.add(input, reader.labels(), reader.weight(), key, reader.id());
      if (chunk.bytes() >= chunkBytes) {
        ready.add(new Tuple2<>(partition, chunk));
        open[partition] = null;
      }
    }

    private void locate(Row row) {
      String rowFile = row.getString(table.fileAt());
      long rowStart = Math.max(0, row.getLong(table.fileAt() + 1)); // -1: not from a file
      if (rowStart != blockStart || !rowFile.equals(file)) {
        file = rowFile;
        blockStart = rowStart;
        rowInBlock = 0;
      }
      rowInBlock++;
    }

    private void finish() {
      for (int p = 0; p < partitions; p++) {
        if (open[p] != null) {
          ready.add(new Tuple2<>(p, open[p]));
          open[p] = null;
        }
      }
      int[] widths = good == 0 ? new int[0] : reader.input().widths();
      MapperNote note =
          new MapperNote(
              mapper,
              good,
              bad,
              widths,
              entries,
              mostEntries,
              problems,
              reader.texts(),
              reader.firstText());
      ready.add(new Tuple2<>(0, new Chunk(note)));
      finished = true;
    }
  }
}
