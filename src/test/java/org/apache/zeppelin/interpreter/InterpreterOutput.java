package org.apache.zeppelin.interpreter;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Splits what is written into blocks as Zeppelin's class of this name does. */
public final class InterpreterOutput extends OutputStream {
  /** In their order. */
  public final List<Block> blocks = new ArrayList<>();

  /** Whether the server has gone. */
  public boolean broken;

  /** What the browser was sent, as often as it was sent anything. */
  public final List<String> sent = Collections.synchronizedList(new ArrayList<>());

  /** A block of one type. */
  public final class Block extends OutputStream {
    /** Such as html. */
    public final String type;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private Block(String type) {
      this.type = type;
    }

    /** Empties it. */
    public void clear(boolean tell) {
      bytes.reset();
      if (tell) {
        sent.add("");
      }
    }

    @Override
    public void write(int b) throws IOException {
      if (broken) {
        throw new IOException("broken pipe");
      }
      bytes.write(b);
    }

    @Override
    public void flush() {
      sent.add(content());
    }

    /** What is in it. */
    public String content() {
      return bytes.toString(StandardCharsets.UTF_8);
    }
  }

  /** The block that is written to; null before the first. */
  public Block getCurrentOutput() {
    return blocks.isEmpty() ? null : blocks.get(blocks.size() - 1);
  }

  /** A line that begins with the name of a type begins a block, of a table after an empty line. */
  public void write(String text) throws IOException {
    Block now = getCurrentOutput();
    boolean within = now != null && !now.content().isEmpty() && !now.content().endsWith("\n");
    for (String line : ((within && text.startsWith("%") ? "\n" : "") + text).split("(?<=\n)", -1)) {
      now = getCurrentOutput();
      boolean table = now != null && now.type.equals("table");
      String before = now == null ? "\n" : now.content();
      boolean fresh = before.isEmpty() || before.endsWith(table ? "\n\n" : "\n");
      String type = line.replaceFirst("(?s)^%(html|table|text)[ \n].*", "$1");
      if (fresh && !type.equals(line)) {
        blocks.add(new Block(type));
        write(line.substring(type.length() + 2).getBytes(StandardCharsets.UTF_8));
      } else {
        write(line.getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  @Override
  public void write(int b) throws IOException {
    if (blocks.isEmpty()) {
      blocks.add(new Block("text"));
    }
    getCurrentOutput().write(b);
  }

  @Override
  public void flush() {
    if (!blocks.isEmpty()) {
      getCurrentOutput().flush();
    }
  }
}
