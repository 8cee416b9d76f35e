package io.wgnetty.control;

import static io.wgnetty.control.UapiDialogue.answer;
import static io.wgnetty.control.UapiDialogue.reader;
import static io.wgnetty.control.UapiDialogue.send;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import io.wgnetty.crypto.PublicKey;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class UapiServerTest {
  private static final String PEER_A = "aa".repeat(32);

  static {
    Epoll.ensureAvailability(); // loads what Socket needs
  }

  @TempDir private Path temporary;

  private final FakeDevice device = new FakeDevice();
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  private Path directory() {
    return temporary.resolve("wireguard");
  }

  private Path socket() {
    return directory().resolve("wg0.sock");
  }

  private UapiServer start() throws IOException {
    var server = UapiServer.open(directory(), "wg0", device);
    open.add(server);
    return server;
  }

  private SocketChannel connect() throws IOException {
    SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket()));
    open.add(channel);
    return channel;
  }

  private String ask(String request) throws IOException {
    SocketChannel channel = connect();
    send(channel, request);
    return answer(reader(channel));
  }

  @Test
  void shouldServeWhenOpenReturnsAndUnlinkWhenClosed() throws IOException {
    UapiServer server = start();
    assertThat(ask("set=1\nlisten_port=7\n\n")).isEqualTo("errno=0\n");
    assertThat(ask("get=1\n\n")).isEqualTo("listen_port=7\nerrno=0\n");
    server.close();
    assertThat(socket()).doesNotExist();
    server.close();
  }

  @Test
  void shouldServeSeveralRequestsOnOneConnection() throws IOException {
    start();
    SocketChannel channel = connect();
    BufferedReader reader = reader(channel);
    send(channel, "set=1\nlisten_port=7\n\nget=1\n\nset=1\nlisten_port=8\n\nget=1\n\n");
    assertThat(answer(reader)).isEqualTo("errno=0\n");
    assertThat(answer(reader)).isEqualTo("listen_port=7\nerrno=0\n");
    assertThat(answer(reader)).isEqualTo("errno=0\n");
    assertThat(answer(reader)).isEqualTo("listen_port=8\nerrno=0\n");
  }

  @Test
  void shouldLetNobodyElseConnect() throws IOException {
    start();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket())))
        .isEqualTo("rwx------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory())))
        .isEqualTo("rwxr-xr-x");
  }

  @Test
  void shouldReplaceStaleSocketFile() throws IOException {
    Files.createDirectories(directory());
    Socket dead = Socket.newSocketDomain();
    dead.bind(new DomainSocketAddress(socket().toString()));
    dead.close();
    assertThat(socket()).exists();
    start();
    assertThat(ask("set=1\n\n")).isEqualTo("errno=0\n");
  }

  @Test
  void shouldLeaveLiveSocketAlone() throws IOException {
    start();
    assertThatThrownBy(() -> UapiServer.open(directory(), "wg0", device))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("wg0.sock")
        .hasMessageContaining("running program");
    assertThat(ask("set=1\n\n")).isEqualTo("errno=0\n");
  }

  @Test
  void shouldSayWhyDirectoryCannotBeMade() throws IOException {
    Files.writeString(temporary.resolve("file"), "in the way");
    assertThatThrownBy(() -> UapiServer.open(temporary.resolve("file/dir"), "wg0", device))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot create the directory");
    assertThatThrownBy(() -> UapiServer.open(temporary.resolve("x".repeat(120)), "wg0", device))
        .hasMessageContaining("too long");
  }

  @Test
  void shouldNoticeThatSocketFileWasRemoved() throws IOException {
    var removed = start().removed().toCompletableFuture();
    assertThat(removed).isNotDone();
    Files.delete(socket());
    await().atMost(Duration.ofSeconds(5)).until(removed::isDone);
  }

  @Test
  void shouldNoticeThatDirectoryDisappeared() throws IOException {
    var removed = start().removed().toCompletableFuture();
    Files.move(directory(), temporary.resolve("elsewhere"));
    await().atMost(Duration.ofSeconds(5)).until(removed::isDone);
  }

  @Test
  void shouldNotRemoveFileThatBelongsToAnotherSocketByNow() throws IOException {
    UapiServer first = start();
    Files.move(socket(), directory().resolve("old.sock"));
    UapiServer second = start();
    first.close();
    assertThat(socket()).exists();
    assertThat(ask("set=1\n\n")).isEqualTo("errno=0\n");
    second.close();
    assertThat(socket()).doesNotExist();
  }

  @Test
  void shouldNotCallItsOwnEndARemoval() throws IOException {
    UapiServer server = start();
    var removed = server.removed().toCompletableFuture();
    server.close();
    assertThat(removed).isNotDone();
  }

  @Test
  void shouldAdoptListeningSocket() throws IOException {
    Files.createDirectories(directory());
    Socket listening = Socket.newSocketDomain();
    listening.bind(new DomainSocketAddress(socket().toString()));
    listening.listen(5);
    var server = UapiServer.adopt(directory(), "wg0", listening.intValue(), device);
    open.add(server);
    assertThat(ask("set=1\nlisten_port=9\n\n")).isEqualTo("errno=0\n");
    server.close();
    assertThat(socket()).doesNotExist();
  }

  /** Also the first who calls then: another process may serve the same socket. */
  @Test
  void shouldLeaveWhoCallsInTheKernelWhileItDoesNotServe() throws Exception {
    UapiServer server = start();
    assertThat(ask("get=1\n\n")).endsWith("errno=0\n");
    for (int i = 0; i < 3; i++) {
      server.serve(false);
      SocketChannel channel = connect();
      send(channel, "get=1\n\n");
      TimeUnit.MILLISECONDS.sleep(100);
      channel.configureBlocking(false);
      assertThat(channel.read(ByteBuffer.allocate(1))).isZero();
      channel.configureBlocking(true);
      server.serve(true);
      assertThat(answer(reader(channel))).endsWith("errno=0\n");
    }
  }

  @Test
  void shouldRefuseToAdoptWhatIsNoListeningSocket() throws IOException {
    Socket notListening = Socket.newSocketDomain();
    try {
      assertThatThrownBy(
              () -> UapiServer.adopt(directory(), "wg0", notListening.intValue(), device))
          .hasMessageContaining("not a listening UNIX socket");
    } finally {
      notListening.close();
    }
    assertThatThrownBy(() -> UapiServer.adopt(directory(), "wg0", 900_000, device))
        .hasMessageContaining("descriptor 900000 is not an open socket");
  }

  @Test
  void shouldAnswerClientThatShutsItsSideDown() throws IOException {
    start();
    // Far more than the socket takes at once; the end of input comes before, within and after.
    manyPeers(5_000);
    for (int i = 0; i < 50; i++) {
      SocketChannel channel = connect();
      send(channel, "get=1\n\n");
      BufferedReader reader = reader(channel);
      if (i % 3 == 1) {
        reader.readLine();
      }
      channel.shutdownOutput();
      String answer = answer(reader);
      assertThat(answer).endsWith("errno=0\n");
      assertThat(answer.lines().filter(line -> line.startsWith("allowed_ip="))).hasSize(5_000);
      assertThat(reader.readLine()).as("the connection ends").isNull();
    }
  }

  @Test
  void shouldGiveOthersTheirTurnWhenConnectionBreaksInTheMiddle() throws IOException {
    start();
    SocketChannel broken = connect();
    send(broken, "set=1\npublic_key=" + PEER_A + "\n");
    SocketChannel waiting = connect();
    send(waiting, "set=1\nlisten_port=5\n\n");
    broken.close();
    assertThat(answer(reader(waiting))).isEqualTo("errno=0\n");
  }

  @Test
  void shouldRefuseMoreConnectionsThanItsLimit() throws IOException {
    start();
    for (int i = 0; i < UapiServer.MAX_CONNECTIONS; i++) {
      connect();
    }
    SocketChannel oneTooMany = connect();
    assertThat(oneTooMany.read(ByteBuffer.allocate(1))).isEqualTo(-1);
    ((SocketChannel) open.get(1)).close();
    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(() -> assertThat(ask("set=1\n\n")).isEqualTo("errno=0\n"));
  }

  @Test
  void shouldAnswerHugeLineAndClose() throws IOException {
    start();
    SocketChannel channel = connect();
    send(channel, "set=1\n" + "x".repeat(5000));
    assertThat(answer(reader(channel))).isEqualTo("errno=-22\n");
  }

  @Test
  @Timeout(value = 20, unit = TimeUnit.SECONDS)
  void shouldSetAndGetHundredThousandPeersInLinearTime() throws IOException {
    start();
    long small = timeOfSetNs(12_500); // also warms up
    small = Math.min(small, timeOfSetNs(12_500));
    long large = timeOfSetNs(100_000);
    assertThat(device.peerCount()).isEqualTo(100_000);
    // Eight times the work: a quadratic server needs sixty-four times the time.
    assertThat(large).isLessThan(Math.max(32 * small, TimeUnit.SECONDS.toNanos(4)));
    assertThat(device.changesPerCall).allMatch(changes -> changes <= SetRequest.CHUNK_PEERS);
    String all = ask("get=1\n\n");
    assertThat(all).endsWith("errno=0\n");
    assertThat(all.lines().filter(line -> line.startsWith("public_key="))).hasSize(100_000);
    assertThat(all.lines().filter(line -> line.startsWith("allowed_ip="))).hasSize(100_000);
  }

  private long timeOfSetNs(int peers) throws IOException {
    long start = System.nanoTime();
    manyPeers(peers);
    return System.nanoTime() - start;
  }

  private void manyPeers(int count) throws IOException {
    SocketChannel channel = connect();
    var writer = new BufferedWriter(Channels.newWriter(channel, US_ASCII), 1 << 16);
    writer.write("set=1\nreplace_peers=true\n");
    for (int i = 0; i < count; i++) {
      writer.write("public_key=" + key(i) + "\npreshared_key=" + key(i + 1));
      writer.write("\nendpoint=192.0.2.1:51820\npersistent_keepalive_interval=25");
      writer.write("\nreplace_allowed_ips=true\nallowed_ip=");
      writer.write("10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255) + "/32\n");
    }
    writer.write("\n");
    writer.flush();
    assertThat(answer(reader(channel))).isEqualTo("errno=0\n");
  }

  private static String key(int i) {
    String digits = Integer.toHexString(i + 1);
    return "0".repeat(64 - digits.length()) + digits;
  }

  @Test
  void shouldReadNoMorePeersThanSlowReaderTakes() throws IOException {
    start();
    manyPeers(20_000);
    device.snapshotsPerCall.clear();
    SocketChannel slow = connect();
    send(slow, "get=1\n\n");
    ByteBuffer first = ByteBuffer.allocate(100);
    slow.read(first);
    // Another client is served while the first one does not read; then the server is at rest.
    for (int i = 0; i < 20; i++) {
      assertThat(ask("set=1\nlisten_port=5\n\n")).isEqualTo("errno=0\n");
    }
    int readSoFar = device.snapshotsPerCall.stream().mapToInt(Integer::intValue).sum();
    assertThat(readSoFar).isBetween(1, 5_000);
    String rest = answer(reader(slow));
    assertThat(rest).endsWith("errno=0\n");
    String all = new String(first.array(), 0, first.position(), US_ASCII) + rest;
    assertThat(all.lines().filter(line -> line.startsWith("public_key="))).hasSize(20_000);
  }

  @Test
  void shouldNotReadRequestsOfClientThatReadsNoAnswers() throws IOException {
    start();
    SocketChannel deaf = connect();
    deaf.configureBlocking(false);
    ByteBuffer requests = ByteBuffer.wrap("set=1\n\n".repeat(20_000).getBytes(US_ASCII));
    long written = 0;
    int refusals = 0;
    while (refusals < 50 && written < 400_000_000) {
      int count = deaf.write(requests.rewind());
      written += count;
      // Somebody else's whole request: by then the server has done all it will.
      refusals = count == 0 ? refusals + 1 : 0;
      assertThat(ask("set=1\n\n")).isEqualTo("errno=0\n");
    }
    assertThat(written).isLessThan(10_000_000);
  }

  @Test
  void shouldTakePeerWithHundredThirtyThousandAllowedIpsAndGiveThemBack() throws IOException {
    start();
    SocketChannel channel = connect();
    var writer = new BufferedWriter(Channels.newWriter(channel, US_ASCII), 1 << 16);
    writer.write("set=1\npublic_key=" + PEER_A + "\nreplace_allowed_ips=true\n");
    for (int i = 0; i < 130_560; i++) {
      writer.write("allowed_ip=10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255) + "/32\n");
    }
    writer.write("\n");
    writer.flush();
    assertThat(answer(reader(channel))).isEqualTo("errno=0\n");
    var peer = device.peer(PublicKey.fromHex(PEER_A));
    assertThat(peer == null ? 0 : peer.allowedIps().size()).isEqualTo(130_560);
    assertThat(ask("get=1\n\n").lines().filter(line -> line.startsWith("allowed_ip=")))
        .hasSize(130_560);
  }
}
