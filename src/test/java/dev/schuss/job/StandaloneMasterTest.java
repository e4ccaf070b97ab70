package dev.schuss.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class StandaloneMasterTest {
  private static ServerSocket listening() throws IOException {
    return new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
  }

  /** A port where nobody listens any more. */
  private static int silent() throws IOException {
    try (ServerSocket closed = listening()) {
      return closed.getLocalPort();
    }
  }

  @Test
  void aTrainingOnAMasterThatIsNotThereEndsSoonInOneLine() throws IOException {
    String master = "spark://127.0.0.1:" + silent();
    Runs.Outcome outcome = Runs.schuss("train", "jobs/digits.conf", "--master", master);
    assertThat(outcome.code()).isEqualTo(ExitCode.SPARK);
    assertThat(outcome.err())
        .isEqualTo(
            "schuss: no Spark master answers at %s (ConnectException: Connection refused): is the address right, and does it run?%n"
                .formatted(master));
  }

  @Test
  void oneOfSeveralMastersIsEnough() throws IOException {
    try (ServerSocket alive = listening()) {
      String masters = "127.0.0.1:" + silent() + ",127.0.0.1:" + alive.getLocalPort();
      assertThatCode(() -> StandaloneMaster.knock("spark://" + masters, 2000))
          .doesNotThrowAnyException();
    }
  }

  @Test
  void aHostOfNoAddressIsNamed() {
    assertThatThrownBy(() -> StandaloneMaster.knock("spark://no.such.host.invalid:7077", 2000))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("no.such.host.invalid");
  }

  @Test
  void otherMastersAreLeftToSpark() {
    for (String master : new String[] {"local[2]", "yarn", "spark://host", "k8s://https://a:1"}) {
      assertThatCode(() -> StandaloneMaster.knock(master, 1)).doesNotThrowAnyException();
    }
  }
}
