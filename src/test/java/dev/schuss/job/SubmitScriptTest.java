package dev.schuss.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.schuss.Scripts;
import dev.schuss.Scripts.Ended;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With what scripts/schuss calls a spark-submit, of which there is only a stand-in here. */
class SubmitScriptTest {
  private static final String STAND_IN =
      "#!/usr/bin/env bash\necho \"$0 hadoop=${HADOOP_CONF_DIR:-} ip=${SPARK_LOCAL_IP:-}\"\nprintf '%s\\n' \"$@\"\n";

  @TempDir Path temp;

  private ProcessBuilder builder;

  @BeforeEach
  void standIn() throws IOException {
    builder = new ProcessBuilder().redirectErrorStream(true).directory(temp.toFile());
    var variables = builder.environment();
    variables
        .keySet()
        .removeIf(v -> v.startsWith("SPARK_") || v.startsWith("SCHUSS_") || v.contains("CONF_DIR"));
    variables.put("JAVA_HOME", System.getProperty("java.home"));
    variables.put("SPARK_HOME", spark("mine").toString());
    variables.put("SCHUSS_JAR", "schuss.jar");
    variables.put("SCHUSS_YARN", temp.resolve("yarn").toString());
    variables.put("SCHUSS_CLUSTER", temp.resolve("cluster").toString());
    Files.writeString(temp.resolve("my.conf"), "");
  }

  @Test
  void aSparkOfOnesOwnTakesTheYarnThatRuns() throws Exception {
    try (ServerSocket manager = listening()) {
      yarn(manager.getLocalPort(), born(ProcessHandle.current().pid()));
      assertThat(train("--master", "yarn").well().said())
          .startsWith(temp.resolve("mine/bin/spark-submit") + " hadoop=" + temp.resolve("yarn"))
          .contains(
              "/conf ip=127.0.0.1\n",
              "spark.yarn.jars=local:" + temp.resolve("mine") + "/jars/*\n",
              "spark.executorEnv.SPARK_LOCAL_IP=127.0.0.1\n",
              "spark.yarn.maxAppAttempts=1\n");

      builder.environment().remove("SPARK_HOME");
      assertThat(train("--master", "yarn").well().said())
          .startsWith(temp.resolve("theirs/bin/spark-submit").toString())
          .contains("spark.yarn.jars=local:" + temp.resolve("theirs") + "/jars/*\n");
    }
  }

  @Test
  void aHadoopOfOnesOwnIsLeftAlone() throws Exception {
    try (ServerSocket manager = listening()) {
      yarn(manager.getLocalPort(), born(ProcessHandle.current().pid()));
      builder.environment().put("YARN_CONF_DIR", temp.resolve("none").toString());
      assertThat(train("--master", "yarn").well().said())
          .contains("hadoop= ip=\n")
          .doesNotContain("spark.yarn.jars");
    }
  }

  @Test
  void whatACrashLeftRunsNoMore() throws Exception {
    yarn(1, "1"); // of another process with this id
    assertThat(train("--master", "yarn").well().said()).contains("hadoop= ip=\n");

    Path cluster = Files.createDirectory(temp.resolve("cluster"));
    Files.writeString(cluster.resolve("home"), spark("theirs") + "\n");
    Path id = cluster.resolve("master.pid");
    Files.writeString(id, ProcessHandle.current().pid() + " 1\n");
    builder.environment().remove("SPARK_HOME");
    String gone = "schuss: no spark-submit for --master spark://here:1: ";
    String master = "--master=spark://here:1";
    assertThat(train(master).said()).startsWith(gone);
    Files.writeString(id, pid(born(ProcessHandle.current().pid())));
    assertThat(train(master).well().said()).startsWith(temp.resolve("theirs").toString());
  }

  @Test
  void aResourceManagerThatIsNotThereEndsSoonInOneLine() throws Exception {
    int port = Integer.parseInt(Scripts.freePort());
    String conf = "settings";
    for (String mode : List.of("client", "cluster")) {
      settings(conf, property("yarn.resourcemanager.address", "127.0.0.1:" + port));
      assertNobodyAt("127.0.0.1:" + port, conf, mode);
    }
    settings(conf, property("yarn.resourcemanager.hostname", "no.such.host.invalid"));
    assertNobodyAt("no.such.host.invalid:8032", conf, "client");
    settings(
        conf,
        "<!-- %s -->\n%s\n%s"
            .formatted(
                property("yarn.resourcemanager.address", "elsewhere:1"),
                property("yarn.resourcemanager.hostname", "127.0.0.1"),
                property(
                    "yarn.resourcemanager.address", "${yarn.resourcemanager.hostname}:" + port)));
    assertNobodyAt("127.0.0.1:" + port, conf, "client");
  }

