package dev.schuss.bench;

import java.util.Locale;
import org.apache.spark.ml.classification.MultilayerPerceptronClassificationModel;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The same by spark.ml's MultilayerPerceptronClassifier: sigmoid units, L-BFGS, full batches. */
final class Mllib {
  private Mllib() {}

  /** Seconds from the files to the trained model, and then its test accuracy. */
  static String train(SparkSession spark, String folder, int iterations) {
    long start = System.nanoTime();
    Dataset<Row> train = vectors(spark, Fashion.rows(spark, folder, "train")).persist();
    MultilayerPerceptronClassificationModel model =
        new MultilayerPerceptronClassifier()
            .setLayers(new int[] {784, 256, 128, 10})
            .setMaxIter(iterations)
            .setSeed(1)
            .fit(train);
    double seconds = (System.nanoTime() - start) / 1e9;
    double accuracy =
        new MulticlassClassificationEvaluator()
            .setMetricName("accuracy")
            .evaluate(model.transform(vectors(spark, Fashion.rows(spark, folder, "t10k"))));
    train.unpersist();
    return String.format(Locale.ROOT, "%.2f:%.4f", seconds, accuracy);
  }

  static Dataset<Row> vectors(SparkSession spark, Dataset<Row> images) {
    return spark.createDataFrame(
        images
            .toJavaRDD()
            .map(
                row -> {
                  byte[] image = row.getAs(0);
                  double[] pixels = new double[image.length];
                  for (int i = 0; i < pixels.length; i++) {
                    pixels[i] = (image[i] & 0xff) / 255.0;
                  }
                  return RowFactory.create(Vectors.dense(pixels), (double) row.getInt(1));
                }),
        new StructType()
            .add("features", SQLDataTypes.VectorType(), false)
            .add("label", DataTypes.DoubleType, false));
  }
}
