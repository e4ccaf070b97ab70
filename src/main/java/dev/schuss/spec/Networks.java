package dev.schuss.spec;

import dev.schuss.nn.Dense;
import dev.schuss.nn.Initializer;
import dev.schuss.nn.Layer;
import dev.schuss.nn.Loss;
import dev.schuss.nn.MeanSquaredError;
import dev.schuss.nn.Network;
import dev.schuss.nn.SoftmaxCrossEntropy;
import dev.schuss.objective.Task;
import java.util.List;

/** Layers and losses by name, and a network as the tree of both. */
final class Networks {
  static final Registry<Layer> LAYERS = Registry.of(Layer.class, "type").add("dense", Dense.class);

  static final Registry<Loss> LOSSES =
      Registry.of(Loss.class, "kind")
          .add("softmax-cross-entropy", SoftmaxCrossEntropy.class)
          .add("mse", MeanSquaredError.class);

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
}
