package io.wgnetty.device;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.cipher.X25519Providers;
import io.wgnetty.counters.DropReason;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.LocalIdentity;
import io.wgnetty.tun.TunDevice;
import io.wgnetty.tun.TunOffloads;
import io.wgnetty.udp.TestNamespace;
import io.wgnetty.udp.UdpSettings;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A caller and a node that goes up and down: who calls a node that is about to come up is answered
 * as soon as it is, and a port belongs to the interface that needs it.
 */
@Tag("namespace")
@Timeout(120)
class FirstContactNamespaceTest {
  private static final int PORT = 51_820;

  /** Much less than the 5 s after which the caller would repeat itself. */
  private static final Duration SOON = Duration.ofSeconds(1);

  private final TestNamespace callersHost = new TestNamespace();
  private final TestNamespace host = new TestNamespace();
  private final PrivateKey callersKey = PrivateKey.generate(new SecureRandom());
  private final PrivateKey key = PrivateKey.generate(new SecureRandom());
  private final PublicKey caller = publicKey(callersKey);
  private final PublicKey called = publicKey(key);
  private @Nullable Device callersDevice;
  private @Nullable Device device;

  private static PublicKey publicKey(PrivateKey key) {
    return new LocalIdentity(key.copy(), X25519Providers.fastest()).publicKey();
  }

  @BeforeEach
  void join() throws Exception {
    TestNamespace.join(callersHost, host, 1500);
    callersHost.use("10.94.0.1/24");
    host.use("10.94.0.2/24");
  }

  @AfterEach
  void close() {
    for (Device opened : new @Nullable Device[] {callersDevice, device}) {
      if (opened != null) {
        opened.close();
      }
    }
    callersHost.close();
    host.close();
  }

  private static Device open(TestNamespace namespace, String address, int loops) throws Exception {
    return open(namespace, address, loops, true);
  }

  private static Device open(TestNamespace namespace, String address, int loops, boolean steering)
      throws Exception {
    UdpSettings settings = UdpSettings.DEFAULT.withSteering(steering);
    Device opened =
        namespace.call(
            () -> {
              TunDevice tun = TunDevice.open(TestNamespace.uniqueName(), TunOffloads.ALL);
              return Device.open(DeviceOptions.of(tun).withLoops(loops).withUdp(settings));
            });
    namespace.ip("addr", "add", address, "dev", opened.name());
    return opened;
  }

  private static void meet(
      Device device, PublicKey peer, String prefix, @Nullable Endpoint endpoint) {
    var allowed = new PeerChange.AllowedIp(IpPrefix.parse(prefix), false);
    device.apply(
        List.of(new PeerChange(peer, false, false, null, endpoint, null, false, List.of(allowed))));
  }

  /** A node that waits to be called, with its link down; and a caller with its link up. */
  private void configure(int loops) throws Exception {
    configure(loops, true);
  }

  private void configure(int loops, boolean steering) throws Exception {
    device = open(host, "10.95.0.2/24", loops, steering);
    Device node = requireNonNull(device);
    listen(node, key);
    meet(node, caller, "10.95.0.1/32", null);

    callersDevice = open(callersHost, "10.95.0.1/24", 1, steering);
    Device other = requireNonNull(callersDevice);
    other.setPrivateKey(callersKey);
    meet(other, called, "10.95.0.2/32", Endpoint.of(new byte[] {10, 94, 0, 2}, PORT, 0));
    callersHost.ip("link", "set", other.name(), "up");
    await().until(() -> other.settings().listenPort() != 0);
  }

  /** As the node's own process would: its sockets belong to the namespace of who makes them. */
  private void listen(Device node, PrivateKey key) throws Exception {
    host.call(
        () -> {
          node.setPrivateKey(key);
          node.setListenPort(PORT);
          return true;
        });
  }

  private void call() throws Exception {
    callersHost.call(
        () -> {
          try (DatagramSocket socket = new DatagramSocket()) {
            var to = InetAddress.getByName("10.95.0.2");
            socket.send(new DatagramPacket(new byte[1], 1, to, 9));
          }
          return true;
        });
  }

  private long answered() {
    return requireNonNull(callersDevice).counters().sum().handshakes().initiatedCompleted();
  }

  private long begun() {
    return requireNonNull(callersDevice).counters().sum().handshakes().initiatedBegun();
  }

  private long linkDownDrops() {
    return requireNonNull(device).counters().sum().drops().getOrDefault(DropReason.LINK_DOWN, 0L);
  }

  @ParameterizedTest
  @CsvSource({"1, true", "2, true", "4, true", "1, false", "4, false"})
  void shouldAnswerWhoCalledWhileTheLinkWasGoingUp(int loops, boolean steering) throws Exception {
    configure(loops, steering);
    call();
    await().until(() -> begun() == 1);
    assertThat(answered()).isZero();

    host.ip("link", "set", requireNonNull(device).name(), "up");
    await().atMost(SOON).until(() -> answered() == 1);
    assertThat(requireNonNull(callersDevice).counters().sum().handshakes().retransmissions())
        .isZero();
  }

