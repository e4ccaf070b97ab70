package dev.schuss.objective;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** How the flat parameter vector is divided: consecutive {@link Segment}s from index 0. */
public final class Layout implements Serializable {
  private static final long serialVersionUID = 1;

  private final List<Segment> segments;
  private final int size;

  private Layout(List<Segment> segments, int size) {
    this.segments = List.copyOf(segments);
    this.size = size;
  }

  /** A layout of one trainable segment named {@code weights}. */
  public static Layout flat(int size) {
    return new Builder().add("weights", true, size).build();
  }

  /** All segments, in the order of the flat vector. */
  public List<Segment> segments() {
    return segments;
  }

  /** Number of floats in the flat vector, buffers included. */
  public int size() {
    return size;
  }

  /** Number of trainable floats. */
  public int trainable() {
    return segments.stream().filter(Segment::trainable).mapToInt(Segment::length).sum();
  }

  /**
   * The segment of this name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public Segment segment(String name) {
    for (Segment segment : segments) {
      if (segment.name().equals(name)) {
        return segment;
      }
    }
    throw new IllegalArgumentException("no parameter segment " + name + " in " + segments);
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Layout other && segments.equals(other.segments);
  }

  @Override
  public int hashCode() {
    return segments.hashCode();
  }

  @Override
  public String toString() {
    return segments.toString();
  }

  /** Collects segments in order. */
  public static final class Builder {
    private final List<Segment> segments = new ArrayList<>();
    private int size;

    /**
     * Appends a segment and returns it.
     *
     * @throws IllegalArgumentException if the name is taken, or the vector would pass 2^31 floats
     */
    public Segment append(String name, boolean trainable, int... shape) {
      for (Segment segment : segments) {
        if (segment.name().equals(name)) {
          throw new IllegalArgumentException("two parameter segments are named " + name);
        }
      }
      Segment segment = new Segment(name, shape.clone(), size, trainable);
      try {
        size = Math.addExact(size, segment.length());
      } catch (ArithmeticException e) {
        throw new IllegalArgumentException(
            "the network has more than 2147483647 parameters at " + segment, e);
      }
      segments.add(segment);
      return segment;
    }

    /** {@link #append}, for chaining. */
    public Builder add(String name, boolean trainable, int... shape) {
      append(name, trainable, shape);
      return this;
    }

    /** The layout of what was appended. */
    public Layout build() {
      return new Layout(segments, size);
    }
  }
}
