package dev.schuss.job;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The address of a master of Spark's standalone mode, {@code spark://host:port[,host:port ...]}.
 */
final class StandaloneMaster {
  private static final String SCHEME = "spark://";
  private static final Pattern ADDRESS = Pattern.compile("(.+):(\\d{1,5})");

  private StandaloneMaster() {}

  /**
   * Knocks at a master's port, of which Spark itself would first tell after a minute and in a
   * hundred lines.
   *
   * @param master any master; other kinds are not looked at
   * @param patienceMillis how long each of its addresses may take
   * @throws JobException if nothing answers at any of them
   */
  static void knock(String master, int patienceMillis) {
    if (!master.startsWith(SCHEME)) {
      return;
    }
    String why = null;
    for (String address : master.substring(SCHEME.length()).split(",", -1)) {
      Matcher parts = ADDRESS.matcher(address);
      if (!parts.matches()) {
        return; // Spark says what an address looks like
      }
      try (Socket socket = new Socket()) {
        socket.connect(
            new InetSocketAddress(parts.group(1), Integer.parseInt(parts.group(2))),
            patienceMillis);
        return;
      } catch (IOException | IllegalArgumentException e) {
        why = why == null ? Failure.describe(e) : why;
      }
    }
    throw new JobException(
        ExitCode.SPARK,
        "no Spark master answers at %s (%s): is the address right, and does it run?"
            .formatted(master, why));
  }
}
