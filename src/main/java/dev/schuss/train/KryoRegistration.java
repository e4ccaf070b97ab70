package dev.schuss.train;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.serializers.ExternalizableSerializer;
import dev.schuss.data.DataPreparation;
import dev.schuss.nn.ClassTally;
import dev.schuss.nn.LabelTally;
import dev.schuss.nn.ValueTally;
import dev.schuss.objective.Evaluation;
import dev.schuss.objective.GradientSum;
import dev.schuss.objective.Means;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.KryoRegistrator;
import org.apache.spark.sql.SparkSession;

/**
 * Registers what Schuss sends between processes, for clusters that run Kryo with {@code
 * spark.kryo.registrationRequired}: set {@code
 * spark.kryo.registrator=dev.schuss.train.KryoRegistration} there, or call it from a registrator of
 * one's own.
 */
public final class KryoRegistration implements KryoRegistrator {
  private static final List<Class<?>> ON_THE_WIRE =
      List.of(
          GradientSum.class,
          Partial.class,
          Evaluation.class,
          Means.class,
          ClassTally.class,
          ValueTally.class,
          LabelTally.class,
          RoundInput.class,
          WeightPoints.class);

  @Override
  public void registerClasses(Kryo kryo) {
    ON_THE_WIRE.forEach(type -> kryo.register(type, new ExternalizableSerializer()));
    kryo.register(Evaluation[].class);
    DataPreparation.wireClasses()
        .forEach(type -> kryo.register(type, new ExternalizableSerializer()));
  }

  /**
   * Refuses a session that would fail at the first round.
   *
   * @throws SettingsException saying which setting is missing
   */
  static void check(SparkSession spark) {
    SparkConf conf = spark.sparkContext().getConf();
    boolean required =
        conf.get("spark.serializer", "").endsWith("KryoSerializer")
            && conf.getBoolean("spark.kryo.registrationRequired", false);
    String registrators = conf.get("spark.kryo.registrator", "");
    boolean ours =
        Arrays.asList(registrators.split(",", -1)).contains(KryoRegistration.class.getName());
    if (required && registrators.isEmpty() && !ours) {
      throw new SettingsException(
          "spark.kryo.registrationRequired is true: set spark.kryo.registrator="
              + KryoRegistration.class.getName());
    }
  }
}
