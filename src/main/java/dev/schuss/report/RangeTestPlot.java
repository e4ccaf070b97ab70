package dev.schuss.report;

import dev.schuss.experiment.RangeTest;
import java.util.List;

/** The curve of a learning rate range test. */
public final class RangeTestPlot {
  private RangeTestPlot() {}

  /** An SVG file. */
  public static String svg(String name, RangeTest test) {
    List<RangeTest.Point> points = test.points();
    double[] rates = points.stream().mapToDouble(RangeTest.Point::rate).toArray();
    double[] losses = points.stream().mapToDouble(RangeTest.Point::loss).toArray();
    double[] smoothed = points.stream().mapToDouble(RangeTest.Point::smoothed).toArray();
    Plot plot =
        new Plot(name + ": loss against learning rate", "learning rate", "loss after the update")
            .logX()
            .curve("minibatch", 7, rates, losses)
            .curve("smoothed", 0, rates, smoothed);
    RangeTest.Suggestion suggestion = test.suggestion();
    if (suggestion != null) {
      plot.wall(suggestion.rate(), "suggested " + Numbers.compact(suggestion.rate()));
    }
    return plot.logYWhereItHelps().file();
  }
}
