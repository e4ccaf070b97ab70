package dev.schuss.train;

import dev.schuss.checkpoint.CheckpointException;
import dev.schuss.checkpoint.CheckpointFolder;
import dev.schuss.model.Tensor;
import dev.schuss.nn.Network;
import dev.schuss.spec.SpecException;
import dev.schuss.spec.Vocabulary;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
