package dev.schuss.optim;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.UnaryOperator;

/** What is the same for every rule, and so is not written into each. */
final class Records {
  private Records() {}

  /** A rule with all its schedules, and those of the rules inside it, resolved. */
  static Object resolve(Object rule, RunLength run) {
    return rule instanceof Record record
        ? copy(
            record,
            component -> {
              if (component instanceof Schedule schedule) {
                return schedule.resolve(run);
              }
              return component instanceof Optimizer inner ? inner.resolve(run) : component;
            })
        : rule;
  }

  /** What the schedules of a rule, and those inside of it and of them, doubt. */
  static void doubts(Object part, RunLength run, List<String> into) {
    if (part instanceof Schedule schedule && schedule.doubt(run) != null) {
      into.add(schedule.doubt(run));
    }
    if (part instanceof Record record) {
      for (RecordComponent c : record.getClass().getRecordComponents()) {
        Object value = get(record, c);
        if (value instanceof Schedule || value instanceof Optimizer) {
          doubts(value, run, into);
        }
      }
    }
  }

  /** Which rule it is, without its numbers: {@code Lookahead(Adam(EPS_OUTSIDE), KEEP)}. */
  static String kind(Object rule) {
    StringJoiner parts = new StringJoiner(", ", "(", ")").setEmptyValue("");
    if (rule instanceof Record record) {
      for (RecordComponent c : record.getClass().getRecordComponents()) {
        Object value = get(record, c);
        if (value instanceof Optimizer inner) {
          parts.add(kind(inner));
        } else if (value instanceof Enum<?> variant) {
          parts.add(variant.name());
        }
      }
    }
    return rule.getClass().getSimpleName() + parts;
  }

  /** Whether the rule inside has a weight decay; one that is no record may. */
  static boolean decays(Optimizer rule) {
    if (rule instanceof Wrapper wrapper) {
      return decays(wrapper.inner());
    }
    RecordComponent[] components = rule.getClass().getRecordComponents();
    return components == null
        || Arrays.stream(components).anyMatch(c -> c.getName().equals("weightDecay"));
  }

  private static Object copy(Record record, UnaryOperator<Object> change) {
    RecordComponent[] components = record.getClass().getRecordComponents();
    Object[] values = new Object[components.length];
    boolean same = true;
    for (int i = 0; i < values.length; i++) {
      Object value = get(record, components[i]);
      values[i] = change.apply(value);
      same &= values[i] == value;
    }
    if (same) {
      return record;
    }
    try {
      Constructor<?> constructor =
          record
              .getClass()
              .getDeclaredConstructor(
                  Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      throw rethrown(e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Object get(Record record, RecordComponent component) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(record);
    } catch (InvocationTargetException e) {
      throw rethrown(e);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  private static RuntimeException rethrown(InvocationTargetException e) {
    return e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
  }
}
