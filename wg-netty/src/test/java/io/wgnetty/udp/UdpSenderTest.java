package io.wgnetty.udp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wgnetty.protocol.Endpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class UdpSenderTest {
  private final ScriptedCalls calls = new ScriptedCalls();
  private UdpEnd from;
  private UdpEnd to;
  private UdpEnd other;
  private int nextNumber;

  @BeforeEach
  void open() throws IOException {
    from =
        new UdpEnd(
            UdpSocket.open(false, 0, UdpSettings.DEFAULT), calls, UdpReceiver.MAX_MESSAGE_BYTES);
    to = new UdpEnd(false);
    other = new UdpEnd(false);
  }

  @AfterEach
  void close() {
    from.close();
    to.close();
    other.close();
  }

  /** Numbered datagrams of equal length. */
  private List<UdpEnd.Outgoing> numbered(int count, int length, Endpoint to) {
    List<UdpEnd.Outgoing> datagrams = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] content = ByteBuffer.allocate(length).putInt(nextNumber++).array();
      datagrams.add(new UdpEnd.Outgoing(content, to, 0));
    }
    return datagrams;
  }

  private static void assertNumbers(UdpEnd end, int from, int count) throws Exception {
    for (int i = from; i < from + count; i++) {
      assertThat(ByteBuffer.wrap(end.next().content()).getInt()).isEqualTo(i);
    }
  }

  private UdpCounters counters() {
    return from.channel.counters();
  }

  @ParameterizedTest
  @ValueSource(ints = {Errno.EIO, Errno.EMSGSIZE, Errno.EINVAL})
  void shouldSendOneByOneAtOnceWhereSegmentsAreRefused(int errno) throws Exception {
    calls.segmentErrno = errno;
    List<UdpEnd.Outgoing> datagrams = new ArrayList<>();
    datagrams.addAll(numbered(1, 100, to.place()));
    datagrams.addAll(numbered(100, 200, to.place()));
    datagrams.addAll(numbered(1, 90, to.place()));
    assertThat(from.send(datagrams)).isEmpty();
    assertNumbers(to, 0, 102);
    assertThat(counters().gsoFallbacks()).isEqualTo(1);
    assertThat(counters().datagramsOut()).isEqualTo(102);

    calls.segmentErrno = 0;
    from.send(numbered(50, 300, to.place()));
    assertNumbers(to, 102, 50);
    assertThat(counters().messagesOut()).as("that destination is remembered").isEqualTo(152);
    assertThat(counters().gsoFallbacks()).isEqualTo(1);

    from.send(numbered(50, 300, other.place()));
    assertNumbers(other, 152, 50);
    assertThat(counters().messagesOut()).as("any other is not affected").isEqualTo(153);
  }

  @Test
  void shouldKeepTheOrderWhenSomeMessagesOfABatchAreRefusedSegments() throws Exception {
    calls.segmentErrno = Errno.EIO;
    List<UdpEnd.Outgoing> datagrams = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      datagrams.addAll(numbered(5, 100, to.place()));
      datagrams.addAll(numbered(1, 50 - i, to.place()));
    }
    assertThat(from.send(datagrams)).isEmpty();
    assertNumbers(to, 0, 60);
    assertThat(counters().gsoFallbacks()).isEqualTo(1);
  }

  @Test
  void shouldSendWhatWasPostedWithOneCall() throws Exception {
    List<UdpEnd.Outgoing> datagrams = numbered(40, 92, to.place());
    long refused =
        from.onLoop(
            () -> {
              for (UdpEnd.Outgoing datagram : datagrams) {
                assertThat(from.channel.post(datagram.content(), datagram.destination(), 0))
                    .isTrue();
              }
              assertThat(counters().callsOut()).isZero();
              return from.channel.sendPosted();
            });
    assertThat(refused).isZero();
    assertNumbers(to, 0, 40);
    assertThat(counters().callsOut()).isEqualTo(1);
    assertThat(from.onLoop(from.channel::sendPosted)).as("nothing is left").isZero();
    assertThat(counters().callsOut()).isEqualTo(1);
  }

  @Test
  void shouldTellHowManyOfThePostedTheKernelRefused() throws Exception {
    Endpoint nowhere =
        Endpoint.of(new byte[] {(byte) 255, (byte) 255, (byte) 255, (byte) 255}, 9, 0);
    long refused =
        from.onLoop(
            () -> {
              from.channel.post(new byte[92], nowhere, 0); // broadcast needs an option
              from.channel.post(numbered(1, 92, to.place()).getFirst().content(), to.place(), 0);
              return from.channel.sendPosted();
            });
    assertThat(refused).isEqualTo(1);
    assertNumbers(to, 0, 1);
  }

  @Test
  void shouldSendInAsManyCallsAsItTakes() throws Exception {
    calls.messagesPerCall = 2;
    List<UdpEnd.Outgoing> datagrams = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      datagrams.addAll(numbered(3, 100 + i, to.place()));
    }
    assertThat(from.send(datagrams)).isEmpty();
    assertNumbers(to, 0, 60);
    assertThat(counters().callsOut()).isGreaterThanOrEqualTo(counters().messagesOut() / 2);
  }

  @Test
  void shouldSendWhatHadToWaitBeforeAnythingNew() throws Exception {
    calls.messagesLeft.set(3);
    List<UdpEnd.Outgoing> datagrams = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      datagrams.addAll(numbered(4, 200 + i, to.place()));
    }
    assertThat(from.send(datagrams)).as("what waits is not refused").isEmpty();
    from.send(numbered(10, 77, to.place()));
    assertThat(from.onLoop(() -> from.channel.send(bytes(nextNumber++), to.place(), 0))).isTrue();
    assertNumbers(to, 0, 9);
    assertThat(counters().held()).isPositive();
    calls.messagesLeft.set(Integer.MAX_VALUE);
    assertNumbers(to, 9, 42);
    from.send(numbered(3, 99, to.place()));
    assertNumbers(to, 51, 3);
    assertThat(counters().pendingDrops()).isZero();
  }

  private static byte[] bytes(int number) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
  }

  @Test
  void shouldSendOneByOneWhatWaitedAndIsRefusedSegments() throws Exception {
    calls.messagesLeft.set(0);
    from.send(numbered(60, 300, to.place()));
    calls.segmentErrno = Errno.EMSGSIZE;
    calls.messagesLeft.set(7);
    assertNumbers(to, 0, 7);
    calls.messagesLeft.set(Integer.MAX_VALUE);
    assertNumbers(to, 7, 53);
    assertThat(counters().gsoFallbacks()).isEqualTo(1);
  }

  @Test
  void shouldRefuseWhatIsTooMuchToWait() throws Exception {
    calls.messagesLeft.set(0);
    int held = 0;
    int refused = 0;
    for (int i = 0; i < 40; i++) {
      // 4 messages of 45 datagrams
      int refusedNow = from.send(numbered(4 * 45, 1450, to.place())).size();
      held += 4 - refusedNow;
      refused += refusedNow;
    }
    assertThat((long) held * 45 * 1450)
        .isBetween(PendingMessages.MAX_BYTES - 65_536L, (long) PendingMessages.MAX_BYTES);
    assertThat(counters().pendingDrops()).isEqualTo(refused * 45L);
    // The kernel's own queue is smaller than this: taken in portions.
    for (int i = 0; i < held; i++) {
      calls.messagesLeft.set(1);
      assertNumbers(to, i * 45, 45);
    }
    calls.messagesLeft.set(Integer.MAX_VALUE);
    nextNumber = 1_000_000;
    assertThat(from.send(numbered(1, 50, to.place()))).isEmpty();
    assertNumbers(to, 1_000_000, 1);
  }

  @Test
  void shouldRefuseAndCountWhatTheSystemDoes() throws Exception {
    int notPermitted = 1;
    calls.errno = notPermitted;
    List<UdpEnd.Outgoing> datagrams = new ArrayList<>(numbered(3, 100, to.place()));
    datagrams.addAll(numbered(2, 200, to.place()));
    assertThat(from.send(datagrams)).containsExactly(0, 1);
    assertThat(from.onLoop(() -> from.channel.send(new byte[9], to.place(), 0))).isFalse();
    assertThat(counters().refused()).isEqualTo(6);
    calls.errno = 0;
    nextNumber = 0;
    assertThat(from.send(numbered(3, 100, to.place()))).isEmpty();
    assertNumbers(to, 0, 3);
  }

  @Test
  void shouldCloseWhenItsSocketIsNoneAnyMore() {
    calls.errno = Errno.EBADF;
    assertThat(from.send(numbered(3, 100, to.place()))).containsExactly(0);
    await().until(() -> !from.channel.isOpen());
  }

  @Test
  void shouldTakeManyRefusalsByADeviceAsOneOfAll() {
    SegmentationRefusals refusals = new SegmentationRefusals();
    assertThat(refusals.isEmpty()).isTrue();
    for (int i = 1; i < SegmentationRefusals.MAX_DEVICE_REFUSALS; i++) {
      refusals.add(Endpoint.ipv4(i, 1), Errno.EIO, 0);
    }
    assertThat(refusals.contains(Endpoint.ipv4(99, 1), 1)).isFalse();
    refusals.add(Endpoint.ipv4(98, 1), Errno.EIO, 0);
    assertThat(refusals.contains(Endpoint.ipv4(99, 1), 1)).isTrue();
    refusals.contains(Endpoint.ipv4(99, 1), SegmentationRefusals.EXPIRY_NS);
    assertThat(refusals.contains(Endpoint.ipv4(99, 1), SegmentationRefusals.EXPIRY_NS)).isFalse();
  }

  @Test
  void shouldForgetRefusalsInTimeAndTheOldestOfTooMany() {
    SegmentationRefusals refusals = new SegmentationRefusals();
    for (int i = 0; i <= SegmentationRefusals.MAX_DESTINATIONS; i++) {
      refusals.add(Endpoint.ipv4(i, 1), Errno.EMSGSIZE, 0);
    }
    assertThat(refusals.contains(Endpoint.ipv4(0, 1), 1)).isFalse();
    assertThat(refusals.contains(Endpoint.ipv4(1, 1), 1)).isTrue();
    assertThat(refusals.contains(Endpoint.ipv4(1, 1), SegmentationRefusals.EXPIRY_NS)).isFalse();
  }
}
