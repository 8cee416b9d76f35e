package io.wgnetty.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.counters.HandshakeRole;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.crypto.Tai64n;
import io.wgnetty.device.DeviceControl;
import io.wgnetty.device.PeerTrace;
import io.wgnetty.peer.LonePeer;
import io.wgnetty.peer.Peer;
import io.wgnetty.protocol.Endpoint;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeerMemoryTest {
  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);
  private static final PublicKey OWN = PublicKey.of(new byte[PublicKey.BYTES]);
  private static final Peer PEER = LonePeer.numbered(5);
  private static final PublicKey KEY = PEER.publicKey();
  private static final Endpoint PLACE = Endpoint.ipv4(0xc0000201, 51820);

  @TempDir private Path folder;
  private long nowNs = 1_796_000_000_000_000_000L;
  private final Map<PublicKey, PeerTrace> traces = new HashMap<>();
  private final DeviceControl device =
      (DeviceControl)
          Proxy.newProxyInstance(
              DeviceControl.class.getClassLoader(),
              new Class<?>[] {DeviceControl.class},
              (proxy, method, arguments) -> {
                assertThat(method.getName()).isEqualTo("traces");
                List<?> keys = (List<?>) arguments[0];
                return keys.stream().map(traces::get).filter(Objects::nonNull).toList();
              });

  private PeerMemory start() {
    PeerMemory memory = PeerMemory.of("wg0", List.of(folder), () -> nowNs);
    memory.belongTo(OWN);
    return memory;
  }

  private PeerTrace trace(long lastHandshakeNs) {
    return new PeerTrace(KEY, PLACE, Tai64n.whitened(lastHandshakeNs), lastHandshakeNs, "anna");
  }

  /** A run in which the peer had a handshake at a time. */
  private void run(long lastHandshakeNs) {
    PeerMemory memory = start();
    traces.put(KEY, trace(lastHandshakeNs));
    memory.handshakeCompleted(PEER, HandshakeRole.INITIATED, 1, -1, 1);
    memory.close(device);
  }

  @Test
  void shouldRecallThePeersOfTheRunBefore() {
    run(nowNs - MINUTE);
    nowNs += MINUTE;
    PeerMemory next = start();
    PeerTrace recalled = next.recall(KEY);
    assertThat(recalled).usingRecursiveComparison().isEqualTo(trace(nowNs - 2 * MINUTE));
    assertThat(next.wasAlive(Objects.requireNonNull(recalled))).isTrue();
    assertThat(next.alive()).containsExactly(KEY);
    assertThat(next.recall(LonePeer.numbered(6).publicKey())).isNull();
    next.close();
  }

  @Test
  void shouldNotTakeAPeerForAliveThatHadNoSession() {
    run(nowNs - 4 * MINUTE);
    PeerMemory next = start();
    assertThat(next.wasAlive(Objects.requireNonNull(next.recall(KEY)))).isFalse();
    assertThat(next.alive()).isEmpty();
    next.close();
  }

  @Test
  void shouldCallNobodyAfterAnHour() {
    run(nowNs);
    nowNs += 61 * MINUTE;
    PeerMemory next = start();
    PeerTrace recalled = Objects.requireNonNull(next.recall(KEY));
    assertThat(recalled.timestamp()).isNotNull();
    assertThat(next.wasAlive(recalled)).isFalse();
    next.close();
  }

  @Test
  void shouldWriteNothingWithoutAChange() {
    PeerMemory memory = start();
    memory.tick(device);
    memory.close(device);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void shouldKeepWhatCallsHaveChanged() {
    PeerMemory memory = start();
    traces.put(KEY, trace(nowNs));
    memory.handshakeBegun(PEER, HandshakeRole.INITIATED); // nothing is known of it by that
    memory.tick(device);
    assertThat(folder).isEmptyDirectory();
    memory.handshakeBegun(PEER, HandshakeRole.ANSWERED);
    memory.tick(device);
    assertThat(folder.resolve("wg0.peers")).content().contains(KEY.toBase64());
    memory.close();
  }

  @Test
  void shouldForgetAPeerThatIsRemovedButNotWhenTheInterfaceEnds() {
    run(nowNs);
    PeerMemory second = start();
    second.close(device);
    second.forget(KEY); // the device ends, and removes its peers
    PeerMemory third = start();
    assertThat(third.recall(KEY)).isNotNull();
    third.forget(KEY);
    assertThat(third.recall(KEY)).isNull();
    third.close(device);
    assertThat(start().recall(KEY)).isNull();
  }

  @Test
  void shouldKnowNothingOfAnotherInterfacesPeers() {
    run(nowNs);
    PeerMemory next = PeerMemory.of("wg0", List.of(folder), () -> nowNs);
    next.belongTo(null);
    next.belongTo(LonePeer.numbered(9).publicKey());
    assertThat(next.recall(KEY)).isNull();
    next.close();
  }

  @Test
  void shouldGoOnWithoutAFileThatIsDamaged() throws IOException {
    run(nowNs);
    Path file = folder.resolve("wg0.peers");
    Files.writeString(file, Files.readString(file).replace("anna", "otto"));
    PeerMemory next = start();
    assertThat(next.recall(KEY)).isNull();
    next.close();
  }

  /** Where nothing can be written, the interface still runs. */
  @Test
  void shouldGoOnWithoutAFolder() throws IOException {
    Path file = Files.createFile(folder.resolve("no-folder"));
    PeerMemory memory = PeerMemory.of("wg0", List.of(file), () -> nowNs);
    memory.belongTo(OWN);
    traces.put(KEY, trace(nowNs));
    memory.roamed(PEER, PLACE, PLACE);
    memory.tick(device);
    memory.close(device);
    assertThat(file).isEmptyFile();
  }
}
