package dev.schuss.job;

import dev.schuss.nn.Network;
import dev.schuss.nn.Shape;
import dev.schuss.objective.Task;
import dev.schuss.optim.Adam;
import dev.schuss.optim.Optimizer;
import dev.schuss.optim.Regularization;
import dev.schuss.spec.ModelBlock;
import dev.schuss.train.CheckpointSettings;
import dev.schuss.train.EarlyStopping;
import dev.schuss.train.NonFinite;
import dev.schuss.train.Settings;
import dev.schuss.train.SettingsException;
import dev.schuss.train.TrialPoints;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A job file: the components are its keys.
 *
 * @param name what the job is called; recognises its own output folder
 * @param task what is trained for; the output layer, the loss and the metrics follow from it
 * @param data where the rows come from and what their columns are
 * @param model the network
 * @param optimizer the update rule and what stands around it
 * @param regularization terms of the loss that keep weights small
 * @param train how long and in what steps to train
 * @param checkpoint whether and how the training is saved while it goes
 * @param output where the results go
 */
record JobFile(
    String name,
    Task task,
    DataBlock data,
    ModelBlock model,
    Optimizer optimizer,
    Regularization regularization,
    Settings train,
    CheckpointSettings checkpoint,
    Output output) {

  /**
   * Where the results go.
   *
   * @param dir a folder here or on any file system of Hadoop
   * @param overwrite whether it may hold files of others
   */
  record Output(String dir, boolean overwrite) {
    Output {
      if (dir.isBlank()) {
        throw new IllegalArgumentException("dir is empty: name a folder such as out/digits");
      }
    }

    static Output defaults(String dir) {
      return new Output(dir, false);
    }
  }

  /** Checks what can be known without the data. */
  JobFile {
    if (name.isBlank()) {
      throw new IllegalArgumentException("name is empty: name the job, such as digits");
    }
    data.recipe(task, train.seed(), train.partitions()); // checks what belongs together
    Network network = model.network(task, row(model, data), outputs(task, model, data));
    TrialPoints.check(network, optimizer);
    TrialPoints.check(train.curvature(), optimizer);
    EarlyStopping stopping = train.earlyStopping();
    if (stopping != null) {
      checkMetric("train.earlyStopping", stopping.metric(), task, model, data);
    }
    if (train.stopAt() != null && train.stopAt().metric() != null) {
      checkMetric("train.stopAt", train.stopAt().metric(), task, model, data);
    }
  }

  /** A row that the data may have. */
  private static Shape row(ModelBlock model, DataBlock data) {
    OptionalInt width = data.width();
    if (model.input() != null) {
      return width.isEmpty() ? model.input() : image(model, width.getAsInt());
    }
    boolean categories = model.embeds() && !data.columns().categorical().isEmpty();
    return Shape.flat(width.orElse(2))
        .with(categories ? List.of(new Shape.Category(0, 2)) : List.of());
  }

  /** Outputs that it may have. */
  private static int outputs(Task task, ModelBlock model, DataBlock data) {
    return task == Task.RECONSTRUCTION ? row(model, data).size() : 2;
  }

  /** Two classes have other metrics than many; which they are is known when the data is read. */
  private static void checkMetric(
      String setting, String metric, Task task, ModelBlock model, DataBlock data) {
    if (data.validation() == null) {
      throw new IllegalArgumentException(
          setting + " needs validation rows: set data.validation, such as { fraction = 0.1 }");
    }
    Set<String> known = metrics(task, model, data);
    if (!known.contains(metric)) {
      throw new IllegalArgumentException(
          "%s.metric = %s: must be one of %s".formatted(setting, metric, String.join(", ", known)));
    }
  }

  private static Set<String> metrics(Task task, ModelBlock model, DataBlock data) {
    Set<String> known = new LinkedHashSet<>();
    for (int outputs : new int[] {2, 10}) {
      if (model.loss(task).misfit(task, outputs) == null) {
        Shape row = row(model, data);
        int all = task == Task.RECONSTRUCTION ? row.size() : outputs;
        model.network(task, row, all).metrics().forEach(m -> known.add(m.name()));
      }
    }
    return known;
  }

  /** Every metric that the job may have, whatever classes the data turns out to have. */
  Set<String> metrics() {
    return metrics(task, model, data);
  }

  /** The same job with another rule. */
  JobFile with(Optimizer rule) {
    return new JobFile(name, task, data, model, rule, regularization, train, checkpoint, output);
  }

  /**
   * The same job in another place.
   *
   * @param checkpoints null where the job has none
   */
  JobFile in(String dir, String checkpoints) {
    CheckpointSettings saved =
        new CheckpointSettings(
            checkpoints, checkpoint.every(), checkpoint.keep(), checkpoint.resume());
    Output place = new Output(dir, output.overwrite());
    return new JobFile(name, task, data, model, optimizer, regularization, train, saved, place);
  }

  /** A short training of this job by another rule: nothing is validated, tested or saved. */
  JobFile trial(Optimizer rule, int steps) {
    Settings s = train;
    return new JobFile(
        name,
        task,
        data.trainingAlone(),
        model,
        rule,
        regularization,
        new Settings(
            s.batchSize(),
            s.shortBatch(),
            steps, // each epoch has at least one
            (long) steps,
            null,
            s.seed(),
            s.partitions(),
            s.reduction(),
            s.treeDepth(),
            NonFinite.Fail.DEFAULTS,
            null,
            null,
            null),
        CheckpointSettings.DEFAULTS,
        output);
  }

  static JobFile defaults(String name, Task task, DataBlock data, ModelBlock model, Output output) {
    return new JobFile(
        name,
        task,
        data,
        model,
        Adam.DEFAULTS,
        Regularization.DEFAULTS,
        Settings.DEFAULTS,
        CheckpointSettings.DEFAULTS,
        output);
  }

  /**
   * The network for data of this shape.
   *
   * @param inputs features per row
   * @param categories those of them that are columns of categories
   * @param outputs classes, or targets per row; the inputs again for a reconstruction
   */
  Network network(int inputs, List<Shape.Category> categories, int outputs) {
    String misfit = model.loss(task).misfit(task, outputs);
    if (misfit != null) { // more classes than the file could know of
      throw new SettingsException("model.loss: " + misfit);
    }
    image(model, inputs); // which tells the key
    return model.network(task, inputs, categories, outputs);
  }

  private static Shape image(ModelBlock model, int inputs) {
    try {
      return Network.shape(model.input(), inputs);
    } catch (IllegalArgumentException e) {
      throw new SettingsException("model." + e.getMessage());
    }
  }
}
