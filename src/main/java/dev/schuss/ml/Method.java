package dev.schuss.ml;

import dev.schuss.data.BalancedPlan;
import dev.schuss.data.MinibatchPlan;
import dev.schuss.ml.Fragments.Job;
import dev.schuss.optim.Lbfgs;
import dev.schuss.optim.Length;
import dev.schuss.optim.Optimizer;
import dev.schuss.optim.Schedule;
import dev.schuss.optim.Sgd;
import dev.schuss.optim.Wrapper;
import dev.schuss.train.CheckpointSettings;
import dev.schuss.train.CheckpointSettings.Resume;
import dev.schuss.train.EarlyStopping;
import dev.schuss.train.Reduction;
import dev.schuss.train.Settings;
import java.util.ArrayList;
import java.util.Arrays;
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

  private static final String BATCH_SIZE = "batchSize";
  private static final String EPOCHS = "epochs";
  private static final String SCHEDULE = "schedule";

  /** What MLlib's classifier has. */
  private static final double GD_STEP = 0.03;

  /**
   * The method for so many training rows.
   *
   * @param random whether the network draws anew in each round, as with dropout
   * @throws IllegalArgumentException if params do not go together
   */
  static Method of(NeuralNetworkParams p, Job job, boolean random, long rows) {
    boolean named = p.isSet(p.optimizer()) || job.optimizer() != null;
    boolean solver = !p.getSolver().equals(NetworkParams.AUTO);
    String chosen = "solver = " + p.getSolver();
    Fragments.refuseBoth(named && solver, chosen, "an optimizer");
    if (solver) {
      refuse(p, job, chosen, BATCH_SIZE, EPOCHS, SCHEDULE);
    }
    boolean auto = !named && !solver && (rows >= MANY || random || wantsMinibatches(p, job));
    Optimizer optimizer = optimizer(p, job, auto);
    boolean full = optimizer.fullBatch() || (!named && !auto);
    if (full && named) {
      refuse(p, job, "the rule of the optimizer", BATCH_SIZE);
    }
    if (random && optimizer.triesPoints()) {
      throw new IllegalArgumentException(
          "the network draws anew in each round (dropout, random flips or crops), and %s compares the losses of several rounds: leave these layers out, or choose minibatches, such as optimizer = adam"
              .formatted(solver ? chosen : "the line search of the optimizer"));
    }
    return new Method(optimizer, settings(p, job, rows, full, auto, optimizer), full);
  }

  /** The one round of a full-batch method: all rows, which may be more than a batchSize says. */
  MinibatchPlan allRows(int[] rowsPerPartition) {
    long rows = Arrays.stream(rowsPerPartition).asLongStream().sum();
    return new BalancedPlan(rowsPerPartition, rows, settings.shortBatch(), settings.seed());
  }

  private static Optimizer optimizer(NeuralNetworkParams p, Job job, boolean auto) {
    if (p.isSet(p.optimizer())) {
      return Fragments.optimizer(p.getOptimizer(), overrides(p));
    }
    if (job.optimizer() != null) {
      refuseOverrides(p);
      return job.optimizer();
    }
    if (auto) {
      return Fragments.optimizer(AUTO_RULE, overrides(p));
    }
    return p.getSolver().equals(NetworkParams.GD)
        ? new Sgd(Schedule.constant(p.isSet(p.stepSize()) ? p.getStepSize() : GD_STEP), 0)
        : Lbfgs.DEFAULTS;
  }

  /** Refuses what only minibatches have. */
  private static void refuse(NeuralNetworkParams p, Job job, String chosen, String... names) {
    for (String name : names) {
      String given =
          p.isSet(p.getParam(name))
              ? name + " = " + p.getOrDefault(p.getParam(name))
              : job.names("train." + name) ? "train." + name + " of the param job" : null;
      if (given != null) {
        throw new IllegalArgumentException(
            "%s belongs to a minibatch method, and %s takes all rows at once: leave it out, or set optimizer, such as adam, in the place of solver"
                .formatted(given, chosen));
      }
    }
  }

  /** Whether something is named that only minibatches have. */
  private static boolean wantsMinibatches(NeuralNetworkParams p, Job job) {
    return p.isSet(p.batchSize())
        || p.isSet(p.epochs())
        || p.isSet(p.schedule())
        || p.isSet(p.stepSize())
        || job.names("train." + BATCH_SIZE)
        || job.names("train." + EPOCHS);
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
      NeuralNetworkParams p, Job job, long rows, boolean full, boolean auto, Optimizer rule) {
    Settings base = job.train();
    int batch =
        p.isSet(p.batchSize())
            ? p.getBatchSize()
            : auto && !job.names("train." + BATCH_SIZE) ? AUTO_BATCH : base.batchSize();
    if (full) {
      batch = (int) Math.min(rows, Integer.MAX_VALUE);
    }
    return new Settings(
        (int) Math.max(1, Math.min(rows, batch)),
        base.shortBatch(),
        full ? rounds(p, job, rule) : passes(p, job, auto),
        base.maxSteps(),
        base.maxTime(),
        p.isSet(p.seed()) || !job.names("train.seed") ? p.getSeed() : base.seed(),
        base.partitions(),
        p.isSet(p.reduction()) ? constant(Reduction.class, p.getReduction()) : base.reduction(),
        p.isSet(p.aggregationDepth()) ? (Integer) p.getAggregationDepth() : base.treeDepth(),
        base.nonFinite(),
        earlyStopping(p, base.earlyStopping()),
        base.stopAt(),
        base.curvature());
  }

  /** The job's, with the patience of the param where that is set. */
  private static EarlyStopping earlyStopping(NeuralNetworkParams p, EarlyStopping base) {
    if (!p.isSet(p.earlyStoppingPatience())) {
      return base;
    }
    EarlyStopping rest = base == null ? EarlyStopping.DEFAULTS : base;
    return new EarlyStopping(
        rest.metric(), p.getEarlyStoppingPatience(), rest.minDelta(), rest.restoreBest());
  }

  /** Passes of a minibatch method. */
  private static int passes(NeuralNetworkParams p, Job job, boolean auto) {
    int passes =
        p.isSet(p.epochs())
            ? p.getEpochs()
            : auto && !job.names("train." + EPOCHS) ? AUTO_EPOCHS : job.train().epochs();
    return p.isSet(p.maxIter()) ? Math.min(passes, p.getMaxIter()) : passes;
  }

  /** Rounds of a full-batch method; of an iteration of l-bfgs as many as its searches may take. */
  private static int rounds(NeuralNetworkParams p, Job job, Optimizer rule) {
    long each = rule.triesPoints() ? searched(rule) + 1L : 1;
    return (int) Math.min(Integer.MAX_VALUE, each * iterations(p, job));
  }

  /** Most iterations of a full-batch method: the default of maxIter cuts no epochs that are set. */
  static int iterations(NeuralNetworkParams p, Job job) {
    if (!p.isSet(p.epochs()) && !job.names("train." + EPOCHS)) {
      return p.getMaxIter();
    }
    int epochs = p.isSet(p.epochs()) ? p.getEpochs() : job.train().epochs();
    return p.isSet(p.maxIter()) ? Math.min(epochs, p.getMaxIter()) : epochs;
  }

  /** What {@link #iterations} are, as a reason to end. */
  static String limit(NeuralNetworkParams p, Job job) {
    int most = iterations(p, job);
    boolean epochs = (p.isSet(p.epochs()) || job.names("train." + EPOCHS)) && !p.isSet(p.maxIter());
    return (epochs || most < p.getMaxIter() ? "epochs = " : "maxIter = ") + most;
  }

  /**
   * Rounds that may pass before the weights move: a search that fails begins anew along the
   * gradient, and may make as many trials again. 0 for a rule that searches nothing.
   */
  int fruitless() {
    return optimizer.triesPoints() ? searched(optimizer) : 0;
  }

  private static int searched(Optimizer rule) {
    Optimizer inside = rule;
    while (inside instanceof Wrapper wrapper) {
      inside = wrapper.inner();
    }
    return 2 * (inside instanceof Lbfgs lbfgs ? lbfgs : Lbfgs.DEFAULTS).maxTrials();
  }

  /**
   * The checkpoints that the params ask for, and the param job where they do not.
   *
   * @throws IllegalArgumentException if something is asked of checkpoints that have no folder
   */
  static CheckpointSettings checkpoints(NeuralNetworkParams p, Job job) {
    CheckpointSettings base = job.checkpoint();
    String dir = p.isSet(p.checkpointDir()) ? p.getCheckpointDir() : base.dir();
    if (dir == null) {
      for (Param<?> param : List.of(p.resume(), p.checkpointInterval())) {
        refuseWithoutFolder(p.isSet(param), param.name() + " = " + p.getOrDefault(param));
      }
      for (String key : List.of("every", "keep", "resume")) {
        refuseWithoutFolder(
            job.names("checkpoint." + key), "checkpoint." + key + " of the param job");
      }
      return CheckpointSettings.DEFAULTS;
    }
    int interval = p.getCheckpointInterval();
    return new CheckpointSettings(
        dir,
        p.isSet(p.checkpointInterval())
            ? Length.epochs(interval < 0 ? Integer.MAX_VALUE : interval)
            : base.every(),
        base.keep(),
        p.isSet(p.resume()) ? constant(Resume.class, p.getResume()) : base.resume());
  }

  private static void refuseWithoutFolder(boolean set, String what) {
    if (set) {
      throw new IllegalArgumentException(
          what + " needs checkpoints: set checkpointDir, or leave it out");
    }
  }

  private static <T extends Enum<T>> T constant(Class<T> type, String name) {
    return Enum.valueOf(type, name.toUpperCase(Locale.ROOT));
  }
}
