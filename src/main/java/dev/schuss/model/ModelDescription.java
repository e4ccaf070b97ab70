package dev.schuss.model;

import dev.schuss.nn.Network;
import java.io.IOException;

/**
 * What model.json says, without the weights.
 *
 * @param network the architecture
 * @param preprocessing columns, scaling and classes
 * @param provenance where the model comes from
 * @param weightsFile name of the file of the weights
 * @param checksum CRC32C of that file, as 8 hexadecimal digits; null if it was taken out
 */
public record ModelDescription(
    Network network,
    Preprocessing preprocessing,
    FittedModel.Provenance provenance,
    String weightsFile,
    String checksum) {

  /**
   * Reads model.json alone.
   *
   * @throws ModelException if it is missing or damaged
   */
  public static ModelDescription read(FileSource source) throws IOException {
    return FittedModel.readDescription(source);
  }
}
