package dev.schuss.export;

import dev.schuss.math.Mix;
import dev.schuss.model.ClassLabels;
import dev.schuss.model.Feature;
import dev.schuss.model.FittedModel;
import dev.schuss.model.Invalid;
import dev.schuss.model.Preprocessing;
import dev.schuss.nn.Initializer;
import dev.schuss.nn.Layer;
import dev.schuss.nn.Loss;
import dev.schuss.nn.MeanSquaredError;
import dev.schuss.nn.Network;
import dev.schuss.nn.Shape;
import dev.schuss.objective.Segment;
import dev.schuss.objective.Task;
import dev.schuss.spec.Samples;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Models of random columns, layers and weights, and rows for them. */
final class RandomModel {
  private static final FittedModel.Provenance HERE =
      new FittedModel.Provenance("0.1.0", "4.1.0", 3, 40);

  private static final List<Invalid> INVALID = List.copyOf(EnumSet.allOf(Invalid.class));

  private RandomModel() {}

  /** Up to three layers of all kinds. */
  static FittedModel of(Task task, boolean images, Mix random) {
    List<Feature> features = images ? image(random) : columns(random);
    Shape input = input(features, images, random);
    List<Layer> hidden = new ArrayList<>();
    int layers = random.nextInt(4);
    while (hidden.size() < layers) {
      Layer next = Samples.layer(random);
      if (task == Task.RECONSTRUCTION && next.augments()) {
        continue; // which a reconstruction refuses
      }
      hidden.add(next);
      if (!fits(input, hidden)) {
        hidden.remove(hidden.size() - 1);
      }
    }
    return of(task, features, input, hidden, random);
  }

  /** A model that has such a layer, perhaps one before it, and one behind it. */
  static FittedModel with(Supplier<Layer> layer, Mix random) {
    while (true) {
      boolean images = random.nextInt(2) == 0;
      List<Feature> features = images ? image(random) : columns(random);
      Shape input = input(features, images, random);
      List<Layer> hidden = new ArrayList<>(List.of(layer.get()));
      if (random.nextInt(2) == 0) {
        hidden.add(0, Samples.layer(random));
      }
      hidden.add(Samples.layer(random));
      if (fits(input, hidden)) {
        return of(Task.CLASSIFICATION, features, input, hidden, random);
      }
    }
  }

  private static boolean fits(Shape input, List<Layer> hidden) {
    try {
      new Network(Task.REGRESSION, input, hidden, 1, MeanSquaredError.DEFAULTS, Initializer.HE);
      return true;
    } catch (IllegalArgumentException e) { // of another shape
      return false;
    }
  }

  private static FittedModel of(
      Task task, List<Feature> features, Shape input, List<Layer> hidden, Mix random) {
    int outputs = task == Task.RECONSTRUCTION ? input.size() : 2 + random.nextInt(4);
    Loss loss = Samples.loss(random);
    while (loss.misfit(task, outputs) != null) {
      if (task == Task.CLASSIFICATION && loss.misfit(task, 2) == null) {
        outputs = 2;
      } else {
        loss = Samples.loss(random);
      }
    }
    Network network = new Network(task, input, hidden, outputs, loss, Initializer.GLOROT);
    float[] weights = network.initialWeights(random.nextLong());
    for (Segment s : network.layout().segments()) {
      boolean variance = s.name().endsWith("running_var");
      for (int i = s.offset(); i < s.end(); i++) {
        weights[i] =
            variance
                ? (float) (0.5 + random.nextDouble())
                : (float) (weights[i] + 0.1 * random.nextGaussian());
      }
    }
    return new FittedModel(network, weights, preprocessing(task, features, outputs, random), HERE);
  }

