package io.wgnetty.config;

import static io.wgnetty.config.ConfigurationTexts.INTERFACE;
import static io.wgnetty.config.ConfigurationTexts.given;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Time that grows with the size of a file, not with its square. The bound is for slow machines. */
class ConfigurationSpeedTest {
  private static final int PEERS = 100_000;
  private static final Duration BOUND = Duration.ofSeconds(10);

  @Test
  void shouldReadManyPeersInTime() {
    byte[] text = INTERFACE.concat(peers("10.%d.%d.%d/32, fd00::1:%x:%x/128")).getBytes(US_ASCII);
    long start = cpuNs();
    ConfigurationResult result = ConfigurationReader.read(text);
    report("read", start, text.length);
    assertThat(result.findings().size()).isZero();
    assertThat(given(result).peers()).hasSize(PEERS);
  }

  @Test
  void shouldFindManyOverlapsInTime() {
    // All have one network in common, each loses it to the next.
    byte[] text = INTERFACE.concat(peers("10.%d.%d.%d/8, fd00::1:%x:%x/64")).getBytes(US_ASCII);
    long start = cpuNs();
    ConfigurationResult result = ConfigurationReader.read(text);
    report("overlaps", start, text.length);
    assertThat(result.findings().size()).isEqualTo(Findings.MAX_SHOWN + 1);
    assertThat(given(result).peers()).hasSize(PEERS);
  }

  @Test
  void shouldReadOneLongLineOfErrorsInTime() {
    byte[] text = ("[Peer]\nAllowedIPs=" + "ä1,x,".repeat(500_000)).getBytes(US_ASCII);
    byte[] errors = ("[Peer]\nAllowedIPs=" + "1,x,".repeat(500_000)).getBytes(US_ASCII);
    long start = cpuNs();
    assertThat(ConfigurationReader.read(text).configuration()).isNull();
    assertThat(ConfigurationReader.read(errors).configuration()).isNull();
    report("long line", start, text.length + errors.length);
  }

  @Test
  void shouldEditFileOfManyPeersInTime() {
    byte[] text = INTERFACE.concat(peers("10.%d.%d.%d/32, fd00::1:%x:%x/128")).getBytes(US_ASCII);
    long start = cpuNs();
    PeerSettings peer = ConfigurationTexts.peer("AllowedIPs=10.255.0.0/32");
    byte[] added = ConfigurationEditor.addPeer(text, peer);
    assertThat(ConfigurationEditor.removePeer(added, peer.publicKey())).isEqualTo(text);
    report("edit", start, 2 * text.length);
  }

  private static String peers(String allowedIps) {
    var random = new Random(1);
    byte[] key = new byte[32];
    var text = new StringBuilder();
    for (int i = 0; i < PEERS; i++) {
      random.nextBytes(key);
      text.append("\n[Peer]\n# Name = peer ").append(i).append("\nPublicKey = ");
      text.append(Base64.getEncoder().encodeToString(key)).append("\nAllowedIPs = ");
      text.append(allowedIps.formatted(i >> 16, i >> 8 & 0xff, i & 0xff, i >> 16, i & 0xffff));
      text.append("\nEndpoint = 192.0.2.7:51820\nPersistentKeepalive = 25\n");
    }
    return text.toString();
  }

  /** What this thread has computed: unlike the clock it does not see what else the machine does. */
  private static long cpuNs() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static void report(String what, long startNs, int bytes) {
    Duration time = Duration.ofNanos(cpuNs() - startNs);
    System.out.println(what + " of " + bytes + " bytes: " + time.toMillis() + " ms");
    assertThat(time).isLessThan(BOUND);
  }
}
