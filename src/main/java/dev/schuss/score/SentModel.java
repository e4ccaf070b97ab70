package dev.schuss.score;

import dev.schuss.model.FittedModel;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.lang.ref.SoftReference;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * A model on its way to the tasks. It is broadcast once, as bytes, whatever serializer the session
 * has, and read once in each process.
 */
final class SentModel implements Serializable {
  private static final long serialVersionUID = 1;

  /** The models of this process by their ids. */
  static final Map<String, SoftReference<FittedModel>> HERE = new ConcurrentHashMap<>();

  private final String id = UUID.randomUUID().toString();
  private final Broadcast<byte[]> bytes;

  SentModel(JavaSparkContext spark, FittedModel model) {
    ByteArrayOutputStream to = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(to)) {
      out.writeObject(model);
    } catch (IOException e) {
      throw new UncheckedIOException("the model cannot be sent: " + e.getMessage(), e);
    }
    bytes = spark.broadcast(to.toByteArray());
    keep(model);
  }

  /** Where there are many models, as in a grid, those that memory was taken from leave no entry. */
  private void keep(FittedModel model) {
    HERE.values().removeIf(r -> r.get() == null);
    HERE.put(id, new SoftReference<>(model));
  }

  /** The model, shared by the tasks of this process. */
  FittedModel model() {
    SoftReference<FittedModel> reference = HERE.get(id);
    FittedModel model = reference == null ? null : reference.get();
    if (model == null) {
      model = read(bytes.value());
      keep(model);
    }
    return model;
  }

  private static FittedModel read(byte[] sent) {
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(sent))) {
      return (FittedModel) in.readObject();
    } catch (IOException | ClassNotFoundException e) {
      throw new IllegalStateException("the model that was sent cannot be read", e);
    }
  }
}
