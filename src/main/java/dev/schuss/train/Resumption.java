package dev.schuss.train;

import dev.schuss.checkpoint.CheckpointException;
import dev.schuss.checkpoint.CheckpointFolder;
import dev.schuss.math.Blas;
import dev.schuss.model.Build;
import dev.schuss.objective.Layout;
import dev.schuss.train.CheckpointSettings.Resume;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the next training of a {@link Trainer} goes on from; looked for once. */
final class Resumption {
  private static final Logger log = LoggerFactory.getLogger(Resumption.class);

  private final CheckpointSettings settings;
  private final SparkSession spark; // null without
  private CheckpointFolder.Found found;
  private boolean looked;
  private boolean unbroken;

  Resumption(CheckpointSettings settings, SparkSession spark) {
    this.settings = settings;
    this.spark = spark;
  }

  /** Copies of the training's whole state that are held in memory. */
  int copies(Settings training) {
    return settings.copies(training);
  }

  /** Whether the training is to be saved. */
  boolean saves() {
    return settings.dir() != null;
  }

  /** What was found is looked for anew by the next training. */
  void forget() {
    found = null;
    looked = false;
  }

  /** Partitions of the checkpoint's training rows; 0 where the training starts anew. */
  int partitions() {
    CheckpointFolder.Found checkpoint = found();
    boolean known =
        checkpoint != null
            && Checkpointing.identity(checkpoint).get(Identity.PARTITIONS) instanceof Long;
    return known
        ? Math.toIntExact((Long) Checkpointing.identity(checkpoint).get(Identity.PARTITIONS))
        : 0;
  }

  /** Nothing shall be said of a checkpoint that leaves nothing to train. */
  void unbroken() {
    unbroken = true;
  }

  /**
   * In what a training differs from that of the checkpoint; null if in nothing, or there is none.
   */
  String misfit(Map<String, Object> identity) {
    CheckpointFolder.Found checkpoint = found();
    return checkpoint == null
        ? null
        : Identity.difference(Checkpointing.identity(checkpoint), identity);
  }

  private CheckpointFolder.Found found() {
    if (!looked && saves() && settings.resume() != Resume.NEVER) {
      found = CheckpointFolder.at(settings.dir(), hadoop()).newest();
      if (found == null && settings.resume() == Resume.REQUIRE) {
        throw new CheckpointException(
            "checkpoint.resume = require: there is no checkpoint in %s; start anew with --set checkpoint.resume=auto"
                .formatted(settings.dir()));
      }
      if (found != null) {
        found.passedOver().forEach(line -> log.warn("{}; going on from {}", line, found.name()));
      }
    }
    looked = true;
    return found;
  }

  /** The checkpoints of a training, which is about to begin; the next one looks anew. */
  Checkpointing begin(Map<String, Object> identity, Layout layout) {
    CheckpointFolder.Found from = found();
    forget();
    Map<String, String> versions = new LinkedHashMap<>();
    versions.put("schuss", Build.version());
    versions.put("spark", spark == null ? "none" : spark.version());
    versions.put("blas", Blas.get().name());
    return new Checkpointing(
        settings,
        CheckpointFolder.at(settings.dir(), hadoop()),
        from,
        identity,
        layout,
        versions,
        unbroken);
  }

  private Configuration hadoop() {
    return spark == null ? new Configuration() : spark.sparkContext().hadoopConfiguration();
  }
}
