package dev.schuss.job;

import dev.schuss.job.Sources.From;
import dev.schuss.model.FittedModel;
import dev.schuss.model.Json;
import dev.schuss.report.EvaluationText;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code schuss evaluate MODEL --data SOURCE}. */
@Command(
    name = "evaluate",
    description =
        "Computes the metrics of a model on rows whose answers are known. The columns are those of its training"
            + " unless options name others.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    parameterListHeading = "%nArguments:%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  schuss evaluate out/digits --data classpath:data/digits-test.csv",
      "  schuss evaluate out/adult --data new.csv --label income",
      "  schuss evaluate out/x/model --data '{ format = table, name = sales }'",
      "  schuss evaluate out/digits --data t.csv --json | jq .metrics.accuracy"
    })
final class Evaluate implements Callable<Integer> {
  @Mixin ModelArguments arguments;
  @Mixin SourceArgument source;
  @Mixin LabelledColumns columns;
  @Mixin SparkStart start;

  @Override
  public Integer call() {
    From from = source.source();
    PrintStream people = arguments.json ? System.err : System.out;
    FittedModel model = ModelFolder.load(arguments.model, SparkSettings.hadoop());
    Evaluated evaluated =
        start.run(
            "evaluate " + arguments.model,
            "the evaluation was done",
            (spark, cancellation) -> {
              people.printf(
                  "%s on Spark %s, %s; reading the data%n",
                  arguments.model, spark.version(), spark.sparkContext().master());
              return Evaluated.of(spark, arguments.model, model, from, columns);
            },
            from);
    LeftOut.tell(evaluated.skipped(), people);
    if (arguments.json) {
      System.out.print(Json.pretty(evaluated.json()));
    } else {
      EvaluationText.lines(evaluated.evaluation(), evaluated.classNames())
          .forEach(System.out::println);
    }
    return ExitCode.DONE;
  }
}
