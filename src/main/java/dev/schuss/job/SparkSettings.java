package dev.schuss.job;

import org.apache.spark.SparkConf;

/**
 * Settings of Spark that make rounds faster and that nobody need know: set where the user's own
 * settings do not name them. What they gain stands in {@code conf/spark-defaults.conf}.
 */
final class SparkSettings {
  private SparkSettings() {}

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
}
