package dev.schuss.ml;

import dev.schuss.nn.Activation;
import dev.schuss.nn.Dense;
import dev.schuss.nn.Dropout;
import dev.schuss.nn.Layer;
import dev.schuss.optim.Optimizer;
import dev.schuss.optim.Regularization;
import dev.schuss.spec.Binder;
import dev.schuss.spec.ModelBlock;
import dev.schuss.spec.Overrides;
import dev.schuss.spec.Section;
import dev.schuss.spec.SpecException;
import dev.schuss.spec.Vocabulary;
import dev.schuss.train.CheckpointSettings;
import dev.schuss.train.NonFinite;
import dev.schuss.train.Settings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.spark.ml.param.Param;

/** Params that hold pieces of job files. */
final class Fragments {
  private static final Pattern NAME = Pattern.compile("\\s*[A-Za-z][A-Za-z0-9-]*\\s*");
  private static final Binder BINDER = Vocabulary.binder().with(NonFinite.REGISTRY);

  /**
   * The blocks of a job file that an estimator takes.
   *
   * @param model null if the text has none
   * @param optimizer null if the text has none
   */
  private record Blocks(
      ModelBlock model,
      Optimizer optimizer,
      Regularization regularization,
      Settings train,
      CheckpointSettings checkpoint) {
    static final Blocks DEFAULTS =
        new Blocks(
            null, null, Regularization.DEFAULTS, Settings.DEFAULTS, CheckpointSettings.DEFAULTS);
  }

  /**
   * The param {@code job}.
   *
   * @param model null if there is none
   * @param optimizer null if there is none
   * @param named what the text names of the blocks {@code train} and {@code checkpoint}, such as
   *     {@code train.epochs}; all else in them are defaults
   */
  record Job(
      ModelBlock model,
      Optimizer optimizer,
      Regularization regularization,
      Settings train,
      CheckpointSettings checkpoint,
      Set<String> named) {
    static final Job NONE = of(Blocks.DEFAULTS, Set.of());

    private static Job of(Blocks blocks, Set<String> named) {
      return new Job(
          blocks.model(),
          blocks.optimizer(),
          blocks.regularization(),
          blocks.train(),
          blocks.checkpoint(),
          Set.copyOf(named));
    }

    /** Whether the text names this key. */
    boolean names(String key) {
      return named.contains(key);
    }
  }

  private Fragments() {}

  /** The param {@code job}; its defaults where it is not set. */
  static Job job(NeuralNetworkParams p) {
    if (!p.isSet(p.job())) {
      return Job.NONE;
    }
    return read(
        "job",
        p.getJob(),
        () -> {
          Section text = section("job", p.getJob());
          Set<String> named = new HashSet<>();
          for (String block : List.of("train", "checkpoint")) {
            text.value(block)
                .filter(value -> !value.isNull())
                .ifPresent(value -> addKeys(value.section(), named));
          }
          return Job.of(BINDER.bind(text, Blocks.class), named);
        });
  }

  private static void addKeys(Section block, Set<String> named) {
    for (String key : block.keys()) {
      if (!block.value(key).orElseThrow().isNull()) {
        named.add(block.child(key));
      }
    }
  }

  /** The network that params name, but for its ends. */
  static ModelBlock model(NeuralNetworkParams p, Job job) {
    boolean network = p.isSet(p.network());
    boolean layers = p.isSet(p.layers());
    refuseBoth(network && layers, "layers", "network");
    refuseBoth(network && job.model() != null, "the block model of job", "network");
    refuseBoth(layers && job.model() != null, "the block model of job", "layers");
    if (!layers) {
      for (Param<?> param : List.of(p.activation(), p.dropout())) {
        boolean other = network || job.model() != null;
        refuseBoth(
            other && p.isSet(param), param.name(), network ? "network" : "the block model of job");
      }
    }
    if (network) {
      return read(
          "network",
          p.getNetwork(),
          () -> BINDER.bind(section("network", p.getNetwork()), ModelBlock.class));
    }
    if (job.model() != null) {
      return job.model();
    }
    if (!layers) {
      throw new IllegalArgumentException(
          p.uid() + ": neither layers nor network is set: set layers, such as 784, 100, 10");
    }
    if (p.getLayers().length == 2) {
      refuseWithoutHidden(p.isSet(p.activation()), "activation = " + p.getActivation(), p);
      refuseWithoutHidden(p.getDropout() > 0, "dropout = " + p.getDropout(), p);
    }
    return ModelBlock.defaults(hidden(p));
  }

  private static void refuseWithoutHidden(boolean set, String what, NeuralNetworkParams p) {
    if (set) {
      throw new IllegalArgumentException(
          "%s is of hidden layers, and layers = %s has none: leave it out, or set more layers"
              .formatted(what, Arrays.toString(p.getLayers())));
    }
  }

  private static List<Layer> hidden(NeuralNetworkParams p) {
    Activation activation =
        read(
            "activation",
            p.getActivation(),
            () ->
                BINDER.read(
                    section("activation", "activation = " + p.getActivation())
                        .value("activation")
                        .orElseThrow(),
                    Activation.class));
    int[] sizes = p.getLayers();
    List<Layer> hidden = new ArrayList<>();
    for (int i = 1; i < sizes.length - 1; i++) {
      hidden.add(new Dense(sizes[i], activation));
      if (p.getDropout() > 0) {
        hidden.add(new Dropout(p.getDropout()));
      }
    }
    return hidden;
  }

  /**
   * An update rule.
   *
   * @param text its name, or its block
   * @param overrides keys of the block with other values
   */
  static Optimizer optimizer(String text, List<String> overrides) {
    return read(
        "optimizer",
        text,
        () ->
            BINDER.read(
                Section.ofText(block("rule", text), "optimizer", Overrides.of(overrides)).asValue(),
                Optimizer.class));
  }

  /** The override of an optimizer by a schedule, which is a name or a block. */
  static String schedule(String text) {
    String block = block("kind", text);
    return "schedule=" + (block.strip().startsWith("{") ? block : "{ " + block + " }");
  }

  private static String block(String key, String text) {
    return NAME.matcher(text).matches() ? key + " = " + text : text;
  }

  private static Section section(String name, String text) {
    return Section.ofText(text, name, Overrides.NONE);
  }

  /** Refuses a param beside another that takes its place. */
  static void refuseBoth(boolean set, String param, String other) {
    if (set) {
      throw new IllegalArgumentException(
          "%s and %s are both set, and one takes the place of the other: leave one out"
              .formatted(param, other));
    }
  }

  private static <T> T read(String param, String text, Supplier<T> reader) {
    try {
      return reader.get();
    } catch (SpecException e) {
      throw new IllegalArgumentException(
          "param %s = %s: %s".formatted(param, text.strip(), e.getMessage()), e);
    }
  }
}
