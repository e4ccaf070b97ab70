package dev.schuss.spec;

import dev.schuss.nn.Activation;
import dev.schuss.nn.BinaryCrossEntropy;
import dev.schuss.nn.Dense;
import dev.schuss.nn.Dropout;
import dev.schuss.nn.Elementwise;
import dev.schuss.nn.Huber;
import dev.schuss.nn.Initializer;
import dev.schuss.nn.Layer;
import dev.schuss.nn.LayerNorm;
import dev.schuss.nn.Loss;
import dev.schuss.nn.MeanAbsoluteError;
import dev.schuss.nn.MeanSquaredError;
import dev.schuss.nn.MulticlassHinge;
import dev.schuss.nn.Network;
import dev.schuss.nn.SoftmaxCrossEntropy;
import dev.schuss.objective.Task;
import java.util.List;
import java.util.Map;

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
          .add("dropout", Dropout.class)
          .add("layer-norm", LayerNorm.class)
          .add("activation", Elementwise.class)
          .alias("eps", "epsilon");

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
  private record Tree(
      Task task, int inputs, List<Layer> layers, int outputs, Loss loss, Initializer initializer) {}

  static final Codec<Network> NETWORK =
      new Codec<>() {
        @Override
        public Network read(Value value, Binder binder) {
          Tree t = binder.bind(value.section(), Tree.class);
          return value.checked(
              () -> new Network(t.task, t.inputs, t.layers, t.outputs, t.loss, t.initializer));
        }

        @Override
        public Object write(Network n, Binder binder) {
          return binder.toTree(
              new Tree(n.task(), n.inputs(), n.hidden(), n.outputs(), n.loss(), n.initializer()));
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
