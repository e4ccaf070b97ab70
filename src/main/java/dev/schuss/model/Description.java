package dev.schuss.model;

import dev.schuss.nn.Network;
import dev.schuss.objective.Task;
import dev.schuss.spec.Binder;
import dev.schuss.spec.Codec;
import dev.schuss.spec.Section;
import dev.schuss.spec.Value;
import dev.schuss.spec.Vocabulary;
import java.util.Arrays;
import java.util.List;

/** model.json: its keys are the components' names. */
record Description(
    String format,
    Network network,
    Columns preprocessing,
    WeightsFile weights,
    FittedModel.Provenance provenance) {
  /** What this version writes, and the only one it reads. */
  static final String FORMAT = "schuss-model/1";

  /** The file of the weights as model.json knows it; a null checksum is not checked. */
  record WeightsFile(String file, String crc32c) {
    static WeightsFile defaults(String file) {
      return new WeightsFile(file, null);
    }
  }

  /**
   * {@link Preprocessing} as model.json has it. One shift or divisor stands for as many as there
   * are inputs.
   */
  record Columns(
      Task task,
      List<Feature> features,
      List<String> labels,
      ClassLabels classes,
      Invalid invalid,
      float[] shift,
      float[] divisor) {
    static Columns defaults(Task task, List<Feature> features, List<String> labels) {
      return new Columns(task, features, labels, null, Invalid.ERROR, null, null);
    }

    static Columns of(Preprocessing p) {
      return new Columns(
          p.task(),
          p.inputs(),
          p.labels(),
          p.classes(),
          p.invalid(),
          folded(p.shift()),
          folded(p.divisor()));
    }

    Preprocessing preprocessing() {
      int width = features.stream().mapToInt(Feature::width).sum();
      return new Preprocessing(
          task,
          features,
          labels,
          classes,
          invalid,
          unfolded(shift, width),
          unfolded(divisor, width));
    }

    private static float[] folded(float[] values) {
      if (values == null) {
        return null;
      }
      for (float value : values) {
        if (value != values[0]) {
          return values;
        }
      }
      return new float[] {values[0]};
    }

    private static float[] unfolded(float[] values, int width) {
      if (values == null || values.length != 1) {
        return values;
      }
      float[] all = new float[width];
      Arrays.fill(all, values[0]);
      return all;
    }
  }

  /** A column of numbers is its name alone. */
  private static final Codec<Feature> FEATURE =
      new Codec<>() {
        @Override
        public Feature read(Value value, Binder binder) {
          if (!value.isSection()) {
            return Feature.number(value.text());
          }
          Section section = value.section();
          return section.has("categories")
              ? binder.bind(section, Category.class).feature()
              : binder.bind(section, VectorColumn.class).feature();
        }

        @Override
        public Object write(Feature f, Binder binder) {
          if (f.isCategory()) {
            return binder.toTree(new Category(f.name(), f.categories(), f.missingSeen()));
          }
          return f.width() == 1 ? f.name() : binder.toTree(new VectorColumn(f.name(), f.width()));
        }
      };

  private record Category(String name, List<String> categories, boolean missingSeen) {
    Feature feature() {
      return Feature.category(name, categories, missingSeen);
    }
  }

  private record VectorColumn(String name, int width) {
    Feature feature() {
      return Feature.vector(name, width);
    }
  }

  /** Numbers that have names. */
  private record NamedClasses(double[] numbers, List<String> names) {
    ClassLabels labels() {
      return ClassLabels.of(numbers).named(names);
    }
  }

  /** A list of numbers or of texts; a block where numbers have names. */
  private static final Codec<ClassLabels> CLASSES =
      new Codec<>() {
        @Override
        public ClassLabels read(Value value, Binder binder) {
          if (value.isSection()) {
            NamedClasses named = binder.bind(value.section(), NamedClasses.class);
            return value.checked(named::labels);
          }
          List<Value> elements = value.elements();
          return value.checked(
              () ->
                  elements.stream().anyMatch(Value::isText)
                      ? ClassLabels.of(elements.stream().map(Value::text).toList())
                      : ClassLabels.of(elements.stream().mapToDouble(Value::real).toArray()));
        }

        @Override
        public Object write(ClassLabels classes, Binder binder) {
          if (classes.isNamed()) {
            return binder.toTree(new NamedClasses(classes.numbers(), classes.names()));
          }
          return classes.isText()
              ? classes.names()
              : Arrays.stream(classes.numbers()).boxed().toList();
        }
      };

  static final Binder BINDER =
      Vocabulary.binder().with(Feature.class, FEATURE).with(ClassLabels.class, CLASSES);
}
