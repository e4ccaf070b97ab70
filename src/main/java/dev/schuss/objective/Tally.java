package dev.schuss.objective;

import java.io.Serializable;
import java.util.List;
import java.util.Map;

/**
 * What an objective counts over rows, beside the loss, to make metrics of: counts, sums, moments,
 * histograms. Executors fill one per partition; the driver merges them in the order of partitions.
 * {@link Means} is one for metrics that are means over rows.
 *
 * <p>It travels by the session's serializer: under Kryo with required registration, register it.
 */
public interface Tally extends Serializable {

  /**
   * Adds another tally of the same kind, made by the same objective.
   *
   * @throws IllegalArgumentException if it is of another kind or shape
   */
  void merge(Tally other);

  /** All metrics that {@link #figures} may hold, the most telling first. */
  List<Metric> metrics();

  /**
   * The metrics of the rows seen so far, by name. One that these rows do not define is left out.
   *
   * @return in the order of {@link #metrics}
   */
  Map<String, Double> figures();
}
