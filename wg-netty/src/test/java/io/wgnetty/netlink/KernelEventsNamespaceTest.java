package io.wgnetty.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("namespace")
@Timeout(30)
class KernelEventsNamespaceTest {
  /** A device that every kernel has; what is written here, the kernel tells as its event. */
  private static final Path NULL_DEVICE = Path.of("/sys/devices/virtual/mem/null/uevent");

  @Test
  void shouldHearWhatTheKernelTells() throws Exception {
    OwnNamespace.run(
        () -> {
          try (KernelEvents events = KernelEvents.open()) {
            String id = UUID.randomUUID().toString();
            Files.writeString(NULL_DEVICE, "change " + id + " MARK=7");
            List<String> words = events.next();
            while (!words.contains("SYNTH_UUID=" + id)) {
              words = events.next(); // of something else that happens on this machine
            }
            assertThat(words)
                .startsWith("change@/devices/virtual/mem/null")
                .contains("ACTION=change", "SUBSYSTEM=mem", "SYNTH_ARG_MARK=7");
          }
        });
  }
}
