package io.wgnetty.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PaletteTest {
  @TempDir private Path directory;

  private boolean colours(Map<String, String> environment) throws IOException {
    Path terminal = directory.resolve("out");
    Files.deleteIfExists(terminal);
    Files.createSymbolicLink(terminal, Path.of("/dev/pts/0"));
    var streams = new StandardStreams(System.in, System.out, System.err, terminal);
    return Palette.of(new CommandContext(streams, environment, directory)).on();
  }

  @Test
  void shouldHonourNoColorUnlessColoursAreAskedFor() throws IOException {
    assertThat(colours(Map.of())).isTrue();
    assertThat(colours(Map.of("NO_COLOR", "1"))).isFalse();
    assertThat(colours(Map.of("NO_COLOR", ""))).isTrue();
    assertThat(colours(Map.of("NO_COLOR", "1", "WG_COLOR_MODE", "always"))).isTrue();
    assertThat(colours(Map.of("WG_COLOR_MODE", "never"))).isFalse();
  }
}
