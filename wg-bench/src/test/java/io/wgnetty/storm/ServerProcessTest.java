package io.wgnetty.storm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerProcessTest {
  @TempDir Path folder;

  private ServerProcess process() {
    return new ServerProcess(folder);
  }

  @Test
  void shouldAddUpUserAndSystemTimeWhateverTheNameHolds() throws IOException {
    Files.writeString(
        folder.resolve("stat"),
        "17 (odd) name) S 1 17 17 0 -1 4194560 100 0 0 0 1234 66 0 0 20 0 9 0 555 0 0\n");

    assertThat(process().cpuSeconds()).isCloseTo(13.0, within(1e-9));
  }

  @Test
  void shouldReadTheMemoryThatIsAndThatWas() throws IOException {
    Files.writeString(
        folder.resolve("status"), "Name:\tx\nVmHWM:\t  204800 kB\nVmRSS:\t  1024 kB\n");

    assertThat(process().peakKib()).hasValue(204_800);
    assertThat(process().residentKib()).hasValue(1024);
  }

  @Test
  void shouldAddUpWhatAllSocketsOfThePortLost() throws IOException {
    Files.createDirectory(folder.resolve("net"));
    String head =
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt ...\n";
    String line =
        "  7: %s:CA6C %s:0000 07 00000000:00000000 00:00000000 00000000 0 0 4567 2 00000000abcd %d\n";
    Files.writeString(
        folder.resolve("net/udp"),
        head
            + line.formatted("00000000", "00000000", 12)
            + line.formatted("00000000", "00000000", 30)
            + line.formatted("00000000", "00000000", 99).replace("CA6C", "0035"));
    Files.writeString(
        folder.resolve("net/udp6"), head + line.formatted("0".repeat(32), "0".repeat(32), 100));

    assertThat(process().lostAtSocket(51820)).isEqualTo(142);
  }

  @Test
  void shouldReadTheRealThing() throws IOException {
    ServerProcess self = ServerProcess.of(ProcessHandle.current().pid());

    assertThat(self.cpuSeconds()).isPositive();
    assertThat(self.peakKib().orElseThrow()).isGreaterThanOrEqualTo(1024);
    assertThat(self.lostAtSocket(1)).isZero();
  }
}
