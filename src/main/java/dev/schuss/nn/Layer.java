package dev.schuss.nn;

import dev.schuss.objective.Layout;
import java.io.Serializable;

/**
 * What a layer is, before it knows its inputs: a record of the options that a job file gives it. A
 * new layer is one file, which holds this record and the {@link BoundLayer} that it binds to.
 */
public interface Layer extends Serializable {

  /** The word for the layer in parameter names and job files, such as {@code dense}. */
  String type();

  /** Whether it, or a layer within it, must know which inputs are categories. */
  default boolean takesCategories() {
    return false;
  }

  /**
   * Whether it, or a layer within it, shows other images in training than the rows hold, so that
   * the rows are no targets for what it makes.
   */
  default boolean augments() {
    return false;
  }

  /**
   * Whether it, or a layer within it, draws anew in each round of a training, so that the loss at
   * the same weights is another one in the next round.
   */
  default boolean random() {
    return augments();
  }

  /**
   * The layer at its place in a network: declares its parameters as {@code name.…}.
   *
   * @param input what a row is that it is given
   * @throws IllegalArgumentException naming the layer and both shapes, if it cannot take these
   */
  BoundLayer bind(String name, Shape input, Layout.Builder layout);
}
