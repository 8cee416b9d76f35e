package io.wgnetty.device;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.wgnetty.counters.DropReason;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.protocol.Messages;
import io.wgnetty.tun.TunDevice;
import io.wgnetty.tun.TunOffloads;
import io.wgnetty.udp.TestNamespace;
import io.wgnetty.udp.UdpSettings;
import io.wgnetty.udp.UdpSocket;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What strangers send comes in apart from data, and fills its own socket only. */
@Tag("namespace")
@Timeout(120)
class IntakeNamespaceTest {
  private static final int PORT = 51_820;
  private static final int OTHER_PORT = 51_821;
  private static final String HERE = "127.0.0.1";
  private static final int SOL_SOCKET = 1;
  private static final int SO_MARK = 36;

  private final TestNamespace host = new TestNamespace();
  private @Nullable Device opened;

  private Device device() {
    return requireNonNull(opened);
  }

  private void open(int loops, UdpSettings settings) throws Exception {
    opened =
        host.call(
            () -> {
              TunDevice tun = TunDevice.open(TestNamespace.uniqueName(), TunOffloads.ALL);
              return Device.open(DeviceOptions.of(tun).withLoops(loops).withUdp(settings));
            });
    host.call(
        () -> {
          device().setPrivateKey(PrivateKey.generate(new SecureRandom()));
          device().setListenPort(PORT);
          return true;
        });
    up();
  }

  private void up() throws Exception {
    host.ip("link", "set", device().name(), "up");
    await()
        .until(
            () -> {
              long before = badMac1(device().counters().sum());
              send(HERE, PORT, initiation(), 1);
              return badMac1(device().counters().sum()) > before;
            });
  }

  @AfterEach
  void close() {
    device().close();
    host.close();
  }

  private static byte[] initiation() {
    byte[] message = new byte[Messages.INITIATION_BYTES];
    message[0] = Messages.INITIATION;
    return message;
  }

  /** Transport data for the loop with this number, of a session that nobody has. */
  private static byte[] data(int loop) {
    byte[] message = new byte[64];
    message[0] = Messages.TRANSPORT;
    message[Messages.TRANSPORT_RECEIVER_OFFSET] = (byte) loop;
    return message;
  }

  private void send(String address, int port, byte[] datagram, int times) throws Exception {
    host.call(
        () -> {
          try (DatagramSocket socket = new DatagramSocket()) {
            var packet =
                new DatagramPacket(datagram, datagram.length, InetAddress.ofLiteral(address), port);
            for (int i = 0; i < times; i++) {
              socket.send(packet);
            }
          }
          return true;
        });
  }

  private static long badMac1(LoopCounters counters) {
    return counters.drops().getOrDefault(DropReason.BAD_MAC1, 0L);
  }

  private static long unknownIndices(LoopCounters counters) {
    return counters.drops().getOrDefault(DropReason.UNKNOWN_INDEX, 0L);
  }

  private LoopCounters intake() {
    return device().counters().intake();
  }

  private int markOfIntake() throws Exception {
    BoundPort intake = requireNonNull(((SocketGroup) field(field("port"), "bound")).intake());
    int mark = intake.v4().socket().option(SOL_SOCKET, SO_MARK);
    if (intake.v6() != null) {
      assertThat(intake.v6().socket().option(SOL_SOCKET, SO_MARK)).isEqualTo(mark);
    }
    return mark;
  }

  private Object field(String name) throws ReflectiveOperationException {
    return field(device(), name);
  }

  private static Object field(Object owner, String name) throws ReflectiveOperationException {
    var field = owner.getClass().getDeclaredField(name);
    field.setAccessible(true);
    return field.get(owner);
  }

