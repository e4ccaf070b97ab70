package dev.schuss.spec;

/**
 * How values of a type that is not a plain record stand in a job file.
 *
 * @param <T> the type of the record components that it serves
 */
public interface Codec<T> {

  /**
   * Reads a value that is not null.
   *
   * @throws SpecException if it is not one of these
   */
  T read(Value value, Binder binder);

  /**
   * A tree of maps, lists, texts, numbers and booleans from which {@link #read} makes an equal
   * object.
   *
   * @throws IllegalArgumentException if there is none
   */
  Object write(T object, Binder binder);
}