  private static Preprocessing preprocessing(
      Task task, List<Feature> features, int outputs, Mix random) {
    int width = features.stream().mapToInt(Feature::width).sum();
    float[] shift = null;
    float[] divisor = null;
    int scaling = random.nextInt(3);
    if (scaling > 0) {
      shift = new float[width];
      divisor = new float[width];
      boolean categories = random.nextInt(4) == 0; // which no training scales, but a file may say
      int at = 0;
      for (Feature feature : features) {
        for (int j = 0; j < feature.width(); j++, at++) {
          boolean scaled = categories || !feature.isCategory();
          divisor[at] = !scaled ? 1 : scaling == 1 ? 2 : (float) (0.5 + random.nextDouble());
          shift[at] = !scaled || scaling == 1 ? 0 : (float) random.nextGaussian();
        }
      }
    }
    List<String> labels = new ArrayList<>();
    for (int i = 0; i < (task == Task.REGRESSION ? outputs : 1); i++) {
      labels.add("y" + i);
    }
    return new Preprocessing(
        task,
        features,
        task == Task.RECONSTRUCTION ? List.of() : labels,
        task == Task.CLASSIFICATION ? classes(outputs, random) : null,
        INVALID.get(random.nextInt(INVALID.size())),
        shift,
        divisor);
  }

  private static ClassLabels classes(int n, Mix random) {
    int kind = random.nextInt(4);
    List<String> texts = new ArrayList<>();
    double[] numbers = new double[n];
    for (int i = 0; i < n; i++) {
      texts.add("class " + i + " é");
      numbers[i] = i - (kind == 1 ? 0.75 : 1);
    }
    return switch (kind) {
      case 0 -> ClassLabels.of(texts);
      case 3 -> ClassLabels.of(numbers).named(texts);
      default -> ClassLabels.of(numbers);
    };
  }

  private static List<Feature> image(Mix random) {
    int n = (1 + random.nextInt(3)) * (1 + random.nextInt(7)) * (1 + random.nextInt(7));
    return List.of(Feature.vector("pixels", n));
  }

  private static Shape input(List<Feature> features, boolean images, Mix random) {
    int width = features.stream().mapToInt(Feature::width).sum();
    if (images) {
      int height = 1 + random.nextInt(width);
      while (width % height != 0) {
        height--;
      }
      int channels = height % 2 == 0 && random.nextInt(2) == 0 ? 2 : 1;
      return Shape.image(channels, height / channels, width / height);
    }
    List<Shape.Category> categories = new ArrayList<>();
    int from = 0;
    for (Feature feature : features) {
      if (feature.isCategory()) {
        categories.add(new Shape.Category(from, feature.width()));
      }
      from += feature.width();
    }
    return Shape.flat(width).with(categories);
  }

  /** Numbers, vectors and categories in any order, some of which have names of outputs. */
  private static List<Feature> columns(Mix random) {
    List<Feature> features = new ArrayList<>();
    int n = 1 + random.nextInt(5);
    while (features.size() < n) {
      String name = random.nextInt(9) == 0 ? "label" : "column " + features.size();
      boolean missingSeen = random.nextInt(2) == 0;
      List<String> values = new ArrayList<>();
      int known = random.nextInt(5);
      for (int i = 0; i < known; i++) {
        values.add("value " + i);
      }
      Feature next =
          switch (random.nextInt(3)) {
            case 0 -> Feature.number(name);
            case 1 -> Feature.vector(name, 1 + random.nextInt(4));
            default -> Feature.category(name, values, missingSeen);
          };
      if (features.stream().noneMatch(f -> f.name().equals(name))) {
        features.add(next);
      }
    }
    return features;
  }

  /** Rows of numbers near 0 and of values that are known, or unknown, or blank. */
  static List<Map<String, Object>> rows(FittedModel model, int n, Mix random) {
    boolean keep = model.preprocessing().invalid() == Invalid.KEEP;
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int r = 0; r < n; r++) {
      Map<String, Object> row = new HashMap<>();
      for (Feature feature : model.preprocessing().inputs()) {
        if (feature.isCategory()) {
          int place = random.nextInt(feature.categories().size() + 2);
          boolean known = place < feature.categories().size();
          row.put(
              feature.name(),
              known
                  ? feature.categories().get(place)
                  : place == feature.categories().size() ? "" : "never seen");
        } else {
          float[] values = new float[feature.width()];
          for (int j = 0; j < values.length; j++) {
            values[j] = (float) random.nextGaussian();
            if (keep && random.nextInt(6) == 0) {
              values[j] = random.nextInt(2) == 0 ? Float.NaN : Float.NEGATIVE_INFINITY;
            }
          }
          row.put(feature.name(), values);
        }
      }
      rows.add(row);
    }
    return rows;
  }
}
