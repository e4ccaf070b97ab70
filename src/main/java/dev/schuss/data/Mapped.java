package dev.schuss.data;

import java.util.Iterator;
import java.util.function.Function;

/** Another iterator's elements, each as what a function makes of it. */
record Mapped<T, R>(Iterator<T> from, Function<T, R> function) implements Iterator<R> {
  @Override
  public boolean hasNext() {
    return from.hasNext();
  }

  @Override
  public R next() {
    return function.apply(from.next());
  }
}
