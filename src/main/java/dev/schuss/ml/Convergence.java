package dev.schuss.ml;

import dev.schuss.train.EpochReport;
import dev.schuss.train.RoundReport;
import dev.schuss.train.TrainingListener;
import dev.schuss.train.TrainingStart;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Ends a training as {@code maxIter} and {@code tol} say. The objective has converged when it
 * differs from the largest of its last 20 values by no more than tol times the first one, as in
 * Breeze, whose methods MLlib uses.
 */
final class Convergence implements TrainingListener, BooleanSupplier {
  private static final int MEMORY = 20;

  private final int maxIter;
  private final double tol;
  private final boolean fullBatch;
  private final boolean searches;
  private final List<Double> objective = new ArrayList<>();
  private final Deque<Double> latest = new ArrayDeque<>();
  private int fruitless;
  private String reason;

  /**
   * Watches a training.
   *
   * @param maxIter most iterations of a full-batch method
   * @param fullBatch whether an iteration is a round rather than a pass
   * @param searches whether a round may be a trial that does not count
   */
  Convergence(int maxIter, double tol, boolean fullBatch, boolean searches) {
    this.maxIter = maxIter;
    this.tol = tol;
    this.fullBatch = fullBatch;
    this.searches = searches;
  }

  @Override
  public void started(TrainingStart start) {
    if (start.resumed() != null) { // a round of a full-batch method is an epoch
      start.resumed().history().forEach(epoch -> add(epoch.trainLoss()));
    }
  }

  @Override
  public void round(RoundReport report) {
    if (fullBatch) {
      add(report.loss());
    }
  }

  @Override
  public void epoch(EpochReport report) {
    if (!fullBatch) {
      add(report.trainLoss());
    }
  }

  private void add(double loss) {
    if (searches && !objective.isEmpty() && !(loss < objective.get(objective.size() - 1))) {
      fruitless++; // a trial of a line search, or the end of the descent
      if (fruitless > MEMORY + 1) {
        reason = "no lower objective was found";
      }
      return;
    }
    fruitless = 0;
    boolean near =
        !latest.isEmpty()
            && Math.abs(loss - Collections.max(latest)) <= tol * Math.abs(objective.get(0));
    objective.add(loss);
    latest.addLast(loss);
    if (latest.size() > MEMORY) {
      latest.removeFirst();
    }
    if (near) {
      reason = "the objective has converged to within tol = " + tol;
    } else if (fullBatch && iterations() >= maxIter) {
      reason = "maxIter = " + maxIter + " iterations are made";
    }
  }

  /** Iterations so far: the first value of a full-batch method is that of the start. */
  int iterations() {
    return fullBatch ? Math.max(0, objective.size() - 1) : objective.size();
  }

  /** The objective at the start and after each iteration, or of each pass over minibatches. */
  double[] objective() {
    return objective.stream().mapToDouble(x -> x).toArray();
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
