package dev.schuss.job;

import dev.schuss.job.ComparisonJob.Planned;
import dev.schuss.model.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds the folders of a comparison's runs again by the jobs in them. What a run is called depends
 * on the other runs, since it is called by what tells it from them; so one that was made before may
 * lie under another name than it would get now. A folder that holds other settings is left alone:
 * who changes an alternative, and then changes it back, finds what has ended.
 */
final class RunFolders {
  private final OutputFolder folder;
  private final Map<Map<String, Object>, List<String>> known = new HashMap<>(); // by job
  private final Map<String, Set<Map<String, Object>>> settings = new HashMap<>(); // by folder
  private final Set<String> taken = new HashSet<>();
  private final List<String> elsewhere = new ArrayList<>(); // runs that others' folders shut out

  private RunFolders(OutputFolder folder) {
    this.folder = folder;
  }

  /**
   * Where runs lie.
   *
   * @param job the same comparison, each run of it where it lies, or where it may lie
   * @param told one line on folders that hold other settings; null for none
   */
  record Found(ComparisonJob job, String told) {}

  /** Looks for the runs of a comparison in its folder. */
  static Found found(ComparisonJob job, OutputFolder folder) {
    RunFolders folders = new RunFolders(folder);
    folders.look();
    ComparisonJob placed = job.with(folders.places(job.runs()));
    return new Found(placed, folders.told());
  }

  private String told() {
    return elsewhere.isEmpty()
        ? null
        : "made in folders of other names: %d, such as %s; those of their names hold runs of other settings, which stay"
            .formatted(elsewhere.size(), elsewhere.get(0));
  }

  private void look() {
    for (String setting : folder.folders(ComparisonReader.RUNS)) {
      String runs = ComparisonReader.RUNS + "/" + setting;
      for (String seed : folder.folders(runs)) {
        Map<String, Object> job = FinishedRun.job(folder, runs + "/" + seed);
        if (job != null) {
          known.computeIfAbsent(job, j -> new ArrayList<>()).add(runs + "/" + seed);
          settings.computeIfAbsent(runs, r -> new HashSet<>()).add(withoutSeed(job));
        }
      }
    }
  }

  private List<Planned> places(List<Planned> runs) {
    Map<Planned, String> places = new LinkedHashMap<>();
    for (Planned run : runs) {
      places.put(run, lies(run));
    }
    List<Planned> placed = new ArrayList<>();
    places.forEach((run, place) -> placed.add(run.in(place == null ? free(run) : place)));
    return placed;
  }

  /** Where a run of just this job lies; null for nowhere. One that has ended goes first. */
  private String lies(Planned run) {
    String best = null;
    for (String place : known.getOrDefault(FinishedRun.job(run), List.of())) {
      if (!taken.contains(place) && (best == null || rank(place, run) > rank(best, run))) {
        best = place;
      }
    }
    if (best != null) {
      taken.add(best);
    }
    return best;
  }

  private int rank(String place, Planned run) {
    boolean ended = ResultJson.hasEnded(folder.read(place + "/" + OutputFolder.RESULT));
    return (ended ? 2 : 0) + (place.equals(run.folder()) ? 1 : 0);
  }

  /** A folder of the run's own name, or one like it where other settings lie there. */
  private String free(Planned run) {
    int end = run.folder().lastIndexOf('/');
    String name = run.folder().substring(0, end);
    Map<String, Object> setting = withoutSeed(FinishedRun.job(run));
    String runs = name;
    for (int n = 2; !isFree(runs, run.folder().substring(end), setting); n++) {
      runs = name + "-" + n;
    }
    settings.computeIfAbsent(runs, r -> new HashSet<>()).add(setting);
    String place = runs + run.folder().substring(end);
    if (!runs.equals(name)) {
      elsewhere.add(place);
    }
    taken.add(place);
    return place;
  }

  private boolean isFree(String runs, String seed, Map<String, Object> setting) {
    return Set.of(setting).containsAll(settings.getOrDefault(runs, Set.of()))
        && !taken.contains(runs + seed);
  }

  /** What the runs of a setting have in common. */
  private static Map<String, Object> withoutSeed(Map<String, Object> job) {
    Map<String, Object> setting = new LinkedHashMap<>(job);
    Map<String, Object> train = Json.block(job.get("train"));
    train.remove("seed");
    setting.put("train", train);
    return setting;
  }
}
