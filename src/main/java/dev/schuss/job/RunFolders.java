package dev.schuss.job;

import dev.schuss.job.ComparisonJob.Planned;
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
 * lie under another name than it would get now.
 */
final class RunFolders {
  private final OutputFolder folder;
  private final Map<Map<String, Object>, List<String>> known = new HashMap<>(); // by job
  private final Set<String> taken = new HashSet<>();

  private RunFolders(OutputFolder folder) {
    this.folder = folder;
  }

  /** The same comparison, each run of it where it lies, or where it may lie. */
  static ComparisonJob found(ComparisonJob job, OutputFolder folder) {
    RunFolders folders = new RunFolders(folder);
    folders.look();
    return job.with(folders.places(job.runs()));
  }

  private void look() {
    for (String setting : folder.folders(ComparisonReader.RUNS)) {
      String runs = ComparisonReader.RUNS + "/" + setting;
      for (String seed : folder.folders(runs)) {
        Map<String, Object> job = FinishedRun.job(folder, runs + "/" + seed);
        if (job != null) {
          known.computeIfAbsent(job, j -> new ArrayList<>()).add(runs + "/" + seed);
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
    boolean ended = folder.read(place + "/" + OutputFolder.RESULT) != null;
    return (ended ? 2 : 0) + (place.equals(run.folder()) ? 1 : 0);
  }

  /** The run's own name, or one like it where another run of this comparison lies there. */
  private String free(Planned run) {
    String place = run.folder();
    int end = place.lastIndexOf('/');
    for (int n = 2; !taken.add(place); n++) {
      place = run.folder().substring(0, end) + "-" + n + run.folder().substring(end);
    }
    return place;
  }
}
