package dev.schuss.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.schuss.math.Mix;
import dev.schuss.objective.Layout;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Images that are swapped and moved in training, the same ones in any partition and retry. */
class RandomFlipTest {
  private static final Shape IMAGE = Shape.image(2, 3, 4);
  private static final int ROWS = 2000;

  private static float[] images() {
    float[] x = new float[ROWS * IMAGE.size()];
    for (int i = 0; i < x.length; i++) {
      x[i] = 1 + i % IMAGE.size();
    }
    return x;
  }

  private static float[] trained(Layer layer, long moment, long[] keys) {
    float[] y = new float[keys.length * IMAGE.size()];
    layer
        .bind("layer0", IMAGE, new Layout.Builder())
        .forward(new float[0], images(), keys.length, y, new Training(0, moment, keys));
    return y;
  }

  private static long[] keys() {
    long[] keys = new long[ROWS];
    Arrays.setAll(keys, Mix::mix);
    return keys;
  }

  private static float[] row(float[] y, int r) {
    return Arrays.copyOfRange(y, r * IMAGE.size(), (r + 1) * IMAGE.size());
  }

  @Test
  void flipsItsShareOfTheImages() {
    float[] y = trained(new RandomFlip(0.25), 3, keys());
    float[] same = row(images(), 0);
    int flipped = 0;
    for (int r = 0; r < ROWS; r++) {
      float[] image = row(y, r);
      if (!Arrays.equals(image, same)) {
        flipped++;
        assertThat(Arrays.copyOf(image, 8)).containsExactly(4, 3, 2, 1, 8, 7, 6, 5);
        assertThat(image[23]).isEqualTo(21);
      }
    }
    assertThat(flipped / (double) ROWS).isCloseTo(0.25, within(0.03));
  }

  @Test
  void movesByAllDistancesAlike() {
    float[] y = trained(new RandomCrop(1), 3, keys());
    int[] counts = new int[9];
    for (int r = 0; r < ROWS; r++) {
      float[] image = row(y, r);
      int place = 0; // of the number 6, which stands at row 1 and column 1
      while (image[place] != 6) {
        place++;
      }
      counts[place / 4 * 3 + place % 4]++;
      if (place == 0) { // up and to the left
        assertThat(image)
            .startsWith(6, 7, 8, 0, 10, 11, 12, 0, 0, 0, 0, 0, 18)
            .endsWith(22, 23, 24, 0, 0, 0, 0, 0);
      }
    }
    for (int count : counts) {
      assertThat(count / (double) ROWS).isCloseTo(1 / 9.0, within(0.03));
    }
  }

  @Test
  void rowsAreTreatedAlikeWhereverTheyLieAndOtherwiseInEachRound() {
    for (Layer layer : new Layer[] {RandomFlip.DEFAULTS, new RandomCrop(2)}) {
      float[] all = trained(layer, 3, keys());
      long[] some = {keys()[7], keys()[1500], keys()[2]};
      float[] other = trained(layer, 3, some);
      assertThat(row(other, 0)).isEqualTo(row(all, 7));
      assertThat(row(other, 1)).isEqualTo(row(all, 1500));
      assertThat(row(other, 2)).isEqualTo(row(all, 2));
      assertThat(trained(layer, 4, keys())).isNotEqualTo(all);
    }
  }

  @Test
  void predictionsTakeImagesAsTheyAre() {
    for (Layer layer : new Layer[] {RandomFlip.DEFAULTS, new RandomCrop(2)}) {
      float[] y = new float[ROWS * IMAGE.size()];
      layer.bind("layer0", IMAGE, new Layout.Builder()).forward(new float[0], images(), ROWS, y);
      assertThat(y).isEqualTo(images());
    }
  }

  @Test
  void whatIsNoImageOrTooSmallIsTold() {
    assertThatThrownBy(() -> Network.input(4).layer(RandomFlip.DEFAULTS).output(2))
        .hasMessageStartingWith("random-flip0 takes an image, not a row of numbers");
    assertThatThrownBy(() -> Network.input(1, 3, 9).layer(RandomCrop.DEFAULTS).output(2))
        .hasMessage(
            "random-crop0: its padding of 4 moves an image [1, 3, 9] out of sight: take a smaller one");
  }

  @Test
  void aReconstructionIsComparedWithItsRows() {
    for (Layer layer : new Layer[] {RandomFlip.DEFAULTS, new RandomCrop(1)}) {
      assertThatThrownBy(() -> Network.input(1, 4, 4).layer(layer).reconstruction())
          .hasMessage(
              layer.type()
                  + "0 changes images in training, and a reconstruction is compared with the images as they are: leave the layer out");
      Layer within = Residual.defaults(List.of(layer));
      assertThatThrownBy(() -> Network.input(1, 4, 4).layer(within).reconstruction())
          .hasMessageStartingWith("residual0 changes images in training");
      assertThat(Network.input(1, 4, 4).layer(within).output(2).outputs()).isEqualTo(2);
    }
  }
}
