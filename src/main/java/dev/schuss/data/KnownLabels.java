package dev.schuss.data;

import dev.schuss.model.BadValue;
import dev.schuss.model.ClassLabels;
import dev.schuss.model.Numbers;
import java.util.HashMap;
import java.util.Map;

/**
 * The labels that rows may have once the classes are known. A class that is a number and has a name
 * is called by either, but by its name alone where names are the numbers of other classes: {@link
 * ClassLabels#namesAlone}.
 */
final class KnownLabels {
  private static final int SEVERAL = -1;

  private final ClassLabels classes;
  private final double[] codes; // by class: what raw blocks hold of it
  private final Map<Double, Integer> byLabel = new HashMap<>();

  KnownLabels(ClassLabels classes) {
    this.classes = classes;
    this.codes = LabelCode.each(classes);
    boolean numbers = !classes.isNamed() || !classes.namesAlone();
    for (int i = 0; i < codes.length; i++) {
      if (numbers) {
        add(codes[i], i);
      }
      if (classes.isNamed()) {
        add(LabelCode.of(classes.name(i).trim()), i);
      }
    }
  }

  private void add(double label, int index) {
    byLabel.merge(label, index, (was, is) -> was.equals(is) ? is : (Integer) SEVERAL);
  }

  /** Whether a class is called so: NaN is a label where it is the name of one, and else none. */
  boolean names(double label) {
    return byLabel.containsKey(label);
  }

  /**
   * The code of the class that a row names.
   *
   * @param label the code of what it says
   * @param cell what it says
   * @throws BadValue if that is no class, or the name of several
   */
  double label(double label, Object cell, String column) throws BadValue {
    Integer index = byLabel.get(label);
    if (index == null || index == SEVERAL) {
      throw new BadValue(
          column,
          "%s is %s of the training data (%s)"
              .formatted(
                  LabelCode.isText(label)
                      ? BadValue.quoted(String.valueOf(cell).trim())
                      : Numbers.plain(label),
                  index == null ? "not one of the classes" : "the name of several classes",
                  classes.listLabels()),
          "");
    }
    return codes[index];
  }
}
