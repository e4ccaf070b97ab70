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
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Params that hold pieces of job files. */
final class Fragments {
  private static final Pattern NAME = Pattern.compile("\\s*[A-Za-z][A-Za-z0-9-]*\\s*");
  private static final Binder BINDER = Vocabulary.binder().with(NonFinite.REGISTRY);

  /**
   * The blocks of a job file that an estimator takes.
   *
   * @param model null if the text has none
   * @param optimizer null if the text has none
   * @param train null if the text has none
   */
  record Job(
      ModelBlock model,
      Optimizer optimizer,
      Regularization regularization,
      Settings train,
      CheckpointSettings checkpoint) {
    static final Job DEFAULTS =
        new Job(null, null, Regularization.DEFAULTS, null, CheckpointSettings.DEFAULTS);
  }

  private Fragments() {}

  /** The param {@code job}; its defaults where it is not set. */
  static Job job(NeuralNetworkParams p) {
    return p.isSet(p.job())
        ? read("job", p.getJob(), () -> BINDER.bind(section("job", p.getJob()), Job.class))
        : Job.DEFAULTS;
  }

  /** The network that params name, but for its ends. */
  static ModelBlock model(NeuralNetworkParams p, Job job) {
    if (p.isSet(p.network())) {
      for (var param : List.of(p.layers(), p.activation(), p.dropout())) {
        refuseBoth(p.isSet(param), param.name(), "network");
      }
      return read(
          "network",
          p.getNetwork(),
          () -> BINDER.bind(section("network", p.getNetwork()), ModelBlock.class));
    }
    if (!p.isSet(p.layers())) {
      if (job.model() == null) {
        throw new IllegalArgumentException(
            p.uid() + ": neither layers nor network is set: set layers, such as 784, 100, 10");
      }
      return job.model();
    }
    refuseBoth(job.model() != null, "the block model of job", "layers");
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
    return ModelBlock.defaults(hidden);
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
