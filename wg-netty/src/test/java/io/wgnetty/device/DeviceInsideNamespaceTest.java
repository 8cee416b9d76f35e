package io.wgnetty.device;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.cipher.X25519Providers;
import io.wgnetty.counters.DropReason;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.peer.HandshakeState;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.LocalIdentity;
import io.wgnetty.tun.TunDevice;
import io.wgnetty.tun.TunOffloads;
import io.wgnetty.udp.TestNamespace;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What two interfaces with a tunnel between them tell of themselves. */
@Tag("namespace")
@Timeout(60)
class DeviceInsideNamespaceTest {
  private static final int PACKETS = 200;
  private static final int PAYLOAD_BYTES = 100;

  private final TestNamespace here = new TestNamespace();
  private final TestNamespace there = new TestNamespace();
  private final PrivateKey key = PrivateKey.generate(new SecureRandom());
  private final PrivateKey friendsKey = PrivateKey.generate(new SecureRandom());
  private final PublicKey publicKey = publicKey(key);
  private final PublicKey friend = publicKey(friendsKey);
  private @Nullable Device device;
  private @Nullable Device friendsDevice;

  private static PublicKey publicKey(PrivateKey key) {
    return new LocalIdentity(key.copy(), X25519Providers.fastest()).publicKey();
  }

  private void connect() throws Exception {
    TestNamespace.join(here, there, 1500);
    here.use("10.94.0.1/24");
    there.use("10.94.0.2/24");
    device = open(here, "10.95.0.1/24", key);
    friendsDevice = open(there, "10.95.0.2/24", friendsKey);
    Endpoint place =
        Endpoint.of(
            new byte[] {10, 94, 0, 2}, requireNonNull(friendsDevice).settings().listenPort(), 0);
    meet(requireNonNull(friendsDevice), publicKey, "10.95.0.1/32", null);
    meet(requireNonNull(device), friend, "10.95.0.2/32", place);
  }

  private static Device open(TestNamespace namespace, String address, PrivateKey key)
      throws Exception {
    Device opened =
        namespace.call(
            () -> {
              TunDevice tun = TunDevice.open(TestNamespace.uniqueName(), TunOffloads.ALL);
              return Device.open(DeviceOptions.of(tun).withLoops(2));
            });
    opened.setPrivateKey(key);
    namespace.ip("addr", "add", address, "dev", opened.name());
    namespace.ip("link", "set", opened.name(), "up");
    await().until(() -> opened.settings().listenPort() != 0);
    return opened;
  }

  private static void meet(
      Device device, PublicKey peer, String prefix, @Nullable Endpoint endpoint) {
    device.apply(
        List.of(
            new PeerChange(
                peer,
                false,
                false,
                null,
                endpoint,
                null,
                false,
                List.of(new PeerChange.AllowedIp(IpPrefix.parse(prefix), false)))));
  }

  private void send(TestNamespace from, String to) throws Exception {
    from.call(
        () -> {
          try (DatagramSocket socket = new DatagramSocket()) {
            var packet =
                new DatagramPacket(
                    new byte[PAYLOAD_BYTES], PAYLOAD_BYTES, InetAddress.getByName(to), 9);
            for (int i = 0; i < PACKETS; i++) {
              socket.send(packet);
            }
          }
          return true;
        });
  }

  @AfterEach
  void close() {
    if (device != null) {
      device.close();
    }
    if (friendsDevice != null) {
      friendsDevice.close();
    }
    here.close();
    there.close();
  }

  @Test
  void shouldCountWhatWentThroughTheTunnelAtBothEnds() throws Exception {
    connect();
    Device sender = requireNonNull(device);
    Device receiver = requireNonNull(friendsDevice);
    send(here, "10.95.0.2");
    // What waited for the handshake may have been too much, and is counted then.
    await()
        .until(
            () ->
                receiver.counters().sum().traffic().packetsIn()
                        + sender
                            .counters()
                            .sum()
                            .drops()
                            .getOrDefault(DropReason.STAGED_DROPPED, 0L)
                    >= PACKETS);

    LoopCounters sent = sender.counters().sum();
    LoopCounters received = receiver.counters().sum();
    assertThat(sender.counters().loops()).hasSize(2);
    assertThat(sent.handshakes().initiatedBegun()).isEqualTo(1);
    assertThat(sent.handshakes().initiatedCompleted()).isEqualTo(1);
    assertThat(received.handshakes().answeredBegun()).isEqualTo(1);
    assertThat(received.handshakes().answeredCompleted()).isEqualTo(1);
    assertThat(sent.traffic().packetsOut()).isGreaterThanOrEqualTo(received.traffic().packetsIn());
    assertThat(received.traffic().bytesIn())
        .isGreaterThanOrEqualTo(received.traffic().packetsIn() * (PAYLOAD_BYTES + 28 + 32));
    assertThat(sent.interfaceBatches().items()).isGreaterThanOrEqualTo(PACKETS);
    assertThat(sent.interfaceBatches().average()).isGreaterThanOrEqualTo(1);
    assertThat(sent.tun().packetsRead()).isGreaterThanOrEqualTo(PACKETS);
    assertThat(sent.tun().readCalls()).isPositive();
    assertThat(sent.udp().datagramsOut()).isGreaterThanOrEqualTo(sent.traffic().packetsOut());
    assertThat(received.tun().packetsWritten()).isPositive();
    assertThat(sent.cpuNs()).isPositive();
    assertThat(sent.queues().staged()).isZero();
    assertThat(sender.counters().peers()).isEqualTo(new DeviceCounters.PeerPopulation(1, 1, 1));
  }

