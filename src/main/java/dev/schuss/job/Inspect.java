package dev.schuss.job;

import dev.schuss.checkpoint.CheckpointException;
import dev.schuss.checkpoint.CheckpointFolder;
import dev.schuss.model.FittedModel;
import dev.schuss.model.Json;
import dev.schuss.model.ModelDescription;
import dev.schuss.model.ModelException;
import dev.schuss.train.SavedTraining;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code schuss inspect MODEL|CHECKPOINT}. */
@Command(
    name = "inspect",
    description = {
      "Shows a model: its layers with shapes and parameters, its columns and classes, where it comes from, and whether"
          + " its weights are whole. Or a checkpoint, the newest of a folder: layers, optimizer, where the training is,"
          + " and whether its files are whole. Starts no Spark."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    parameterListHeading = "%nArguments:%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  schuss inspect out/digits",
      "  schuss inspect out/digits/checkpoints",
      "  schuss inspect hdfs:///models/big --json | jq .parameters",
    })
final class Inspect implements Callable<Integer> {
  @Mixin ModelArguments arguments;

  @Override
  public Integer call() throws IOException {
    CheckpointFolder.Found found = checkpoint();
    return found == null ? model() : show(found);
  }

  /** The checkpoint that is named, or the newest in the folder that is; null if it holds none. */
  private CheckpointFolder.Found checkpoint() throws IOException {
    CheckpointFolder folder;
    try {
      folder = CheckpointFolder.at(arguments.model, SparkSettings.hadoop());
    } catch (CheckpointException e) {
      return null; // the same is told of a model's folder
    }
    if (folder.isCheckpoint()) {
      return folder.only();
    }
    return ModelFolder.isThere(arguments.model, SparkSettings.hadoop()) ? null : folder.newest();
  }

  private int show(CheckpointFolder.Found found) {
    SavedTraining training = SavedTraining.of(found);
    if (arguments.json) {
      System.out.print(Json.pretty(CheckpointReport.json(found, training)));
    } else {
      CheckpointReport.lines(found, training).forEach(System.out::println);
    }
    return ExitCode.DONE;
  }

  private int model() throws IOException {
    ModelFolder folder = ModelFolder.find(arguments.model, SparkSettings.hadoop());
    ModelDescription model = ModelDescription.read(folder);
    ModelException damage = null;
    FittedModel loaded = null;
    try {
      loaded = folder.load();
    } catch (ModelException e) {
      damage = e;
    }
    String state = state(model, damage);
    if (arguments.json) {
      System.out.print(Json.pretty(ModelReport.json(folder, model, state)));
    } else {
      List<String> lines = ModelReport.lines(folder, model, state);
      lines.forEach(System.out::println);
    }
    if (loaded == null) {
      throw damage;
    }
    return ExitCode.DONE;
  }

  /** One word: whether the weights are whole, or that model.json has no checksum to tell. */
  private static String state(ModelDescription model, ModelException damage) {
    if (damage != null) {
      return "damaged";
    }
    return model.checksum() == null ? "unchecked" : "ok";
  }
}
