package dev.schuss.nn;

/** -log softmax(s)[y] for scores s and class y, by log-sum-exp in double. */
public record SoftmaxCrossEntropy() implements Loss {

  @Override
  public double of(float[] outputs, float[] targets, float[] weights, int rows, int k, float[] d) {
    double loss = 0;
    double[] e = new double[k];
    for (int r = 0; r < rows; r++) {
      int row = r * k;
      float max = outputs[row];
      for (int j = 1; j < k; j++) {
        max = Math.max(max, outputs[row + j]);
      }
      double sum = 0;
      for (int j = 0; j < k; j++) {
        e[j] = Math.exp(outputs[row + j] - max);
        sum += e[j];
      }
      int y = (int) targets[r];
      double c = weights[r];
      loss += c * (Math.log(sum) + max - outputs[row + y]);
      if (d != null) {
        for (int j = 0; j < k; j++) {
          d[row + j] = (float) (c * e[j] / sum);
        }
        d[row + y] -= (float) c;
      }
    }
    return loss;
  }

  @Override
  public boolean classTargets() {
    return true;
  }
}
