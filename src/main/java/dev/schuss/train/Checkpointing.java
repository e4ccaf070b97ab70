package dev.schuss.train;

import dev.schuss.checkpoint.CheckpointException;
import dev.schuss.checkpoint.CheckpointFolder;
import dev.schuss.checkpoint.Saver;
import dev.schuss.checkpoint.Snapshot;
import dev.schuss.math.Blas;
import dev.schuss.model.Tensor;
import dev.schuss.objective.Layout;
import dev.schuss.optim.Length;
import dev.schuss.optim.SavedState;
import dev.schuss.optim.Updater;
import dev.schuss.train.TrainingResult.Checkpoints;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Saves a training as it goes, and brings back where it was. All calls come from the training
 * thread, between rounds.
 */
final class Checkpointing implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Checkpointing.class);

  /** Floats that a thread copies at a time. */
  private static final int CHUNK = 1 << 18;

  private static final String IDENTITY = "training";
  private static final String LOOP = "loop";
  private static final String OPTIMIZER = "optimizer";
  private static final String WEIGHTS = "weights";
  private static final String BEST = "best";

  /** Before the names of what a rollback goes back to. */
  private static final String GOOD = "good.";

  private final CheckpointSettings settings;
  private final Map<String, Object> identity;
  private final Layout layout;
  private final boolean unbroken;
  private final Saver saver;
  private CheckpointFolder.Found found; // until it is loaded
  private String newest;
  private Long resumedAt;
  private double heldUp;

  private Updater updater;
  private LoopState state;
  private Recovery recovery;
  private long roundsPerEpoch;
  private LoopState.Cursor saved; // where the training was when the last snapshot was taken
  private long roundsSince; // that snapshot
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
   * @param unbroken whether nothing shall be said where that leaves nothing to train
   */
  Checkpointing(
      CheckpointSettings settings,
      CheckpointFolder folder,
      CheckpointFolder.Found found,
      Map<String, Object> identity,
      Layout layout,
      Map<String, String> versions,
      boolean unbroken) {
    this.settings = settings;
    this.identity = identity;
    this.layout = layout;
    this.unbroken = unbroken;
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
  TrainingStart.Resumed begin(
      Updater ofTraining, LoopState ofLoop, Recovery ofLoopToo, long rounds) {
    updater = ofTraining;
    state = ofLoop;
    recovery = ofLoopToo;
    roundsPerEpoch = rounds;
    saved = state.cursor();
    copy(WEIGHTS, updater.weights()); // memory is made before the first round, not in one
    updater.save().perWeight().forEach((slot, array) -> copy(OPTIMIZER + "." + slot, array));
    if (found == null) {
      return null;
    }
    Identity.check(identity(found), identity, found.name());
    String blas = found.manifest().versions().get("blas");
    if (!Blas.get().name().equals(blas)) {
      log.warn(
          "{} was computed with {}, this driver has {}: the bits may differ from those of a training that never stopped",
          found.name(),
          blas,
          Blas.get().name());
    }
    Map<String, Tensor> arrays = new HashMap<>(found.snapshot().arrays());
    float[] weights = FlatArrays.gather(layout, arrays, WEIGHTS);
    if (weights == null) {
      throw new CheckpointException("the checkpoint " + found.name() + " holds no weights");
    }
    try {
      LoopState.Saved loop = loop(found);
      System.arraycopy(weights, 0, updater.weights(), 0, weights.length);
      updater.load(savedState("", arrays));
      state.load(loop, FlatArrays.gather(layout, arrays, BEST));
      float[] good = FlatArrays.gather(layout, arrays, GOOD + WEIGHTS);
      if (good != null) {
        recovery.load(new Recovery.Good(good, savedState(GOOD, arrays)));
      }
    } catch (CheckpointException e) {
      throw e;
    } catch (RuntimeException e) { // whole by its checksums, and yet not what we write
      throw new CheckpointException(
          "the checkpoint %s does not fit: %s; start anew with --set checkpoint.resume=never"
              .formatted(found.name(), e.getMessage()),
          e);
    }
    newest = found.name();
    resumedAt = updater.state().updates();
    saved = state.cursor();
    found = null;
    return new TrainingStart.Resumed(
        newest,
        resumedAt,
        state.cursor().epoch(),
        state.cursor().round(),
        List.copyOf(state.history()));
  }

  /** One line on a checkpoint after which nothing is left to train; null for none. */
  String nothingLeft(int made, int planned) {
    return unbroken && made == planned
        ? null
        : "the checkpoint has made %d epochs of train.epochs = %d, and nothing is left to train: raise train.epochs, or start anew with --set checkpoint.resume=never"
            .formatted(made, planned);
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
    if (found.tree().get(name) instanceof Map<?, ?> map) {
      map.forEach((k, v) -> section.put(String.valueOf(k), v));
    }
    return section;
  }

  private SavedState savedState(String prefix, Map<String, Tensor> arrays) {
    Rule rule =
        LoopState.BINDER.fromTree(section(found, prefix + OPTIMIZER), Rule.class, found.name());
    Map<String, float[]> perWeight = new LinkedHashMap<>();
    for (String slot : updater.state().perWeight().keySet()) {
      float[] flat = FlatArrays.gather(layout, arrays, prefix + OPTIMIZER + "." + slot);
      if (flat != null) { // a slot that is missing is told by the optimizer
        perWeight.put(slot, flat);
      }
    }
    Map<String, double[]> perLayer = new LinkedHashMap<>();
    rule.perLayer().forEach(slot -> perLayer.put(slot.slot(), slot.values()));
    return new SavedState(rule.version(), rule.rule(), perWeight, perLayer, rule.numbers());
  }

  /** After each round: begins to save if it is time and the one before is done, else later. */
  void saveIfDue() {
    roundsSince++;
    if (due() && saver.idle()) {
      long start = System.nanoTime();
      saver.start(snapshot());
      heldUp += Stopwatch.since(start);
    }
  }

  /** Whole epochs are counted by epochs, which may differ in length; all else by rounds. */
  private boolean due() {
    Length every = settings.every();
    if (every.unit() == Length.Unit.STEPS) {
      return roundsSince >= every.count();
    }
    return every.count() == Math.rint(every.count())
        ? state.cursor().epoch() - saved.epoch() >= every.count()
        : roundsSince >= Math.max(1, Math.round(every.count() * roundsPerEpoch));
  }

  /**
   * Saves before anything else goes on, unless just this was saved. What nothing was trained of is
   * left out: it would hold whoever starts again to settings that did not work.
   */
  void last() {
    saver.await();
    LoopState.Cursor now = state.cursor();
    boolean same = now.epoch() == saved.epoch() && now.round() == saved.round();
    if (!same || saver.lastFailed()) {
      saver.start(snapshot());
      saver.await();
    }
  }

  /** The arrays are copied: training changes its own while they are written. */
  private Supplier<Snapshot> snapshot() {
    saved = state.cursor();
    roundsSince = 0;
    long step = updater.state().updates();
    Map<String, Tensor> arrays = new LinkedHashMap<>();
    Map<String, Record> parts = new LinkedHashMap<>();
    parts.put(LOOP, state.save());
    put("", copy(WEIGHTS, updater.weights()), updater.save(), this::copy, arrays, parts);
    float[] best = state.best().weights();
    if (best != null) { // it and the good ones are replaced, never changed
      FlatArrays.split(layout, BEST, best, arrays);
    }
    Recovery.Good good = saved.round() == 0 ? null : recovery.good();
    if (good != null) { // at the start of an epoch they are the weights themselves
      put(GOOD, good.weights(), good.optimizer(), (name, array) -> array, arrays, parts);
    }
    return () -> {
      Map<String, Object> tree = new LinkedHashMap<>();
      tree.put(IDENTITY, identity);
      parts.forEach((name, part) -> tree.put(name, LoopState.BINDER.toTree(part)));
      return new Snapshot(step, arrays, tree);
    };
  }

  private void put(
      String prefix,
      float[] weights,
      SavedState optimizer,
      BiFunction<String, float[], float[]> hold,
      Map<String, Tensor> arrays,
      Map<String, Record> parts) {
    FlatArrays.split(layout, prefix + WEIGHTS, weights, arrays);
    optimizer
        .perWeight()
        .forEach(
            (slot, array) -> {
              String name = prefix + OPTIMIZER + "." + slot;
              FlatArrays.split(layout, name, hold.apply(name, array), arrays);
            });
    List<PerLayer> perLayer = new ArrayList<>();
    optimizer
        .perLayer()
        .forEach((slot, values) -> perLayer.add(new PerLayer(slot, values.clone())));
    Map<String, Double> numbers = new LinkedHashMap<>(optimizer.numbers());
    parts.put(
        prefix + OPTIMIZER, new Rule(optimizer.version(), optimizer.rule(), perLayer, numbers));
  }

  private float[] copy(String name, float[] array) {
    float[] copy = copies.computeIfAbsent(name, k -> new float[array.length]);
    IntStream.range(0, (array.length - 1) / CHUNK + 1)
        .parallel()
        .forEach(
            i -> {
              int from = i * CHUNK;
              System.arraycopy(array, from, copy, from, Math.min(CHUNK, array.length - from));
            });
    return copy;
  }

  /** What became of the checkpoints. */
  Checkpoints report() {
    String last = saver.newest() == null ? newest : saver.newest();
    return new Checkpoints(last, resumedAt, saver.saved(), saver.failed(), saver.seconds(), heldUp);
  }

  @Override
  public void close() {
    saver.close();
  }
}
