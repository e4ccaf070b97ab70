package dev.schuss.job;

import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import scala.Tuple2;

/**
 * Settings of Spark that make rounds faster and that nobody need know: set where the user's own
 * settings do not name them. What they gain stands in {@code conf/spark-defaults.conf}.
 */
final class SparkSettings {
  /** What Spark itself looks for before it takes Hive. */
  private static final List<String> HIVE =
      List.of(
          "org.apache.spark.sql.hive.HiveSessionStateBuilder",
          "org.apache.hadoop.hive.conf.HiveConf");

  private SparkSettings() {}

  /** Whether this driver runs on a cluster (deploy mode {@code cluster}), away from who sent it. */
  static boolean driverIsAway() {
    return "cluster".equals(System.getProperty("spark.submit.deployMode"));
  }

  /** Fills in what is missing. */
  static void fill(SparkConf conf) {
    boolean local = conf.get("spark.master").matches("local(\\[.*])?");
    conf.setIfMissing("spark.broadcast.compress", "false");
    conf.setIfMissing("spark.task.maxDirectResultSize", "32m");
    // A method of more byte code than this is never compiled by HotSpot. Spark then had better take
    // its other path, of many small methods: rows of 64 columns are scored several times faster.
    conf.setIfMissing("spark.sql.codegen.hugeMethodLimit", "8000");
    if (local) {
      // Every job broadcasts its task, in a buffer of this size. Elsewhere weights are broadcast,
      // too, in pieces that are fetched one after the other: Spark's 4m is faster than less.
      conf.setIfMissing("spark.broadcast.blockSize", "128k");
    }
  }

  /** Hadoop's settings as Spark will have them, before it starts. */
  static Configuration hadoop() {
    Configuration hadoop = new Configuration();
    for (Tuple2<String, String> setting : new SparkConf().getAllWithPrefix("spark.hadoop.")) {
      hadoop.set(setting._1(), setting._2());
    }
    return hadoop;
  }

  /**
   * Asks for Hive's catalog where its classes are there and the user's settings name none; a
   * session without tables starts sooner, and without a metastore in the working directory, if it
   * does not.
   */
  static void hive(SparkConf conf, ClassLoader classes) {
    if (HIVE.stream().allMatch(name -> isThere(name, classes))) {
      conf.setIfMissing("spark.sql.catalogImplementation", "hive");
    }
  }

  private static boolean isThere(String name, ClassLoader classes) {
    try {
      Class.forName(name, false, classes);
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }
}
