package dev.schuss.ml;

import dev.schuss.model.FileSource;
import dev.schuss.model.FittedModel;
import dev.schuss.model.ModelException;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkException;

/**
 * The project's own model files inside a stage that Spark saves, or in the output of a training.
 */
final class ModelFiles {
  /** The folder beside Spark's {@code metadata}; also what {@code schuss train} calls it. */
  static final String FOLDER = "model";

  /** The folder with the model that an estimator starts from. */
  static final String WARM = "initialModel";

  private ModelFiles() {}

  /** Writes a model into a folder. */
  static void write(FittedModel model, Path folder, Configuration hadoop) throws IOException {
    FileSystem files = folder.getFileSystem(hadoop);
    model.save(name -> files.create(new Path(folder, name), true));
  }

  /** Reads the model of a stage's folder; a SparkException where it is damaged or newer. */
  static FittedModel read(Path stage, Configuration hadoop) {
    return loaded("", new Path(stage, FOLDER), hadoop);
  }

  /** Reads the model that a saved estimator starts from; null where it has none. */
  static FittedModel warm(Path estimator, Configuration hadoop) {
    Path folder = new Path(estimator, WARM);
    try {
      return folder.getFileSystem(hadoop).exists(folder) ? loaded("", folder, hadoop) : null;
    } catch (IOException e) {
      throw SparkMl.thrown(e);
    }
  }

  /**
   * Finds the model that a user names.
   *
   * @param dir its own folder, or that of a saved stage, or the output folder of a training
   * @throws IllegalArgumentException if there is none; one that is damaged or newer is a
   *     SparkException
   */
  static FittedModel find(String param, String dir, Configuration hadoop) {
    String given = "%s = %s: ".formatted(param, dir);
    Path folder;
    try {
      Path path = new Path(dir);
      FileSystem files = path.getFileSystem(hadoop);
      Path inner = new Path(path, FOLDER);
      folder = files.exists(new Path(inner, FittedModel.DESCRIPTION)) ? inner : path;
      if (!files.exists(new Path(folder, FittedModel.DESCRIPTION))) {
        throw new IllegalArgumentException(
            "%sthere is no %s, nor a folder %s with one: name the folder of a saved model"
                .formatted(given, FittedModel.DESCRIPTION, FOLDER));
      }
    } catch (IOException e) {
      throw new IllegalArgumentException(given + e.getMessage(), e);
    }
    return loaded(given, folder, hadoop);
  }

  /** What is wrong with files is a SparkException; Hadoop's own checksums are among it. */
  private static FittedModel loaded(String given, Path folder, Configuration hadoop) {
    try {
      return load(folder, hadoop);
    } catch (ModelException e) {
      throw SparkMl.thrown(new SparkException(given + e.getMessage(), e));
    } catch (IOException e) {
      throw SparkMl.thrown(
          new SparkException(
              "%s%s cannot be read: %s; copy the model again, or train again"
                  .formatted(given, folder, e.getMessage()),
              e));
    }
  }

  private static FittedModel load(Path folder, Configuration hadoop) throws IOException {
    FileSystem files = folder.getFileSystem(hadoop);
    return FittedModel.load(
        new FileSource() {
          @Override
          public InputStream open(String name) throws IOException {
            return files.open(new Path(folder, name));
          }

          @Override
          public String path(String name) {
            return new Path(folder, name).toString();
          }
        });
  }
}
