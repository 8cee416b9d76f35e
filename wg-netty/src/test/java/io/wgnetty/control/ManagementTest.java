package io.wgnetty.control;

import static io.wgnetty.control.UapiDialogue.answer;
import static io.wgnetty.control.UapiDialogue.reader;
import static io.wgnetty.control.UapiDialogue.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.device.PeerChange;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Management requests over a real socket. */
@Timeout(30)
class ManagementTest {
  private static final String PEER_A = "aa".repeat(32);
  private static final String PEER_B = "bb".repeat(32);

  @TempDir private Path directory;

  private final FakeDevice device = new FakeDevice();
  private final List<AutoCloseable> open = new ArrayList<>();
  private Operations operations = Operations.builtIn(device);

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  private UapiServer start() throws IOException {
    var server = UapiServer.open(directory, "wg0", device, operations);
    open.add(server);
    return server;
  }

  private SocketChannel connect() throws IOException {
    var channel = SocketChannel.open(UnixDomainSocketAddress.of(directory.resolve("wg0.sock")));
    open.add(channel);
    return channel;
  }

  private String ask(String request) throws IOException {
    try (SocketChannel channel = connect()) {
      send(channel, request);
      return answer(reader(channel));
    }
  }

  private void peers(int count) {
    List<PeerChange> changes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      var prefix =
          IpPrefix.parse("10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255) + "/32");
      changes.add(
          new PeerChange(
              key(i),
              false,
              false,
              null,
              null,
              25,
              true,
              List.of(new PeerChange.AllowedIp(prefix, false))));
    }
    device.apply(changes);
  }

  private static PublicKey key(int i) {
    String digits = Integer.toHexString(i + 1);
    return PublicKey.fromHex("0".repeat(64 - digits.length()) + digits);
  }

