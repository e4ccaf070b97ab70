package dev.schuss.optim;

/** An update that was refused because a number in it was NaN or infinite; nothing was changed. */
public final class NonFiniteException extends ArithmeticException {
  private static final long serialVersionUID = 1;
  private final String what;

  /** What was not finite, in which update, counted from 1. */
  public NonFiniteException(long step, String what) {
    super("step " + step + ": " + what + " is NaN or infinite");
    this.what = what;
  }

  /** What was not finite: {@code the loss}, {@code the gradient of dense0.weight}. */
  public String what() {
    return what;
  }
}
