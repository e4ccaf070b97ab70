package dev.schuss.spec;

import dev.schuss.math.Ranges;
import java.lang.reflect.Array;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns blocks of a job file into records and back.
 *
 * <p>The keys of a block are exactly the record's component names; any other is an error. What a
 * block does not name is taken from the record's own defaults, which stand in one place: either a
 * constant {@code DEFAULTS} of the record's type, or a static method {@code defaults(...)} that
 * returns such a record from the components that have no default, its parameters being named like
 * them. Of a record with neither, every key is required. A nested block starts from the defaults of
 * its own record; where it is absent, the component's default holds.
 *
 * <p>A component may be an int, long, double, boolean, String, enum (lower-case names with dashes),
 * Duration, record, List, Map from String, int[], float[] or double[], or of a type that a {@link
 * Codec} was given for. Null is allowed where it is the default.
 */
public final class Binder {
  private final Map<Class<?>, Codec<?>> codecs;

  private Binder(Map<Class<?>, Codec<?>> codecs) {
    this.codecs = codecs;
  }

  /** A binder of plain records. */
  public static Binder plain() {
    return new Binder(Map.of());
  }

  /** This binder with a codec for one more type, or another one for the same. */
  public <T> Binder with(Class<T> type, Codec<T> codec) {
    Map<Class<?>, Codec<?>> all = new LinkedHashMap<>(codecs);
    all.put(type, codec);
    return new Binder(Collections.unmodifiableMap(all));
  }

  /** This binder with a registry for its type. */
  public <T> Binder with(Registry<T> registry) {
    return with(registry.base(), registry);
  }

  /**
   * The record that a block describes.
   *
   * @throws SpecException on the first mistake, in one line with file, line and key
   */
  public <T extends Record> T bind(Section section, Class<T> type) {
    return type.cast(bind(section, type, Map.of(), Map.of(), List.of(), ""));
  }

  /**
   * The object that a block describes, of a type that a codec was given for, or a record.
   *
   * @throws SpecException on the first mistake
   */
  public <T> T read(Value value, Class<T> type) {
    return type.cast(read(value, (Type) type));
  }

  /**
   * Maps (in the order of the components), lists, texts, numbers and booleans from which {@link
   * #fromTree} makes an equal object. An object whose type has a codec is written by it, one of
   * several such types by that of the narrowest.
   *
   * @throws IllegalArgumentException if a codec has no name for an object
   */
  public Object toTree(Object object) {
    Class<?> narrowest = null;
    for (Class<?> type : codecs.keySet()) {
      if (type.isInstance(object) && (narrowest == null || narrowest.isAssignableFrom(type))) {
        narrowest = type;
      }
    }
    return write(object, narrowest == null ? object.getClass() : narrowest);
  }

  /**
   * The opposite of {@link #bind}: the record's components, even where its type has a codec. For
   * codecs, which would call themselves by {@link #toTree}.
   */
  public Map<String, Object> unbind(Record record) {
    return writeRecord(record, null);
  }

  /**
   * What {@link #toTree} wrote.
   *
   * @param name what errors call the document
   * @throws SpecException if the tree is not of this type
   */
  public <T> T fromTree(Map<String, ?> tree, Class<T> type, String name) {
    return read(Section.ofTree(tree, name).asValue(), type);
  }

  /**
   * Binds a record some components of which are given, and so are no keys.
   *
   * @param aliases other names of components; those that the record lacks are passed over
   * @param others keys of the block that the caller reads itself
   * @param what which alternative it is, for messages: {@code rule adam}; may be empty
   */
  Object bind(
      Section section,
      Class<?> type,
      Map<String, ?> given,
      Map<String, String> aliases,
      List<String> others,
      String what) {
    RecordShape shape = RecordShape.of(type);
    List<String> names = new ArrayList<>(shape.names());
    names.removeAll(given.keySet());
    Map<String, String> known = new LinkedHashMap<>();
    aliases.forEach(
        (alias, name) -> {
          if (names.contains(name) && !names.contains(alias)) {
            known.put(alias, name);
          }
        });
    List<String> keys = new ArrayList<>(others);
    keys.addAll(names);
    section.allowOnly(keys, List.copyOf(known.keySet()), what.isEmpty() ? "" : " of " + what);
    String suffix = what.isEmpty() ? "" : " for " + what;

    Map<String, Value> written =
        written(section.without(others.toArray(String[]::new)), names, known);
    Map<String, Object> values = new HashMap<>(given);
    for (RecordComponent component : shape.components()) {
      Value value = written.get(component.getName());
      if (value != null && !value.isNull()) {
        values.put(component.getName(), read(value, component.getGenericType(), suffix));
      }
    }
    for (String name : shape.required()) {
      if (!values.containsKey(name)) {
        if (written.containsKey(name)) {
          throw written.get(name).error("must be given");
        }
        throw section.error(name, "missing; it has no default");
      }
    }
    try {
      Object defaults = shape.defaults(values);
      List<Object> arguments = new ArrayList<>();
      for (RecordComponent component : shape.components()) {
        String name = component.getName();
        Object fallback =
            values.containsKey(name) || defaults == null ? null : shape.get(defaults, component);
        if (!values.containsKey(name) && written.containsKey(name) && fallback != null) {
          throw written
              .get(name)
              .error("must not be null; leave it out for " + write(fallback, component));
        }
        arguments.add(values.getOrDefault(name, fallback));
      }
      return shape.create(arguments.toArray());
    } catch (Ranges.OutOfRange e) {
      Value value = written.get(e.component());
      throw value != null
          ? value.error(e.requirement() + suffix)
          : section.error(e.component(), e.getMessage());
    } catch (IllegalArgumentException e) {
      throw section.error(e.getMessage());
    }
  }

