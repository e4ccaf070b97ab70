package dev.schuss.job;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Stream;

/**
 * Looks a few times a second at which addresses the processes of a cluster on this machine listen:
 * those that its scripts started, YARN's containers and what this process itself started. Linux
 * alone tells.
 */
final class Listeners implements AutoCloseable {
  private static final String LISTENING = "0A";
  private static final int PERIOD_MILLIS = 300;
  private final Path state;
  private final Thread thread = new Thread(this::run, "listeners");
  private final Set<String> outside = new ConcurrentSkipListSet<>();
  private final Set<Long> processes = new ConcurrentSkipListSet<>();
  private final Set<Long> containers = new ConcurrentSkipListSet<>();

  /**
   * Begins to look.
   *
   * @param state the folder of scripts/cluster, scripts/hdfs or scripts/yarn
   */
  Listeners(Path state) {
    this.state = state;
    thread.setDaemon(true);
    thread.start();
  }

  /** Who listened elsewhere than on loopback: address in the kernel's hexadecimal, and command. */
  Set<String> outside() {
    return outside;
  }

  /** The processes that were seen to listen. */
  Set<Long> processes() {
    return processes;
  }

  /** The containers among them. */
  Set<Long> containers() {
    return containers;
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void run() {
    try {
      while (true) {
        look();
        Thread.sleep(PERIOD_MILLIS);
      }
    } catch (InterruptedException e) {
      // closed
    } catch (IOException | RuntimeException e) {
      outside.add(e.toString()); // looked at no more, which must be seen
    }
  }

  private void look() throws IOException {
    Map<String, String> listening = new HashMap<>(); // by inode
    for (String table : new String[] {"tcp", "tcp6"}) {
      for (String line : Files.readAllLines(Path.of("/proc/net", table))) {
        String[] fields = line.strip().split("\\s+", 11);
        if (fields.length > 9 && fields[3].equals(LISTENING)) {
          listening.put("socket:[" + fields[9] + "]", fields[1]);
        }
      }
    }
    Set<Long> inContainers = inContainers();
    Set<Long> ids = new TreeSet<>(inContainers);
    ProcessHandle.current().descendants().forEach(p -> ids.add(p.pid()));
    leaders()
        .flatMap(p -> Stream.concat(Stream.of(p), p.descendants()))
        .forEach(p -> ids.add(p.pid()));
    for (long id : ids) {
      look(id, inContainers.contains(id), listening);
    }
  }

  private void look(long id, boolean inContainer, Map<String, String> listening) {
    try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc/" + id + "/fd"))) {
      for (Path file : open) {
        String address = listening.get(Files.readSymbolicLink(file).toString());
        if (address != null) {
          processes.add(id);
          if (inContainer) {
            containers.add(id);
          }
          if (!loopback(address)) {
            outside.add(address + " " + Files.readString(Path.of("/proc/" + id + "/cmdline")));
          }
        }
      }
    } catch (IOException | RuntimeException e) {
      // It ended, or closed the file, meanwhile.
    }
  }

  /** 127.x.x.x, ::1 and ::ffff:127.x.x.x, in words of four bytes with the lowest first. */
  private static boolean loopback(String address) {
    return address.matches(
        "[0-9A-F]{6}7F:.*|0{24}01000000:.*|0{16}(0000FFFF|FFFF0000)[0-9A-F]{6}7F:.*");
  }

  private Stream<ProcessHandle> leaders() throws IOException {
    Stream.Builder<ProcessHandle> all = Stream.builder();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(state, "*.pid")) {
      for (Path file : files) {
        ProcessHandle.of(Long.parseLong(Files.readString(file).split("\\s", 2)[0])).ifPresent(all);
      }
    }
    return all.build();
  }

  /** By the environment that YARN gives them, as scripts/yarn stop finds them. */
  private Set<Long> inContainers() {
    Set<Long> ids = new TreeSet<>();
    ProcessHandle.allProcesses()
        .forEach(
            p -> {
              try {
                if (Files.readString(Path.of("/proc/" + p.pid() + "/environ"))
                    .contains("LOCAL_DIRS=" + state + "/data/")) {
                  ids.add(p.pid());
                }
              } catch (IOException e) {
                // It ended meanwhile, or is another user's.
              }
            });
    return ids;
  }
}
