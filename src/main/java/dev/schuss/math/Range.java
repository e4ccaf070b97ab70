package dev.schuss.math;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The values that a numeric record component may take. The one place where a range stands: the
 * record's constructor checks it ({@link Ranges}), job files report it, and the documentation shows
 * it.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Range {
  /** Smallest allowed value. */
  double min() default Double.NEGATIVE_INFINITY;

  /** Every allowed value is greater than this one. */
  double above() default Double.NEGATIVE_INFINITY;

  /** Largest allowed value. */
  double max() default Double.POSITIVE_INFINITY;

  /** Every allowed value is smaller than this one. */
  double below() default Double.POSITIVE_INFINITY;
}
