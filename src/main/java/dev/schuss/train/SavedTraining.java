package dev.schuss.train;

import dev.schuss.checkpoint.CheckpointException;
import dev.schuss.checkpoint.CheckpointFolder;
import dev.schuss.model.Tensor;
import dev.schuss.nn.Network;
import dev.schuss.objective.Layout;
import dev.schuss.objective.Segment;
import dev.schuss.spec.SpecException;
import dev.schuss.spec.Vocabulary;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * What a checkpoint says of its training.
 *
 * @param steps updates made
 * @param epoch the epoch that it goes on with, counted from 0
 * @param round the round that it goes on with in it, counted from 0
 * @param history the epochs that were made
 * @param best the best of them; null without validation
 * @param seconds of the training so far
 * @param rule which update rule it is, such as {@code Lookahead(Adam(EPS_OUTSIDE), KEEP)}
 * @param floats how many floats there are of each kind, such as {@code weights} or {@code
 *     optimizer.m}
 * @param identity what the training is, as maps, lists, texts and numbers
 */
public record SavedTraining(
    long steps,
    int epoch,
    long round,
    List<EpochReport> history,
    TrainingResult.Best best,
    double seconds,
    String rule,
    Map<String, Long> floats,
    Map<String, Object> identity) {
  private static final String WEIGHTS = "weights";
  private static final String BEST = "best";

  /**
   * Reads what a checkpoint holds.
   *
   * @throws CheckpointException if it is none of a training
   */
  public static SavedTraining of(CheckpointFolder.Found found) {
    try {
      LoopState.Saved loop = Checkpointing.loop(found);
      Map<String, Long> floats = new LinkedHashMap<>();
      for (Map.Entry<String, Tensor> array : found.snapshot().arrays().entrySet()) {
        String kind = array.getKey().split("/", 2)[0];
        floats.merge(kind, (long) array.getValue().length(), Long::sum);
      }
      return new SavedTraining(
          found.manifest().step(),
          loop.cursor().epoch(),
          loop.cursor().round(),
          loop.history(),
          loop.best().best(),
          loop.seconds(),
          Checkpointing.rule(found).rule(),
          floats,
          Checkpointing.identity(found));
    } catch (SpecException | IllegalArgumentException e) {
      throw new CheckpointException(
          "the checkpoint %s is none of a training: %s".formatted(found.name(), e.getMessage()), e);
    }
  }

  /**
   * One of the vectors of weights that a checkpoint holds.
   *
   * @param name {@code weights}, those that the rule moves and gradients are taken of, which under
   *     Lookahead are the {@code fast} ones; {@code slow}, Lookahead's; {@code best}, those of the
   *     best epoch
   * @param network of the training
   * @return network.layout().size() numbers; buffers are those of the weights where the vector has
   *     none of its own
   * @throws CheckpointException if it holds none of this name, with those that it holds
   */
  public static float[] weights(CheckpointFolder.Found found, String name, Network network) {
    Layout layout = network.layout();
    Map<String, Tensor> arrays = new HashMap<>(found.snapshot().arrays());
    float[] weights = FlatArrays.gather(layout, arrays, WEIGHTS);
    Map<String, String> known = new LinkedHashMap<>();
    known.put(WEIGHTS, WEIGHTS);
    for (String array : new TreeSet<>(arrays.keySet())) {
      String kind = array.split("/", 2)[0];
      if (kind.equals(BEST)) {
        known.put(BEST, kind);
      } else if (kind.matches("optimizer\\.(.*\\.)?slow")) {
        known.put("fast", WEIGHTS);
        known.put("slow", kind);
      }
    }
    if (weights == null || !known.containsKey(name)) {
      throw new CheckpointException(
          "the checkpoint %s holds no weights %s: it holds %s"
              .formatted(found.name(), name, String.join(", ", known.keySet())));
    }
    if (known.get(name).equals(WEIGHTS)) {
      return weights;
    }
    float[] chosen = FlatArrays.gather(layout, arrays, known.get(name));
    for (Segment s : layout.segments()) {
      if (!s.trainable() && !name.equals(BEST)) {
        System.arraycopy(weights, s.offset(), chosen, s.offset(), s.length());
      }
    }
    return chosen;
  }

  /** The network; null where another function is trained. */
  public Network network() {
    if (identity.get("network") instanceof Map<?, ?> map) {
      Map<String, Object> tree = new LinkedHashMap<>();
      map.forEach((k, v) -> tree.put(String.valueOf(k), v));
      return Vocabulary.binder().fromTree(tree, Network.class, "network");
    }
    return null;
  }
}
