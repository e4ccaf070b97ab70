package dev.schuss.spec;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseable;

/**
 * {@code include "base.conf"} beside the file; one that is missing is an error, unlike in HOCON.
 */
final class StrictIncluder implements ConfigIncluder {

  @Override
  public ConfigIncluder withFallback(ConfigIncluder fallback) {
    return this;
  }

  @Override
  public ConfigObject include(ConfigIncludeContext context, String what) {
    ConfigParseable file = context.relativeTo(what);
    // The library goes on to look on the class path, which is no place for a job.
    if (file == null || file.origin().filename() == null) {
      throw new ConfigException.Generic(
          "include \"" + what + "\": no such file beside the job file");
    }
    return file.parse(context.parseOptions().setAllowMissing(false));
  }
}
