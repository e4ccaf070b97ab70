package dev.schuss.data;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.TaskCompletionListener;

/** Some consecutive records of a CIFAR-10 file, read within a task. */
final class CifarRows implements Iterator<Row> {
  private final Path file;
  private final DataInputStream in;
  private final long to;
  private long record;

  CifarRows(Cifar.Part part, Configuration hadoop) {
    file = new Path(part.file());
    record = part.from();
    to = part.to();
    try {
      InputStream bytes = Files.open(file, hadoop);
      if (bytes instanceof FSDataInputStream plain) {
        plain.seek(record * Cifar.RECORD);
      }
      in = new DataInputStream(new BufferedInputStream(bytes, 1 << 16));
    } catch (IOException e) {
      throw Files.damaged(Files.display(file), e);
    }
    TaskContext.get().addTaskCompletionListener((TaskCompletionListener) context -> close());
  }

  @Override
  public boolean hasNext() {
    return record < to;
  }

  @Override
  public Row next() {
    if (record == to) {
      throw new NoSuchElementException();
    }
    byte[] image = new byte[Cifar.IMAGE];
    try {
      int label = in.readUnsignedByte();
      if (label >= Cifar.CLASSES) {
        throw new DataException(
            "%s record %d: label %d is above 9, so this is no file of CIFAR-10"
                .formatted(Files.display(file), record + 1, label));
      }
      in.readFully(image);
      record++;
      return RowFactory.create(image, label);
    } catch (IOException e) {
      throw Files.damaged(Files.display(file), e);
    }
  }

  private void close() {
    try {
      in.close();
    } catch (IOException e) {
      record = to; // nothing is lost: the stream was only read
    }
  }
}
