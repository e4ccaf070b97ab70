package dev.schuss.train;

import dev.schuss.checkpoint.CheckpointException;
import dev.schuss.data.Block;
import dev.schuss.data.Blocks;
import dev.schuss.data.ClassWeights;
import dev.schuss.data.Columns;
import dev.schuss.data.DataPreparation;
import dev.schuss.data.MinibatchPlan;
import dev.schuss.data.Persist;
import dev.schuss.data.Prepared;
import dev.schuss.data.Recipe;
import dev.schuss.data.ShortBatch;
import dev.schuss.data.SparkVersion;
import dev.schuss.math.Mix;
import dev.schuss.model.Invalid;
import dev.schuss.model.Scaling;
import dev.schuss.nn.Network;
import dev.schuss.objective.Objective;
import dev.schuss.objective.Task;
import dev.schuss.optim.Length;
import dev.schuss.optim.Optimizer;
import dev.schuss.optim.Regularization;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Trains an objective on the rows of a DataFrame.
 *
 * <pre>{@code
 * TrainingResult r = Trainer.on(spark)
 *     .network(Network.input(64).dense(64, RELU).output(10))
 *     .optimizer(new Adam(0.001))
 *     .batchSize(128).epochs(30).validationFraction(0.1).earlyStopping(5)
 *     .fit(train);
 * }</pre>
 *
 * <p>Columns are {@code features} (a vector or an array) and {@code label} unless {@link #columns}
 * says otherwise. A trainer may be used again; it is not thread-safe.
 */
public final class Trainer {
  private final SparkSession spark;
  private final List<TrainingListener> listeners = new ArrayList<>();

  private Objective objective;
  private Optimizer optimizer;
  private Regularization regularization = Regularization.DEFAULTS;
  private Columns columns = new Columns(List.of("features"), List.of("label"), null, null);
  private Scaling scaling = Scaling.none();
  private ClassWeights classWeights;
  private Invalid invalid = Invalid.ERROR;
  private Persist persist = Persist.MEMORY_AND_DISK;
  private Function<int[], MinibatchPlan> plan;
  private float[] initialWeights;
  private Dataset<Row> validation;
  private double validationFraction;
  private Dataset<Row> test;
  private BooleanSupplier cancelled = () -> false;
  private Resumption resumption;
  private Map<String, Object> depends = Map.of();

  private int batchSize = Settings.DEFAULTS.batchSize();
  private ShortBatch shortBatch = Settings.DEFAULTS.shortBatch();
  private int epochs = Settings.DEFAULTS.epochs();
  private Long maxSteps;
  private Duration maxTime;
  private long seed = Settings.DEFAULTS.seed();
  private Integer partitions;
  private Reduction reduction = Settings.DEFAULTS.reduction();
  private Integer treeDepth;
  private NonFinite nonFinite = Settings.DEFAULTS.nonFinite();
  private EarlyStopping earlyStopping;
  private StopAt stopAt;
  private Length curvature;

  private Trainer(SparkSession spark) {
    this.spark = spark;
    this.resumption = new Resumption(CheckpointSettings.DEFAULTS, spark);
  }

  /**
   * A trainer whose gradients are computed by Spark's executors; the session is never stopped.
   *
   * @throws SettingsException if the Spark is too old
   */
  public static Trainer on(SparkSession spark) {
    String refusal = SparkVersion.refusal(spark.version());
    if (refusal != null) {
      throw new SettingsException(
          refusal + ": choose a newer one for this notebook or program (SPARK_HOME)");
    }
    return new Trainer(spark);
  }

  /** A trainer without Spark: the same rounds and the same numbers, in this process. */
  public static Trainer local() {
    return new Trainer(null);
  }

  /** Trains this network. */
  public Trainer network(Network network) {
    return objective(network);
  }

  /** Trains any differentiable function; its rows have the labels of a regression. */
  public Trainer objective(Objective chosen) {
    objective = chosen;
    return this;
  }

  /** The update rule, with its learning rate. */
  public Trainer optimizer(Optimizer rule) {
    optimizer = rule;
    return this;
  }

  /** A term of the loss that keeps weights small. */
  public Trainer regularization(Regularization term) {
    regularization = term;
    return this;
  }

  /** Which columns hold features, labels and row weights. */
  public Trainer columns(Columns chosen) {
    columns = chosen;
    return this;
  }

  /** How features are scaled before training. */
  public Trainer scale(Scaling chosen) {
    scaling = chosen;
    return this;
  }

  /** Weights of classes, for training alone. */
  public Trainer classWeights(ClassWeights weights) {
    classWeights = weights;
    return this;
  }

  /** What becomes of rows with missing values; by default they are an error. */
  public Trainer invalid(Invalid rule) {
    invalid = rule;
    return this;
  }

  /** Where rows are kept during training; by default in memory, and on disk what does not fit. */
  public Trainer persist(Persist where) {
    persist = where;
    return this;
  }

  /** All settings at once; later calls change single ones. */
  public Trainer settings(Settings s) {
    batchSize = s.batchSize();
    shortBatch = s.shortBatch();
    epochs = s.epochs();
    maxSteps = s.maxSteps();
    maxTime = s.maxTime();
    seed = s.seed();
    partitions = s.partitions();
    reduction = s.reduction();
    treeDepth = s.treeDepth();
    nonFinite = s.nonFinite();
    earlyStopping = s.earlyStopping();
    stopAt = s.stopAt();
    curvature = s.curvature();
    return this;
  }

  /** Rows per round, at least 1 and at most the training rows. */
  public Trainer batchSize(int rows) {
    batchSize = rows;
    return this;
  }

  /** What becomes of the rows at the end of an epoch that do not fill a batch; kept by default. */
  public Trainer shortBatch(ShortBatch chosen) {
    shortBatch = chosen;
    return this;
  }

  /** Passes over the training rows, at least 1. */
  public Trainer epochs(int count) {
    epochs = count;
    return this;
  }

  /** Ends after so many updates, if that is sooner than the epochs. */
  public Trainer maxSteps(long steps) {
    maxSteps = steps;
    return this;
  }

  /** Ends at the first round after so much time. */
  public Trainer maxTime(Duration time) {
    maxTime = time;
    return this;
  }

  /** Seed of the starting weights, the order of rows and the validation split. */
  public Trainer seed(long value) {
    seed = value;
    return this;
  }

  /** Partitions of the training rows; by default as many as the cluster runs tasks at once. */
  public Trainer partitions(int count) {
    partitions = count;
    return this;
  }

  /** How the gradients of partitions are added up; by default as is faster. */
  public Trainer reduction(Reduction chosen) {
    reduction = chosen;
    return this;
  }

  /** What becomes of the training when a number in it is not finite; by default it ends. */
  public Trainer nonFinite(NonFinite policy) {
    nonFinite = policy;
    return this;
  }

  /** Validates on these rows after every epoch. */
  public Trainer validation(Dataset<Row> rows) {
    validation = rows;
    return this;
  }

  /** Validates on this fraction of the training rows, in (0, 1), stratified by class. */
  public Trainer validationFraction(double fraction) {
    validationFraction = fraction;
    return this;
  }

  /** Evaluates the result on these rows, once, at the end. */
  public Trainer test(Dataset<Row> rows) {
    test = rows;
    return this;
  }

  /** Stops when the validation loss has not improved for so many epochs; keeps the best weights. */
  public Trainer earlyStopping(int patience) {
    return earlyStopping(new EarlyStopping("loss", patience, 0, true));
  }

  /** Stops when a validation metric no longer improves. */
  public Trainer earlyStopping(EarlyStopping rule) {
    earlyStopping = rule;
    return this;
  }

  /** Ends the training as soon as it is good enough. */
  public Trainer stopAt(StopAt target) {
    stopAt = target;
    return this;
  }

  /**
   * Measures the curvature along an update now and then, the first among them: {@link
   * EpochReport#curvature} has what was found. It takes one more gradient of the same rows each
   * time, and changes nothing of the training.
   */
  public Trainer curvature(Length every) {
    curvature = every;
    return this;
  }

  /** Starts from these weights rather than from the objective's own. */
  public Trainer initialWeights(float[] weights) {
    initialWeights = weights.clone();
    return this;
  }

  /** Makes the minibatch plan from the rows per partition; by default exact and balanced. */
  public Trainer plan(Function<int[], MinibatchPlan> factory) {
    plan = factory;
    return this;
  }

  /** Lets somebody hear of the training as it goes. */
  public Trainer listener(TrainingListener listener) {
    listeners.add(listener);
    return this;
  }

  /**
   * Asked before every round: when it says true, training ends with what there is. It runs no Spark
   * jobs: tasks of the next round may have all slots, and wait for this answer.
   */
  public Trainer cancelWhen(BooleanSupplier condition) {
    cancelled = condition;
    return this;
  }

  /** Saves the training as it goes, and goes on from what was saved; by default neither. */
  public Trainer checkpoint(CheckpointSettings chosen) {
    resumption = new Resumption(chosen, spark);
    return this;
  }

  /** Saves the training in this folder after every epoch, and goes on from what lies there. */
  public Trainer checkpoint(String dir) {
    return checkpoint(CheckpointSettings.in(dir));
  }

  /**
   * The result is that of a training that never stopped, also where the checkpoint leaves nothing
   * to train: it ended, and what became of it was not written. To be said after {@link
   * #checkpoint}.
   */
  public Trainer asUnbroken() {
    resumption.unbroken();
    return this;
  }

  /**
   * What else the rows depend on, such as how columns were chosen: a checkpoint of a training whose
   * own is another is refused.
   *
   * @param named maps, lists, texts and numbers by name
   */
  public Trainer dependsOn(Map<String, Object> named) {
    depends = named;
    return this;
  }

  /**
   * Partitions that the training rows should lie in: those of the checkpoint that {@link #fit} will
   * go on from, where the number was not chosen; 0 to leave it open.
   *
   * @throws CheckpointException if there must be a checkpoint and is none, or none that is whole
   */
  public int plannedPartitions() {
    int saved = resumption.partitions(); // looks for it in any case
    return partitions == null ? saved : partitions;
  }

  /**
   * Trains on these rows. Whoever cancels the Spark jobs of a training that has begun (a notebook's
   * stop cancels the group that they are in), or interrupts its thread, gets a result of the status
   * {@code CANCELLED} with the last weights, or the best where early stopping keeps those; the
   * session goes on, and so does the thread's interruption.
   *
   * @throws dev.schuss.data.DataException if the rows cannot be trained on
   * @throws SettingsException if a setting does not fit the rows
   * @throws CheckpointException if the checkpoint to go on from is damaged or of another training
   */
  public TrainingResult fit(Dataset<Row> rows) {
    Settings settings = checked(validation != null || validationFraction > 0);
    Task task = objective instanceof Network network ? network.task() : Task.REGRESSION;
    int count = plannedPartitions();
    try (Prepared data =
            DataPreparation.training(
                rows,
                new Recipe(
                    columns,
                    task,
                    scaling,
                    classWeights,
                    invalid,
                    persist,
                    validationFraction,
                    0,
                    seed,
                    count));
        Blocks held = scoring(validation, data, count);
        Blocks tested = scoring(test, data, count)) {
      return fit(data.train(), held == null ? data.validation() : held, tested, settings);
    } finally {
      resumption.forget();
    }
  }

  /** Trains on prepared blocks, which stay open; validation and test may be null. */
  public TrainingResult fit(Blocks train, Blocks held, Blocks tested) {
    return fit(train, held, tested, checked(held != null));
  }

  /**
   * Refuses what {@link #fit(Blocks, Blocks, Blocks)} would refuse before its first round, but for
   * checkpoints; trains nothing and writes nothing.
   *
   * @throws dev.schuss.data.DataException if the rows cannot be trained on
   * @throws SettingsException if a setting does not fit the rows
   */
  public void check(Blocks train, Blocks held, Blocks tested) {
    Settings settings = checked(held != null);
    sums(train, held, tested, settings);
    planned(train.rowsPerPartition(), settings);
  }

  /**
   * In what {@link #fit(Blocks, Blocks, Blocks)} differs from the training of the checkpoint that
   * it would go on from, and for which it would refuse that.
   *
   * @return such as {@code partitions is 2 there and 4 here}; null if in nothing, or there is no
   *     checkpoint
   * @throws CheckpointException if it is damaged
   */
  public String misfit(Blocks train, Blocks held) {
    Settings settings = checked(held != null);
    int[] sizes = train.rowsPerPartition();
    MinibatchPlan chosen = planned(sizes, settings).plan();
    return resumption.misfit(identity(settings, chosen, sizes.length, Identity.rows(train, held)));
  }

  /** Trains on blocks in this process, without Spark; validation may be null. */
  public TrainingResult fit(List<Block> train, List<Block> held) {
    Settings settings = checked(held != null);
    Suitability.checkTargets(objective, train);
    Suitability.checkTargets(objective, held);
    return run(new LocalRounds(objective, train, held, null), settings, Identity.rows(train, held));
  }

  private TrainingResult fit(Blocks train, Blocks held, Blocks tested, Settings settings) {
    ReductionPlan sums = sums(train, held, tested, settings);
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    return run(
        new SparkRounds(context, objective, train, held, tested, sums),
        settings,
        Identity.rows(train, held));
  }

  /** How gradients of these rows are added up, if they can be trained on at all. */
  private ReductionPlan sums(Blocks train, Blocks held, Blocks tested, Settings settings) {
    if (spark == null) {
      throw new IllegalStateException("Trainer.local() trains on a list of blocks");
    }
    Suitability.checkFeatures(objective, train);
    KryoRegistration.check(spark);
    for (Blocks rows : Arrays.asList(train, held, tested)) {
      Suitability.checkTargets(objective, rows);
    }
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    ReductionPlan sums =
        ReductionPlan.of(
            settings.reduction(), settings.treeDepth(), objective.layout().size(), train, context);
    DriverMemory.check(
        objective,
        optimizer,
        settings.batchSize(),
        train,
        sums,
        resumption.copies(settings),
        context);
    return sums;
  }

  private Planned planned(int[] sizes, Settings settings) {
    return Planned.of(sizes, settings, objective, optimizer, plan, initialWeights);
  }

  TrainingResult run(Rounds rounds, Settings settings, Map<String, String> told) {
    int[] sizes = rounds.rowsPerPartition();
    Planned planned = planned(sizes, settings);
    return new TrainingLoop(
            rounds,
            objective,
            planned.updater(),
            regularization,
            planned.plan(),
            settings,
            listeners,
            cancelled,
            resumption.saves() ? checkpointing(settings, planned.plan(), sizes.length, told) : null)
        .run(planned.rows());
  }

  private Checkpointing checkpointing(
      Settings settings, MinibatchPlan chosen, int parts, Map<String, String> rows) {
    return resumption.begin(identity(settings, chosen, parts, rows), objective.layout());
  }

  private Map<String, Object> identity(
      Settings settings, MinibatchPlan chosen, int parts, Map<String, String> rows) {
    return Identity.of(objective, optimizer, regularization, settings, chosen, parts, rows, more());
  }

  private Map<String, Object> more() {
    Map<String, Object> more = new LinkedHashMap<>(depends);
    if (initialWeights != null) {
      long hash = 0;
      for (float weight : initialWeights) {
        hash = Mix.mix(hash ^ Float.floatToRawIntBits(weight)) + 1;
      }
      more.put("initial weights", "those with the hash %016x".formatted(hash));
    }
    return more;
  }

  private Blocks scoring(Dataset<Row> rows, Prepared data, int count) {
    return rows == null
        ? null
        : DataPreparation.scoring(rows, columns, data.preprocessing(), persist, count);
  }

  Settings checked(boolean validated) {
    if (objective == null || optimizer == null) {
      throw new SettingsException("a trainer needs a network (or an objective) and an optimizer");
    }
    Settings settings =
        new Settings(
            batchSize,
            shortBatch,
            epochs,
            maxSteps,
            maxTime,
            seed,
            partitions,
            reduction,
            treeDepth,
            nonFinite,
            earlyStopping,
            stopAt,
            curvature);
    Suitability.checkMetrics(objective, optimizer, settings, validated);
    TrialPoints.check(objective, optimizer);
    TrialPoints.check(curvature, optimizer);
    return settings;
  }
}
