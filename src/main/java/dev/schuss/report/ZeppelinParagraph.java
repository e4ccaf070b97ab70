package dev.schuss.report;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The output of a paragraph of Zeppelin. Its classes are found by reflection, so that the jar needs
 * none of them: {@code InterpreterContext.get()} knows the paragraph of the calling thread, and its
 * {@code out} takes text in which a line that begins with {@code %html}, {@code %table} or {@code
 * %text} begins a block of that kind.
 */
final class ZeppelinParagraph {
  private static final Logger log = LoggerFactory.getLogger(ZeppelinParagraph.class);
  private static final String CONTEXT = "org.apache.zeppelin.interpreter.InterpreterContext";

  /** What is printed after a block, such as the REPL's echo, does not belong to it. */
  private static final String END = "\n%text ";

  private final OutputStream out;

  private ZeppelinParagraph(OutputStream out) {
    this.out = out;
  }

  /** That of the calling thread; null where there is no Zeppelin, or the thread is not its. */
  static ZeppelinParagraph here() {
    List<ClassLoader> loaders =
        Arrays.asList(
            Thread.currentThread().getContextClassLoader(),
            ZeppelinParagraph.class.getClassLoader());
    for (ClassLoader loader : loaders) {
      OutputStream out = loader == null ? null : out(loader);
      if (out != null) {
        return new ZeppelinParagraph(out);
      }
    }
    return null;
  }

  private static OutputStream out(ClassLoader loader) {
    try {
      Class<?> type = Class.forName(CONTEXT, true, loader);
      Object context = type.getMethod("get").invoke(null);
      return context != null && type.getField("out").get(context) instanceof OutputStream found
          ? found
          : null;
    } catch (ClassNotFoundException none) {
      return null;
    } catch (ReflectiveOperationException | LinkageError e) {
      log.info("a Zeppelin that is not known as such ({}): its paragraphs are not drawn in", e);
      return null;
    }
  }

  /**
   * Prints a block.
   *
   * @param type {@code html} or {@code table}
   */
  void print(String type, String content) throws IOException {
    synchronized (out) {
      write("%" + type + " " + content + END);
      out.flush();
    }
  }

  /** Prints below what was printed last. */
  void text(String lines) throws IOException {
    write(lines);
    out.flush();
  }

  /** Prints a block of HTML that can be drawn anew in its place. */
  Block draw(String html) throws IOException {
    Object block;
    synchronized (out) { // else another training's block may be the current one
      write("%html " + html);
      block = call(out, "getCurrentOutput");
      out.flush();
      write(END); // what others print meanwhile goes below
    }
    return new Block((OutputStream) Objects.requireNonNull(block));
  }

  /** One block of a paragraph. */
  static final class Block {
    private final OutputStream block;

    private Block(OutputStream block) {
      this.block = block;
    }

    /** Draws over what was there; whoever looks sees no empty block in between. */
    void redraw(String html) throws IOException {
      try {
        call(block, "clear", false); // does not tell the browser
      } catch (IOException older) {
        call(block, "clear");
      }
      block.write(html.getBytes(StandardCharsets.US_ASCII));
      block.flush();
    }
  }

  /** Its own method for text begins a new line where a block needs one. */
  private void write(String text) throws IOException {
    call(out, "write", text);
  }

  private static Object call(Object on, String method, Object... arguments) throws IOException {
    Class<?>[] types =
        Arrays.stream(arguments)
            .map(a -> a instanceof Boolean ? boolean.class : a.getClass())
            .toArray(Class<?>[]::new);
    try {
      return on.getClass().getMethod(method, types).invoke(on, arguments);
    } catch (InvocationTargetException e) {
      throw new IOException(e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IOException(e);
    }
  }
}
