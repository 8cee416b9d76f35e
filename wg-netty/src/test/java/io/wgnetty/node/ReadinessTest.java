package io.wgnetty.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadinessTest {
  @TempDir private Path temporary;

  @Test
  void shouldTellWarningsOnceAndWhatIsPrintedBeforeTheEnd() throws Exception {
    Path answers = Files.createFile(temporary.resolve("answers"));
    try (var descriptor = ReadyDescriptor.open(answers)) {
      var readiness =
          Readiness.from(Map.of("WG_NETTY_READY_FD", Integer.toString(descriptor.fd())));
      readiness.warning("the file is open\nfor everybody");
      readiness.output("ready");
      readiness.warning("the file is open\nfor everybody");
      readiness.ready();
      readiness.warning("too late");
      readiness.output("too late");
    }
    assertThat(answers)
        .hasContent("warning the file is open\nwarning for everybody\noutput ready\nready\n");
  }

  @Test
  void shouldSayLessThanAPipeHolds() throws Exception {
    Path answers = Files.createFile(temporary.resolve("answers"));
    try (var descriptor = ReadyDescriptor.open(answers)) {
      var readiness =
          Readiness.from(Map.of("WG_NETTY_READY_FD", Integer.toString(descriptor.fd())));
      for (int i = 0; i < 1000; i++) {
        readiness.output("x".repeat(1000));
      }
      readiness.failed("no");
    }
    assertThat(Files.size(answers)).isBetween(20_000L, 60_000L);
    assertThat(Files.readString(answers)).endsWith("only the log has\nerror no\n");
  }
}
