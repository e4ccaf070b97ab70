package dev.schuss.job;

import dev.schuss.export.Onnx;
import dev.schuss.export.Port;
import dev.schuss.export.PyTorch;
import dev.schuss.math.EditDistance;
import dev.schuss.model.FittedModel;
import dev.schuss.model.Json;
import dev.schuss.spec.SpecException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code schuss export MODEL --format FORMAT}. */
@Command(
    name = "export",
    description = {
      "Writes a model in one file for other programs: as ONNX with preprocessing and labels, or its weights as"
          + " safetensors. Starts no Spark."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    parameterListHeading = "%nArguments:%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  schuss export out/digits --format onnx",
      "  schuss export out/digits --format onnx --output digits.onnx --overwrite",
      "  schuss export hdfs:///models/big --format safetensors \\",
      "    --names pytorch --output hdfs:///models/big.safetensors"
    })
final class Export implements Callable<Integer> {
  private static final String ONNX = "onnx";
  private static final String SAFETENSORS = "safetensors";
  private static final List<String> FORMATS = List.of(ONNX, SAFETENSORS);
  private static final List<String> NAMES = List.of("pytorch", "schuss");

  @Mixin ModelArguments arguments;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      required = true,
      description = "onnx or safetensors.")
  String format;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description =
          "The file, on any file system of Hadoop. Default: MODEL.onnx or MODEL.safetensors, beside the folder MODEL.")
  String output;

  @Option(
      names = "--names",
      paramLabel = "NAMES",
      description =
          "Names of the tensors in safetensors: pytorch, as a torch.nn.Sequential has them (the default), or schuss, as"
              + " in model.safetensors.")
  String names;

  @Option(names = "--overwrite", description = "Replaces the file that is there.")
  boolean overwrite;

  @Override
  public Integer call() {
    String as = known("--format", format, FORMATS);
    if (names != null && as.equals(ONNX)) {
      throw new SpecException(
          "--names %s: names are of --format safetensors; onnx has its own: leave it out"
              .formatted(names));
    }
    String called = names == null ? NAMES.get(0) : known("--names", names, NAMES);
    String file = output == null ? usualOutput(as) : output;
    FittedModel model = ModelFolder.load(arguments.model, SparkSettings.hadoop());
    FileOutput to = FileOutput.open(file, overwrite, SparkSettings.hadoop());
    Map<String, Object> outcome = new LinkedHashMap<>();
    outcome.put("model", arguments.model);
    outcome.put("format", as);
    outcome.put("output", file);
    List<String> lines =
        as.equals(ONNX) ? onnx(model, to, outcome) : safetensors(model, called, to, outcome);
    if (arguments.json) {
      System.out.print(Json.pretty(outcome));
    } else {
      lines.forEach(System.out::println);
    }
    return ExitCode.DONE;
  }

  private List<String> onnx(FittedModel model, FileOutput to, Map<String, Object> outcome) {
    Onnx onnx = Onnx.of(model);
    long bytes = to.write(onnx::write);
    outcome.put("bytes", bytes);
    outcome.put("opset", Onnx.OPSET);
    outcome.put("inputs", onnx.inputs().stream().map(Export::json).toList());
    outcome.put("outputs", onnx.outputs().stream().map(Export::json).toList());
    List<String> lines = new ArrayList<>();
    lines.add(written("ONNX (opset %d)".formatted(Onnx.OPSET), bytes, outcome));
    lines.add("  inputs      " + ports(onnx.inputs()));
    lines.add("  outputs     " + ports(onnx.outputs()));
    return lines;
  }

  private List<String> safetensors(
      FittedModel model, String called, FileOutput to, Map<String, Object> outcome) {
    PyTorch.Names chosen = PyTorch.Names.valueOf(called.toUpperCase(Locale.ROOT));
    List<String> tensors = List.copyOf(PyTorch.tensors(model, chosen).tensors().keySet());
    long bytes = to.write(out -> PyTorch.write(model, chosen, out));
    outcome.put("bytes", bytes);
    outcome.put("names", called);
    outcome.put("tensors", tensors);
    List<String> lines = new ArrayList<>();
    lines.add(written("safetensors, names of " + called, bytes, outcome));
    lines.add("  tensors     " + shortened(tensors));
    if (chosen == PyTorch.Names.PYTORCH) {
      lines.add("");
      lines.addAll(PyTorch.code(model).lines().toList());
    }
    return lines;
  }

  private String written(String what, long bytes, Map<String, Object> outcome) {
    return String.format(
        Locale.ROOT,
        "%s written as %s to %s, %,d bytes",
        arguments.model,
        what,
        outcome.get("output"),
        bytes);
  }

  private static String ports(List<Port> ports) {
    return shortened(ports.stream().map(Port::toString).toList());
  }

  private static String shortened(List<String> names) {
    int shown = 12;
    String first = names.stream().limit(shown).collect(Collectors.joining(", "));
    return names.size() <= shown ? first : first + " ... (%d in all)".formatted(names.size());
  }

  private static Map<String, Object> json(Port port) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", port.name());
    json.put("type", port.type().toString());
    json.put("shape", port.shape());
    return json;
  }

  /** Beside the model's folder, where none of its own files can be meant. */
  private String usualOutput(String as) {
    String name;
    try {
      name = new Path(arguments.model).getName();
    } catch (IllegalArgumentException e) { // which the model's folder is told of
      name = "model";
    }
    if (name.isEmpty() || name.equals(".") || name.equals("..")) {
      throw new SpecException(
          "MODEL = %s says no name for the file: name it with --output FILE"
              .formatted(arguments.model));
    }
    return arguments.model.replaceAll("/+$", "") + "." + as;
  }

  private static String known(String option, String given, List<String> known) {
    if (known.contains(given)) {
      return given;
    }
    throw new SpecException(
        "%s %s: must be %s%s"
            .formatted(
                option,
                given,
                String.join(" or ", known),
                EditDistance.nearest(given, known)
                    .map(nearest -> "; did you mean " + nearest + "?")
                    .orElse("")));
  }
}