  @Test
  void shouldTellAllOfAPeer() throws Exception {
    connect();
    Device sender = requireNonNull(device);
    sender.setLabel(friend, "friend");
    PeerDetails before = sender.details(List.of(friend)).getFirst();
    assertThat(before.handshake()).isEqualTo(HandshakeState.NONE);
    assertThat(before.session()).isNull();
    assertThat(before.heardAgoNs()).isEqualTo(-1);
    send(here, "10.95.0.2");
    await()
        .until(
            () ->
                sender.details(List.of(friend)).getFirst().handshake()
                    == HandshakeState.ESTABLISHED);
    PeerDetails peer = sender.details(List.of(friend)).getFirst();
    assertThat(peer.label()).isEqualTo("friend");
    assertThat(peer.hasPresharedKey()).isFalse();
    assertThat(peer.sentPackets()).isPositive();
    assertThat(peer.sentBytes()).isGreaterThan(peer.sentPackets() * 100);
    assertThat(peer.ownerLoop()).isBetween(0, 1);
    assertThat(peer.endpointChanges()).isZero();
    assertThat(peer.recentEndpoints()).hasSize(1);
    assertThat(peer.heardAgoNs()).isBetween(0L, TimeUnit.MINUTES.toNanos(1));
    PeerDetails.SessionDetails session = requireNonNull(peer.session());
    assertThat(session.initiator()).isTrue();
    assertThat(session.ageNs() + session.rekeyInNs()).isEqualTo(TimeUnit.SECONDS.toNanos(120));
    assertThat(session.ageNs() + session.expiresInNs()).isEqualTo(TimeUnit.SECONDS.toNanos(180));
    assertThat(sender.traffic())
        .singleElement()
        .matches(traffic -> traffic.publicKey().equals(friend) && traffic.sentBytes() > 0);

    sender.removeAllPeers();
    assertThat(sender.label(friend)).as("the name goes with the peer").isNull();
    assertThat(sender.details(List.of(friend))).isEmpty();
    assertThat(sender.traffic()).isEmpty();
  }

  @Test
  void shouldKeepItsCountsAfterItsEndAndWhenThePortChanges() throws Exception {
    connect();
    Device sender = requireNonNull(device);
    send(here, "10.95.0.2");
    await().until(() -> sender.counters().sum().handshakes().initiatedCompleted() == 1);
    long datagrams = sender.counters().sum().udp().datagramsOut();
    sender.setListenPort(40_000);
    assertThat(sender.counters().sum().udp().datagramsOut())
        .as("those of the closed sockets too")
        .isGreaterThanOrEqualTo(datagrams);
    sender.close();
    DeviceCounters atEnd = sender.counters();
    assertThat(atEnd.sum().udp().datagramsOut()).isGreaterThanOrEqualTo(datagrams);
    Map<DropReason, Long> drops = sender.counters().sum().drops();
    assertThat(drops).containsKeys(DropReason.values());
  }

  @Test
  void shouldBeginSessionsAfreshWhenTheyAreForgotten() throws Exception {
    connect();
    Device sender = requireNonNull(device);
    send(here, "10.95.0.2");
    await().until(() -> sender.counters().sum().handshakes().initiatedCompleted() == 1);

    sender.forgetSessions();
    assertThat(sender.details(List.of(friend)).getFirst().session()).isNull();
    send(here, "10.95.0.2");
    await().until(() -> sender.counters().sum().handshakes().initiatedCompleted() == 2);
  }

  @Test
  void shouldDealPeersToTheLoopWithTheFewest() throws Exception {
    device = open(here, "10.95.0.1/24", key);
    Device node = requireNonNull(device);
    List<PublicKey> keys = Stream.generate(DeviceInsideNamespaceTest::freshKey).limit(6).toList();
    keys.forEach(peer -> meet(node, peer, "10.96.0.1/32", null));
    for (PublicKey peer : keys.subList(0, 6)) {
      if (node.details(List.of(peer)).getFirst().ownerLoop() == 0) {
        node.apply(List.of(new PeerChange(peer, true, true, null, null, null, false, List.of())));
      }
    }
    assertThat(node.peerKeys()).hasSize(3);

    Stream.generate(DeviceInsideNamespaceTest::freshKey)
        .limit(3)
        .forEach(peer -> meet(node, peer, "10.96.0.2/32", null));
    assertThat(node.details(node.peerKeys()))
        .extracting(PeerDetails::ownerLoop)
        .containsExactlyInAnyOrder(0, 0, 0, 1, 1, 1);
  }

  private static PublicKey freshKey() {
    return publicKey(PrivateKey.generate(new SecureRandom()));
  }

  /** The watchdog asks often, and must not walk over all peers for that, as counters do. */
  @Test
  void shouldAnswerForItsHealthWithoutLookingAtPeers() throws Exception {
    device = open(here, "10.95.0.1/24", key);
    Device node = requireNonNull(device);
    List<PeerChange> changes = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      byte[] bytes = new byte[PublicKey.BYTES];
      ByteBuffer.wrap(bytes).putInt(i + 1);
      changes.add(
          new PeerChange(PublicKey.of(bytes), false, false, null, null, null, false, List.of()));
    }
    node.apply(changes);
    assertThat(node.counters().peers().configured()).isEqualTo(100_000);

    long healthNs = median(() -> assertThat(node.isAlive(Duration.ofSeconds(5))).isTrue());
    long countersNs = median(node::counters);
    assertThat(healthNs).isLessThan(countersNs / 3);
  }

  private static long median(Runnable task) {
    long[] ns = new long[31];
    for (int i = 0; i < ns.length; i++) {
      long beginNs = System.nanoTime();
      task.run();
      ns[i] = System.nanoTime() - beginNs;
    }
    Arrays.sort(ns);
    return ns[ns.length / 2];
  }
}
