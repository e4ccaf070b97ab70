package dev.schuss.ml;

import dev.schuss.ml.Fragments.Job;
import dev.schuss.optim.Lbfgs;
import dev.schuss.optim.Length;
import dev.schuss.optim.Optimizer;
import dev.schuss.optim.Schedule;
import dev.schuss.optim.Sgd;
import dev.schuss.train.CheckpointSettings;
import dev.schuss.train.CheckpointSettings.Resume;
import dev.schuss.train.EarlyStopping;
import dev.schuss.train.Reduction;
import dev.schuss.train.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.ml.param.Param;

/**
 * How a loss is minimised: what the params {@code solver}, {@code optimizer} and those beside them
 * come to for so many rows.
 *
 * @param fullBatch whether each update takes all rows
 */
record Method(Optimizer optimizer, Settings settings, boolean fullBatch) {
  /**
   * Rows from which on {@code solver = auto} takes minibatches: a pass over fewer makes too few
   * updates, and l-bfgs ends sooner.
   */
  static final int MANY = 20_000;

  /** Rows of a minibatch of {@code solver = auto}. */
  static final int AUTO_BATCH = 512;

  /** Passes of {@code solver = auto}. */
  static final int AUTO_EPOCHS = 3;

  /** The rule of {@code solver = auto}. */
  private static final String AUTO_RULE =
      "rule = adam, learningRate = 0.006, schedule { kind = cosine }";

  /** What MLlib's classifier has. */
  private static final double GD_STEP = 0.03;

  /** The method for so many training rows. */
  static Method of(NeuralNetworkParams p, Job job, long rows) {
    boolean named = p.isSet(p.optimizer()) || job.optimizer() != null;
    boolean solver = !p.getSolver().equals(NetworkParams.AUTO);
    Fragments.refuseBoth(named && solver, "solver = " + p.getSolver(), "an optimizer");
    if (solver) {
      for (Param<?> param : List.of(p.batchSize(), p.epochs(), p.schedule())) {
        if (p.isSet(param)) {
          throw new IllegalArgumentException(
              "%s = %s belongs to a minibatch method, and solver = %s takes all rows at once: leave it out, or set optimizer, such as adam, in the place of solver"
                  .formatted(param.name(), p.getOrDefault(param), p.getSolver()));
        }
      }
    }
    boolean minibatches = rows >= MANY || job.train() != null || chosen(p);
    boolean auto = !named && !solver && minibatches;
    Optimizer optimizer;
    if (p.isSet(p.optimizer())) {
      optimizer = Fragments.optimizer(p.getOptimizer(), overrides(p));
    } else if (named) {
      refuseOverrides(p);
      optimizer = job.optimizer();
    } else if (auto) {
      optimizer = Fragments.optimizer(AUTO_RULE, overrides(p));
    } else if (p.getSolver().equals(NetworkParams.GD)) {
      optimizer = new Sgd(Schedule.constant(p.isSet(p.stepSize()) ? p.getStepSize() : GD_STEP), 0);
    } else {
      optimizer = Lbfgs.DEFAULTS;
    }
    boolean full = optimizer.fullBatch() || (!named && !auto);
    return new Method(optimizer, settings(p, job, rows, full, auto), full);
  }

  /** Whether something is set that only minibatches have. */
  private static boolean chosen(NeuralNetworkParams p) {
    return p.isSet(p.batchSize())
        || p.isSet(p.epochs())
        || p.isSet(p.schedule())
        || p.isSet(p.stepSize());
  }

  private static List<String> overrides(NeuralNetworkParams p) {
    List<String> overrides = new ArrayList<>();
    if (p.isSet(p.stepSize())) {
      overrides.add("learningRate=" + p.getStepSize());
    }
    if (p.isSet(p.schedule())) {
      overrides.add(Fragments.schedule(p.getSchedule()));
    }
    return overrides;
  }

  private static void refuseOverrides(NeuralNetworkParams p) {
    for (Param<?> param : List.of(p.stepSize(), p.schedule())) {
      Fragments.refuseBoth(p.isSet(param), param.name(), "the block optimizer of job");
    }
  }

  private static Settings settings(
      NeuralNetworkParams p, Job job, long rows, boolean full, boolean auto) {
    Settings base = job.train() == null ? Settings.DEFAULTS : job.train();
    boolean ours = auto && job.train() == null;
    int batch = p.isSet(p.batchSize()) ? p.getBatchSize() : ours ? AUTO_BATCH : base.batchSize();
    if (full) {
      batch = (int) Math.min(rows, Integer.MAX_VALUE);
    }
    return new Settings(
        (int) Math.max(1, Math.min(rows, batch)),
        base.shortBatch(),
        epochs(p, full, ours ? AUTO_EPOCHS : base.epochs()),
        base.maxSteps(),
        base.maxTime(),
        p.isSet(p.seed()) || job.train() == null ? p.getSeed() : base.seed(),
        base.partitions(),
        p.isSet(p.reduction()) ? constant(Reduction.class, p.getReduction()) : base.reduction(),
        p.isSet(p.aggregationDepth()) ? (Integer) p.getAggregationDepth() : base.treeDepth(),
        base.nonFinite(),
        p.isSet(p.earlyStoppingPatience())
            ? new EarlyStopping("loss", p.getEarlyStoppingPatience(), 0, true)
            : base.earlyStopping(),
        base.stopAt());
  }

  private static int epochs(NeuralNetworkParams p, boolean full, int usual) {
    if (!full) {
      int passes = p.isSet(p.epochs()) ? p.getEpochs() : usual;
      return p.isSet(p.maxIter()) ? Math.min(passes, p.getMaxIter()) : passes;
    }
    // An iteration of l-bfgs is as many rounds as its line search makes trials.
    return (int) Math.min(Integer.MAX_VALUE, (Lbfgs.DEFAULTS.maxTrials() + 1L) * iterations(p));
  }

  /** Most iterations of a full-batch method. */
  static int iterations(NeuralNetworkParams p) {
    return p.isSet(p.epochs()) ? Math.min(p.getEpochs(), p.getMaxIter()) : p.getMaxIter();
  }

  /** The checkpoints that the params ask for; those of the param job where they name none. */
  static CheckpointSettings checkpoints(NeuralNetworkParams p, Job job) {
    if (!p.isSet(p.checkpointDir())) {
      return job.checkpoint();
    }
    int interval = p.getCheckpointInterval();
    return new CheckpointSettings(
        p.getCheckpointDir(),
        interval < 0 ? Length.epochs(Integer.MAX_VALUE) : Length.epochs(interval),
        CheckpointSettings.DEFAULTS.keep(),
        constant(Resume.class, p.getResume()));
  }

  private static <T extends Enum<T>> T constant(Class<T> type, String name) {
    return Enum.valueOf(type, name.toUpperCase(Locale.ROOT));
  }
}
