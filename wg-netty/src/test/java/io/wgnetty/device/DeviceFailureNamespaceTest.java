package io.wgnetty.device;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.wgnetty.cipher.AeadProviders;
import io.wgnetty.cipher.X25519Providers;
import io.wgnetty.counters.DropReason;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.handshake.HandshakeAdmission;
import io.wgnetty.handshake.HandshakeAdmission.Decision;
import io.wgnetty.pipeline.HandshakeReceiver;
import io.wgnetty.protocol.CookieJar;
import io.wgnetty.protocol.CookieReplyMessage;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.HandshakeMessage;
import io.wgnetty.protocol.IpText;
import io.wgnetty.protocol.LocalIdentity;
import io.wgnetty.protocol.Messages;
import io.wgnetty.protocol.RemoteIdentity;
import io.wgnetty.tun.TunDevice;
import io.wgnetty.tun.TunOffloads;
import io.wgnetty.udp.TestNamespace;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A part of a device that fails, hangs or is changed: what becomes of the whole. */
@Tag("namespace")
@Timeout(60)
class DeviceFailureNamespaceTest {
  private static final int PORT = 51_820;
  private static final int OTHER_PORT = 51_821;

  private static final long NOW_NS = 1;
  private static final Endpoint SOURCE = Endpoint.of(IpText.parse("192.0.2.1"), 4711, 0);

  private final TestNamespace host = new TestNamespace();
  private final PrivateKey key = PrivateKey.generate(new SecureRandom());
  private final PublicKey publicKey =
      new LocalIdentity(key.copy(), X25519Providers.fastest()).publicKey();
  private Device device;

  @BeforeEach
  void open() throws Exception {
    host.ip("link", "set", "lo", "up");
    device =
        host.call(
            () -> {
              TunDevice tun = TunDevice.open(TestNamespace.uniqueName(), TunOffloads.ALL);
              return Device.open(DeviceOptions.of(tun).withLoops(2));
            });
    host.call(
        () -> {
          device.setPrivateKey(key);
          device.setListenPort(PORT);
          return true;
        });
  }

  @AfterEach
  void close() {
    device.close();
    host.close();
  }

  private static Object field(Object owner, String name) throws ReflectiveOperationException {
    var field = owner.getClass().getDeclaredField(name);
    field.setAccessible(true);
    return field.get(owner);
  }

  private List<DataLoop> loops() throws ReflectiveOperationException {
    return ((DataLoops) field(device, "loops")).all();
  }

  private void up() throws Exception {
    host.ip("link", "set", device.name(), "up");
    await().until(() -> isReceiving(PORT));
  }

