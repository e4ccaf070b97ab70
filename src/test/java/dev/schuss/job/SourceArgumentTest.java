package dev.schuss.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.schuss.spec.SpecException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourceArgumentTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a/b.csv                  |         | Csv[path=a/b.csv,
          hdfs://h:1/b.CSV.gz      |         | Csv[path=hdfs://h:1/b.CSV.gz,
          b.tsv                    |         | delimiter=\t
          a1a.libsvm               |         | LibSvm[path=a1a.libsvm,
          x.svm.bz2                |         | LibSvm[
          s3a://b/x.parquet/       |         | SparkFiles[format=parquet, path=s3a://b/x.parquet/,
          x.orc                    |         | SparkFiles[format=orc
          in/*.jsonl               |         | SparkFiles[format=json, path=in/*.jsonl
          a9a                      | libsvm  | LibSvm[path=a9a,
          odd "name", {1}.data     | csv     | Csv[path=odd "name", {1}.data,
          {format=table, name=a.b} |         | CatalogTable[name=a.b]
          """)
  void aPathTellsItsFormat(String data, String format, String source) {
    assertThat(argument(data, format).source().source().toString()).contains(source);
  }

  @Test
  void setReachesTheSource() {
    SourceArgument argument = argument("a.csv", null, "header=false", "delimiter=;");
    assertThat(argument.source().source())
        .hasToString("Csv[path=a.csv, header=false, delimiter=;, columns=[], options={}]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          out/data      |         |             | --data out/data: its name does not tell its format: add --data-format csv
          data.v1/a9a   |         |             | its name does not tell its format
          a.csv         | cvs     |             | did you mean csv?
          {path=a}      |         |             | format
          {format=csv, path=a} | csv |          | --data-format csv: the source in --data names its format itself
          a.csv         |         | headr=false | --set headr: unknown key of format csv; did you mean header?
          {format=csv   |         |             | --data
          {format=csv, path=""} | |             | path is empty: name a file, a folder or a pattern
          {format=libsvm, path=" "} | |         | path is empty
          {format=parquet, path=""} | |         | path is empty
          {format=orc, path=""} | |             | path is empty
          {format=json, path=""} | |            | path is empty
          {format=cifar, path=""} | |           | path is empty
          {format=idx, images="", labels=a} | | | images is empty
          {format=idx, images=a, labels=""} | | | labels is empty
          {format=table, name=""} | |           | name is empty: name a table
          """)
  void aMistakeIsOneLine(String data, String format, String set, String message) {
    SourceArgument argument = set == null ? argument(data, format) : argument(data, format, set);
    assertThatThrownBy(argument::source)
        .isInstanceOf(SpecException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
  }

  private static SourceArgument argument(String data, String format, String... set) {
    SourceArgument argument = new SourceArgument();
    argument.data = data;
    argument.format = format;
    argument.set = List.of(set);
    return argument;
  }
}
