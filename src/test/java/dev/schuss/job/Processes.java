package dev.schuss.job;

import dev.schuss.Scripts;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.launcher.JavaModuleOptions;

/** The program in a process of its own, with the classes of this build. */
final class Processes {
  private Processes() {}

  /**
   * Starts a verb on {@code local[2]}.
   *
   * @param log where both streams go, behind what is there
   * @param jvm options of the process
   * @param words verb and arguments but for the master
   */
  static Process schuss(File log, List<String> jvm, List<String> words) throws IOException {
    List<String> all = new ArrayList<>(words);
    all.addAll(List.of("--master", "local[2]"));
    return java(log, jvm, Main.class, all);
  }

  /** Starts any class that has a main method; the rest is as above. */
  static Process java(File log, List<String> jvm, Class<?> main, List<String> words)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(Arrays.asList(JavaModuleOptions.defaultModuleOptions().split(" ")));
    command.add(Scripts.QUICK);
    command.addAll(
        List.of(
            "-Dspark.ui.enabled=false",
            "-Dspark.driver.host=127.0.0.1",
            "-Dspark.driver.bindAddress=127.0.0.1",
            "-Dlog4j2.configurationFile=conf/log4j2.properties"));
    command.addAll(jvm);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(words);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
        .start();
  }
}
