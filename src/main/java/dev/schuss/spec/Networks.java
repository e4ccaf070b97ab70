package dev.schuss.spec;

import dev.schuss.nn.Activation;
import dev.schuss.nn.AveragePool2d;
import dev.schuss.nn.BatchNorm;
import dev.schuss.nn.BinaryCrossEntropy;
import dev.schuss.nn.Conv2d;
import dev.schuss.nn.Dense;
import dev.schuss.nn.Dropout;
import dev.schuss.nn.Elementwise;
import dev.schuss.nn.Embedding;
import dev.schuss.nn.Flatten;
import dev.schuss.nn.GlobalAveragePool;
import dev.schuss.nn.Huber;
import dev.schuss.nn.Initializer;
import dev.schuss.nn.Layer;
import dev.schuss.nn.LayerNorm;
import dev.schuss.nn.Loss;
import dev.schuss.nn.MaxPool2d;
import dev.schuss.nn.MeanAbsoluteError;
import dev.schuss.nn.MeanSquaredError;
import dev.schuss.nn.MulticlassHinge;
import dev.schuss.nn.Network;
import dev.schuss.nn.RandomCrop;
import dev.schuss.nn.RandomFlip;
import dev.schuss.nn.Residual;
import dev.schuss.nn.Shape;
import dev.schuss.nn.SoftmaxCrossEntropy;
import dev.schuss.objective.Task;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Layers, activations and losses by name, and a network as the tree of them. */
final class Networks {
  static final Registry<Activation> ACTIVATIONS =
      Registry.of(Activation.class, "kind")
          .add("identity", Activation.Identity.class)
          .add("relu", Activation.Relu.class)
          .add("leaky-relu", Activation.LeakyRelu.class)
          .add("elu", Activation.Elu.class)
          .add("gelu", Activation.Gelu.class)
          .add("gelu-tanh", Activation.GeluTanh.class)
          .add("softplus", Activation.Softplus.class)
          .add("tanh", Activation.Tanh.class)
          .add("sigmoid", Activation.Sigmoid.class)
          .alias("negativeSlope", "slope")
          .alias("negative_slope", "slope");

  static final Registry<Layer> LAYERS =
      Registry.of(Layer.class, "type")
          .add("dense", Dense.class)
          .add("conv2d", Conv2d.class)
          .add("max-pool2d", MaxPool2d.class)
          .add("average-pool2d", AveragePool2d.class)
          .add("global-average-pool", GlobalAveragePool.class)
          .add("flatten", Flatten.class)
          .add("embedding", Embedding.class)
          .add("residual", Residual.class)
          .add("random-flip", RandomFlip.class)
          .add("random-crop", RandomCrop.class)
          .add("dropout", Dropout.class)
          .add("batch-norm", BatchNorm.class)
          .add("layer-norm", LayerNorm.class)
          .add("activation", Elementwise.class)
          .alsoNamed("avg-pool2d", "average-pool2d")
          .alias("eps", "epsilon");

  /** A layer, without the keys that it leaves to the network. */
  static final Codec<Layer> LAYER =
      new Codec<>() {
        @Override
        public Layer read(Value value, Binder binder) {
          return LAYERS.read(value, binder);
        }

        @Override
        public Object write(Layer layer, Binder binder) {
          Map<String, Object> tree = LAYERS.write(layer, binder);
          tree.values().removeIf(Objects::isNull);
          return tree;
        }
      };

  static final Registry<Loss> LOSSES =
      Registry.of(Loss.class, "kind")
          .add("softmax-cross-entropy", SoftmaxCrossEntropy.class)
          .add("binary-cross-entropy", BinaryCrossEntropy.class)
          .add("multiclass-hinge", MulticlassHinge.class)
          .add("mse", MeanSquaredError.class)
          .add("mae", MeanAbsoluteError.class)
          .add("huber", Huber.class);

  static final Registry<Initializer> INITIALIZERS =
      Registry.of(Initializer.class, "kind")
          .add("he", Initializer.He.class)
          .add("he-uniform", Initializer.HeUniform.class)
          .add("glorot", Initializer.Glorot.class)
          .add("glorot-normal", Initializer.GlorotNormal.class)
          .add("lecun", Initializer.LeCun.class)
          .add("lecun-uniform", Initializer.LeCunUniform.class)
          .add("sparse", Initializer.Sparse.class)
          .add("zeros", Initializer.Zeros.class)
          .add("constant", Initializer.Constant.class)
          .alsoNamed("he-normal", "he")
          .alsoNamed("glorot-uniform", "glorot")
          .alsoNamed("lecun-normal", "lecun");

  /** A network as a document states it; the output layer follows from the task. */
  record Tree(
      Task task,
      int inputs,
      Shape input,
      List<Shape.Category> categories,
      List<Layer> layers,
      int outputs,
      Loss loss,
      Initializer initializer) {
    /** Without an image, as all models were once. */
    static Tree defaults(
        Task task,
        int inputs,
        List<Layer> layers,
        int outputs,
        Loss loss,
        Initializer initializer) {
      return new Tree(task, inputs, null, null, layers, outputs, loss, initializer);
    }

    static Tree of(Network n) {
      Shape image = n.input().isImage() ? n.input() : null;
      return new Tree(
          n.task(),
          n.inputs(),
          image,
          n.input().categories().isEmpty() ? null : n.input().categories(),
          n.hidden(),
          n.outputs(),
          n.loss(),
          n.initializer());
    }

    Network network() {
      Shape row = Network.shape(input, inputs).with(categories == null ? List.of() : categories);
      return new Network(task, row, layers, outputs, loss, initializer);
    }
  }

  /** {@code [channels, height, width]}. */
  static final Codec<Shape> SHAPE =
      new Codec<>() {
        @Override
        public Shape read(Value value, Binder binder) {
          if (!value.isList() || value.elements().size() != 3) {
            throw value.error("must be [channels, height, width], such as [3, 32, 32]");
          }
          List<Integer> sizes =
              value.elements().stream().map(v -> (int) v.integer(1, Integer.MAX_VALUE)).toList();
          return value.checked(() -> Shape.image(sizes.get(0), sizes.get(1), sizes.get(2)));
        }

        @Override
        public Object write(Shape image, Binder binder) {
          return List.of(image.channels(), image.height(), image.width());
        }
      };

  static final Codec<Network> NETWORK =
      new Codec<>() {
        @Override
        public Network read(Value value, Binder binder) {
          Tree t = binder.bind(value.section(), Tree.class);
          return value.checked(t::network);
        }

        @Override
        public Object write(Network n, Binder binder) {
          Map<String, Object> tree = binder.unbind(Tree.of(n));
          tree.values().removeIf(Objects::isNull);
          return tree;
        }
      };

  private Networks() {}

  /** A registry that writes an alternative without keys as its name alone. */
  static <T> Codec<T> brief(Registry<T> registry) {
    return new Codec<>() {
      @Override
      public T read(Value value, Binder binder) {
        return registry.read(value, binder);
      }

      @Override
      public Object write(T object, Binder binder) {
        Map<String, Object> tree = registry.write(object, binder);
        return tree.size() == 1 ? tree.values().iterator().next() : tree;
      }
    };
  }
}
