package dev.schuss.bench;

import org.apache.spark.sql.SparkSession;

/** Spark as scripts/bench runs it; its settings come as system properties, from conf/. */
final class Session {
  private Session() {}

  static SparkSession start(String master) {
    return SparkSession.builder()
        // As the verbs set it: SparkSettings tells why.
        .config("spark.broadcast.blockSize", master.startsWith("local[") ? "128k" : "4m")
        .master(master)
        .appName("schuss-bench")
        .config("spark.ui.enabled", Boolean.getBoolean("spark.ui.enabled"))
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.executor.memory", "1g")
        .config("spark.executor.extraClassPath", System.getProperty("java.class.path"))
        .config("spark.scheduler.minRegisteredResourcesRatio", 1.0)
        .config("spark.scheduler.maxRegisteredResourcesWaitingTime", "180s")
        .config("spark.sql.shuffle.partitions", 2)
        .getOrCreate();
  }
}
