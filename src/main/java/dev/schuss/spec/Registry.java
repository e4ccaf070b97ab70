package dev.schuss.spec;

import dev.schuss.math.EditDistance;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Named alternatives: the records that may stand where a type is wanted, told apart by a key such
 * as {@code rule} or {@code type}. An alternative that needs no other key may be written as its
 * name alone.
 *
 * @param <T> what the alternatives have in common
 */
public final class Registry<T> implements Codec<T> {
  private record Wrapper<T>(Class<? extends T> type, String inner, String shorthand) {}

  private record Shaper(String key, String component, Registry<?> registry, String given) {}

  private final Class<T> base;
  private final String discriminator;
  private final Map<String, Class<? extends T>> types = new LinkedHashMap<>();
  private final Map<String, Wrapper<T>> wrappers = new LinkedHashMap<>();
  private final Map<String, String> aliases = new LinkedHashMap<>();
  private final Map<String, String> otherNames = new LinkedHashMap<>();
  private String usual;
  private Shaper shaper;

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

  /** Gives an alternative another name. */
  Registry<T> alsoNamed(String other, String name) {
    otherNames.put(EditDistance.plain(other), name);
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
    return wrapper(key, type, inner, null);
  }

  /**
   * {@link #wrapper} that may be written as the value of one of its components alone.
   *
   * @param shorthand that component
   */
  public Registry<T> wrapper(String key, Class<? extends T> type, String inner, String shorthand) {
    wrappers.put(key, new Wrapper<>(type, inner, shorthand));
    return this;
  }

  /**
   * Lets a block of its own shape a component that otherwise is a number: {@code learningRate =
   * 0.1, schedule { kind = cosine }} is {@code learningRate { kind = cosine, base = 0.1 }}.
   *
   * @param key of the block
   * @param component what it shapes
   * @param registry reads the block
   * @param given the component of the block's record that takes the number
   */
  Registry<T> shaper(String key, String component, Registry<?> registry, String given) {
    shaper = new Shaper(key, component, registry, given);
    return this;
  }

  Class<T> base() {
    return base;
  }

  /** The names of the alternatives. */
  public List<String> names() {
    return List.copyOf(types.keySet());
  }

  /** The record of each alternative, for a list of what there is. */
  Map<String, Class<? extends T>> types() {
    return Collections.unmodifiableMap(types);
  }

  /** The record of each wrapper by its key, those that stand further inside first. */
  Map<String, Class<? extends T>> wrapperTypes() {
    Map<String, Class<? extends T>> all = new LinkedHashMap<>();
    wrappers.forEach((key, wrapper) -> all.put(key, wrapper.type));
    return all;
  }

  /** The component that another name stands for. */
  Map<String, String> aliases() {
    return Collections.unmodifiableMap(aliases);
  }

  @Override
  public T read(Value value, Binder binder) {
    return read(value, Map.of(), binder);
  }

  /** Reads a block that lacks some components, which are given. */
  private T read(Value value, Map<String, ?> given, Binder binder) {
    if (!value.isSection()) {
      String name = known(value, value.isText() ? value.text() : "");
      return bind(value.emptySection(), name, given, List.of(), binder);
    }
    Section section = value.section();
    String name = alternative(section);
    List<String> ours = new ArrayList<>(wrappers.keySet());
    ours.add(0, discriminator);
    Map<String, Object> all = new LinkedHashMap<>(given);
    if (shaper != null) {
      ours.add(shaper.key);
      shape(section, name, ours, all, binder);
    }
    T object = bind(section, name, all, ours, binder);
    for (Map.Entry<String, Wrapper<T>> entry : wrappers.entrySet()) {
      Value block = present(section, entry.getKey());
      if (block != null) {
        Wrapper<T> wrapper = entry.getValue();
        Section inside =
            wrapper.shorthand == null || block.isSection()
                ? block.section()
                : block.under(wrapper.shorthand);
        object =
            base.cast(
                binder.bind(
                    inside,
                    wrapper.type,
                    Map.of(wrapper.inner, object),
                    aliases,
                    List.of(),
                    entry.getKey()));
      }
    }
    return object;
  }