  @Test
  void shouldForgetWhoCalledLongBeforeTheLinkIsUp() throws Exception {
    configure(2);
    call();
    await().until(() -> linkDownDrops() == 1);

    Device node = requireNonNull(device);
    host.ip("link", "set", node.name(), "up");
    await()
        .until(
            () ->
                requireNonNull(callersDevice).counters().sum().handshakes().retransmissions() == 1);
    await().atMost(SOON).until(() -> answered() == 1);
    assertThat(node.counters().sum().drops().get(DropReason.HANDSHAKE_INVALID)).isZero();
    assertThat(node.counters().sum().handshakes().answeredBegun()).isEqualTo(1);
  }

  @Test
  void shouldNotAnswerOrLearnAnythingWhileTheLinkIsDown() throws Exception {
    configure(2);
    call();
    await().until(() -> linkDownDrops() == 1);
    Device node = requireNonNull(device);
    assertThat(node.snapshots(List.of(caller)).getFirst().endpoint()).isNull();
    assertThat(node.counters().sum().udp().datagramsOut()).isZero();
    assertThat(requireNonNull(callersDevice).counters().sum().udp().datagramsIn()).isZero();
  }

  @Test
  void shouldBeReachedAgainAtOnceAfterDownAndUp() throws Exception {
    configure(2);
    String name = requireNonNull(device).name();
    for (int round = 0; round < 10; round++) {
      host.ip("link", "set", name, "down");
      requireNonNull(callersDevice).setPrivateKey(freshCaller());
      call();
      host.ip("link", "set", name, "up");
      long expected = round + 1L;
      await().atMost(SOON).until(() -> answered() == expected);
    }
    assertThat(requireNonNull(callersDevice).counters().sum().handshakes().retransmissions())
        .isZero();
  }

  /**
   * A caller that is new to both ends has no handshake of a moment ago that holds back the next.
   */
  private PrivateKey freshCaller() {
    PrivateKey fresh = PrivateKey.generate(new SecureRandom());
    Device node = requireNonNull(device);
    node.removeAllPeers();
    meet(node, publicKey(fresh), "10.95.0.1/32", null);
    return fresh;
  }

  @Test
  void shouldGiveThePortBackWhenTheLinkDoesNotComeUp() throws Exception {
    configure(1);
    assertThat(isFree()).as("held while it may come up").isFalse();
    await().atMost(Duration.ofSeconds(20)).until(this::isFree);
  }

  private boolean isFree() throws Exception {
    return host.call(
        () -> {
          try (DatagramSocket socket = new DatagramSocket(PORT)) {
            return socket.isBound();
          } catch (java.net.BindException e) {
            return false;
          }
        });
  }

  @Test
  void shouldTakeItsPortAsSoonAsAnotherProgramGivesItBack() throws Exception {
    device = open(host, "10.95.0.2/24", 2);
    Device node = requireNonNull(device);
    DatagramSocket other = host.call(() -> new DatagramSocket(PORT));
    try (other) {
      listen(node, key);
      host.ip("link", "set", node.name(), "up");
      await().until(() -> node.settings().notListening() != null);
      assertThat(node.settings().notListening()).isEqualTo("address in use");
      assertThat(node.counters().listening()).isFalse();
    }
    await().atMost(Duration.ofSeconds(5)).until(() -> node.settings().notListening() == null);
    assertThat(node.counters().listening()).isTrue();
    assertThat(isFree()).isFalse();
  }

  @Test
  void shouldLeaveAPortToWhomeverIsUpFirstAndTakeItWhenThatOneGoesDown() throws Exception {
    Device first = open(host, "10.95.0.2/24", 1);
    device = first;
    callersDevice = open(host, "10.95.0.3/24", 1);
    Device second = requireNonNull(callersDevice);
    listen(first, key);
    listen(second, callersKey);
    host.ip("link", "set", first.name(), "up");
    await().until(() -> !isFree() && first.settings().notListening() == null);
    host.ip("link", "set", second.name(), "up");
    await().until(() -> second.settings().notListening() != null);

    host.ip("link", "set", first.name(), "down");
    await().atMost(Duration.ofSeconds(8)).until(() -> second.settings().notListening() == null);
  }

  @Test
  void shouldEndAllThatItBeganWhenTheInterfaceIsGoneAlready() throws Exception {
    String name = TestNamespace.uniqueName();
    TunDevice tun = host.call(() -> TunDevice.open(name, TunOffloads.ALL));
    host.ip("link", "del", name);
    try {
      Device opened = Device.open(DeviceOptions.of(tun).withLoops(1));
      opened.close();
      throw new AssertionError("there is no interface to be opened");
    } catch (java.io.IOException expected) {
      await()
          .until(
              () ->
                  Thread.getAllStackTraces().keySet().stream()
                      .noneMatch(thread -> thread.getName().startsWith(name + "-handshake")));
    }
  }
}
