package dev.schuss.spec;

import com.typesafe.config.ConfigOrigin;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a value was written.
 *
 * @param name a file, or {@code --set key}
 * @param line from 1; 0 where there are no lines
 */
record Place(String name, int line) {
  private static final String OVERRIDE = "--set ";

  /** The library describes an origin as "file: 3", "file: 3-5" or "merge of file: 3,file: 7-9". */
  private static final Pattern PART = Pattern.compile("(.*?): (\\d+)(?:-\\d+)?(?:,|$)");

  /** The first place in a file, else the first of all. */
  static Place of(ConfigOrigin origin) {
    String text = origin.description();
    if (text.startsWith("merge of ")) {
      text = text.substring("merge of ".length());
    }
    List<Place> places = new ArrayList<>();
    Matcher part = PART.matcher(text);
    while (part.find()) {
      String name = part.group(1);
      places.add(
          name.startsWith(OVERRIDE)
              ? new Place(name, 0)
              : new Place(name, Integer.parseInt(part.group(2))));
    }
    if (places.isEmpty()) {
      return new Place(text, 0);
    }
    return places.stream().filter(p -> !p.isOverride()).findFirst().orElse(places.get(0));
  }

  static String override(String key) {
    return OVERRIDE + key;
  }

  boolean isOverride() {
    return name.startsWith(OVERRIDE);
  }

  /** {@code digits.conf:12: optimizer.beta1}; an override names its key but once. */
  String at(String path) {
    if (name.equals(override(path)) || path.isEmpty()) {
      return toString();
    }
    return this + ": " + path;
  }

  @Override
  public String toString() {
    return line == 0 ? name : name + ":" + line;
  }
}
