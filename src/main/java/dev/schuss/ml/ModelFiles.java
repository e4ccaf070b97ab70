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
  private static final String FOLDER = "model";

  private ModelFiles() {}

  /** Writes a model into a stage's folder. */
  static void write(FittedModel model, Path stage, Configuration hadoop) throws IOException {
    Path folder = new Path(stage, FOLDER);
    FileSystem files = folder.getFileSystem(hadoop);
    model.save(name -> files.create(new Path(folder, name), true));
  }

  /** Reads the model of a stage's folder; a SparkException where it is damaged or newer. */
  static FittedModel read(Path stage, Configuration hadoop) throws IOException {
    try {
      return load(new Path(stage, FOLDER), hadoop);
    } catch (ModelException e) {
      throw SparkMl.thrown(new SparkException(e.getMessage(), e));
    }
  }

  /**
   * Finds the model that a user names.
   *
   * @param dir its own folder, or that of a saved stage, or the output folder of a training
   * @throws IllegalArgumentException if there is none
   */
  static FittedModel find(String param, String dir, Configuration hadoop) {
    try {
      Path path = new Path(dir);
      FileSystem files = path.getFileSystem(hadoop);
      Path inner = new Path(path, FOLDER);
      Path folder = files.exists(new Path(inner, FittedModel.DESCRIPTION)) ? inner : path;
      return load(folder, hadoop);
    } catch (IOException | ModelException e) {
      throw new IllegalArgumentException(
          "param %s = %s: %s".formatted(param, dir, e.getMessage()), e);
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
