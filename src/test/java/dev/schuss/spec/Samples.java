package dev.schuss.spec;

import dev.schuss.math.Mix;
import dev.schuss.math.Range;
import dev.schuss.nn.Activation;
import java.lang.reflect.RecordComponent;
import java.util.List;

/**
 * Random alternatives of a registry with random options within their ranges: what is registered is
 * tested.
 */
public final class Samples {
  /** Wherever a range is open. */
  private static final double WIDTH = 3;

  private Samples() {}

  /** Any alternative. */
  public static <T> T any(Registry<T> registry, Mix random) {
    List<String> names = registry.names();
    return of(registry, names.get(random.nextInt(names.size())), random);
  }

  /** The alternative of this name. */
  public static <T> T of(Registry<T> registry, String name, Mix random) {
    RecordShape shape = RecordShape.of(registry.types().get(name));
    Object[] values = new Object[shape.components().length];
    while (true) {
      for (int i = 0; i < values.length; i++) {
        values[i] = value(shape.components()[i], random);
      }
      try {
        return registry.base().cast(shape.create(values));
      } catch (IllegalArgumentException e) {
        // Options that do not go together, such as a padding larger than a kernel: draw again.
      }
    }
  }

  /** Any layer that is registered. */
  public static dev.schuss.nn.Layer layer(Mix random) {
    return any(Networks.LAYERS, random);
  }

  /** The names of all layers. */
  public static java.util.List<String> layers() {
    return Networks.LAYERS.names();
  }

  /** The layer of this name. */
  public static dev.schuss.nn.Layer layer(String name, Mix random) {
    return of(Networks.LAYERS, name, random);
  }

  /** The names of all activations. */
  public static java.util.List<String> activations() {
    return Networks.ACTIVATIONS.names();
  }

  /** The activation of this name. */
  public static Activation activation(String name, Mix random) {
    return of(Networks.ACTIVATIONS, name, random);
  }

  /** A network as a model file has it. */
  static dev.schuss.nn.Network readBack(dev.schuss.nn.Network network) {
    @SuppressWarnings("unchecked") // a block of keys
    var tree = (java.util.Map<String, Object>) Vocabulary.binder().toTree(network);
    return Vocabulary.binder().fromTree(tree, dev.schuss.nn.Network.class, "tree");
  }

  /** Any loss that is registered. */
  public static dev.schuss.nn.Loss loss(Mix random) {
    return any(Networks.LOSSES, random);
  }

  /** Any initializer that is registered. */
  public static dev.schuss.nn.Initializer initializer(Mix random) {
    return any(Networks.INITIALIZERS, random);
  }

  /** The names of all initializers. */
  public static java.util.List<String> initializers() {
    return Networks.INITIALIZERS.names();
  }

  /** The initializer of this name. */
  public static dev.schuss.nn.Initializer initializer(String name, Mix random) {
    return of(Networks.INITIALIZERS, name, random);
  }

  private static Object value(RecordComponent component, Mix random) {
    Class<?> type = component.getType();
    if (type.isEnum()) {
      Object[] constants = type.getEnumConstants();
      return constants[random.nextInt(constants.length)];
    }
    if (type == List.class) { // of layers, within another one
      return random.nextInt(2) == 0
          ? List.of(layer(random))
          : List.of(layer(random), layer(random));
    }
    if (type == dev.schuss.nn.Initializer.class) {
      return random.nextInt(2) == 0 ? null : initializer(random);
    }
    if (type == Activation.class) {
      return any(Networks.ACTIVATIONS, random);
    }
    Range range = component.getAnnotation(Range.class);
    double low = range == null ? -1 : Math.max(Math.max(range.min(), range.above()), -WIDTH);
    double high = range == null ? 1 : Math.min(Math.min(range.max(), range.below()), low + WIDTH);
    if (type == Integer.class && random.nextInt(2) == 0) {
      return null;
    }
    if (type == int.class || type == Integer.class) {
      return (int) low + random.nextInt(9);
    }
    if (type == double.class) {
      return low + (high - low) * (0.05 + 0.9 * random.nextDouble());
    }
    if (type == boolean.class) {
      return random.nextInt(2) == 1;
    }
    throw new IllegalStateException("no sample of " + component + ": add one here");
  }
}
