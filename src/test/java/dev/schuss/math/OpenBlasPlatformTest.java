package dev.schuss.math;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import org.junit.jupiter.api.Test;

/** What the loader asks for on machines that this one is not. */
class OpenBlasPlatformTest {
  private static final ClassLoader LOADER = OpenBlasPlatformTest.class.getClassLoader();

  @Test
  void everythingThatIsLoadedComesAlong() {
    assertThat(OpenBlas.Platform.ALL).hasSize(2);
    for (OpenBlas.Platform platform : OpenBlas.Platform.ALL) {
      for (String resource : platform.resources()) {
        URL found = LOADER.getResource(resource);
        assertThat(found).as(resource).isNotNull();
      }
    }
  }

  @Test
  void theBindingIsMadeToNeedTheLibraryOfAnotherName() throws IOException {
    for (OpenBlas.Platform platform : OpenBlas.Platform.ALL) {
      String code = new String(platform.relinked(LOADER, "libopenblas.beef"), ISO_8859_1);
      assertThat(code.contains("libopenblas.beef\0")).as(platform.folder()).isTrue();
      assertThat(code.contains("libopenblas.so.0\0")).as(platform.folder()).isFalse();
    }
  }
}
