package dev.schuss.model;

import dev.schuss.nn.Network;
import dev.schuss.nn.Shape;
import dev.schuss.objective.Segment;
import java.util.Arrays;
import java.util.List;

/**
 * The weights that a training takes over from a model: all of them where it has the same outputs,
 * else from all but the last layer's.
 *
 * @param weights to start from
 * @param note what is taken over, for the screen
 */
public record WarmStart(float[] weights, String note) {
  private static final String LAST = "output.";

  /** Values of a category that a message shows. */
  private static final int SHOWN = 5;

  /**
   * Takes weights over.
   *
   * @param network to be trained
   * @param columns its preprocessing
   * @param key what names the model, for messages: {@code model.from}
   * @param dir where it lies, for messages
   * @param seed of the weights that are not taken over
   * @throws ModelException naming what differs
   */
  public static WarmStart of(
      Network network, Preprocessing columns, FittedModel from, String key, String dir, long seed) {
    String given = key + " = " + dir;
    Network other = from.network();
    check(network, other, given);
    checkCategories(network, columns.inputs(), from.preprocessing().inputs(), given);
    boolean sameOutputs =
        network.task() == other.task()
            && network.outputs() == other.outputs()
            && (columns.classes() == null
                || columns.classes().isLike(from.preprocessing().classes()));
    float[] weights = network.initialWeights(seed);
    for (Segment s : network.layout().segments()) {
      if (sameOutputs || !s.name().startsWith(LAST)) {
        Segment source = other.layout().segment(s.name());
        if (!Arrays.equals(source.shape(), s.shape())) {
          throw differs(
              given,
              "%s is %s there and %s here: give the job the same features and the same input"
                  .formatted(
                      s.name(), Arrays.toString(source.shape()), Arrays.toString(s.shape())));
        }
        System.arraycopy(from.weights(), source.offset(), weights, s.offset(), s.length());
      }
    }
    String scaling =
        keepsScaling(columns, from.preprocessing())
            ? "its scaling is kept"
            : "its scaling is not used: the features differ";
    return new WarmStart(
        weights,
        "starts from %s (%s); %s"
            .formatted(
                dir,
                sameOutputs
                    ? "all weights"
                    : "all layers but the last, whose outputs differ: %d there, %d here"
                        .formatted(other.outputs(), network.outputs()),
                scaling));
  }

  /** Whether each input is scaled as the model's. */
  public static boolean keepsScaling(Preprocessing columns, Preprocessing from) {
    return columns.inputs().equals(from.inputs())
        || (from.scales()
            && Arrays.equals(columns.shift(), from.shift())
            && Arrays.equals(columns.divisor(), from.divisor()));
  }

  private static void check(Network network, Network other, String given) {
    if (network.inputs() != other.inputs()) {
      throw differs(
          given,
          "takes %,d inputs, this job has %,d: name the same features"
              .formatted(other.inputs(), network.inputs()));
    }
    if (!network.input().isLike(other.input())) {
      throw differs(
          given,
          "takes %s, this job has %s: give the job the same model.input"
              .formatted(row(other.input()), row(network.input())));
    }
    int layers = Math.max(network.hidden().size(), other.hidden().size());
    for (int i = 0; i < layers; i++) {
      String there = i < other.hidden().size() ? other.hidden().get(i).toString() : "missing";
      String here = i < network.hidden().size() ? network.hidden().get(i).toString() : "missing";
      if (!there.equals(here)) {
        throw differs(
            given,
            "model.layers[%d] is %s there and %s here: give the job the same layers"
                .formatted(i, there, here));
      }
    }
  }

  private static String row(Shape input) {
    return input.isImage() ? "images " + input : "rows of %,d numbers".formatted(input.size());
  }

  /** Each row of an embedding's weights belongs to one value of one column. */
  private static void checkCategories(
      Network network, List<Feature> here, List<Feature> there, String given) {
    int layer = 0;
    while (layer < network.hidden().size() && !network.hidden().get(layer).takesCategories()) {
      layer++;
    }
    if (layer == network.hidden().size() || here.equals(there)) {
      return;
    }
    int i = 0;
    while (i < Math.min(here.size(), there.size()) && here.get(i).equals(there.get(i))) {
      i++;
    }
    boolean category = isCategory(here, i) || isCategory(there, i);
    throw differs(
        given,
        "%s%d's %s differ: feature %d is %s there and %s here: name the same features in the same order, with the same data.categorical"
            .formatted(
                network.hidden().get(layer).type(),
                layer,
                category ? "categories" : "other inputs",
                i + 1,
                describe(there, i),
                describe(here, i)));
  }

  private static boolean isCategory(List<Feature> features, int i) {
    return i < features.size() && features.get(i).isCategory();
  }

  private static String describe(List<Feature> features, int i) {
    if (i >= features.size()) {
      return "missing";
    }
    Feature f = features.get(i);
    if (!f.isCategory()) {
      return f.name() + (f.width() == 1 ? " (a number)" : " (%,d numbers)".formatted(f.width()));
    }
    List<String> values = f.categories();
    boolean all = values.size() <= SHOWN;
    return "%s (%s%s)"
        .formatted(
            f.name(),
            String.join(", ", all ? values : values.subList(0, SHOWN)),
            all ? "" : " ... of " + values.size());
  }

  private static ModelException differs(String given, String what) {
    return ModelException.mendable(given + ": " + what, null);
  }
}
