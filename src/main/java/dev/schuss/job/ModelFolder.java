package dev.schuss.job;

import dev.schuss.model.FileSource;
import dev.schuss.model.FittedModel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Paths;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A model's folder to read from, on any file system of Hadoop. The output folder of a training
 * stands for the model in it.
 */
final class ModelFolder implements FileSource {
  private final FileSystem files;
  private final Path folder;
  private final String given;

  private ModelFolder(FileSystem files, Path folder, String given) {
    this.files = files;
    this.folder = folder;
    this.given = given;
  }

  /**
   * Finds a model; reads nothing of it.
   *
   * @param dir the model's folder, or the output folder of its training
   * @throws JobException if there is none, with {@link ExitCode#CHECKPOINT}
   */
  static ModelFolder find(String dir, Configuration hadoop) {
    try {
      Path path = new Path(dir);
      FileSystem files = path.getFileSystem(hadoop);
      if (!files.exists(path)) {
        throw refused(
            "no such model: %s (the working directory is %s)"
                .formatted(dir, Paths.get("").toAbsolutePath()));
      }
      if (!files.getFileStatus(path).isDirectory()) {
        throw refused(dir + " is a file: name the model's folder, such as out/digits/model");
      }
      if (holdsModel(files, path)) {
        return new ModelFolder(files, path, dir);
      }
      Path inner = new Path(path, OutputFolder.MODEL);
      if (files.exists(inner)) {
        return new ModelFolder(files, inner, show(dir, OutputFolder.MODEL));
      }
      boolean unfinished = files.exists(new Path(path, OutputFolder.JOB));
      throw refused(
          unfinished
              ? dir + " holds a training that has not written its model yet: wait until it is done"
              : dir
                  + " holds no model, which is the files model.json and model.safetensors: name the"
                  + " folder that train wrote, such as out/digits/model");
    } catch (IOException | IllegalArgumentException e) {
      throw unreadable(dir, e);
    }
  }

  /** Whether there is a model; no word of what there is else. */
  static boolean isThere(String dir, Configuration hadoop) throws IOException {
    Path path = new Path(dir);
    FileSystem files = path.getFileSystem(hadoop);
    return holdsModel(files, path) || files.exists(new Path(path, OutputFolder.MODEL));
  }

  /** Either file marks a model, so that a missing one is told by its name. */
  private static boolean holdsModel(FileSystem files, Path path) throws IOException {
    return files.exists(new Path(path, FittedModel.DESCRIPTION))
        || files.exists(new Path(path, FittedModel.WEIGHTS));
  }

  /**
   * Finds and reads a model.
   *
   * @throws JobException if there is none
   * @throws dev.schuss.model.ModelException if it is damaged
   */
  static FittedModel load(String dir, Configuration hadoop) {
    return find(dir, hadoop).load();
  }

  /**
   * Reads the model.
   *
   * @throws dev.schuss.model.ModelException if it is damaged
   */
  FittedModel load() {
    try {
      return FittedModel.load(this);
    } catch (IOException e) {
      throw unreadable(given, e);
    }
  }

  /** The folder's name as it was given. */
  String name() {
    return given;
  }

  /** Length of a file in bytes; -1 if it is not there. */
  long length(String name) {
    try {
      Path path = new Path(folder, name);
      return files.exists(path) ? files.getFileStatus(path).getLen() : -1;
    } catch (IOException e) {
      throw unreadable(path(name), e);
    }
  }

  @Override
  public InputStream open(String name) throws IOException {
    return files.open(new Path(folder, name));
  }

  @Override
  public String path(String name) {
    return show(given, name);
  }

  private static String show(String folder, String name) {
    return folder.endsWith("/") ? folder + name : folder + "/" + name;
  }

  private static JobException refused(String message) {
    return new JobException(ExitCode.CHECKPOINT, message);
  }

  private static JobException unreadable(String what, Exception e) {
    return new JobException(
        ExitCode.CHECKPOINT,
        "the model %s cannot be read (%s): is the path right, and may you read it?"
            .formatted(what, Failure.describe(e)),
        e);
  }
}
