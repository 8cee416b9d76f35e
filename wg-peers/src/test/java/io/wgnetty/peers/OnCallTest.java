package io.wgnetty.peers;

import static io.wgnetty.peers.FakeSource.key;
import static io.wgnetty.peers.FakeSource.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.HandshakeMessage;
import io.wgnetty.protocol.InitiationMessage;
import io.wgnetty.protocol.IpText;
import io.wgnetty.setup.DirectoryOptions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Peers that are installed when they call, or when they are sent something. */
class OnCallTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Endpoint SOMEWHERE = Endpoint.of(IpText.parse("192.0.2.1"), 1000, 0);
  private static final String THERE = ",\"endpoint\":\"192.0.2.1:1000\"";

  private final FakeBeside peers = new FakeBeside();
  private final FakeSource source = new FakeSource();
  private @Nullable DirectoryAtWork work;

  private DirectoryAtWork begin(Duration idle, Duration timeToLive) {
    var begun =
        DirectoryAtWork.start(
            peers,
            source,
            new DirectoryOptions(
                "dir:/test", true, idle, timeToLive, null, null, null, null, null, null),
            null);
    work = begun;
    return begun;
  }

  private DirectoryAtWork begin() throws InterruptedException {
    DirectoryAtWork begun = begin(Duration.ofHours(1), Duration.ofHours(1));
    source.listAll();
    return begun;
  }

  @AfterEach
  void close() {
    source.answering.countDown();
    if (work != null) {
      work.close();
    }
    assertThat(peers.callers.called(key(1), message(), SOMEWHERE)).as("nobody listens").isFalse();
    assertThat(peers.sleepers.find(false, 0x0a00_0001L << 32, 0)).isNull();
  }

  private static InitiationMessage message() {
    byte[] bytes = new byte[148];
    bytes[0] = 1;
    return (InitiationMessage) Objects.requireNonNull(HandshakeMessage.parse(bytes));
  }

  private boolean call(int number) {
    return peers.callers.called(key(number), message(), SOMEWHERE);
  }

  private long outcomes(String outcome) {
    return Objects.requireNonNull(work).status().lookups().getOrDefault(outcome, 0L);
  }

  @Test
  void shouldInstallWhoCallsAndAnswerTheCall() throws InterruptedException {
    source.records.put(key(1).toBase64(), record(1, ""));
    source.records.put(key(2).toBase64(), record(2, ""));
    begin();
    assertThat(peers.peers).isEmpty();
    assertThat(call(1)).isTrue();
    await().atMost(LIMIT).until(() -> peers.again.contains(key(1)));
    assertThat(peers.peers).containsOnlyKeys(key(1));
    assertThat(outcomes("found")).isEqualTo(1);
    source.change(1, record(1, ",\"label\":\"a\""));
    assertThat(Objects.requireNonNull(peers.peers.get(key(1))).label()).isEqualTo("a");
    source.change(2, record(2, ",\"label\":\"b\""));
    assertThat(peers.peers).as("who sleeps goes on sleeping").containsOnlyKeys(key(1));
    source.change(1, null);
    assertThat(peers.peers).isEmpty();
  }

  @Test
  void shouldInstallWhoWasAliveWhenTheNodeWasKilled() throws InterruptedException {
    source.records.put(key(1).toBase64(), record(1, ""));
    source.records.put(key(2).toBase64(), record(2, ""));
    peers.formerlyAlive = List.of(key(3), key(1));
    begin();
    await().atMost(LIMIT).until(() -> peers.peers.containsKey(key(1)));
    await().atMost(LIMIT).until(() -> outcomes("unknown") == 1);
    assertThat(peers.peers).as("the other sleeps").containsOnlyKeys(key(1));
    assertThat(source.lookups).hasValue(2);
  }

  @Test
  void shouldAskOnceForNobodyUntilThereIsARecord() throws InterruptedException {
    begin();
    assertThat(call(1)).isTrue();
    await().atMost(LIMIT).until(() -> outcomes("unknown") == 1);
    assertThat(call(1)).isFalse();
    assertThat(source.lookups).hasValue(1);
    source.change(1, record(1, ""));
    assertThat(peers.peers).isEmpty();
    assertThat(call(1)).isTrue();
    await().atMost(LIMIT).until(() -> peers.again.contains(key(1)));
  }

  @Test
  void shouldNotInstallWhatIsNotInForce() throws InterruptedException {
    source.records.put(key(1).toBase64(), record(1, ",\"disabled\":true"));
    begin();
    assertThat(call(1)).isTrue();
    await().atMost(LIMIT).until(() -> outcomes("refused") == 1);
    assertThat(peers.peers).isEmpty();
    assertThat(peers.again).isEmpty();
  }

  @Test
  void shouldInstallManyWhoCallAtOnce() throws InterruptedException {
    for (int i = 1; i <= 100; i++) {
      source.records.put(key(i).toBase64(), i == 50 ? "garbage" : record(i, ""));
    }
    source.records.put(key(60).toBase64(), record(61, "")); // which is another's
    source.keysAtOnce = 100;
    begin();
    source.answering = new CountDownLatch(1);
    for (int i = 1; i <= 110; i++) {
      assertThat(call(i)).isTrue();
      assertThat(call(i)).as("it is joined").isTrue();
    }
    source.answering.countDown();
    await().atMost(LIMIT).until(() -> outcomes("found") == 98);
    await().atMost(LIMIT).until(() -> outcomes("unknown") == 10);
    await().atMost(LIMIT).until(() -> outcomes("refused") == 2);
    assertThat(peers.again).hasSizeGreaterThanOrEqualTo(98).doesNotContain(key(50), key(105));
    assertThat(peers.peers).hasSize(98).doesNotContainKey(key(50));
    assertThat(source.lookups).as("each key once").hasValue(110);
    assertThat(call(105)).as("nobody has it").isFalse();
    assertThat(source.together).as("questions").hasSizeLessThanOrEqualTo(20);
  }

  @Test
  void shouldNotInstallWhatWentWhileItWasBeingLookedUp() throws InterruptedException {
    source.records.put(key(1).toBase64(), record(1, ""));
    source.records.put(key(2).toBase64(), record(2, ""));
    begin();
    source.answering = new CountDownLatch(1);
    assertThat(call(1)).isTrue();
    assertThat(call(2)).isTrue();
    await().atMost(LIMIT).until(() -> source.lookups.get() == 2);
    source.change(1, null);
    source.change(2, record(2, ",\"label\":\"new\""));
    source.answering.countDown();
    await().atMost(LIMIT).until(() -> peers.again.contains(key(2)));
    await().atMost(LIMIT).until(() -> outcomes("unknown") == 1);
    assertThat(peers.peers).containsOnlyKeys(key(2));
    assertThat(Objects.requireNonNull(peers.peers.get(key(2))).label()).isEqualTo("new");
  }

  @Test
  void shouldAskAgainAfterAFailure() throws InterruptedException {
    source.records.put(key(1).toBase64(), record(1, ""));
    begin();
    source.fails = true;
    assertThat(call(1)).isTrue();
    await().atMost(LIMIT).until(() -> outcomes("failed") == 1);
    source.fails = false;
    assertThat(call(1)).isTrue();
    await().atMost(LIMIT).until(() -> peers.again.contains(key(1)));
  }

  @Test
  void shouldKeepWhatIsSentToWhoSleepsAndWakeIt() throws InterruptedException {
    source.records.put(key(1).toBase64(), record(1, THERE));
    source.records.put(key(2).toBase64(), record(2, ""));
    DirectoryAtWork begun = begin();
    assertThat(begun.status().wakeable()).isEqualTo(1);
    assertThat(peers.sleepers.find(false, 0x0a00_0002L << 32, 0)).as("it is nowhere").isNull();
    assertThat(peers.sleepers.find(false, 0x0a00_0001L << 32, 0)).isEqualTo(key(1));
    source.answering = new CountDownLatch(1);
    byte[] first = {1};
    byte[] second = {2};
    assertThat(peers.sleepers.wake(key(1), List.of(first))).isTrue();
    assertThat(peers.sleepers.wake(key(1), List.of(second))).isTrue();
    source.answering.countDown();
    await().atMost(LIMIT).until(() -> peers.sent.containsKey(key(1)));
    assertThat(peers.peers).containsOnlyKeys(key(1));
    assertThat(Objects.requireNonNull(peers.sent.get(key(1))).getFirst()).isSameAs(first);
  }

  @Test
  void shouldHandBackWhatCannotBeSent() throws InterruptedException {
    source.records.put(key(1).toBase64(), record(1, THERE));
    begin();
    source.records.clear(); // and nobody has said so yet
    assertThat(peers.sleepers.wake(key(1), List.of(new byte[1]))).isTrue();
    await().atMost(LIMIT).until(() -> peers.sent.containsKey(key(1)));
    assertThat(peers.peers).isEmpty();
    assertThat(outcomes("unknown")).isEqualTo(1);
  }

  @Test
  void shouldFollowWhereSleepersAre() throws InterruptedException {
    source.records.put(key(1).toBase64(), record(1, THERE));
    DirectoryAtWork begun = begin();
    source.change(1, record(3, THERE));
    assertThat(peers.sleepers.find(false, 0x0a00_0001L << 32, 0)).isNull();
    assertThat(peers.sleepers.find(false, 0x0a00_0003L << 32, 0)).isEqualTo(key(1));
    source.change(1, "garbage");
    assertThat(peers.sleepers.find(false, 0x0a00_0003L << 32, 0)).isNull();
    assertThat(begun.status().wakeable()).isZero();
    source.change(2, record(2, THERE));
    source.records.clear();
    source.listAll();
    assertThat(peers.sleepers.find(false, 0x0a00_0002L << 32, 0)).isNull();
  }

  @Test
  void shouldLookAfterThoseAwakeWhenChangesWereMissed() throws InterruptedException {
    source.records.put(key(1).toBase64(), record(1, ""));
    source.records.put(key(2).toBase64(), record(2, ""));
    begin();
    assertThat(call(1)).isTrue();
    assertThat(call(2)).isTrue();
    await().atMost(LIMIT).until(() -> peers.again.size() == 2);
    source.records.remove(key(1).toBase64());
    source.records.put(key(2).toBase64(), record(2, ",\"label\":\"b\""));
    source.listAll();
    assertThat(Objects.requireNonNull(peers.peers.get(key(2))).label()).isEqualTo("b");
    await().atMost(LIMIT).until(() -> !peers.peers.containsKey(key(1)));
  }

  @Test
  void shouldSendThoseToSleepWhoHaveNoSession() throws InterruptedException {
    source.records.put(key(1).toBase64(), record(1, ""));
    source.records.put(key(2).toBase64(), record(2, ""));
    begin(Duration.ZERO, Duration.ofHours(1));
    source.listAll();
    peers.handshakes.put(key(2), System.currentTimeMillis() * 1_000_000);
    assertThat(call(1)).isTrue();
    assertThat(call(2)).isTrue();
    await().atMost(LIMIT).until(() -> peers.again.size() == 2);
    await().atMost(LIMIT).until(() -> !peers.peers.containsKey(key(1)));
    assertThat(peers.peers).containsOnlyKeys(key(2));
  }

  @Test
  void shouldAskAgainWhatTellsNothingByItself() throws InterruptedException {
    source.tells = false;
    source.records.put(key(1).toBase64(), record(1, ""));
    begin(Duration.ofHours(1), Duration.ofMillis(1));
    source.listener().listed();
    assertThat(call(1)).isTrue();
    await().atMost(LIMIT).until(() -> peers.again.contains(key(1)));
    source.records.put(key(1).toBase64(), record(1, ",\"label\":\"later\""));
    await()
        .atMost(LIMIT)
        .until(() -> "later".equals(Objects.requireNonNull(peers.peers.get(key(1))).label()));
    source.fails = true;
    await().atMost(LIMIT).until(() -> Objects.requireNonNull(work).status().awaySince() > 0);
    assertThat(peers.peers).containsOnlyKeys(key(1));
    source.fails = false;
    source.records.clear();
    await().atMost(LIMIT).until(() -> peers.peers.isEmpty());
  }
}
