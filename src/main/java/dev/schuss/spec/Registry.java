package dev.schuss.spec;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Named alternatives: the records that may stand where a type is wanted, told apart by a key such
 * as {@code rule} or {@code type}. An alternative that needs no other key may be written as its
 * name alone.
 *
 * @param <T> what the alternatives have in common
 */
public final class Registry<T> implements Codec<T> {
  private record Wrapper<T>(Class<? extends T> type, String inner) {}

  private final Class<T> base;
  private final String discriminator;
  private final Map<String, Class<? extends T>> types = new LinkedHashMap<>();
  private final Map<String, Wrapper<T>> wrappers = new LinkedHashMap<>();
  private final Map<String, String> aliases = new LinkedHashMap<>();
  private String usual;

  private Registry(Class<T> base, String discriminator) {
    this.base = base;
    this.discriminator = discriminator;
  }

  /**
   * An empty registry.
   *
   * @param discriminator the key that holds the name
   */
  public static <T> Registry<T> of(Class<T> base, String discriminator) {
    return new Registry<>(base, discriminator);
  }

  /** Adds a record under a name. */
  public Registry<T> add(String name, Class<? extends T> type) {
    RecordShape.of(type);
    if (types.put(name, type) != null) {
      throw new IllegalStateException("two alternatives are named " + name);
    }
    return this;
  }

  /** Names the alternative of a block that names none; without it the name is required. */
  public Registry<T> usually(String name) {
    usual = name;
    return this;
  }

  /** Gives a component another name, in every alternative that has it. */
  public Registry<T> alias(String alias, String component) {
    aliases.put(alias, component);
    return this;
  }

  /**
   * Adds a record that stands around an alternative when the block holds a block of this key, if an
   * empty one. Of several wrappers, one that was added later stands further outside.
   *
   * @param inner the component that takes what is wrapped
   */
  public Registry<T> wrapper(String key, Class<? extends T> type, String inner) {
    wrappers.put(key, new Wrapper<>(type, inner));
    return this;
  }

  Class<T> base() {
    return base;
  }

  /** The names of the alternatives. */
  public List<String> names() {
    return List.copyOf(types.keySet());
  }

  @Override
  public T read(Value value, Binder binder) {
    if (!value.isSection()) {
      Class<? extends T> type = types.get(value.isText() ? value.text() : "");
      if (type == null) {
        throw unknown(value, value.isText() ? value.text() : "");
      }
      return bind(value.emptySection(), type, Map.of(), List.of(), binder);
    }
    Section section = value.section();
    List<String> ours = new ArrayList<>(wrappers.keySet());
    ours.add(0, discriminator);
    T object = bind(section, alternative(section), Map.of(), ours, binder);
    for (Map.Entry<String, Wrapper<T>> entry : wrappers.entrySet()) {
      Value block = section.value(entry.getKey()).filter(v -> !v.isNull()).orElse(null);
      if (block != null) {
        Wrapper<T> wrapper = entry.getValue();
        object =
            bind(block.section(), wrapper.type, Map.of(wrapper.inner, object), List.of(), binder);
      }
    }
    return object;
  }

  private Class<? extends T> alternative(Section section) {
    Value name = section.value(discriminator).filter(v -> !v.isNull()).orElse(null);
    if (name == null) {
      if (usual == null) {
        throw section.error(
            discriminator, "missing; it is one of " + String.join(", ", types.keySet()));
      }
      return types.get(usual);
    }
    Class<? extends T> type = types.get(name.text());
    if (type == null) {
      throw unknown(name, name.text());
    }
    return type;
  }

  private SpecException unknown(Value value, String name) {
    String known = String.join(", ", Names.nearestFirst(name, types.keySet()));
    return value.error(
        "unknown "
            + discriminator
            + Names.nearest(name, types.keySet())
                .map(nearest -> "; did you mean " + nearest + "? Known are " + known)
                .orElse("; known are " + known));
  }

  private T bind(
      Section section,
      Class<? extends T> type,
      Map<String, ?> given,
      List<String> ours,
      Binder binder) {
    return base.cast(binder.bind(section, type, given, aliases, ours));
  }

  @Override
  public Map<String, Object> write(T object, Binder binder) {
    Map<String, Map<String, Object>> outside = new LinkedHashMap<>();
    Object inside = object;
    List<String> keys = new ArrayList<>(wrappers.keySet());
    for (int i = keys.size() - 1; i >= 0; i--) {
      Wrapper<T> wrapper = wrappers.get(keys.get(i));
      if (wrapper.type.isInstance(inside)) {
        Map<String, Object> tree = binder.writeRecord(inside, wrapper.inner);
        inside = RecordShape.of(wrapper.type).get(inside, wrapper.inner);
        outside.put(keys.get(i), tree);
      }
    }
    Map<String, Object> tree = new LinkedHashMap<>();
    for (Map.Entry<String, Class<? extends T>> entry : types.entrySet()) {
      if (entry.getValue() == inside.getClass()) {
        tree.put(discriminator, entry.getKey());
        tree.putAll(binder.writeRecord(inside, null));
        List<String> fromInside = new ArrayList<>(outside.keySet());
        Collections.reverse(fromInside);
        fromInside.forEach(key -> tree.put(key, outside.get(key)));
        return tree;
      }
    }
    throw new IllegalArgumentException(
        inside
            + " has no name as "
            + discriminator
            + " of a job file; known are "
            + String.join(", ", types.keySet()));
  }
}
