package dev.schuss.model;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import com.google.gson.stream.MalformedJsonException;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * JSON text from and to maps, lists, texts, numbers, booleans and null. Keys keep their order. JSON
 * has no NaN and no infinity: they are written as null, so that the report of a run that diverged
 * is JSON too.
 *
 * <p>Of Gson only the oldest part is used (its reader and writer), because a cluster may bring an
 * old Gson of its own.
 */
public final class Json {
  private static final String INDENT = "  ";
  private static final int DEEPEST = 200;

  private Json() {}

  /** Several lines, ending with one; a list without blocks and lists in it takes one line. */
  public static String pretty(Object tree) {
    return text(tree, INDENT) + "\n";
  }

  /** One line, without its end. */
  public static String line(Object tree) {
    return text(tree, "");
  }

  private static String text(Object tree, String indent) {
    StringWriter text = new StringWriter();
    try (JsonWriter writer = new JsonWriter(text)) {
      writer.setIndent(indent);
      write(writer, tree, indent);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static void write(JsonWriter writer, Object tree, String indent) throws IOException {
    if (tree == null) {
      writer.nullValue();
    } else if (tree instanceof Map<?, ?> map) {
      writer.beginObject();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        writer.name(String.valueOf(entry.getKey()));
        write(writer, entry.getValue(), indent);
      }
      writer.endObject();
    } else if (tree instanceof List<?> list) {
      writer.beginArray();
      boolean flat = list.stream().noneMatch(e -> e instanceof Map || e instanceof List);
      writer.setIndent(flat ? "" : indent);
      for (Object element : list) {
        write(writer, element, indent);
      }
      writer.endArray();
      writer.setIndent(indent);
    } else if (tree instanceof Number number) {
      if (Double.isFinite(number.doubleValue())) {
        writer.value(number);
      } else {
        writer.nullValue();
      }
    } else if (tree instanceof Boolean bool) {
      writer.value(bool.booleanValue());
    } else if (tree instanceof String text) {
      writer.value(text);
    } else {
      throw new IllegalArgumentException(
          "JSON has no form for a " + tree.getClass().getName() + ": " + tree);
    }
  }

  /**
   * Reads a text. Whole numbers become Long (BigDecimal beyond 64 bits), others Double.
   *
   * @param name what errors call the text
   * @throws ModelException if it is not JSON, or a block names a key twice
   */
  public static Object parse(String text, String name) {
    try (JsonReader reader = new JsonReader(new StringReader(text))) {
      Object tree = read(reader, name, 0);
      if (reader.peek() != JsonToken.END_DOCUMENT) {
        throw new ModelException(name + ": more than one JSON value");
      }
      return tree;
    } catch (IOException e) {
      throw noJson(name, e);
    }
  }

  /** A copy of a block in a tree; empty where there is none. */
  public static Map<String, Object> block(Object tree) {
    Map<String, Object> block = new LinkedHashMap<>();
    if (tree instanceof Map<?, ?> map) {
      map.forEach((key, value) -> block.put(String.valueOf(key), value));
    }
    return block;
  }

  /**
   * A number in a tree; NaN where there is none, as for NaN and infinity, which files cannot say.
   */
  public static double number(Object tree) {
    return tree instanceof Number number ? number.doubleValue() : Double.NaN;
  }

  /**
   * Reads a text that is a block.
   *
   * @throws ModelException as {@link #parse}, or if it is something else
   */
  public static Map<String, Object> parseObject(String text, String name) {
    if (parse(text, name) instanceof Map<?, ?> map) {
      Map<String, Object> keyed = new LinkedHashMap<>();
      map.forEach((k, v) -> keyed.put((String) k, v));
      return keyed;
    }
    throw new ModelException(name + ": is not a JSON object { ... }");
  }

  /** An error of one line; of Gson's message only the position is of use to a user. */
  static ModelException noJson(String name, IOException e) {
    if (e instanceof EOFException) {
      return new ModelException(name + ": the JSON ends too early", e);
    }
    String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    if (e instanceof MalformedJsonException) {
      int position = message.indexOf(" at line");
      message = "is not JSON" + (position < 0 ? ": " + message : message.substring(position));
    }
    return new ModelException(name + ": " + message, e);
  }

  private static Object read(JsonReader reader, String name, int depth) throws IOException {
    if (depth > DEEPEST) {
      throw new ModelException(name + ": JSON of more than " + DEEPEST + " levels");
    }
    return switch (reader.peek()) {
      case BEGIN_OBJECT -> readObject(reader, name, depth);
      case BEGIN_ARRAY -> readArray(reader, name, depth);
      case STRING -> reader.nextString();
      case NUMBER -> number(reader.nextString(), name);
      case BOOLEAN -> reader.nextBoolean();
      case NULL -> {
        reader.nextNull();
        yield null;
      }
      default -> throw new ModelException(name + ": unexpected " + reader.peek());
    };
  }

  private static Map<String, Object> readObject(JsonReader reader, String name, int depth)
      throws IOException {
    Map<String, Object> map = new LinkedHashMap<>();
    reader.beginObject();
    while (reader.hasNext()) {
      String key = reader.nextName();
      if (map.containsKey(key)) {
        throw new ModelException(name + ": " + key + " is there twice");
      }
      map.put(key, read(reader, name, depth + 1));
    }
    reader.endObject();
    return map;
  }

  private static List<Object> readArray(JsonReader reader, String name, int depth)
      throws IOException {
    List<Object> list = new ArrayList<>();
    reader.beginArray();
    while (reader.hasNext()) {
      list.add(read(reader, name, depth + 1));
    }
    reader.endArray();
    return list;
  }

  private static Number number(String text, String name) {
    if (text.matches("-?\\d+") && !text.equals("-0")) {
      return text.length() <= 18 ? (Number) Long.valueOf(text) : whole(new BigDecimal(text));
    }
    double number = Double.parseDouble(text);
    if (!Double.isFinite(number)) {
      throw new ModelException(name + ": the number " + text + " is too large");
    }
    return number;
  }

  private static Number whole(BigDecimal number) {
    try {
      return number.longValueExact();
    } catch (ArithmeticException e) {
      return number;
    }
  }
}
