package dev.schuss.train;

import dev.schuss.math.Range;
import dev.schuss.math.Ranges;
import dev.schuss.optim.Length;

/**
 * Whether and how a training is saved while it goes, so that it can go on after a failure as if
 * there had been none.
 *
 * @param dir folder of the checkpoints, here or on any file system of Hadoop; null for none
 * @param every how often the whole state is saved; it is also saved at the end, and where the
 *     training is cancelled or Spark fails
 * @param keep how many checkpoints remain; older ones are deleted when a new one was read back
 * @param resume whether to go on from the newest checkpoint in dir
 */
public record CheckpointSettings(
    String dir, Length every, @Range(min = 1) int keep, Resume resume) {
  /** None; in a job file that names a folder alone, one every epoch. */
  public static final CheckpointSettings DEFAULTS =
      new CheckpointSettings(null, Length.epochs(1), 2, Resume.AUTO);

  /** Whether to go on from a checkpoint. */
  public enum Resume {
    /** If there is one. */
    AUTO,
    /** Start anew, whatever is there. */
    NEVER,
    /** There must be one. */
    REQUIRE
  }

  public CheckpointSettings {
    Ranges.check(CheckpointSettings.class, dir, every, keep, resume);
    if (dir != null && dir.isBlank()) {
      throw new IllegalArgumentException(
          "dir is empty: name a folder such as out/digits/checkpoints, or leave it out");
    }
    if (!(every.count() > 0)) {
      throw new Ranges.OutOfRange("every", every, "positive");
    }
    if (dir == null && resume == Resume.REQUIRE) {
      throw new IllegalArgumentException(
          "resume = require needs dir: name the folder of the checkpoints");
    }
  }

  /** Copies of a training's whole state in memory: of what is written, of what a rollback needs. */
  int copies(Settings training) {
    return (dir == null ? 0 : 1) + (training.nonFinite() instanceof NonFinite.Rollback ? 1 : 0);
  }

  /** Checkpoints in this folder, one every epoch. */
  public static CheckpointSettings in(String dir) {
    return new CheckpointSettings(dir, DEFAULTS.every, DEFAULTS.keep, DEFAULTS.resume);
  }
}
