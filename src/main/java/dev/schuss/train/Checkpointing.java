package dev.schuss.train;

import dev.schuss.checkpoint.CheckpointException;
import dev.schuss.checkpoint.CheckpointFolder;
import dev.schuss.checkpoint.Saver;
import dev.schuss.checkpoint.Snapshot;
import dev.schuss.model.Tensor;
import dev.schuss.objective.Layout;
import dev.schuss.optim.Length;
import dev.schuss.optim.SavedState;
import dev.schuss.optim.Updater;
import dev.schuss.spec.SpecException;
import dev.schuss.train.TrainingResult.Checkpoints;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Saves a training as it goes, and brings back where it was. All calls come from the training
 * thread, between rounds.
 */
final class Checkpointing implements AutoCloseable {
  private static final String IDENTITY = "training";
  private static final String LOOP = "loop";
  private static final String OPTIMIZER = "optimizer";
  private static final String WEIGHTS = "weights";
  private static final String BEST = "best";

  private final CheckpointSettings settings;
  private final Map<String, Object> identity;
  private final Layout layout;
  private final Saver saver;
  private CheckpointFolder.Found found; // until it is loaded
  private String newest;
  private Long resumedAt;

  private Updater updater;
  private LoopState state;
  private long roundsPerEpoch;
  private long lastRound; // rounds of all epochs when the last snapshot was taken
  private final Map<String, float[]> copies = new LinkedHashMap<>();

  /** An optimizer's state but for its arrays of one float per weight. */
  record Rule(int version, String rule, List<PerLayer> perLayer, Map<String, Double> numbers) {}

  /** A slot of one double per layout segment. */
  record PerLayer(String slot, double[] values) {}

  /**
   * Checkpoints of one training.
   *
   * @param identity what the training is, see {@link Identity}
   * @param found what to go on from; null to start anew
   */
  Checkpointing(
      CheckpointSettings settings,
      CheckpointFolder folder,
      CheckpointFolder.Found found,
      Map<String, Object> identity,
      Layout layout,
      Map<String, String> versions) {
    this.settings = settings;
    this.identity = identity;
    this.layout = layout;
    this.found = found;
    this.saver = new Saver(folder, versions, settings.keep());
  }

  /** What the training that a checkpoint is of was, as {@link Identity} writes it. */
  static Map<String, Object> identity(CheckpointFolder.Found found) {
    return section(found, IDENTITY);
  }

  /**
   * Goes on from the checkpoint, if there is one.
   *
   * @return where it goes on; null where it starts anew
   * @throws CheckpointException if it is of another training
   */
  TrainingStart.Resumed begin(Updater ofTraining, LoopState ofLoop, long rounds) {
    updater = ofTraining;
    state = ofLoop;
    roundsPerEpoch = rounds;
    if (found == null) {
      return null;
    }
    Identity.check(identity(found), identity, found.name());
    Map<String, Tensor> arrays = found.snapshot().arrays();
    float[] weights = FlatArrays.gather(layout, arrays, WEIGHTS);
    if (weights == null) {
      throw new CheckpointException("the checkpoint " + found.name() + " holds no weights");
    }
    try {
      LoopState.Saved loop = loop(found);
      Rule rule = rule(found);
      System.arraycopy(weights, 0, updater.weights(), 0, weights.length);
      updater.load(savedState(rule, arrays));
      state.load(loop, FlatArrays.gather(layout, arrays, BEST));
    } catch (SpecException | IllegalArgumentException e) {
      throw new CheckpointException(
          "the checkpoint %s does not fit: %s; start anew with --set checkpoint.resume=never"
              .formatted(found.name(), e.getMessage()),
          e);
    }
    newest = found.name();
    resumedAt = updater.state().updates();
    lastRound = roundsMade();
    found = null; // its arrays are as large as the optimizer's
    return new TrainingStart.Resumed(
        newest,
        resumedAt,
        state.cursor().epoch(),
        state.cursor().round(),
        List.copyOf(state.history()));
  }

  /** Where the training of a checkpoint was. */
  static LoopState.Saved loop(CheckpointFolder.Found found) {
    return LoopState.BINDER.fromTree(section(found, LOOP), LoopState.Saved.class, found.name());
  }

