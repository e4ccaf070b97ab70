package dev.schuss.train;

import dev.schuss.checkpoint.CheckpointException;
import dev.schuss.data.Block;
import dev.schuss.data.Blocks;
import dev.schuss.data.MinibatchPlan;
import dev.schuss.math.Mix;
import dev.schuss.model.Json;
import dev.schuss.nn.Network;
import dev.schuss.objective.Objective;
import dev.schuss.objective.Segment;
import dev.schuss.optim.Optimizer;
import dev.schuss.optim.Regularization;
import dev.schuss.spec.Binder;
import dev.schuss.spec.Vocabulary;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What a training is, as far as its numbers depend on it: two trainings with the same identity make
 * the same updates. How long it runs and where it writes are no part of it.
 */
final class Identity {
  static final String PARTITIONS = "partitions";
  static final String TRAINING_ROWS = "training rows";
  static final String VALIDATION_ROWS = "validation rows";

  /** Settings that may be others when a training goes on. */
  private static final Set<String> FREE =
      Set.of("epochs", "maxSteps", "maxTime", "partitions", "treeDepth", "curvature");

  private static final Binder BINDER = Vocabulary.binder().with(NonFinite.REGISTRY);

  private static final String MISSING = "nothing";

  private Identity() {}

  /** What tells training and validation rows from others; the latter may be null. */
  static Map<String, String> rows(Blocks train, Blocks held) {
    return rows(
        rows(train.rows(), train.fingerprint()),
        held == null ? null : rows(held.rows(), held.fingerprint()));
  }

  /** The same of blocks in this process. */
  static Map<String, String> rows(List<Block> train, List<Block> held) {
    return rows(rows(train), held == null ? null : rows(held));
  }

  private static Map<String, String> rows(String train, String held) {
    Map<String, String> rows = new LinkedHashMap<>();
    rows.put(TRAINING_ROWS, train);
    rows.put(VALIDATION_ROWS, held == null ? "none" : held);
    return rows;
  }

  private static String rows(List<Block> blocks) {
    return rows(
        blocks.stream().mapToLong(Block::rows).sum(),
        Mix.of(blocks.stream().mapToLong(Block::fingerprint).toArray()));
  }

  private static String rows(long rows, long fingerprint) {
    return "%d rows with the hash %016x".formatted(rows, fingerprint);
  }

  /**
   * The identity as maps, lists, texts and numbers.
   *
   * @param rows what tells the training rows and the validation rows, by name
   * @param more what else the caller's data depend on, by name
   */
  static Map<String, Object> of(
      Objective objective,
      Optimizer optimizer,
      Regularization regularization,
      Settings settings,
      MinibatchPlan plan,
      int partitions,
      Map<String, String> rows,
      Map<String, Object> more) {
    Map<String, Object> identity = new LinkedHashMap<>();
    identity.put(
        "network", objective instanceof Network ? tree(objective) : objective.getClass().getName());
    identity.put("layout", objective.layout().segments().stream().map(Segment::toString).toList());
    identity.put("optimizer", tree(optimizer));
    identity.put("regularization", tree(regularization));
    Map<String, Object> train = new LinkedHashMap<>();
    if (tree(settings) instanceof Map<?, ?> all) {
      all.forEach((k, v) -> train.put(String.valueOf(k), v));
    }
    train.keySet().removeAll(FREE);
    identity.put("train", train);
    identity.put(
        "plan",
        "%s of %d rounds, the first of them %016x"
            .formatted(plan.getClass().getSimpleName(), plan.rounds(0), plan.rows(0, 0).moment()));
    identity.put(PARTITIONS, partitions);
    identity.putAll(rows);
    identity.putAll(more);
    return Json.parseObject(Json.line(identity), "identity"); // in the types of a file
  }

  /** What has no name in job files, such as a rule of the user's own, is told by its text. */
  private static Object tree(Object part) {
    try {
      return BINDER.toTree(part);
    } catch (IllegalArgumentException | IllegalStateException e) {
      // Without what is another in each process: the names of lambdas, the places of objects.
      return String.valueOf(part).replaceAll("(\\$\\$Lambda[^@,)\\]]*)?@[0-9a-f]+", "");
    }
  }

  /**
   * Refuses a checkpoint of another training.
   *
   * @param name of the checkpoint
   * @throws CheckpointException naming the first difference
   */
  static void check(Map<String, Object> saved, Map<String, Object> here, String name) {
    String difference = difference(saved, here);
    if (difference != null) {
      throw new CheckpointException(
          "the checkpoint %s is of another training: %s; set it back, name another checkpoint.dir, or start anew with --set checkpoint.resume=never"
              .formatted(name, difference));
    }
  }

  /** The first difference, such as {@code partitions is 2 there and 4 here}; null for none. */
  static String difference(Map<String, Object> saved, Map<String, Object> here) {
    Map<String, String> there = new LinkedHashMap<>();
    Map<String, String> now = new LinkedHashMap<>();
    flatten("", saved, there);
    flatten("", here, now);
    Set<String> keys = new LinkedHashSet<>(there.keySet());
    keys.addAll(now.keySet());
    for (String key : keys) {
      if (!Objects.equals(there.get(key), now.get(key))) {
        return "%s is %s there and %s here"
            .formatted(key, there.getOrDefault(key, MISSING), now.getOrDefault(key, MISSING));
      }
    }
    return null;
  }

  private static void flatten(String path, Object tree, Map<String, String> into) {
    if (tree instanceof Map<?, ?> map) {
      map.forEach((k, v) -> flatten(path.isEmpty() ? k + "" : path + "." + k, v, into));
    } else if (tree instanceof List<?> list && list.stream().anyMatch(e -> e instanceof Map)) {
      for (int i = 0; i < list.size(); i++) {
        flatten(path + "[" + i + "]", list.get(i), into);
      }
    } else {
      into.put(path, String.valueOf(tree));
    }
  }
}
