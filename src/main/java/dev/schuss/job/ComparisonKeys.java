package dev.schuss.job;

import dev.schuss.spec.Section;
import java.util.List;

/**
 * What a job file has for {@code compare} beside the keys of a training.
 *
 * @param grid lists of alternatives by key, such as {@code train.batchSize = [64, 512]}: every
 *     combination is trained. A block among them replaces the job's
 * @param runs blocks of keys, each a run, in place of a grid; {@code name} is what it is called
 * @param seeds each run is trained once with each of them; by default with that of {@code
 *     train.seed} alone
 * @param compare what runs are ranked by, and what is set in all of them
 */
record ComparisonKeys(Section grid, List<Section> runs, List<Long> seeds, ComparisonBlock compare) {
  /** No comparison. */
  static final ComparisonKeys DEFAULTS =
      new ComparisonKeys(null, null, null, ComparisonBlock.DEFAULTS);

  /** The keys, to part them from those of a training. */
  static final String[] NAMES = {"grid", "runs", "seeds", "compare"};

  ComparisonKeys {
    if (grid != null && runs != null) {
      throw new IllegalArgumentException("give a grid or runs, not both");
    }
    if (seeds != null && seeds.isEmpty()) {
      throw new IllegalArgumentException("seeds = []: give at least one, or leave it out");
    }
    if (seeds != null && seeds.stream().distinct().count() < seeds.size()) {
      throw new IllegalArgumentException("seeds = " + seeds + ": one is there twice");
    }
  }
}
