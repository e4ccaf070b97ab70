package dev.schuss;

import org.apache.spark.sql.SparkSession;

/** The one local Spark that all tests of a JVM share. */
public final class TestSpark {
  private static SparkSession session;

  private TestSpark() {}

  /** Two threads, no UI, on loopback. */
  public static synchronized SparkSession session() {
    // An integration test that runs a whole verb in this JVM ends its Spark.
    if (session == null || session.sparkContext().isStopped()) {
      session =
          SparkSession.builder()
              .master("local[2]")
              .appName("schuss-tests")
              .config("spark.ui.enabled", false)
              .config("spark.sql.shuffle.partitions", 2)
              .config("spark.sql.warehouse.dir", "target/spark-warehouse")
              .config("spark.driver.bindAddress", "127.0.0.1")
              .config("spark.driver.host", "127.0.0.1")
              .getOrCreate();
    }
    return session;
  }
}
