package dev.schuss.job;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonNull;
import com.google.gson.JsonPrimitive;
import com.google.gson.JsonSerializer;

/** Maps, lists, texts and numbers as JSON, which has no NaN and no infinities: they become null. */
final class Json {
  private static final GsonBuilder BUILDER =
      new GsonBuilder()
          .serializeNulls()
          .disableHtmlEscaping()
          .registerTypeAdapter(
              Double.class,
              (JsonSerializer<Double>)
                  (v, type, context) ->
                      Double.isFinite(v) ? new JsonPrimitive(v) : JsonNull.INSTANCE);

  private static final Gson LINE = BUILDER.create();
  private static final Gson PRETTY = BUILDER.setPrettyPrinting().create();

  private Json() {}

  /** Without line breaks. */
  static String line(Object tree) {
    return LINE.toJson(tree);
  }

  /** For people, with a line break at the end. */
  static String pretty(Object tree) {
    return PRETTY.toJson(tree) + "\n";
  }
}
