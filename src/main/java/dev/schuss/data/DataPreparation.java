package dev.schuss.data;

import java.util.List;

/** From a DataFrame to canonical blocks. */
public final class DataPreparation {

  private DataPreparation() {}

  /**
   * The classes that this room sends over the network or spills to disk with the session's own
   * serializer: what a session with {@code spark.kryo.registrationRequired} registers. Each is
   * Externalizable and has a public constructor without arguments.
   */
  public static List<Class<?>> wireClasses() {
    return List.of(Block.class, RawBlock.class);
  }
}
