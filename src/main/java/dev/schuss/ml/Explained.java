package dev.schuss.ml;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;

/** Params in words. */
final class Explained {
  private Explained() {}

  /** As Spark explains a param, but with the elements of an array. */
  static String of(Params stage, Param<?> param) {
    List<String> values = new ArrayList<>();
    if (stage.hasDefault(param)) {
      values.add("default: " + shown(stage.getDefault(param).get()));
    }
    if (stage.isSet(param)) {
      values.add("current: " + shown(stage.getOrDefault(param)));
    }
    return "%s: %s (%s)"
        .formatted(
            param.name(), param.doc(), values.isEmpty() ? "undefined" : String.join(", ", values));
  }

  private static String shown(Object value) {
    if (value instanceof int[] numbers) {
      return Arrays.toString(numbers);
    }
    if (value instanceof double[] numbers) {
      return Arrays.toString(numbers);
    }
    return value instanceof Object[] texts ? Arrays.toString(texts) : String.valueOf(value);
  }
}
