package dev.schuss.math;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.Predicate;

/**
 * Defines some classes of its parent anew, so that they get a static state and native libraries of
 * their own; all other classes and all resources are the parent's.
 */
final class IsolatedLoader extends ClassLoader {
  private final Predicate<String> own;

  IsolatedLoader(ClassLoader parent, Predicate<String> own) {
    super("schuss-blas", parent);
    this.own = own;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!own.test(name)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> type = findLoadedClass(name);
      return type == null ? define(name) : type;
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      byte[] code = in.readAllBytes();
      return defineClass(name, code, 0, code.length);
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }
}
