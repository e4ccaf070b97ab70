import dev.schuss.model.Json;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.zeppelin.display.AngularObjectRegistry;
import org.apache.zeppelin.interpreter.Interpreter;
import org.apache.zeppelin.interpreter.InterpreterContext;
import org.apache.zeppelin.interpreter.InterpreterGroup;
import org.apache.zeppelin.interpreter.InterpreterOutput;
import org.apache.zeppelin.interpreter.InterpreterOutputListener;
import org.apache.zeppelin.interpreter.InterpreterResult;
import org.apache.zeppelin.interpreter.InterpreterResultMessage;
import org.apache.zeppelin.interpreter.InterpreterResultMessageOutput;
import org.apache.zeppelin.interpreter.remote.RemoteInterpreterEventClient;
import org.apache.zeppelin.resource.LocalResourcePool;
import org.apache.zeppelin.spark.SparkInterpreter;
import org.apache.zeppelin.spark.SparkSqlInterpreter;

/**
 * Runs the paragraphs of a note in Zeppelin's own Spark interpreter, in this JVM, without a server;
 * then the first that trains once more, far longer, and cancels it. Prints a line for each, which
 * ZeppelinIT reads.
 */
final class NoteRunner {
  private static final PrintStream out = System.out; // the interpreter puts its own in its place

  private final InterpreterGroup group = new InterpreterGroup("tour");
  private final Interpreter spark;
  private final Interpreter sql;
  private int paragraphs;

  /** What came of a paragraph, and how often its HTML was drawn before it ended. */
  private record Shown(InterpreterResult result, List<InterpreterResultMessage> blocks, int drawn) {
    String types() {
      return blocks.stream()
          .filter(block -> !block.getData().isBlank())
          .map(block -> block.getType().name())
          .collect(Collectors.joining(","));
    }

    String text() {
      return blocks.stream().map(block -> block.getData()).collect(Collectors.joining("\n"));
    }
  }

  /** A paragraph that is about to run. */
  private final class Paragraph {
    final AtomicInteger drawn = new AtomicInteger();
    final InterpreterContext context;

    Paragraph() {
      InterpreterOutputListener listener =
          new InterpreterOutputListener() {
            @Override
            public void onUpdateAll(InterpreterOutput all) {}

            @Override
            public void onAppend(int index, InterpreterResultMessageOutput block, byte[] line) {}

            @Override
            public void onUpdate(int index, InterpreterResultMessageOutput block) {
              if (block.getType() == InterpreterResult.Type.HTML) {
                drawn.incrementAndGet();
              }
            }
          };
      context =
          InterpreterContext.builder()
              .setNoteId("tour")
              .setNoteName("tour")
              .setParagraphId("p" + paragraphs++)
              .setParagraphTitle("")
              .setLocalProperties(new HashMap<>())
              .setInterpreterOut(new InterpreterOutput(listener))
              .setAngularObjectRegistry(new AngularObjectRegistry("spark", null))
              .setResourcePool(new LocalResourcePool("tour"))
              .setIntpEventClient(
                  new RemoteInterpreterEventClient("127.0.0.1", 1, 1) {
                    @Override
                    public void onParaInfosReceived(Map<String, String> ofTheServer) {}
                  })
              .build();
    }

    Shown run(String text) throws Exception {
      String[] parts = text.split("\\s", 2);
      InterpreterContext.set(context);
      InterpreterResult result =
          (parts[0].equals("%spark.sql") ? sql : spark).interpret(parts[1], context);
      context.out.flush();
      List<InterpreterResultMessage> blocks =
          new ArrayList<>(context.out.toInterpreterResultMessage());
      blocks.addAll(result.message());
      return new Shown(result, blocks, drawn.get());
    }
  }

