package org.apache.zeppelin.interpreter;

/** What our jar sees of Zeppelin's class of this name; ZeppelinIT has the real one. */
public final class InterpreterContext {
  private static final ThreadLocal<InterpreterContext> OF_THREAD = new ThreadLocal<>();

  /** Where the paragraph prints. */
  public InterpreterOutput out;

  /** The paragraph of the calling thread. */
  public static InterpreterContext get() {
    return OF_THREAD.get();
  }

  /** A new paragraph for the calling thread. */
  public static InterpreterOutput begin() {
    InterpreterContext context = new InterpreterContext();
    context.out = new InterpreterOutput();
    OF_THREAD.set(context);
    return context.out;
  }

  /** The calling thread belongs to no paragraph any more. */
  public static void end() {
    OF_THREAD.remove();
  }
}
