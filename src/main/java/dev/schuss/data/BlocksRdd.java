package dev.schuss.data;

import java.io.Serial;
import java.nio.ByteBuffer;
import org.apache.spark.Partition;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.rdd.RDD;
import org.apache.spark.serializer.SerializerInstance;
import org.apache.spark.storage.BlockResult;
import org.apache.spark.storage.RDDBlockId;
import scala.Option;
import scala.collection.Iterator;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * Persisted blocks as the jobs of a training read them. Spark sends an RDD with every job, and each
 * task reads it with everything that it was ever computed from: the file scans, their generated
 * code, the shuffle. That took longer than the rest of a small round. This one travels without; a
 * task that finds its block where it is kept needs no more, and one that does not fetches the
 * origin and computes the block from it, as it would have. To the scheduler it depends on its
 * origin like any other RDD.
 */
final class BlocksRdd extends RDD<Block> {
  private static final long serialVersionUID = 1;
  private static final ClassTag<Block> BLOCK = ClassTag$.MODULE$.apply(Block.class);
  private static final ClassTag<RDD<Block>> RDD_OF_BLOCKS = ClassTag$.MODULE$.apply(RDD.class);

  private final transient RDD<Block> kept;
  private final transient BlocksRdd traveller;
  private final int keptId;
  private final Broadcast<byte[]> origin;

  /**
   * A view of blocks.
   *
   * @param kept persisted, and computed at least once
   */
  static BlocksRdd of(RDD<Block> kept) {
    byte[] bytes = bytes(serializer().serialize(kept, RDD_OF_BLOCKS));
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(kept.context());
    Broadcast<byte[]> origin = spark.broadcast(bytes);
    return new BlocksRdd(kept, origin, new BlocksRdd(kept, origin, null));
  }

  private BlocksRdd(RDD<Block> kept, Broadcast<byte[]> origin, BlocksRdd traveller) {
    super(kept, BLOCK);
    this.kept = kept;
    this.traveller = traveller;
    this.keptId = kept.id();
    this.origin = origin;
  }

  private static SerializerInstance serializer() {
    return SparkEnv.get().closureSerializer().newInstance();
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  /**
   * What is sent: a twin that the scheduler never asks for its dependencies, so that it has none.
   */
  @Serial
  private Object writeReplace() {
    return traveller == null ? this : traveller;
  }

  @Override
  public Partition[] getPartitions() {
    return kept.partitions();
  }

  @Override
  public Iterator<Block> compute(Partition partition, TaskContext task) {
    Option<BlockResult> found =
        SparkEnv.get().blockManager().get(new RDDBlockId(keptId, partition.index()), BLOCK);
    if (found.isEmpty()) {
      return origin().iterator(partition, task);
    }
    @SuppressWarnings("unchecked") // the blocks of an RDD of blocks
    Iterator<Block> blocks = (Iterator<Block>) (Iterator<?>) found.get().data();
    return blocks;
  }

  /** A copy for one task, as Spark gives each its own: what users' functions hold is not shared. */
  private RDD<Block> origin() {
    ClassLoader classes = Thread.currentThread().getContextClassLoader();
    return serializer().deserialize(ByteBuffer.wrap(origin.value()), classes, RDD_OF_BLOCKS);
  }
}