  private NoteRunner() throws Exception {
    Properties settings = new Properties();
    settings.setProperty("spark.master", "local[2]");
    settings.setProperty("spark.app.name", "tour");
    settings.setProperty("spark.ui.enabled", "false");
    settings.setProperty("spark.driver.host", "127.0.0.1");
    settings.setProperty("spark.driver.bindAddress", "127.0.0.1");
    settings.setProperty("spark.sql.shuffle.partitions", "2");
    settings.setProperty("spark.sql.warehouse.dir", Files.createTempDirectory("tour").toString());
    settings.setProperty("zeppelin.spark.enableSupportedVersionCheck", "false");
    settings.setProperty("zeppelin.spark.useHiveContext", "false");
    settings.setProperty("zeppelin.spark.maxResult", "100");
    settings.setProperty("zeppelin.spark.sql.stacktrace", "true");
    settings.setProperty("zeppelin.spark.scala.color", "false");
    settings.setProperty("zeppelin.spark.printREPLOutput", "true");
    InterpreterContext.set(new Paragraph().context);
    // Zeppelin takes the context class loader for a URLClassLoader.
    Thread.currentThread()
        .setContextClassLoader(
            new URLClassLoader(new URL[0], ClassLoader.getSystemClassLoader()));
    spark = new SparkInterpreter(settings);
    sql = new SparkSqlInterpreter(settings);
    group.put("session", new LinkedList<>(List.of(spark, sql)));
    spark.setInterpreterGroup(group);
    sql.setInterpreterGroup(group);
    spark.open();
    sql.open();
  }

  /** The paragraphs as they are. */
  private void run(List<String> texts) throws Exception {
    for (int i = 0; i < texts.size(); i++) {
      String text = texts.get(i);
      if (text.startsWith("%md")) {
        continue;
      }
      long start = System.nanoTime();
      Shown shown = new Paragraph().run(text);
      out.printf(
          "paragraph %d: %s %s drawn %d in %d ms%n",
          i + 1,
          shown.result().code(),
          shown.types(),
          shown.drawn(),
          (System.nanoTime() - start) / 1_000_000);
      if (shown.result().code() != InterpreterResult.Code.SUCCESS) {
        throw new IllegalStateException(text + "\n" + shown.text());
      }
    }
  }

  /** A paragraph that would train for days. */
  private void cancel(String text) throws Exception {
    Paragraph long1 = new Paragraph();
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    CompletableFuture<Shown> running =
        CompletableFuture.supplyAsync(
            () -> {
              Thread.currentThread().setContextClassLoader(loader);
              try {
                return long1.run(text.replaceAll("\\.epochs\\(\\d+\\)", ".epochs(1000000)"));
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (long1.drawn.get() < 3 && System.nanoTime() < end && !running.isDone()) {
      Thread.sleep(20);
    }
    out.printf("cancel: drawn %d, %s%n", long1.drawn.get(), running.isDone() ? "over" : "running");
    long start = System.nanoTime();
    while (!running.isDone() && System.nanoTime() - start < TimeUnit.SECONDS.toNanos(60)) {
      spark.cancel(long1.context); // pressed again where it fell between two rounds
      Thread.sleep(500);
    }
    Shown shown = running.get(1, TimeUnit.SECONDS);
    out.printf(
        "cancelled: %s %s in %d ms%n",
        shown.result().code(), shown.types(), (System.nanoTime() - start) / 1_000_000);
    say("state", "println(adam.status() + \" \" + adam.steps() + \" \" + adam.weights().length)");
    say("context", "println(spark.range(100).count() + \" \" + sc.isStopped)");
    Shown curve = new Paragraph().run("%spark Notebook.curve(adam)");
    out.printf("curve: %s %s%n", curve.result().code(), curve.types());
  }

  private void say(String what, String code) throws Exception {
    Shown shown = new Paragraph().run("%spark " + code);
    out.printf("%s: %s %s%n", what, shown.result().code(), shown.text().strip());
  }

  public static void main(String[] args) throws Exception {
    int code = 1;
    try {
      Map<String, Object> note = Json.parseObject(Files.readString(Path.of(args[0])), args[0]);
      List<String> texts = new ArrayList<>();
      for (Object paragraph : (List<?>) note.get("paragraphs")) {
        texts.add(String.valueOf(((Map<?, ?>) paragraph).get("text")));
      }
      long start = System.nanoTime();
      NoteRunner runner = new NoteRunner();
      out.printf("open in %d ms%n", (System.nanoTime() - start) / 1_000_000);
      runner.run(texts);
      runner.cancel(
          texts.stream().filter(text -> text.contains("Notebook.live(")).findFirst().orElseThrow());
      runner.spark.close();
      code = 0;
    } catch (Throwable e) {
      e.printStackTrace(out);
    }
    out.flush();
    System.exit(code);
  }
}
