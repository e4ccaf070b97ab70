package dev.schuss;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The golden files: independent reference numbers, in the folder that {@code golden.dir} names. */
public final class Golden {

  private Golden() {}

  /** All JSON files under a subfolder, sorted; fails where there are none. */
  public static List<Path> files(String folder) {
    Path root = Path.of(System.getProperty("golden.dir", "src/test/resources/golden"), folder);
    try (Stream<Path> walk = Files.walk(root)) {
      List<Path> files = walk.filter(f -> f.toString().endsWith(".json")).sorted().toList();
      if (files.isEmpty()) {
        throw new IllegalStateException("no golden files in " + root.toAbsolutePath());
      }
      return files;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The content of a file. */
  public static JsonObject read(Path file) {
    try {
      return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All numbers of a nested array, in order, each rounded once to float. */
  public static float[] floats(JsonElement nested) {
    List<Float> values = new ArrayList<>();
    collect(nested, values);
    float[] result = new float[values.size()];
    for (int i = 0; i < result.length; i++) {
      result[i] = values.get(i);
    }
    return result;
  }

  private static void collect(JsonElement element, List<Float> into) {
    if (element instanceof JsonArray array) {
      array.forEach(e -> collect(e, into));
    } else {
      into.add(element.getAsFloat());
    }
  }

  /** The largest |a - b| / max(1, |b|). */
  public static double worst(float[] actual, float[] expected) {
    if (actual.length != expected.length) {
      throw new AssertionError(actual.length + " numbers, expected " + expected.length);
    }
    double worst = 0;
    for (int i = 0; i < actual.length; i++) {
      double error =
          Math.abs((double) actual[i] - expected[i]) / Math.max(1, Math.abs(expected[i]));
      worst = Double.isNaN(error) ? Double.POSITIVE_INFINITY : Math.max(worst, error);
    }
    return worst;
  }
}
