package dev.schuss.job;

import java.util.List;
import java.util.Map;

/**
 * A job file of a comparison, all runs of which are valid as far as that is known without data.
 *
 * @param base the first run as it would be alone, in the comparison's own folder: what runs have in
 *     common
 * @param axes the keys that differ
 * @param runs in the order of the file, the seeds of one setting together
 * @param settings what they are ranked by
 */
record ComparisonJob(
    JobFile base, List<String> axes, List<Planned> runs, ComparisonBlock settings) {

  /**
   * One run.
   *
   * @param setting what it is called, the same for all seeds
   * @param values the label of its alternative by key
   * @param folder its own, in that of the comparison
   * @param job the training that it is
   */
  record Planned(String setting, Map<String, String> values, String folder, JobFile job) {
    long seed() {
      return job.train().seed();
    }

    /** The same run in another folder of the comparison's. */
    Planned in(String place) {
      if (place.equals(folder)) {
        return this;
      }
      return new Planned(
          setting,
          values,
          place,
          job.in(moved(job.output().dir(), place), moved(job.checkpoint().dir(), place)));
    }

    private String moved(String dir, String place) {
      return dir == null ? null : dir.substring(0, dir.length() - folder.length()) + place;
    }
  }

  /** The same comparison with its runs elsewhere. */
  ComparisonJob with(List<Planned> moved) {
    return new ComparisonJob(base, axes, List.copyOf(moved), settings);
  }

  /** How many settings there are, whatever the seeds. */
  int count() {
    return (int) runs.stream().map(Planned::setting).distinct().count();
  }
}
