package dev.schuss.ml;

import dev.schuss.train.EpochReport;
import dev.schuss.train.TrainingListener;
import dev.schuss.train.TrainingStart;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Ends a training as {@code maxIter} and {@code tol} say. The objective, which is the loss with its
 * l1 and l2 terms, has converged when it differs from the largest of its last 20 values by no more
 * than tol times the first one, as in Breeze, whose methods MLlib uses.
 *
 * <p>An iteration is a pass over the rows, which is one update of a full-batch method; of a method
 * that searches along a line, one that moved the weights.
 */
final class Convergence implements TrainingListener, BooleanSupplier {
  private static final int MEMORY = 20;

  private final int maxIter;
  private final String limit;
  private final double tol;
  private final boolean fullBatch;
  private final int search;
  private final List<Double> objective = new ArrayList<>();
  private final List<Integer> epochs = new ArrayList<>();
  private final Deque<Double> latest = new ArrayDeque<>();
  private int fruitless;
  private String reason;

  /**
   * Watches a training.
   *
   * @param maxIter most iterations of a full-batch method
   * @param limit the param that says so, with its value
   * @param fullBatch whether a pass is one update
   * @param search passes that may go by before the weights of a line search move; 0 for a method
   *     without
   */
  Convergence(int maxIter, String limit, double tol, boolean fullBatch, int search) {
    this.maxIter = maxIter;
    this.limit = limit;
    this.tol = tol;
    this.fullBatch = fullBatch;
    this.search = search;
  }

  @Override
  public void started(TrainingStart start) {
    if (start.resumed() != null) {
      start.resumed().history().forEach(this::epoch);
    }
  }

  @Override
  public void epoch(EpochReport report) {
    double value = report.trainLoss() + report.regularization();
    if (!Double.isFinite(value)) {
      return; // a pass without an update: nonFinite = skip left out all of its rounds
    }
    boolean first = objective.isEmpty();
    if (search > 0
        && !first
        && (report.searching() || !(value < objective.get(objective.size() - 1)))) {
      fruitless++; // a trial of a line search, or the end of the descent
      if (fruitless > search) {
        reason = "no lower objective was found";
      }
      return;
    }
    fruitless = 0;
    boolean near =
        !first && Math.abs(value - Collections.max(latest)) <= tol * Math.abs(objective.get(0));
    objective.add(value);
    epochs.add(report.epoch());
    latest.addLast(value);
    if (latest.size() > MEMORY) {
      latest.removeFirst();
    }
    if (near) {
      reason = "the objective has converged to within tol = " + tol;
    } else if (fullBatch && iterations() >= maxIter) {
      reason = limit + " iterations are made";
    }
  }

  /** Iterations so far: the first value of a line search is that of the start. */
  int iterations() {
    return search > 0 ? Math.max(0, objective.size() - 1) : objective.size();
  }

  /**
   * The objective: of a line search at the start and after each iteration, of other full-batch
   * methods before each update, else the mean over the minibatches of each pass.
   */
  double[] objective() {
    return objective.stream().mapToDouble(x -> x).toArray();
  }

  /** The epochs of the training whose objectives these are, counted from 0. */
  List<Integer> epochs() {
    return List.copyOf(epochs);
  }

  /** Why training ended here; null if it did not. */
  String reason() {
    return reason;
  }

  /** Whether training is to end. */
  @Override
  public boolean getAsBoolean() {
    return reason != null;
  }
}
