package dev.schuss.job;

import dev.schuss.data.ClassWeights;
import dev.schuss.job.DataBlock.Fraction;
import dev.schuss.job.DataBlock.Test;
import dev.schuss.job.DataBlock.Validation;
import dev.schuss.job.Sources.From;
import dev.schuss.model.Json;
import dev.schuss.model.Scaling;
import dev.schuss.spec.Binder;
import dev.schuss.spec.Codec;
import dev.schuss.spec.Overrides;
import dev.schuss.spec.Section;
import dev.schuss.spec.SpecException;
import dev.schuss.spec.Value;
import dev.schuss.spec.Vocabulary;
import dev.schuss.train.NonFinite;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;

/** Reads and writes {@link JobFile}s. */
final class JobReader {
  private static final Pattern REMOTE = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:.*");

  /** {@code { fraction = 0.1 }}, or a source. */
  private static <T> Codec<T> rows(Class<T> type) {
    return new Codec<>() {
      @Override
      public T read(Value value, Binder binder) {
        Section section = value.section();
        if (section.has("fraction") && section.has("format")) {
          throw section.error("give a fraction of the training rows or a source, not both");
        }
        return type.cast(
            section.has("format")
                ? binder.read(value, From.class)
                : binder.bind(section, Fraction.class));
      }

      @Override
      public Object write(T rows, Binder binder) {
        return rows instanceof Fraction part
            ? Map.of("fraction", part.fraction())
            : Sources.REGISTRY.write((From) rows, binder);
      }
    };
  }

  /** The word {@code balanced}, or weights by label. */
  private static final Codec<ClassWeights> CLASS_WEIGHTS =
      new Codec<>() {
        @Override
        public ClassWeights read(Value value, Binder binder) {
          if (!value.isSection()) {
            if (value.isText() && value.text().equals("balanced")) {
              return ClassWeights.balanced();
            }
            throw value.error("must be balanced, or weights by label such as { \"3\" = 2.0 }");
          }
          Section section = value.section();
          Map<String, Double> weights = new LinkedHashMap<>();
          for (String label : section.keys()) {
            weights.put(label, section.value(label).orElseThrow().real());
          }
          return value.checked(() -> ClassWeights.of(weights));
        }

        @Override
        public Object write(ClassWeights weights, Binder binder) {
          return weights instanceof ClassWeights.Given given ? given.weights() : "balanced";
        }
      };

  /** A word or a divisor. */
  private static final Codec<Scaling> SCALE =
      new Codec<>() {
        @Override
        public Scaling read(Value value, Binder binder) {
          try {
            return Scaling.parse(value.text());
          } catch (IllegalArgumentException e) {
            throw value.error(
                "must be none, standard, minmax, maxabs or a positive divisor such as 255");
          }
        }

        @Override
        public Object write(Scaling scaling, Binder binder) {
          return scaling instanceof Scaling.Divisor divisor ? divisor.by() : scaling.toString();
        }
      };

  /** A block whose keys are read later. */
  private static final Codec<Section> SECTION =
      new Codec<>() {
        @Override
        public Section read(Value value, Binder binder) {
          return value.section();
        }

        @Override
        public Object write(Section section, Binder binder) {
          return section.asValue().tree();
        }
      };

  private static final Binder BINDER =
      Vocabulary.binder()
          .with(Sources.REGISTRY)
          .with(NonFinite.REGISTRY)
          .with(Validation.class, rows(Validation.class))
          .with(Test.class, rows(Test.class))
          .with(ClassWeights.class, CLASS_WEIGHTS)
          .with(Scaling.class, SCALE)
          .with(Section.class, SECTION);

  private JobReader() {}

  /** Reads and writes the parts of a job. */
  static Binder binder() {
    return BINDER;
  }

  /**
   * A job file with the values of the command line.
   *
   * @param path a local file, or any of Hadoop's
   * @throws SpecException on the first mistake, in one line
   */
  static JobFile read(String path, List<String> set) {
    Section section = section(path, set);
    if (ComparisonReader.is(section)) {
      throw section.error(
          section.has("grid") ? "grid" : "runs",
          "is of a comparison, whose verbs are compare and check; a single training has none");
    }
    return BINDER.bind(section, JobFile.class);
  }

  /** The keys of a job file with the values of the command line. */
  static Section section(String path, List<String> set) {
    Overrides overrides = Overrides.of(set);
    return REMOTE.matcher(path).matches()
        ? Section.ofText(text(path), path, overrides)
        : Section.ofFile(java.nio.file.Path.of(path), overrides);
  }

  /**
   * A source of rows as {@code data.train} of a job file has it.
   *
   * @throws SpecException on the first mistake, in one line
   */
  static From source(Section section) {
    return BINDER.read(section.asValue(), From.class);
  }

  /** A job as maps, lists, texts and numbers, with every default. */
  static Object tree(Object part) {
    return BINDER.toTree(part);
  }

  /** The tree of job.json: the job with every default, without secrets. */
  static Map<String, Object> written(JobFile job) {
    return Json.parseObject(Json.line(Secrets.hidden(tree(job))), OutputFolder.JOB);
  }

  private static String text(String path) {
    try {
      Path file = new Path(path);
      try (InputStream in = file.getFileSystem(SparkSettings.hadoop()).open(file)) {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new SpecException(
          path + ": cannot be read (" + Failure.firstLine(e.getMessage()) + ")", e);
    }
  }
}
