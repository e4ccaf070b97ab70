package dev.schuss.train;

/**
 * Predicts what a round costs. Each part of its time is a sum of terms, of latency, bandwidth and
 * computing, times constants that {@code scripts/bench growth} fits to measured rounds; the same
 * run checks them on rounds that were not fitted (docs/bench.md). Bytes are those of a gradient, 4
 * per parameter.
 *
 * @param broadcast seconds of {@link #broadcastTerms}
 * @param waiting seconds of {@link #waitingTerms}
 * @param reduce seconds of {@link #reduceTerms}
 * @param update seconds of {@link #updateTerms}
 */
public record CostModel(double[] broadcast, double[] waiting, double[] reduce, double[] update) {
  /**
   * Tasks in the driver's JVM: weights and sums are handed over as they are. The constants are the
   * means of two runs.
   */
  public static final CostModel ONE_JVM =
      new CostModel(
          new double[] {0, 0},
          new double[] {2.5e-3, 5.1e-4, 8.5e-12, 0},
          new double[] {8.3e-4, 4.6e-11, 0},
          new double[] {2.3e-5, 6.0e-11});

  /** Tasks in processes of their own. */
  public static final CostModel PROCESSES =
      new CostModel(
          new double[] {9.4e-4, 7.7e-10},
          new double[] {1.28e-2, 5.1e-4, 3.5e-9, 3.1e-3},
          new double[] {2.0e-3, 1.4e-9, 0.9e-9},
          new double[] {5.0e-5, 1.1e-10});

  /** The stage that a tree's shuffle adds at each level, in seconds; see ReductionPlan. */
  private static final double SHUFFLE = 0.022;

  /**
   * Passes over a task's gradient in a round (cleared, looked through for what is not finite), and
   * how many bytes of it a core goes through in a second.
   */
  private static final double PASSES = 2;

  private static final double MEMORY = 8e9;

  /**
   * Where rounds run.
   *
   * @param executors processes that run tasks
   * @param cores of each
   * @param sharing how many times longer a process takes because others want the same cores; 1
   *     where each has its own
   * @param threadsPerCore of an executor's machine
   * @param network bytes per second into and out of a machine; infinite for processes of one
   */
  public record Cluster(
      int executors, int cores, double sharing, double threadsPerCore, double network) {
    /** Executors with as many cores as threads, connected by so many bytes per second. */
    public Cluster(int executors, int cores, double network) {
      this(executors, cores, 1, 1, network);
    }

    /**
     * Processes on one machine. More of them than cores wait for each other much longer than their
     * number says: the exponent was measured with three and four on two cores.
     */
    public static Cluster onOneMachine(int executors, int threads, int machineCores) {
      double sharing = Math.pow(Math.max(1, (double) executors / machineCores), 2.5);
      double perCore = (double) executors * threads / machineCores;
      return new Cluster(executors, threads, sharing, perCore, Double.POSITIVE_INFINITY);
    }

    /** Tasks at once. */
    public int slots() {
      return executors * cores;
    }
  }

  /**
   * What a round does.
   *
   * @param parameters of the network
   * @param stateArrays per-weight arrays of the update rule
   * @param partitions at least the tasks
   * @param batchRows rows of the minibatch
   * @param flopsPerRow operations of a row's gradient
   */
  public record Round(
      long parameters, int stateArrays, int partitions, long batchRows, double flopsPerRow) {
    double bytes() {
      return (double) Float.BYTES * parameters;
    }
  }

  /** Seconds of a round, by part. */
  public record Estimate(
      double compute, double broadcast, double waiting, double reduce, double update) {
    /** Seconds of the whole round. */
    public double total() {
      return compute + overhead();
    }

    /** What a round takes beside its gradients. */
    public double overhead() {
      return broadcast + waiting + reduce + update;
    }
  }

  /** The model for a session's kind of master. */
  public static CostModel of(boolean oneJvm) {
    return oneJvm ? ONE_JVM : PROCESSES;
  }

  /**
   * The cost of a round.
   *
   * @param plan how sums are added up there
   * @param flopsPerSecond of one core
   */
  public Estimate estimate(
      Round round, Cluster cluster, ReductionPlan plan, double flopsPerSecond) {
    int tasks = plan.tasks();
    double rows = Math.ceil((double) round.batchRows() / tasks);
    double passes = PASSES + Math.ceil((double) round.partitions() / tasks);
    double compute = rows * round.flopsPerRow() / flopsPerSecond + passes * round.bytes() / MEMORY;
    return new Estimate(
        compute,
        dot(broadcast, broadcastTerms(round, cluster)),
        dot(waiting, waitingTerms(round, cluster, tasks)) + fetching(round, cluster),
        dot(reduce, reduceTerms(round, cluster, plan)) + gathering(round, cluster, plan),
        dot(update, updateTerms(round)));
  }

  /** Latency, and the driver's work on the weights' bytes. */
  public static double[] broadcastTerms(Round round, Cluster cluster) {
    return new double[] {cluster.sharing(), round.bytes()};
  }

  /**
   * Latency, scheduling of each task, the executors' work on the weights' bytes, and threads that
   * wait for a core.
   */
  public static double[] waitingTerms(Round round, Cluster cluster, int tasks) {
    double sharing = cluster.sharing();
    return new double[] {sharing, tasks, sharing * round.bytes(), cluster.threadsPerCore()};
  }

  /**
   * Latency, the driver's work on the bytes of every sum, and an executor's on those of its own.
   */
  public static double[] reduceTerms(Round round, Cluster cluster, ReductionPlan plan) {
    return new double[] {
      cluster.sharing(), plan.arriving() * round.bytes(), cluster.sharing() * round.bytes()
    };
  }

  /** Latency, and the bytes that a rule reads and writes. */
  public static double[] updateTerms(Round round) {
    return new double[] {1, (3 + 2 * round.stateArrays()) * round.bytes()};
  }

  /** The network's part of a broadcast: executors pass pieces on, so it hardly grows with them. */
  private static double fetching(Round round, Cluster cluster) {
    return Math.min(cluster.executors(), 2) * round.bytes() / cluster.network();
  }

  /** The network's part of the sums, all levels of a tree. */
  private double gathering(Round round, Cluster cluster, ReductionPlan plan) {
    double arrive = plan.arriving() * round.bytes() / cluster.network();
    double level =
        SHUFFLE + plan.mergedByTask() * round.bytes() * (reduce[1] + 1 / cluster.network());
    return arrive + (plan.depth() - 1) * level;
  }

  /** The sum of terms times constants. */
  public static double dot(double[] constants, double[] terms) {
    double sum = 0;
    for (int i = 0; i < constants.length; i++) {
      sum += constants[i] * terms[i];
    }
    return sum;
  }
}
