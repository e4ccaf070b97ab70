package dev.schuss.data;

import java.io.DataInputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.TaskCompletionListener;

/** Some consecutive images and their labels, read within a task. */
final class IdxRows implements Iterator<Row> {
  private final IdxFile images;
  private final DataInputStream imageBytes;
  private final DataInputStream labelBytes;
  private long left;

  IdxRows(IdxFile images, IdxFile labels, long from, long to, Configuration hadoop) {
    this.images = images;
    this.left = to - from;
    try {
      imageBytes = images.from(from, hadoop);
      labelBytes = labels.from(from, hadoop);
    } catch (IOException e) {
      throw Files.damaged(images.path(), e);
    }
    TaskContext.get().addTaskCompletionListener((TaskCompletionListener) context -> close());
  }

  @Override
  public boolean hasNext() {
    return left > 0;
  }

  @Override
  public Row next() {
    if (left == 0) {
      throw new NoSuchElementException();
    }
    byte[] image = new byte[(int) images.itemBytes()];
    try {
      imageBytes.readFully(image);
      int label = labelBytes.readUnsignedByte();
      left--;
      return RowFactory.create(image, label);
    } catch (IOException e) {
      throw Files.damaged(images.path(), e);
    }
  }

  private void close() {
    try (DataInputStream first = imageBytes;
        DataInputStream second = labelBytes) {
      left = 0;
    } catch (IOException e) {
      // Nothing is lost: the streams were only read.
    }
  }
}
