package dev.schuss.report;

import dev.schuss.train.EpochReport;
import dev.schuss.train.TrainingResult;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** The curves of trainings for a notebook: loss, the first metric, learning rate. */
final class HistoryPlots {
  private HistoryPlots() {}

  /**
   * One training.
   *
   * @param history its epochs
   * @param best the best of them; null for none
   * @param rounds the losses of its minibatches; null where they are not known
   * @return elements {@code svg}; none for what there is nothing of
   */
  static List<String> of(List<EpochReport> history, TrainingResult.Best best, RoundCurve rounds) {
    double[] x = x(history);
    Plot loss = new Plot("Loss", "epoch", "loss");
    if (rounds != null) {
      loss.behind("minibatches", rounds.x(), rounds.y());
    }
    loss.curve("training", 0, x, y(history, EpochReport::trainLoss));
    Set<String> metrics = metrics(history);
    if (metrics.contains("loss")) {
      loss.curve("validation", 1, x, y(history, "loss"));
    }
    Stream<Plot> metric =
        first(metrics).stream()
            .map(
                name ->
                    marked(
                        new Plot("Validation " + name, "epoch", name)
                            .curve("", 2, x, y(history, name))
                            .logYWhereItHelps(),
                        name,
                        best));
    Plot rate =
        new Plot("Learning rate", "epoch", "rate of the last update")
            .curve("", 4, x, y(history, EpochReport::learningRate));
    return svgs(
        Stream.of(Stream.of(marked(loss, "loss", best).logYWhereItHelps()), metric, Stream.of(rate))
            .flatMap(plots -> plots));
  }

  /** Several trainings by their names, one curve for each. */
  static List<String> of(Map<String, List<EpochReport>> histories) {
    Set<String> metrics = new LinkedHashSet<>();
    histories.values().forEach(history -> metrics.addAll(metrics(history)));
    Plot training = new Plot("Training loss", "epoch", "loss");
    histories.forEach(
        (name, history) -> training.curve(name, x(history), y(history, EpochReport::trainLoss)));
    Stream<Plot> validation =
        Stream.concat(Stream.of("loss").filter(metrics::contains), first(metrics).stream())
            .map(
                metric -> {
                  Plot plot = new Plot("Validation " + metric, "epoch", metric);
                  histories.forEach(
                      (name, history) -> plot.curve(name, x(history), y(history, metric)));
                  return plot.logYWhereItHelps();
                });
    return svgs(Stream.concat(Stream.of(training.logYWhereItHelps()), validation));
  }

  private static List<String> svgs(Stream<Plot> plots) {
    return plots.filter(plot -> !plot.empty()).map(Plot::svg).toList();
  }

  private static Plot marked(Plot plot, String metric, TrainingResult.Best best) {
    return best != null && metric.equals(best.metric())
        ? plot.mark(best.epoch() + 1, best.value(), "best: " + Numbers.metric(metric, best.value()))
        : plot;
  }

  private static Set<String> metrics(List<EpochReport> history) {
    Set<String> names = new LinkedHashSet<>();
    history.forEach(epoch -> names.addAll(epoch.validation().keySet()));
    return names;
  }

  /** The first that is not the loss. */
  private static Optional<String> first(Set<String> metrics) {
    return metrics.stream().filter(name -> !name.equals("loss")).findFirst();
  }

  private static double[] x(List<EpochReport> history) {
    return history.stream().mapToDouble(epoch -> epoch.epoch() + 1).toArray();
  }

  private static double[] y(List<EpochReport> history, ToDoubleFunction<EpochReport> of) {
    return history.stream().mapToDouble(of).toArray();
  }

  private static double[] y(List<EpochReport> history, String metric) {
    return y(history, epoch -> epoch.validation().getOrDefault(metric, Double.NaN));
  }
}
