package dev.schuss.job;

import dev.schuss.job.Sources.From;
import dev.schuss.model.Json;
import dev.schuss.spec.Overrides;
import dev.schuss.spec.Section;
import dev.schuss.spec.SpecException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** Where a verb takes its rows from: a path, or a source as a job file names it. */
final class SourceArgument {
  private static final Pattern COMPRESSION =
      Pattern.compile("\\.(gz|bz2|zst|lz4|snappy|deflate|xz)$");

  /** Formats by the end of a file's or a folder's name. */
  private static final Map<String, String> SUFFIXES = suffixes();

  @Option(
      names = "--data",
      paramLabel = "SOURCE",
      required = true,
      description = {
        "The rows: a file, folder or pattern of any file system of Hadoop, whose format follows from its name"
            + " (.csv .tsv .libsvm .parquet .orc .json), or a source as a job file has it, such as"
            + " '{ format = table, name = sales }'."
      })
  String data;

  @Option(
      names = "--data-format",
      paramLabel = "FORMAT",
      description =
          "The format of the path, where its name does not tell: csv, libsvm, parquet, orc, json or cifar.")
  String format;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = {
        "Sets one key of the source, such as delimiter=whitespace; may be given many times. A value that is a number,"
            + " true, false or null, or begins with [, { or \", is read as HOCON, any other as plain text."
      })
  List<String> set = new ArrayList<>();

  /**
   * The source that the options name; nothing of it is read.
   *
   * @throws SpecException if they name none, in one line
   */
  From source() {
    Overrides overrides = Overrides.of(set);
    if (data.strip().startsWith("{")) {
      if (format != null) {
        throw new SpecException(
            "--data-format %s: the source in --data names its format itself: leave this out"
                .formatted(format));
      }
      return JobReader.source(Section.ofText(data, "--data", overrides));
    }
    return JobReader.source(Section.ofText(tree(), "--data", overrides));
  }

  /** A path as the source that it stands for. */
  private String tree() {
    String name = data.toLowerCase(Locale.ROOT).replaceAll("/+$", "");
    String plain = COMPRESSION.matcher(name).replaceFirst("");
    String suffix =
        plain.replaceFirst(".*/", "").replaceFirst("^[^.]*$", "").replaceFirst(".*\\.", "");
    String named = format == null ? SUFFIXES.get(suffix) : format;
    if (named == null) {
      throw new SpecException(
          "--data %s: its name does not tell its format: add --data-format csv (or libsvm, parquet, orc, json)"
              .formatted(data));
    }
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("format", named);
    keys.put("path", data);
    if (named.equals("csv") && suffix.equals("tsv")) {
      keys.put("delimiter", "\t");
    }
    return Json.line(keys);
  }

  private static Map<String, String> suffixes() {
    Map<String, String> formats = new LinkedHashMap<>();
    formats.put("csv", "csv");
    formats.put("tsv", "csv");
    formats.put("libsvm", "libsvm");
    formats.put("svm", "libsvm");
    formats.put("svmlight", "libsvm");
    formats.put("parquet", "parquet");
    formats.put("orc", "orc");
    formats.put("json", "json");
    formats.put("jsonl", "json");
    formats.put("ndjson", "json");
    return formats;
  }
}
