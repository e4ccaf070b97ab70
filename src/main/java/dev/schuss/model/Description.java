package dev.schuss.model;

import dev.schuss.nn.Network;
import dev.schuss.objective.Task;
import java.util.List;

/** model.json: its keys are the components' names. */
record Description(
    String format,
    Network network,
    Columns preprocessing,
    WeightsFile weights,
    FittedModel.Provenance provenance) {
  /** What this version writes, and the only one it reads. */
  static final String FORMAT = "schuss-model/1";

  /** The file of the weights as model.json knows it; a null checksum is not checked. */
  record WeightsFile(String file, String crc32c) {
    static WeightsFile defaults(String file) {
      return new WeightsFile(file, null);
    }
  }

  /** {@link Preprocessing} as model.json has it. */
  record Columns(
      Task task,
      List<String> features,
      int width,
      List<String> labels,
      double[] classes,
      float[] shift,
      float[] divisor) {
    static Columns defaults(Task task, List<String> features, int width, List<String> labels) {
      return new Columns(task, features, width, labels, null, null, null);
    }

    static Columns of(Preprocessing p) {
      return new Columns(
          p.task(), p.features(), p.width(), p.labels(), p.classes(), p.shift(), p.divisor());
    }

    Preprocessing preprocessing() {
      return new Preprocessing(task, features, width, labels, classes, shift, divisor);
    }
  }
}
