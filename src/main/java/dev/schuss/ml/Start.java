package dev.schuss.ml;

import dev.schuss.model.FittedModel;
import dev.schuss.model.Preprocessing;
import dev.schuss.model.WarmStart;
import dev.schuss.nn.Network;
import dev.schuss.spec.ModelBlock;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The model whose weights a training starts from.
 *
 * @param key what named it: a param, or a key of a block
 * @param dir what it was named, for messages
 */
record Start(FittedModel model, String key, String dir) {
  private static final String PARAM = "initialModel";
  private static final String KEY = "model.from";

  /** Rows whose length is looked at where training rows do not fit. */
  private static final int LOOKED_AT = 20;

  /**
   * Finds the model.
   *
   * @param warm one in memory; null for none
   * @return null if there is none to start from
   * @throws IllegalArgumentException if weights are named twice, or the folder holds no model
   */
  static Start of(
      NeuralNetworkParams params, ModelBlock block, FittedModel warm, Configuration hadoop) {
    boolean weights = params.isSet(params.initialWeights());
    boolean named = params.isSet(params.initialModel());
    Fragments.refuseBoth(weights && named, "initialWeights", PARAM);
    Fragments.refuseBoth(named && block.from() != null, PARAM, KEY);
    Fragments.refuseBoth(weights && block.from() != null, "initialWeights", KEY);
    String key = named ? PARAM : KEY;
    String dir = named ? params.getInitialModel() : block.from();
    if (warm != null) {
      String given = "the model of setInitialModel(model)";
      Fragments.refuseBoth(weights, "initialWeights", given);
      Fragments.refuseBoth(dir != null, key, given);
      return new Start(warm, PARAM, "model");
    }
    return dir == null ? null : new Start(ModelFiles.find(key, dir, hadoop), key, dir);
  }

  /** What is done to columns before the network. */
  Preprocessing preprocessing() {
    return model.preprocessing();
  }

  /**
   * The weights to start from.
   *
   * @param columns the preprocessing of the training rows
   * @throws dev.schuss.model.ModelException if the network is another
   * @throws IllegalArgumentException if the model scales its inputs in a way that is not kept
   */
  WarmStart weights(Network network, Preprocessing columns, String features, long seed) {
    WarmStart start = WarmStart.of(network, columns, model, key, dir, seed);
    if (preprocessing().scales() && !WarmStart.keepsScaling(columns, preprocessing())) {
      throw new IllegalArgumentException(
          "%s = %s: it scales its inputs, which column %s cannot keep, as they are %s there: start from a model of vectors, or of columns of numbers"
              .formatted(key, dir, features, String.join(", ", preprocessing().features())));
    }
    return start;
  }

  /**
   * Refuses rows of another length than the model's, which were found to be bad: rather the model
   * is the wrong one than the first rows all are.
   *
   * @throws IllegalArgumentException with both lengths
   */
  void checkLength(Dataset<Row> rows, String features) {
    Column vector = rows.col("`" + features.replace("`", "``") + "`");
    List<Integer> lengths =
        rows.filter(vector.isNotNull()).select(vector).limit(LOOKED_AT).collectAsList().stream()
            .map(row -> ((Vector) row.get(0)).size())
            .distinct()
            .toList();
    int taken = preprocessing().width();
    if (lengths.size() == 1 && lengths.get(0) != taken) {
      throw new IllegalArgumentException(
          "%s = %s: it takes %,d inputs, but there are %,d numbers in column %s: start from a model of as many"
              .formatted(key, dir, taken, lengths.get(0), features));
    }
  }
}