  @Test
  void whatOnlyHadoopKnowsIsNotKnockedAt() throws Exception {
    int port = Integer.parseInt(Scripts.freePort());
    String address = property("yarn.resourcemanager.address", "127.0.0.1:" + port);
    for (String more :
        List.of(
            property("yarn.resourcemanager.ha.rm-ids", "rm1,rm2"),
            "<xi:include href=\"more.xml\"/>",
            property("yarn.resourcemanager.address", "${where}"))) {
      settings("settings", address + "\n" + more);
      builder.environment().put("HADOOP_CONF_DIR", temp.resolve("settings").toString());
      train("--master", "yarn").well();
    }
    settings("settings", address);
    builder
        .environment()
        .put("SCHUSS_SUBMIT", "--conf spark.hadoop.yarn.resourcemanager.address=here:1");
    train("--master", "yarn").well();
  }

  @Test
  void aFileNamedAsTheVerbIsNotTheJob() throws Exception {
    Files.writeString(temp.resolve("train"), "");
    assertThat(train("--master", "yarn", "--deploy-mode", "cluster").well().said())
        .endsWith("--files\nmy.conf\n--class\ndev.schuss.job.Main\nschuss.jar\ntrain\nmy.conf\n");
  }

  @Test
  void filesOfOnesOwnAreShippedToo() throws Exception {
    Path conf = Files.createDirectory(temp.resolve("mine/conf"));
    Files.writeString(conf.resolve("spark-defaults.conf"), "spark.files  all.txt\n");
    shipped("", "--files\nall.txt,my.conf\n");
    shipped("--conf spark.files=a.txt,b.txt", "--files\na.txt,b.txt,my.conf\n");
    shipped("--files=a.txt --name x", "--files=a.txt,my.conf\n--name\nx\n");
    shipped("--files a.txt --name x", "--files\na.txt,my.conf\n--name\nx\n");
  }

  private void shipped(String submit, String files) throws Exception {
    builder.environment().put("SCHUSS_SUBMIT", submit);
    String said = train("--master", "yarn", "--deploy-mode", "cluster").well().said();
    assertThat(said).contains(files).containsOnlyOnce("--files");
  }

  private void assertNobodyAt(String address, String folder, String mode) throws Exception {
    builder.environment().put("HADOOP_CONF_DIR", temp.resolve(folder).toString());
    Ended ended = train("--master", "yarn", "--deploy-mode", mode);
    assertThat(ended.said())
        .isEqualTo(
            "schuss: no ResourceManager answers at %s (%s): is the address right, and does it run?%n",
            address, temp.resolve(folder).resolve("yarn-site.xml"));
    assertThat(ended.code()).isEqualTo(ExitCode.SPARK);
  }

  private Ended train(String... more) throws Exception {
    List<String> command =
        new ArrayList<>(List.of(Path.of("scripts/schuss").toAbsolutePath().toString(), "train"));
    command.add("my.conf");
    command.addAll(List.of(more));
    Process process = builder.command(command).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return new Ended(process.exitValue(), said);
  }

  /** The folder of a Spark that has nothing but a spark-submit. */
  private Path spark(String name) throws IOException {
    Path bin = temp.resolve(name).resolve("bin");
    Path submit = Files.createDirectories(bin).resolve("spark-submit");
    Files.writeString(submit, STAND_IN);
    assertThat(submit.toFile().setExecutable(true)).isTrue();
    return temp.resolve(name);
  }

  /** What scripts/yarn leaves in its folder. */
  private void yarn(int port, String born) throws IOException {
    settings("yarn/conf", property("yarn.resourcemanager.address", "127.0.0.1:" + port));
    Path state = temp.resolve("yarn");
    Files.writeString(state.resolve("resourcemanager.pid"), pid(born));
    Files.writeString(state.resolve("home"), spark("theirs") + "\n");
    Files.writeString(
        state.resolve("conf/spark-defaults.conf"),
        "spark.yarn.jars local:%s/jars/*%nspark.executorEnv.SPARK_LOCAL_IP 127.0.0.1%n"
            .formatted(temp.resolve("theirs")));
  }

  private void settings(String folder, String properties) throws IOException {
    Path conf = Files.createDirectories(temp.resolve(folder));
    Files.writeString(
        conf.resolve("yarn-site.xml"), "<configuration>\n" + properties + "\n</configuration>\n");
  }

  private static String property(String name, String value) {
    return "<property>\n  <name>%s</name>\n  <value>%s</value>\n</property>".formatted(name, value);
  }

  private static String pid(String born) {
    return ProcessHandle.current().pid() + " " + born + "\n";
  }

  /** When a process started, in the kernel's ticks. */
  private static String born(long id) throws IOException {
    String stat = Files.readString(Path.of("/proc", Long.toString(id), "stat"));
    return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[19];
  }

  private static ServerSocket listening() throws IOException {
    return new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
  }
}
