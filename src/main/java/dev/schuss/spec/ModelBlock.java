package dev.schuss.spec;

import dev.schuss.nn.Initializer;
import dev.schuss.nn.Layer;
import dev.schuss.nn.Loss;
import dev.schuss.nn.Network;
import dev.schuss.nn.Shape;
import dev.schuss.objective.Task;
import java.util.List;

/**
 * The network but for its ends, which follow from the data: the block {@code model} of a job file.
 *
 * @param input [channels, height, width] where a row of features is an image, channel by channel
 *     and row by row of pixels; null where it is not
 * @param layers the hidden layers, in their order; may be empty. The output layer follows from the
 *     task and the data
 * @param initializer how weights start
 * @param loss the error that is minimised; null for the task's own: softmax-cross-entropy for
 *     classes, mse for values
 * @param from folder of a model whose weights the training starts from; null to start anew
 */
public record ModelBlock(
    Shape input, List<Layer> layers, Initializer initializer, Loss loss, String from) {
  /** Checks the folder's name. */
  public ModelBlock {
    if (from != null && from.isBlank()) {
      throw new IllegalArgumentException("from is empty: name a model's folder, or leave it out");
    }
  }

  /** What a job file need not say; the layers it must. */
  public static ModelBlock defaults(List<Layer> layers) {
    return new ModelBlock(null, layers, Initializer.HE, null, null);
  }

  /** The error that is minimised. */
  public Loss loss(Task task) {
    return loss == null ? Network.usualLoss(task) : loss;
  }

  /** Whether the network is to know which inputs are categories. */
  public boolean embeds() {
    return layers.stream().anyMatch(Layer::takesCategories);
  }

  /**
   * The network for rows of this shape.
   *
   * @param outputs classes, or targets per row; the inputs again for a reconstruction
   * @throws IllegalArgumentException naming what does not fit
   */
  public Network network(Task task, Shape row, int outputs) {
    return new Network(task, row, layers, outputs, loss(task), initializer);
  }

  /**
   * The network for data of this shape.
   *
   * @param inputs features per row
   * @param categories those of them that are columns of categories
   * @param outputs classes, or targets per row; the inputs again for a reconstruction
   * @throws IllegalArgumentException naming what does not fit, and the key
   */
  public Network network(Task task, int inputs, List<Shape.Category> categories, int outputs) {
    String misfit = loss(task).misfit(task, outputs);
    if (misfit != null) { // more classes than the file could know of
      throw new IllegalArgumentException("loss: " + misfit);
    }
    Shape row = Network.shape(input, inputs);
    return network(task, embeds() ? row.with(categories) : row, outputs);
  }
}
