package dev.schuss.spec;

import dev.schuss.math.Ranges;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** What reflection knows about a record: its components, its constructor and its defaults. */
final class RecordShape {
  private static final ClassValue<RecordShape> SHAPES =
      new ClassValue<>() {
        @Override
        protected RecordShape computeValue(Class<?> type) {
          return new RecordShape(type);
        }
      };

  private final Class<?> type;
  private final RecordComponent[] components;
  private final Constructor<?> constructor;
  private final Field constant;
  private final Method factory;

  private RecordShape(Class<?> type) {
    this.type = type;
    this.components = type.getRecordComponents();
    if (components == null) {
      throw new IllegalStateException(type.getName() + " is not a record and has no codec");
    }
    try {
      this.constructor =
          type.getDeclaredConstructor(
              Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(e);
    }
    constructor.setAccessible(true);
    this.constant =
        Arrays.stream(type.getDeclaredFields())
            .filter(f -> f.getName().equals("DEFAULTS") && f.getType() == type)
            .findFirst()
            .orElse(null);
    this.factory =
        Arrays.stream(type.getDeclaredMethods())
            .filter(m -> m.getName().equals("defaults") && Modifier.isStatic(m.getModifiers()))
            .filter(m -> m.getReturnType() == type)
            .findFirst()
            .orElse(null);
    if (constant != null && factory != null) {
      throw new IllegalStateException(type.getName() + " has both DEFAULTS and defaults(...)");
    }
    if (constant != null) {
      constant.setAccessible(true);
    }
    if (factory != null) {
      factory.setAccessible(true);
      for (Parameter parameter : factory.getParameters()) {
        component(parameter.getName());
      }
    }
  }

  static RecordShape of(Class<?> type) {
    return SHAPES.get(type);
  }

  RecordComponent[] components() {
    return components;
  }

  List<String> names() {
    return Arrays.stream(components).map(RecordComponent::getName).toList();
  }

  private RecordComponent component(String name) {
    for (RecordComponent component : components) {
      if (component.getName().equals(name)) {
        return component;
      }
    }
    throw new IllegalStateException(type.getName() + " has no component " + name);
  }

  /** The components without a default: all of them where the record states no defaults. */
  List<String> required() {
    if (constant != null) {
      return List.of();
    }
    return factory == null
        ? names()
        : Arrays.stream(factory.getParameters()).map(Parameter::getName).toList();
  }

  /** The object that holds the defaults, or null if every component is required. */
  Object defaults(Map<String, Object> given) throws Ranges.OutOfRange {
    try {
      if (constant != null) {
        return constant.get(null);
      }
      if (factory == null) {
        return null;
      }
      List<Object> arguments = new ArrayList<>();
      for (Parameter parameter : factory.getParameters()) {
        arguments.add(given.get(parameter.getName()));
      }
      return factory.invoke(null, arguments.toArray());
    } catch (InvocationTargetException e) {
      throw rethrow(e);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  Object get(Object record, String name) {
    return get(record, component(name));
  }

  Object get(Object record, RecordComponent component) {
    try {
      Method accessor = component.getAccessor();
      accessor.setAccessible(true);
      return accessor.invoke(record);
    } catch (InvocationTargetException e) {
      throw rethrow(e);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  Object create(Object[] values) {
    try {
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      throw rethrow(e);
    } catch (InstantiationException | IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  private static RuntimeException rethrow(InvocationTargetException e) {
    if (e.getCause() instanceof RuntimeException cause) {
      return cause;
    }
    if (e.getCause() instanceof Error cause) {
      throw cause;
    }
    return new IllegalStateException(e.getCause());
  }
}
