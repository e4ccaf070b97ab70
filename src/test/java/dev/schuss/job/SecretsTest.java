package dev.schuss.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.schuss.data.DataException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretsTest {
  @ParameterizedTest
  @CsvSource({
    "ftp://bob:pw@host/x.csv, ftp://***@host/x.csv",
    "s3a://KEY:SE+CRET@bucket/rows, s3a://***@bucket/rows",
    "cannot read sftp://b:p@h/1 and sftp://c:q@h/2, cannot read sftp://***@h/1 and sftp://***@h/2",
    "abfs://container@account.dfs.core.windows.net/x, abfs://container@account.dfs.core.windows.net/x",
    "hdfs://host:8020/a@b, hdfs://host:8020/a@b",
    "k8s://https://10.0.0.1:443, k8s://https://10.0.0.1:443",
  })
  void whoLogsInIsHidden(String text, String shown) {
    assertThat(Secrets.hidden(text)).isEqualTo(shown);
  }

  @Test
  void inTreesAndInErrors() {
    Object tree = Map.of("train", List.of(Map.of("path", "ftp://bob:pw@host/x.csv")));
    assertThat(Secrets.hidden(tree).toString()).contains("ftp://***@host").doesNotContain("pw");
    Failure failure = Failure.of(new DataException("ftp://bob:pw@host/x.csv: there is no such"));
    assertThat(failure.line()).isEqualTo("ftp://***@host/x.csv: there is no such");
  }
}