  /** A scalar's error says whose it is; a block's, which has keys of its own, need not. */
  private Object read(Value value, Type type, String suffix) {
    try {
      return read(value, type);
    } catch (SpecException e) {
      boolean block = value.isSection() || value.isList();
      throw block ? e : new SpecException(e.getMessage() + suffix, e);
    }
  }

  private Object write(Object fallback, RecordComponent component) {
    return write(fallback, component.getGenericType());
  }

  /** The values of a block by component name; one that the command line unsets is left out. */
  private static Map<String, Value> written(
      Section section, List<String> names, Map<String, String> aliases) {
    Map<String, Value> written = new HashMap<>();
    Map<String, String> keyOf = new HashMap<>();
    for (String key : section.keys()) {
      String name = names.contains(key) ? key : aliases.get(key);
      Value value = section.value(key).orElseThrow();
      if (!value.isUnset()) {
        String other = keyOf.put(name, key);
        if (other != null) {
          throw section.error(
              key, "given twice, as " + other + " too (" + written.get(name).place() + ")");
        }
        written.put(name, value);
      }
    }
    return written;
  }

  Object read(Value value, Type type) {
    Class<?> raw = raw(type);
    Codec<?> codec = codecs.get(raw);
    if (codec != null) {
      return codec.read(value, this);
    }
    if (raw == String.class) {
      return value.text();
    }
    if (raw == int.class || raw == Integer.class) {
      return (int) value.integer(Integer.MIN_VALUE, Integer.MAX_VALUE);
    }
    if (raw == long.class || raw == Long.class) {
      return value.integer(Long.MIN_VALUE, Long.MAX_VALUE);
    }
    if (raw == double.class || raw == Double.class) {
      return value.real();
    }
    if (raw == float.class || raw == Float.class) {
      return value.single();
    }
    if (raw == boolean.class || raw == Boolean.class) {
      return value.bool();
    }
    if (raw == Duration.class) {
      return value.duration();
    }
    if (raw.isEnum()) {
      return value.constant(raw);
    }
    if (raw.isArray()) {
      List<?> elements = readList(value, raw.getComponentType());
      Object array = Array.newInstance(raw.getComponentType(), elements.size());
      for (int i = 0; i < elements.size(); i++) {
        Array.set(array, i, elements.get(i));
      }
      return array;
    }
    if (raw == List.class) {
      return readList(value, argument(type, 0));
    }
    if (raw == Map.class) {
      Section section = value.section();
      Map<String, Object> map = new LinkedHashMap<>();
      for (String key : section.keys()) {
        map.put(key, read(section.value(key).orElseThrow(), argument(type, 1)));
      }
      return Collections.unmodifiableMap(map);
    }
    return bind(value.section(), raw, Map.of(), Map.of(), List.of(), "");
  }

  /** A single scalar stands for a list of one; a single block does not. */
  private List<Object> readList(Value value, Type element) {
    if (value.isSection()) {
      throw value.error("must be a list [ ... ]");
    }
    return value.elements().stream().map(v -> read(v, element)).toList();
  }

  /** The tree of an object that a component of this type holds. */
  Object write(Object object, Type type) {
    if (object == null) {
      return null;
    }
    Class<?> raw = raw(type);
    Codec<?> codec = codecs.get(raw);
    if (codec != null) {
      return writeBy(codec, object);
    }
    if (object instanceof Enum<?> constant) {
      return Names.kebab(constant);
    }
    if (object instanceof Duration duration) {
      return duration.toNanos() % 1_000_000 == 0
          ? duration.toMillis() + " ms"
          : duration.toNanos() + " ns";
    }
    if (raw.isArray()) {
      List<Object> list = new ArrayList<>();
      for (int i = 0; i < Array.getLength(object); i++) {
        list.add(write(Array.get(object, i), raw.getComponentType()));
      }
      return list;
    }
    if (object instanceof List<?> elements) {
      List<Object> list = new ArrayList<>();
      elements.forEach(e -> list.add(write(e, argument(type, 0))));
      return list;
    }
    if (object instanceof Map<?, ?> entries) {
      Map<String, Object> map = new LinkedHashMap<>();
      entries.forEach((k, v) -> map.put(String.valueOf(k), write(v, argument(type, 1))));
      return map;
    }
    return object instanceof Record record ? writeRecord(record, null) : object;
  }

  @SuppressWarnings("unchecked")
  private <T> Object writeBy(Codec<T> codec, Object object) {
    return codec.write((T) object, this);
  }

  /** The components of a record but for one, which may be null. */
  Map<String, Object> writeRecord(Object record, String leftOut) {
    RecordShape shape = RecordShape.of(record.getClass());
    Map<String, Object> tree = new LinkedHashMap<>();
    for (RecordComponent component : shape.components()) {
      if (!component.getName().equals(leftOut)) {
        tree.put(
            component.getName(), write(shape.get(record, component), component.getGenericType()));
      }
    }
    return tree;
  }

  private static Class<?> raw(Type type) {
    if (type instanceof Class<?> c) {
      return c;
    }
    if (type instanceof ParameterizedType p) {
      return raw(p.getRawType());
    }
    throw new IllegalStateException("a component of type " + type + " cannot stand in a file");
  }

  private static Type argument(Type type, int index) {
    if (type instanceof ParameterizedType p) {
      return p.getActualTypeArguments()[index];
    }
    throw new IllegalStateException(type + " does not say what it holds");
  }
}
