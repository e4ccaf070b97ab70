package dev.schuss.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import dev.schuss.nn.Network;
import dev.schuss.objective.Batch;
import dev.schuss.objective.Evaluation;
import java.util.List;
import org.junit.jupiter.api.Test;

class KryoRegistrationTest {

  /** As a cluster does it that runs Kryo and requires registration. */
  @Test
  void evaluationsPassAKryoThatWantsEveryClassRegistered() {
    Kryo kryo = new Kryo();
    kryo.setRegistrationRequired(true);
    new KryoRegistration().registerClasses(kryo);
    for (Network network :
        List.of(
            Network.input(3).output(2),
            Network.input(3).output(7),
            Network.input(3).regression(1),
            Network.input(3).reconstruction())) {
      Evaluation evaluation = Evaluation.of(network);
      Batch rows = Batch.of(2, new float[] {1, 2, 3, 4, 5, 7}, new float[] {0, 1});
      network.evaluate(network.initialWeights(1), rows, evaluation);
      Output out = new Output(1 << 12, -1);
      kryo.writeClassAndObject(out, new Evaluation[] {evaluation});
      Evaluation[] read = (Evaluation[]) kryo.readClassAndObject(new Input(out.toBytes()));
      assertThat(read[0].figures()).isEqualTo(evaluation.figures()).isNotEmpty();
      assertThat(read[0].rows()).isEqualTo(2);
    }
  }
}