  private static void awaitRelease(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void shouldShowNodeAndPeersWithoutSecrets() throws IOException {
    start();
    String secret = "e84b5a6d2717c1003a13b431570353dbaca9146cf150c5f8575680feba52027a";
    ask(
        "set=1\nprivate_key=%s\nlisten_port=7\npublic_key=%s\npreshared_key=%s\nallowed_ip=10.0.0.2/32\n\n"
            .formatted(secret, PEER_A, secret));
    device.setLabel(PublicKey.fromHex(PEER_A), "laptop\nof ümit");
    String answer = ask("do=show\n\n");
    assertThat(answer)
        .contains("implementation=wg-netty\n", "listen_port=7\n", "peers=1\n", "own_public_key=")
        .contains(
            "public_key=" + PEER_A + "\n", "label=laptop of ümit\n", "allowed_ip=10.0.0.2/32\n")
        .contains("has_preshared_key=true\n", "handshake_state=none\n")
        .endsWith("errno=0\n")
        .doesNotContain(secret.substring(2, 62), "private_key", "\npreshared_key");
  }

  @Test
  void shouldShowNamedPeersOnly() throws IOException {
    start();
    peers(300);
    String answer = ask("do=show\npeer=" + key(7).toHex() + "\npeer=" + key(299).toHex() + "\n\n");
    assertThat(answer.lines().filter(line -> line.startsWith("public_key=")))
        .containsExactly("public_key=" + key(7).toHex(), "public_key=" + key(299).toHex());
    assertThat(ask("do=show\npeer=xyz\n\n"))
        .contains("message=peer= takes keys")
        .endsWith("errno=22\n");
  }

  @Test
  void shouldShowThousandsInChunksAlsoToClientThatShutsItsSideDown() throws IOException {
    start();
    peers(5_000);
    for (int i = 0; i < 10; i++) {
      device.snapshotsPerCall.clear();
      SocketChannel channel = connect();
      send(channel, "do=show\n\n");
      channel.shutdownOutput();
      BufferedReader reader = reader(channel);
      String answer = answer(reader);
      assertThat(answer).endsWith("errno=0\n");
      assertThat(answer.lines().filter(line -> line.startsWith("public_key="))).hasSize(5_000);
      assertThat(reader.readLine()).as("the connection ends").isNull();
      assertThat(device.snapshotsPerCall).allMatch(peers -> peers <= ShowOperation.CHUNK_PEERS);
    }
  }

  @Test
  void shouldSayWhatItKnowsWhenAskedForSomethingElse() throws IOException {
    start();
    SocketChannel channel = connect();
    BufferedReader reader = reader(channel);
    send(channel, "do=fly\nwhere=moon\n\ndo=\n\nget=1\n\n");
    assertThat(answer(reader))
        .isEqualTo(
            "known=capture,forget_sessions,label,limit,peers,show,top\nmessage=this node knows no such"
                + " request\nerrno=22\n");
    assertThat(answer(reader)).endsWith("errno=22\n");
    assertThat(answer(reader)).as("the next request").isEqualTo("errno=0\n");
  }

  @Test
  void shouldRefuseHostileRequestsAndGoOn() throws IOException {
    start();
    SocketChannel channel = connect();
    BufferedReader reader = reader(channel);
    send(channel, "do=show\nno equals sign\nmore\n\n");
    assertThat(answer(reader)).contains("message=a line without '='").endsWith("errno=71\n");
    for (String key : new String[] {"", "Peer", "a b", "ä", "x".repeat(33), "../x"}) {
      send(channel, "do=show\n" + key + "=1\n\n");
      assertThat(answer(reader))
          .as(key)
          .contains("message=an argument's name")
          .endsWith("errno=22\n");
    }
    send(channel, "do=show\n" + "a=1\n".repeat(ManagementExchange.MAX_ARGUMENTS + 1) + "\n");
    assertThat(answer(reader)).contains("message=more than").endsWith("errno=22\n");
    String long4000 = "x".repeat(4000);
    send(channel, "do=show\n" + ("a=" + long4000 + "\n").repeat(40) + "\n");
    assertThat(answer(reader)).contains("message=more than").endsWith("errno=22\n");
    send(channel, "do=show\na=" + "x".repeat(5000) + "\n");
    assertThat(answer(reader)).contains("message=a line of more than").endsWith("errno=22\n");
    assertThat(reader.readLine()).as("nothing can follow a line without end").isNull();
    assertThat(ask("set=1\n\n")).isEqualTo("errno=0\n");
  }

  @Test
  void shouldSurviveRandomRequests() throws IOException {
    start();
    peers(3);
    long seed = System.nanoTime();
    var random = new Random(seed);
    String[] parts = {
      "do=",
      "show",
      "top",
      "label",
      "\n",
      "\n\n",
      "=",
      "peer=",
      PEER_A,
      "sort=rate",
      "first=9999999999",
      "count=-1",
      "\0",
      "ÿ",
      "get=1\n\n",
      "set=1\n",
      "a=b\n"
    };
    for (int i = 0; i < 200; i++) {
      StringBuilder request = new StringBuilder("do=");
      for (int n = random.nextInt(12); n >= 0; n--) {
        request.append(parts[random.nextInt(parts.length)]);
      }
      SocketChannel channel = connect();
      try {
        send(channel, request + "\n\n");
        channel.shutdownOutput();
      } catch (IOException e) {
        continue; // it was closed before we had sent everything, which it may do
      }
      BufferedReader reader = reader(channel);
      String line = null;
      try {
        for (String next = reader.readLine(); next != null; next = reader.readLine()) {
          line = next;
        }
      } catch (IOException e) {
        continue;
      }
      assertThat(line).as("seed %d: %s", seed, request).isIn(null, "");
      channel.close();
    }
    assertThat(ask("do=top\n\n")).contains("peers=3\n").endsWith("errno=0\n");
  }

  @Test
  void shouldTellFailuresOfOperations() throws IOException {
    operations =
        operations
            .with(
                "refuse",
                (arguments, out) -> {
                  throw new OperationFailure("no\nway", 17);
                })
            .with(
                "break",
                (arguments, out) -> {
                  throw new IllegalStateException("a secret");
                });
    start();
    assertThat(ask("do=refuse\n\n")).isEqualTo("message=no way\nerrno=17\n");
    assertThat(ask("do=break\n\n"))
        .isEqualTo("message=the node failed, its log says more: IllegalStateException\nerrno=5\n");
  }

  @Test
  void shouldAnswerOthersWhileOperationRuns() throws IOException {
    var release = new CountDownLatch(1);
    var running = new AtomicInteger();
    var most = new AtomicInteger();
    operations =
        operations.with(
            "wait",
            (arguments, out) -> {
              most.accumulateAndGet(running.incrementAndGet(), Math::max);
              awaitRelease(release);
              running.decrementAndGet();
            });
    start();
    List<BufferedReader> waiting = new ArrayList<>();
    for (int i = 0; i < OperationRunner.MAX_WAITING + 1; i++) {
      SocketChannel channel = connect();
      send(channel, "do=wait\n\n");
      waiting.add(reader(channel));
      assertThat(ask("set=1\nlisten_port=%d\n\n".formatted(i + 1))).isEqualTo("errno=0\n");
    }
    assertThat(ask("do=wait\n\n")).contains("message=too many").endsWith("errno=16\n");
    release.countDown();
    for (BufferedReader reader : waiting) {
      assertThat(answer(reader)).isEqualTo("errno=0\n");
    }
    assertThat(most).hasValue(1);
  }

  @Test
  void shouldAnswerQueriesWhileAnOperationLasts() throws IOException {
    var release = new CountDownLatch(1);
    operations =
        operations.with(
            "last",
            ((Operation) (arguments, out) -> awaitRelease(release)).at(Operation.Pace.LASTING));
    start();
    SocketChannel lasting = connect();
    send(lasting, "do=last\n\n");
    SocketChannel second = connect();
    send(second, "do=last\n\n");
    for (int i = 0; i < 3; i++) {
      assertThat(ask("do=show\n\n")).endsWith("errno=0\n");
    }
    release.countDown();
    assertThat(answer(reader(lasting))).isEqualTo("errno=0\n");
    assertThat(answer(reader(second))).isEqualTo("errno=0\n");
  }

  @Test
  void shouldSayThatItIsAtWork() throws IOException {
    var release = new CountDownLatch(1);
    operations =
        operations.with(
            "last",
            ((Operation)
                    (arguments, out) -> {
                      out.line("first", 1);
                      awaitRelease(release);
                      out.line("last", 2);
                    })
                .at(Operation.Pace.LASTING));
    start();
    SocketChannel channel = connect();
    BufferedReader reader = reader(channel);
    send(channel, "do=last\n\n");
    assertThat(reader.readLine()).isEqualTo("working=" + ManagementExchange.WORKING_SECONDS);
    release.countDown();
    assertThat(answer(reader)).isEqualTo("first=1\nlast=2\nerrno=0\n");
    send(channel, "get=1\n\n");
    assertThat(answer(reader)).isEqualTo("errno=0\n");
  }

  @Test
  void shouldStreamToManyAndBeStoppedByNone() throws Exception {
    var ended = new AtomicInteger();
    operations =
        operations.with(
            "stream",
            ((Operation)
                    (arguments, out) -> {
                      try {
                        while (true) {
                          out.line("line", "x".repeat(1000));
                          out.flush();
                        }
                      } finally {
                        ended.incrementAndGet();
                      }
                    })
                .at(Operation.Pace.ENDLESS));
    start();
    List<SocketChannel> readers = new ArrayList<>();
    for (int i = 0; i < OperationRunner.MAX_ENDLESS; i++) {
      SocketChannel channel = connect();
      send(channel, "do=stream\n\n");
      channel.read(ByteBuffer.allocate(10)); // and nothing more
      readers.add(channel);
    }
    assertThat(ask("do=stream\n\n")).contains("message=too many").endsWith("errno=16\n");
    assertThat(ask("do=show\n\n")).endsWith("errno=0\n");
    for (SocketChannel channel : readers) {
      channel.close();
    }
    await().until(() -> ended.get() == OperationRunner.MAX_ENDLESS);
  }

  @Test
  void shouldKeepSetWaitingWhileOperationChangesTheNode() throws IOException {
    var release = new CountDownLatch(1);
    var portSeen = new AtomicInteger(-1);
    operations =
        operations.with(
            "change",
            new Operation() {
              @Override
              public void run(java.util.Map<String, String> arguments, AnswerWriter out) {
                awaitRelease(release);
                portSeen.set(device.settings().listenPort());
              }

              @Override
              public boolean changesNode() {
                return true;
              }
            });
    start();
    SocketChannel changing = connect();
    send(changing, "do=change\n\nset=1\nlisten_port=3\n\n");
    // Answered by the control thread after it has read the line above.
    assertThat(ask("do=unknown\n\n")).endsWith("errno=22\n");
    SocketChannel setting = connect();
    send(setting, "set=1\nlisten_port=5\n\n");
    assertThat(ask("do=unknown\n\n")).endsWith("errno=22\n");
    release.countDown();
    assertThat(answer(reader(setting))).isEqualTo("errno=0\n");
    BufferedReader reader = reader(changing);
    assertThat(answer(reader)).isEqualTo("errno=0\n");
    assertThat(answer(reader)).isEqualTo("errno=0\n");
    assertThat(portSeen).hasValue(0);
  }

  @Test
  void shouldWriteNoMoreThanSlowReaderTakesAndStopWhenItIsGone() throws IOException {
    var lines = new AtomicInteger();
    var end = new AtomicReference<@Nullable String>();
    operations =
        operations.with(
            "flood",
            (arguments, out) -> {
              try {
                while (true) {
                  out.line("line", "x".repeat(1000));
                  lines.incrementAndGet();
                }
              } catch (OperationFailure e) {
                end.set(e.getMessage());
                throw e;
              }
            });
    start();
    SocketChannel slow = connect();
    send(slow, "do=flood\n\n");
    slow.read(ByteBuffer.allocate(10));
    int before = -1;
    while (before != lines.get()) {
      before = lines.get();
      for (int i = 0; i < 20; i++) {
        assertThat(ask("set=1\n\n")).isEqualTo("errno=0\n");
      }
    }
    assertThat(lines.get()).isBetween(1, 2_000);
    slow.close();
    await().atMost(Duration.ofSeconds(5)).until(() -> end.get() != null);
    assertThat(end.get()).isEqualTo("the client is gone");
    assertThat(ask("do=show\n\n")).as("the next operation").endsWith("errno=0\n");
  }

  @Test
  void shouldAnswerTheRequestThatEndsTheNode() throws IOException {
    var server = new AtomicReference<@Nullable UapiServer>();
    operations =
        operations.with(
            "down",
            (arguments, out) -> {
              out.line("interface", "wg0");
              UapiServer ending = server.get();
              if (ending != null) {
                var closing = new Thread(ending::close, "closing");
                closing.start();
              }
            });
    server.set(start());
    assertThat(ask("do=down\n\n")).isEqualTo("interface=wg0\nerrno=0\n");
  }

  @Test
  void shouldChangeTheLogAndNameThePeer() throws IOException {
    var level = new AtomicReference<>("error");
    operations =
        operations.with(
            "log",
            new LogOperation(
                word -> {
                  if (!word.equals("debug")) {
                    throw new IllegalArgumentException("there are debug, error");
                  }
                  level.set(word);
                }));
    start();
    assertThat(ask("do=log\nlevel=debug\n\n")).isEqualTo("level=debug\nerrno=0\n");
    assertThat(level).hasValue("debug");
    assertThat(ask("do=log\nlevel=loud\n\n"))
        .isEqualTo("message=log: there are debug, error\nerrno=22\n");
    assertThat(ask("do=log\n\n")).endsWith("errno=22\n");
    peers(1);
    assertThat(ask("do=label\npeer=%s\nlabel=phone\n\n".formatted(key(0).toHex())))
        .isEqualTo("errno=0\n");
    assertThat(device.label(key(0))).isEqualTo("phone");
    assertThat(ask("do=label\npeer=%s\nlabel=phone\n\n".formatted(PEER_B)))
        .contains("no such peer");
  }

  @Test
  void shouldLimitPeer() throws IOException {
    start();
    peers(1);
    String peer = "do=limit\npeer=%s\n".formatted(key(0).toHex());
    assertThat(ask(peer + "\n")).isEqualTo("limit=off\nerrno=0\n");
    assertThat(ask(peer + "limit=in 20M, out 5M\n\n")).isEqualTo("limit=in 20M, out 5M\nerrno=0\n");
    assertThat(ask("do=show\n\n")).contains("limit=in 20M, out 5M\n");
    assertThat(ask(peer + "limit=fast\n\n"))
        .contains("message=a limit is bits a second")
        .endsWith("errno=22\n");
    assertThat(ask(peer + "\n")).as("as before").startsWith("limit=in 20M, out 5M\n");
    assertThat(ask(peer + "limit=off\n\n")).isEqualTo("limit=off\nerrno=0\n");
    assertThat(ask("do=limit\npeer=%s\nlimit=1M\n\n".formatted(PEER_B))).contains("no such peer");
  }

  @Test
  void shouldGiveQuotasAndGroups() throws IOException {
    start();
    peers(1);
    String peer = "do=limit\npeer=%s\n".formatted(key(0).toHex());
    assertThat(ask(peer + "quota=5GB per month then 1M\ngroup=sales\n\n"))
        .isEqualTo("limit=off\nquota=5GB a month, then 1M\ngroup=sales\nerrno=0\n");
    assertThat(ask(peer + "limit=9M\n\n")).startsWith("limit=9M\nquota=5GB").contains("sales");
    assertThat(ask("do=show\n\n")).contains("quota=5GB a month, then 1M\ngroup=sales\n");
    assertThat(ask("do=limit\ngroup=sales\nlimit=50M\nquota=1TB a month\n\n"))
        .isEqualTo("limit=50M\nquota=1TB a month, then off\nerrno=0\n");
    assertThat(ask("do=limit\ngroup=sales\nquota=off\n\n")).isEqualTo("limit=50M\nerrno=0\n");
    assertThat(ask("do=limit\ngroup=sales\nlimit=off\n\n")).isEqualTo("limit=off\nerrno=0\n");
    assertThat(ask(peer + "quota=much\n\n")).contains("message=a quota is").endsWith("22\n");
    assertThat(ask(peer + "group=a b\n\n")).contains("message=a group's name").endsWith("22\n");
    assertThat(ask(peer + "quota=off\ngroup=off\n\n")).isEqualTo("limit=9M\nerrno=0\n");
  }
}
