package dev.schuss.job;

import dev.schuss.data.Skipped;
import dev.schuss.data.SparkErrors;
import dev.schuss.job.Sources.From;
import dev.schuss.model.FittedModel;
import dev.schuss.model.Json;
import dev.schuss.score.Scorer;
import dev.schuss.score.SkippedRows;
import dev.schuss.spec.SpecException;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code schuss predict MODEL --data SOURCE --output PATH}. */
@Command(
    name = "predict",
    description = {
      "Writes the rows of a source with a model's predictions beside their columns: the class and the probability of"
          + " each class, the value of a regression, or an autoencoder's reconstruction and code."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    parameterListHeading = "%nArguments:%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  schuss predict out/digits --data new.csv --output out/new.csv",
      "  schuss predict out/digits --data new.csv --output scored --overwrite",
      "  schuss predict hdfs:///models/big --data hdfs:///in/day=7 \\",
      "    --data-format parquet --output hdfs:///scored/day=7",
      "  schuss predict out/a9a --data a9a.t --data-format libsvm \\",
      "    --set features=123 --output a9a.parquet",
      "  schuss predict out/sales --output sales.orc \\",
      "    --data '{ format = table, name = shop.sales }'"
    })
final class Predict implements Callable<Integer> {
  private static final List<String> FORMATS = List.of("csv", "parquet", "orc", "json");

  @Mixin ModelArguments arguments;
  @Mixin SourceArgument rows;
  @Mixin SparkStart start;

  @Option(
      names = "--output",
      paramLabel = "PATH",
      required = true,
      description = "A folder for the result, on any file system of Hadoop.")
  String output;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "csv, parquet, orc or json. Default: what the end of PATH says, else parquet. In csv an array takes a"
              + " column per element, such as probability_3.")
  String format;

  @Option(names = "--overwrite", description = "Replaces what PATH holds.")
  boolean overwrite;

  @Override
  public Integer call() {
    From source = rows.source();
    String as = format();
    PrintStream people = arguments.json ? System.err : System.out;
    FittedModel model = ModelFolder.load(arguments.model, SparkSettings.hadoop());
    Map<String, Object> outcome =
        start.run(
            "predict " + arguments.model,
            "--output " + output + " was written",
            (spark, cancellation) -> predict(spark, cancellation, model, source, as, people),
            source);
    if (arguments.json) {
      System.out.print(Json.pretty(outcome));
    }
    return ExitCode.DONE;
  }

  /**
   * Scores and writes.
   *
   * @return the outcome for {@code --json}
   */
  Map<String, Object> predict(
      SparkSession spark,
      Cancellation cancellation,
      FittedModel model,
      From source,
      String as,
      PrintStream people) {
    long began = System.nanoTime();
    SparkContext context = spark.sparkContext();
    try (TableOutput to = TableOutput.open(output, overwrite, context.hadoopConfiguration())) {
      people.printf(
          "%s on Spark %s, %s, %d task slots; scoring %s%n",
          arguments.model,
          context.version(),
          context.master(),
          context.defaultParallelism(),
          Secrets.hidden(rows.data));
      SkippedRows skipped = SkippedRows.on(spark);
      LongAccumulator written = context.longAccumulator();
      Dataset<Row> data = source.source().load(spark);
      Dataset<Row> scored = Scorer.of(model).counting(skipped, written).transform(data);
      List<String> leftOut = List.of();
      if (as.equals("csv")) {
        FlatColumns flat = FlatColumns.of(scored, Scorer.of(model).added().size(), model);
        scored = flat.table();
        leftOut = flat.leftOut();
      }
      cancellation.arm(context::cancelAllJobs);
      Dataset<Row> table = scored;
      try {
        SparkErrors.unwrapped(
            rows.data,
            () -> {
              to.write(table, as);
              return null;
            });
      } catch (Exception e) { // Scala throws checked ones that are not declared
        if (!cancellation.requested() && Failure.fullDisk(e)) {
          throw full(e);
        }
        throw e;
      }
      double seconds = (System.nanoTime() - began) / 1e9;
      tell(people, as, written.value(), seconds, table.columns(), skipped.soFar(), leftOut);
      return json(as, written.value(), seconds, table.columns(), skipped.soFar());
    }
  }

  private JobException full(Exception e) {
    return new JobException(
        ExitCode.SPARK,
        "--output %s was not written: no space left on its disk, or on that of spark.local.dir: make room, or name another"
            .formatted(output),
        e);
  }

  private void tell(
      PrintStream people,
      String as,
      long count,
      double seconds,
      String[] columns,
      Skipped skipped,
      List<String> leftOut) {
    people.printf(
        Locale.ROOT,
        "%,d rows in %.1f s, written as %s to %s%n",
        count,
        seconds,
        as,
        Secrets.hidden(output));
    people.println("  columns     " + shortened(Arrays.asList(columns)));
    if (!leftOut.isEmpty()) {
      people.println(
          "  left out    %s: CSV cannot hold such columns, another --format can"
              .formatted(shortened(leftOut)));
    }
    LeftOut.tell(skipped, people);
  }

  private static String shortened(List<String> names) {
    int shown = 12;
    return names.size() <= shown
        ? String.join(", ", names)
        : String.join(", ", names.subList(0, 3))
            + " ... "
            + String.join(", ", names.subList(names.size() - 4, names.size()))
            + " (%d in all)".formatted(names.size());
  }

  private Map<String, Object> json(
      String as, long count, double seconds, String[] columns, Skipped skipped) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("model", arguments.model);
    json.put("data", Secrets.hidden(rows.data));
    json.put("output", Secrets.hidden(output));
    json.put("format", as);
    json.put("rows", count);
    LeftOut.put(skipped, json);
    json.put("seconds", seconds);
    json.put("columns", List.of(columns));
    return json;
  }

  /** The format of the output. */
  String format() {
    if (format == null) {
      String name = output.toLowerCase(Locale.ROOT).replaceAll("/+$", "");
      return FORMATS.stream().filter(f -> name.endsWith("." + f)).findFirst().orElse("parquet");
    }
    if (!FORMATS.contains(format)) {
      throw new SpecException(
          "--format %s: must be one of %s".formatted(format, String.join(", ", FORMATS)));
    }
    return format;
  }
}