  /** Puts what a shaping block makes of a number among the given components. */
  private void shape(
      Section section, String name, List<String> ours, Map<String, Object> given, Binder binder) {
    Value block = present(section, shaper.key);
    if (block == null) {
      return;
    }
    List<String> names = new ArrayList<>(List.of(shaper.component));
    aliases.forEach(
        (alias, c) -> names.addAll(c.equals(shaper.component) ? List.of(alias) : List.of()));
    List<Value> written =
        names.stream().map(n -> present(section, n)).filter(Objects::nonNull).toList();
    if (written.size() > 1) {
      throw written.get(1).error("given twice, as " + written.get(0).path() + " too");
    }
    Object number =
        written.isEmpty() ? usualNumber(name, binder) : (Object) positive(written.get(0), name);
    ours.addAll(names);
    given.put(shaper.component, shaper.registry.read(block, Map.of(shaper.given, number), binder));
  }

  private double positive(Value value, String name) {
    if (value.isSection() || value.isList()) {
      throw value.error("must be a number where there is a block " + shaper.key);
    }
    if (!(value.real() >= 0)) {
      throw value.error("must be at least 0 for " + discriminator + " " + name);
    }
    return value.real();
  }

  private Object usualNumber(String name, Binder binder) {
    RecordShape shape = RecordShape.of(types.get(name));
    Object component = shape.get(shape.defaults(Map.of()), shaper.component);
    return binder.toTree(component);
  }

  private static Value present(Section section, String key) {
    return section.value(key).filter(v -> !v.isNull()).orElse(null);
  }

  private String alternative(Section section) {
    Value name = present(section, discriminator);
    if (name == null) {
      if (usual == null) {
        throw section.error(
            discriminator, "missing; it is one of " + String.join(", ", types.keySet()));
      }
      return usual;
    }
    return known(name, name.text());
  }

  /** The name as it is registered; case, dashes and underlines are not told apart. */
  private String known(Value value, String written) {
    String plain = EditDistance.plain(written);
    for (String name : types.keySet()) {
      if (EditDistance.plain(name).equals(plain)) {
        return name;
      }
    }
    String other = otherNames.get(plain);
    if (other == null) {
      throw unknown(value, written);
    }
    return other;
  }

  private SpecException unknown(Value value, String name) {
    String known = String.join(", ", EditDistance.nearestFirst(name, types.keySet()));
    return value.error(
        "unknown "
            + discriminator
            + EditDistance.nearest(name, types.keySet())
                .map(nearest -> "; did you mean " + nearest + "? Known are " + known)
                .orElse("; known are " + known));
  }

  private T bind(
      Section section, String name, Map<String, ?> given, List<String> ours, Binder binder) {
    Class<? extends T> type = types.get(name);
    String what = discriminator + " " + name;
    for (String component : given.keySet()) {
      if (!RecordShape.of(type).names().contains(component)) {
        throw section.error(what + " has no " + component);
      }
    }
    return base.cast(binder.bind(section, type, given, aliases, ours, what));
  }

  @Override
  public Map<String, Object> write(T object, Binder binder) {
    Map<String, Object> outside = new LinkedHashMap<>();
    Object inside = object;
    List<String> keys = new ArrayList<>(wrappers.keySet());
    for (int i = keys.size() - 1; i >= 0; i--) {
      Wrapper<T> wrapper = wrappers.get(keys.get(i));
      if (wrapper.type.isInstance(inside)) {
        Map<String, Object> tree = binder.writeRecord(inside, wrapper.inner);
        inside = RecordShape.of(wrapper.type).get(inside, wrapper.inner);
        boolean alone = tree.keySet().equals(Collections.singleton(wrapper.shorthand));
        outside.put(keys.get(i), alone ? tree.get(wrapper.shorthand) : tree);
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
