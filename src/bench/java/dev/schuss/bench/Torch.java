package dev.schuss.bench;

import java.io.IOException;
import java.util.List;

/** PyTorch, where this machine has it; it is no part of the project. */
final class Torch {
  private Torch() {}

  /** A process that answers; null where no Python imports torch. */
  static Contestant start() throws IOException {
    String chosen = System.getenv("PYTHON");
    for (String python :
        chosen == null ? List.of("python3", "/usr/bin/python3") : List.of(chosen)) {
      if (imports(python)) {
        return new Contestant("torch", List.of(python, "src/bench/python/torch_mlp.py"));
      }
    }
    System.err.println("bench: without PyTorch, which `import torch` does not find");
    return null;
  }

  private static boolean imports(String python) {
    try {
      return new ProcessBuilder(python, "-c", "import torch")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false; // no such program
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
