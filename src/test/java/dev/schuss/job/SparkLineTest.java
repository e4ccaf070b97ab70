package dev.schuss.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.schuss.math.Blas;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SparkLineTest {
  @ParameterizedTest
  @ValueSource(strings = {"3.4.3", "2.4.8", "3.3.2.3.3.7190.0-91"})
  void anOlderSparkIsToldByItsVersion(String version) {
    assertThatThrownBy(() -> SparkLine.check(version))
        .isInstanceOf(JobException.class)
        .hasMessage(
            "this is Spark %s, and Schuss %s runs on Spark 3.5 and 4: submit with a newer one (SPARK_HOME), to a cluster of the same version",
            version, Version.schuss())
        .extracting(e -> ((JobException) e).exitCode())
        .isEqualTo(ExitCode.SPARK);
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.5.6", "3.10.0", "4.0.0", "4.1.0-SNAPSHOT", "10.0.0", "our own"})
  void othersAreTried(String version) {
    assertThatCode(() -> SparkLine.check(version)).doesNotThrowAnyException();
    assertThat(SparkLine.version()).matches("\\d+\\.\\d+\\.\\d+.*");
  }

  @Test
  void whatComputedWithoutOpenBlasIsNamed() {
    int openBlas = Blas.Kind.OPENBLAS.bit();
    assertThat(BlasNote.of(openBlas)).isEmpty();
    assertThat(BlasNote.of(0)).as("no round was made").isEmpty();
    assertThat(BlasNote.of(openBlas | Blas.Kind.JAVA.bit()))
        .hasValueSatisfying(line -> assertThat(line).contains("with openblas and java, without"));
  }
}