  /** The optimizer of a checkpoint. */
  static Rule rule(CheckpointFolder.Found found) {
    return LoopState.BINDER.fromTree(section(found, OPTIMIZER), Rule.class, found.name());
  }

  private static Map<String, Object> section(CheckpointFolder.Found found, String name) {
    Map<String, Object> section = new LinkedHashMap<>();
    if (found.snapshot().tree().get(name) instanceof Map<?, ?> map) {
      map.forEach((k, v) -> section.put(String.valueOf(k), v));
    }
    return section;
  }

  private SavedState savedState(Rule rule, Map<String, Tensor> arrays) {
    Map<String, float[]> perWeight = new LinkedHashMap<>();
    for (String slot : updater.state().perWeight().keySet()) {
      float[] flat = FlatArrays.gather(layout, arrays, OPTIMIZER + "." + slot);
      if (flat != null) { // a slot that is missing is told by the optimizer
        perWeight.put(slot, flat);
      }
    }
    Map<String, double[]> perLayer = new LinkedHashMap<>();
    rule.perLayer().forEach(slot -> perLayer.put(slot.slot(), slot.values()));
    return new SavedState(rule.version(), rule.rule(), perWeight, perLayer, rule.numbers());
  }

  /** Begins to save if it is time and the one before is done; else it stays due. */
  void saveIfDue() {
    if (due() && saver.idle()) {
      saver.start(snapshot());
    }
  }

  /** Whole epochs are counted by epochs, which may differ in length; all else by rounds. */
  private boolean due() {
    Length every = settings.every();
    boolean epochs =
        every.unit() == Length.Unit.EPOCHS && every.count() == Math.rint(every.count());
    if (epochs) {
      long before = lastRound / roundsPerEpoch;
      return state.cursor().round() == 0 && state.cursor().epoch() - before >= every.count();
    }
    long rounds =
        every.unit() == Length.Unit.STEPS
            ? (long) every.count()
            : Math.max(1, Math.round(every.count() * roundsPerEpoch));
    return roundsMade() - lastRound >= rounds;
  }

  private long roundsMade() {
    return state.cursor().epoch() * roundsPerEpoch + state.cursor().round();
  }

  /** Saves before anything else goes on, unless just this was saved. */
  void lastUnlessSaved() {
    saver.await();
    if (roundsMade() != lastRound || saver.lastFailed()) {
      last();
    }
  }

  /** Saves before anything else goes on. */
  void last() {
    saver.await();
    saver.start(snapshot());
    saver.await();
  }

  /** The arrays are copied: training changes its own while they are written. */
  private Snapshot snapshot() {
    lastRound = roundsMade();
    SavedState saved = updater.save();
    Map<String, Tensor> arrays = new LinkedHashMap<>();
    FlatArrays.split(layout, WEIGHTS, copy(WEIGHTS, updater.weights()), arrays);
    saved
        .perWeight()
        .forEach(
            (slot, array) ->
                FlatArrays.split(
                    layout, OPTIMIZER + "." + slot, copy(OPTIMIZER + "." + slot, array), arrays));
    float[] best = state.best().weights(); // replaced, never changed
    if (best != null) {
      FlatArrays.split(layout, BEST, best, arrays);
    }
    List<PerLayer> perLayer = new ArrayList<>();
    saved.perLayer().forEach((slot, values) -> perLayer.add(new PerLayer(slot, values.clone())));
    Rule rule = new Rule(saved.version(), saved.rule(), perLayer, saved.numbers());
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put(IDENTITY, identity);
    tree.put(LOOP, LoopState.BINDER.toTree(state.save()));
    tree.put(OPTIMIZER, LoopState.BINDER.toTree(rule));
    return new Snapshot(updater.state().updates(), arrays, tree);
  }

  private float[] copy(String name, float[] array) {
    float[] copy = copies.computeIfAbsent(name, k -> new float[array.length]);
    System.arraycopy(array, 0, copy, 0, array.length);
    return copy;
  }

  /** What became of the checkpoints. */
  Checkpoints report() {
    String last = saver.newest() == null ? newest : saver.newest();
    return new Checkpoints(last, resumedAt, saver.saved(), saver.failed());
  }

  @Override
  public void close() {
    saver.close();
  }
}