  @Test
  void shouldMarkWhatItAnswersAsAllElse() throws Exception {
    open(2, UdpSettings.DEFAULT);
    assertThat(markOfIntake()).isZero();
    device().setFwmark(0x1234);
    assertThat(markOfIntake()).isEqualTo(0x1234);
    host.call(
        () -> {
          device().setListenPort(OTHER_PORT); // other sockets, the same mark
          return true;
        });
    assertThat(markOfIntake()).isEqualTo(0x1234);
    device().setFwmark(0);
    assertThat(markOfIntake()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"1, 127.0.0.1", "1, ::1", "2, 127.0.0.1", "3, ::1"})
  void shouldTakeInitiationsAndJunkApartFromData(int loops, String address) throws Exception {
    assumeTrue(address.equals(HERE) || UdpSocket.hasIpv6(), "this host has no IPv6");
    open(loops, UdpSettings.DEFAULT);
    long before = badMac1(intake());
    send(address, PORT, initiation(), 5);
    send(address, PORT, new byte[7], 3);
    await().until(() -> badMac1(intake()) - before == 5);
    await().until(() -> intake().drops().getOrDefault(DropReason.MALFORMED_MESSAGE, 0L) == 3);
    assertThat(device().counters().dataLoops().udp().datagramsIn()).isZero();

    long datagrams = intake().udp().datagramsIn();
    for (int loop = 0; loop < loops; loop++) {
      int number = loop;
      send(address, PORT, data(loop), 4);
      await().until(() -> unknownIndices(device().counters().loops().get(number)) == 4);
    }
    assertThat(intake().udp().datagramsIn()).isEqualTo(datagrams);
  }

  @Test
  void shouldLoseNothingButStrangersWhenStrangersAreNotRead() throws Exception {
    open(2, UdpSettings.DEFAULT);
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch enough = new CountDownLatch(1);
    intakeLoop()
        .eventLoop()
        .execute(
            () -> {
              held.countDown();
              awaitQuietly(enough);
            });
    held.await();
    try {
      send(HERE, PORT, initiation(), 50_000);
      send(HERE, PORT, data(1), 100);
      await()
          .until(
              () ->
                  loops()
                          .all()
                          .get(1)
                          .call(() -> loops().all().get(1).shard().drops())
                          .of(DropReason.UNKNOWN_INDEX)
                      == 100);
    } finally {
      enough.countDown();
    }
    assertThat(intake().udp().lost()).isPositive();
    assertThat(device().counters().dataLoops().udp().lost()).isZero();
    await().until(() -> intake().udp().datagramsIn() + intake().udp().lost() >= 50_000);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private DataLoops loops() {
    try {
      var field = Device.class.getDeclaredField("loops");
      field.setAccessible(true);
      return (DataLoops) field.get(device());
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("Device has changed", e);
    }
  }

  private IntakeLoop intakeLoop() {
    try {
      var field = DataLoops.class.getDeclaredField("intake");
      field.setAccessible(true);
      return (IntakeLoop) field.get(loops());
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("DataLoops has changed", e);
    }
  }

  @Test
  void shouldFollowThePortAndTheLink() throws Exception {
    open(2, UdpSettings.DEFAULT);
    host.call(
        () -> {
          device().setListenPort(OTHER_PORT);
          return true;
        });
    long before = badMac1(intake());
    send(HERE, OTHER_PORT, initiation(), 2);
    await().until(() -> badMac1(intake()) - before == 2);
    assertThat(device().counters().dataLoops().udp().datagramsIn()).isZero();

    host.ip("link", "set", device().name(), "down");
    await()
        .until(
            () -> {
              send(HERE, OTHER_PORT, initiation(), 1);
              return intake().drops().getOrDefault(DropReason.LINK_DOWN, 0L) > 0;
            });
    long whileDown = badMac1(intake());

    host.ip("link", "set", device().name(), "up");
    await()
        .until(
            () -> {
              send(HERE, OTHER_PORT, initiation(), 1);
              return badMac1(intake()) > whileDown;
            });
    assertThat(device().counters().dataLoops().udp().datagramsIn()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"1, 127.0.0.1", "2, 127.0.0.1", "3, ::1"})
  void shouldTakeEverythingAtTheLoopsIfTheKernelDoesNotSteer(int loops, String address)
      throws Exception {
    assumeTrue(address.equals(HERE) || UdpSocket.hasIpv6(), "this host has no IPv6");
    open(loops, UdpSettings.DEFAULT.withSteering(false));
    long before = badMac1(device().counters().dataLoops());
    send(address, PORT, initiation(), 5);
    await().until(() -> badMac1(device().counters().dataLoops()) - before == 5);
    assertThat(intake().udp().datagramsIn()).isZero();
  }
}
