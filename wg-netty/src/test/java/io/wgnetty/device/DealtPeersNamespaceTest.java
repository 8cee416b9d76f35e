package io.wgnetty.device;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.cipher.X25519Providers;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.LocalIdentity;
import io.wgnetty.tun.TunDevice;
import io.wgnetty.tun.TunOffloads;
import io.wgnetty.udp.TestNamespace;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which loops the kernel brings packets to. */
@Tag("namespace")
@Timeout(60)
class DealtPeersNamespaceTest {
  private static final int LOOPS = 4;
  private static final int FLOWS = 100;

  private final TestNamespace host = new TestNamespace();
  private @Nullable Device opened;

  @BeforeEach
  void open() throws Exception {
    opened =
        host.call(
            () -> {
              TunDevice tun = TunDevice.open(TestNamespace.uniqueName(), TunOffloads.ALL);
              return Device.open(DeviceOptions.of(tun).withLoops(LOOPS));
            });
    host.ip("addr", "add", "10.97.0.1/24", "dev", device().name());
    host.ip("link", "set", device().name(), "up");
  }

  @AfterEach
  void close() {
    device().close();
    host.close();
  }

  private Device device() {
    return requireNonNull(opened);
  }

  /** One more peer, who never answers: what is sent to it is read, and waits for a session. */
  private PublicKey meet(int number) {
    PrivateKey key = PrivateKey.generate(new SecureRandom());
    PublicKey peer = new LocalIdentity(key, X25519Providers.fastest()).publicKey();
    Endpoint endpoint = Endpoint.of(new byte[] {127, 0, 0, 1}, 9, 0);
    var allowed =
        new PeerChange.AllowedIp(IpPrefix.parse("10.97.0." + (10 + number) + "/32"), false);
    device()
        .apply(
            List.of(
                new PeerChange(peer, false, false, null, endpoint, null, false, List.of(allowed))));
    return peer;
  }

  /** Sends one datagram in each of many flows to the first peer. */
  private void send() throws Exception {
    host.call(
        () -> {
          for (int port = 1; port <= FLOWS; port++) {
            try (var socket = new DatagramSocket()) {
              var address = InetAddress.ofLiteral("10.97.0.10");
              socket.send(new DatagramPacket(new byte[1], 1, address, port));
            }
          }
          return true;
        });
  }

  private long readBy(int loop) {
    return device().counters().loops().get(loop).tun().packetsRead();
  }

  private long readByAll() {
    return device().counters().dataLoops().tun().packetsRead();
  }

  @Test
  void shouldBringNothingToLoopsWithoutPeers() throws Exception {
    meet(0);
    long before = readByAll();
    send();
    await().until(() -> readByAll() >= before + FLOWS);
    for (int loop = 1; loop < LOOPS; loop++) {
      assertThat(readBy(loop)).as("packets of loop %d", loop).isZero();
    }
    assertThat(device().counters().dataLoops().handedOver().outbound()).isZero();
  }

  @Test
  void shouldBringPacketsToALoopFromItsFirstPeerOn() throws Exception {
    meet(0);
    PublicKey second = meet(1);
    send();
    await().until(() -> readBy(1) > 0);
    await().until(() -> device().counters().dataLoops().handedOver().outbound() > 0);
    assertThat(readBy(2) + readBy(3)).isZero();

    // What waits in a queue would be lost with it.
    device()
        .apply(List.of(new PeerChange(second, true, false, null, null, null, false, List.of())));
    long before = readBy(1);
    send();
    await().until(() -> readBy(1) > before);
  }
}