  /** Sends something that is no message, from whatever thread's namespace. */
  private static void sendJunk(int port) throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      byte[] junk = new byte[5];
      socket.send(new DatagramPacket(junk, junk.length, InetAddress.ofLiteral("127.0.0.1"), port));
    }
  }

  private long drops(DropReason reason) {
    return device.counters().sum().drops().getOrDefault(reason, 0L);
  }

  private boolean isReceiving(int port) throws Exception {
    long before = drops(DropReason.MALFORMED_MESSAGE);
    host.call(
        () -> {
          sendJunk(port);
          return true;
        });
    // Counted when the loops have answered twice: once for the datagram, once for the question.
    return drops(DropReason.MALFORMED_MESSAGE) > before;
  }

  private boolean exists() throws Exception {
    return host.call(() -> NetworkInterface.getByName(device.name()) != null);
  }

  // ---- a queue or a loop that ends

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void shouldEndByFailureWhenAnyQueueCloses(int number) throws Exception {
    up();
    CompletableFuture<Void> gone = device.gone().toCompletableFuture();
    assertThat(gone).isNotDone();
    loops().get(number).tun().close().syncUninterruptibly();
    assertThatThrownBy(() -> gone.get(10, TimeUnit.SECONDS)).hasMessageContaining("event loop");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void shouldEndByFailureWhenAnyLoopEnds(int number) throws Exception {
    up();
    CompletableFuture<Void> gone = device.gone().toCompletableFuture();
    loops().get(number).eventLoop().shutdownGracefully(0, 0, TimeUnit.SECONDS).sync();
    assertThatThrownBy(() -> gone.get(10, TimeUnit.SECONDS)).hasMessageContaining("event loop");
    await().until(() -> !device.isAlive(Duration.ofSeconds(5)));
    device.close();
    assertThat(exists()).isFalse();
  }

  @Test
  void shouldEndInOrderWhenTheInterfaceIsDeleted() throws Exception {
    up();
    host.ip("link", "del", device.name());
    assertThat(device.gone().toCompletableFuture().get(10, TimeUnit.SECONDS)).isNull();
    assertThat(loops()).allMatch(loop -> loop.tun().closeFuture().awaitUninterruptibly(10_000));
    assertThat(loops()).allMatch(loop -> loop.tun().isInterfaceDeleted());
  }

  @Test
  void shouldCloseWithinItsBoundWhenALoopHangs() throws Exception {
    up();
    var release = new CountDownLatch(1);
    var hangs = new CountDownLatch(1);
    loops()
        .get(1)
        .eventLoop()
        .execute(
            () -> {
              hangs.countDown();
              try {
                release.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    hangs.await();
    try {
      long beganNs = System.nanoTime();
      device.close();
      Duration took = Duration.ofNanos(System.nanoTime() - beganNs);
      assertThat(took).isLessThan(Duration.ofSeconds(5));
      await().until(() -> !exists());
      host.call(() -> new DatagramSocket(PORT)).close(); // it is free
    } finally {
      release.countDown();
    }
  }

  // ---- what is changed while it runs

  @Test
  void shouldReadWhatHadComeToTheOldPort() throws Exception {
    up();
    long before = drops(DropReason.MALFORMED_MESSAGE);
    DataLoop loop = loops().getFirst();
    // The loop does all of it in one task, so it does not read the sockets by itself meanwhile.
    CompletableFuture<Void> other = hold(loops().get(1));
    loop.run(
        () -> {
          try {
            for (int i = 0; i < 40; i++) {
              sendJunk(PORT); // some to each loop's socket
            }
            other.complete(null);
            device.setListenPort(OTHER_PORT);
          } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        });
    assertThat(drops(DropReason.MALFORMED_MESSAGE) - before).isEqualTo(40);
    assertThat(device.settings().listenPort()).isEqualTo(OTHER_PORT);
    await().until(() -> isReceiving(OTHER_PORT));
  }

  /** Keeps a loop from reading its sockets until the future is complete. */
  private static CompletableFuture<Void> hold(DataLoop loop) throws InterruptedException {
    var end = new CompletableFuture<Void>();
    var held = new CountDownLatch(1);
    loop.eventLoop()
        .execute(
            () -> {
              held.countDown();
              end.join();
            });
    held.await();
    return end;
  }

  @Test
  void shouldKeepTheOldMarkOnAllSocketsWhenOneRefusesTheNew() throws Exception {
    up();
    device.setFwmark(0x11);
    BoundPort last = portOf(loops().getLast());
    last.v4().close().syncUninterruptibly();
    assertThatThrownBy(() -> device.setFwmark(0x22)).isInstanceOf(IOException.class);
    assertThat(device.settings().fwmark()).isEqualTo(0x11);
    BoundPort first = portOf(loops().getFirst());
    assertThat(mark(first)).isEqualTo(0x11);
  }

  private static int mark(BoundPort port) throws IOException {
    return port.v4().socket().option(1, 36); // SOL_SOCKET, SO_MARK
  }

  private BoundPort portOf(DataLoop loop) throws ReflectiveOperationException {
    SocketGroup bound = (SocketGroup) field(field(device, "port"), "bound");
    return bound.of(loop.shard());
  }

  @Test
  void shouldLetGoOfThePortWhenTheLinkThatWasToComeUpStaysDown() throws Exception {
    host.call(
        () -> {
          device.bringUp(); // and nobody sets the link up
          return true;
        });
    assertThat(isReceiving(PORT)).as("ready before the link is").isTrue();
    await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () -> {
              isReceiving(PORT);
              return drops(DropReason.LINK_DOWN) > 0;
            });
    // It comes up as ever.
    up();
  }

  // ---- what the loops share

  @Test
  void shouldTakeAtEachLoopTheCookieThatAnotherGave() throws Exception {
    CookieJar jar = new CookieJar(new RemoteIdentity(publicKey));
    byte[] message = initiation(jar);
    assertThat(decision(0, message)).isEqualTo(Decision.REPLY_WITH_COOKIE);
    assertThat(decision(1, message)).isEqualTo(Decision.REPLY_WITH_COOKIE);
    byte[] reply = loops().getFirst().call(() -> admission(0).cookieReply(message, SOURCE, NOW_NS));
    var parsed = (CookieReplyMessage) requireNonNull(HandshakeMessage.parse(reply));
    assertThat(jar.consume(parsed, AeadProviders.fastest().create(), NOW_NS)).isTrue();

    byte[] proven = initiation(jar);
    assertThat(decision(0, proven)).isEqualTo(Decision.PROCESS_PROVEN);
    assertThat(decision(1, proven)).as("given by the other").isEqualTo(Decision.PROCESS_PROVEN);
  }

  private static byte[] initiation(CookieJar jar) {
    byte[] message = new byte[Messages.INITIATION_BYTES];
    message[0] = Messages.INITIATION;
    jar.stamp(message, NOW_NS);
    return message;
  }

  /** What a loop makes of a message in a flood. */
  private Decision decision(int loop, byte[] message) throws ReflectiveOperationException {
    return loops()
        .get(loop)
        .call(
            () -> {
              HandshakeAdmission admission = admission(loop);
              admission.strangers().charge(TimeUnit.MINUTES.toNanos(1), NOW_NS);
              return admission.decide(message, SOURCE, 0, NOW_NS);
            });
  }

  private HandshakeAdmission admission(int loop) {
    try {
      HandshakeReceiver receiver = loops().get(loop).handshakes;
      return (HandshakeAdmission) field(receiver, "admission");
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("HandshakeReceiver has changed", e);
    }
  }
}
