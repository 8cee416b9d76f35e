package io.wgnetty.udp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.IpText;
import io.wgnetty.protocol.LocalAddress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the system refuses for a while: the way back. */
@Timeout(60)
class UdpRecoveryTest {
  private static final int EPERM = 1;
  private static final int EHOSTUNREACH = 113;

  private final ScriptedCalls calls = new ScriptedCalls();
  private UdpEnd scripted;
  private UdpEnd plain;

  @BeforeEach
  void open() throws IOException {
    scripted =
        new UdpEnd(
            UdpSocket.open(false, 0, UdpSettings.DEFAULT), calls, UdpReceiver.MAX_MESSAGE_BYTES);
    plain = new UdpEnd(false);
  }

  @AfterEach
  void close() {
    scripted.close();
    plain.close();
  }

  private static List<UdpEnd.Outgoing> datagrams(int count, Endpoint to) {
    List<UdpEnd.Outgoing> datagrams = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      datagrams.add(new UdpEnd.Outgoing(new byte[100], to, 0));
    }
    return datagrams;
  }

  private void assertArrives(UdpEnd end, int count) throws InterruptedException {
    for (int i = 0; i < count; i++) {
      end.next();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {Errno.ENOMEM, Errno.ENOBUFS, EPERM})
  void shouldPauseWhileReceivingFailsAndThenGoOn(int errno) throws Exception {
    calls.receiveErrno = errno;
    assertThat(plain.send(datagrams(1, scripted.place()))).isEmpty();
    await().until(() -> scripted.channel.readPauses() >= 3);
    long pauses = scripted.channel.readPauses();
    assertThat(calls.receiveCalls.get())
        .as("no busy loop")
        .isLessThanOrEqualTo((int) pauses * 16 + 16);
    assertThat(scripted.received).isEmpty();
    calls.receiveErrno = 0;
    assertArrives(scripted, 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {EPERM, Errno.ENETUNREACH, EHOSTUNREACH, Errno.ENOBUFS, Errno.ENOMEM})
  void shouldSendAgainOnceTheSystemRefusesNoMore(int errno) throws Exception {
    calls.errno = errno;
    assertThat(scripted.send(datagrams(10, plain.place()))).isNotEmpty();
    assertThat(scripted.channel.counters().refused()).isEqualTo(10);
    calls.errno = 0;
    assertThat(scripted.send(datagrams(10, plain.place()))).isEmpty();
    assertArrives(plain, 10);
    assertThat(scripted.channel.counters().refused()).isEqualTo(10);
  }

  @ParameterizedTest
  @ValueSource(ints = {Errno.ENODEV, Errno.EADDRNOTAVAIL, Errno.ENETUNREACH, Errno.EINVAL})
  void shouldSendWithoutALocalAddressThatWasRefused(int errno) throws Exception {
    calls.localErrno = errno;
    Endpoint place = plain.place();
    Endpoint from = place.withLocal(new LocalAddress(place.addressHigh(), place.addressLow(), 0));
    assertThat(scripted.send(datagrams(3, from))).isEmpty();
    assertArrives(plain, 3);
    assertThat(scripted.channel.counters().localFallbacks()).isPositive();
    assertThat(scripted.channel.counters().refused()).isZero();
  }

  @Test
  void shouldSendAllThatWaitedOnceTheSocketHasRoom() throws Exception {
    calls.messagesLeft.set(0);
    assertThat(scripted.send(datagrams(20, plain.place()))).isEmpty();
    assertThat(scripted.onLoop(scripted.channel::pendingMessages)).isPositive();
    calls.messagesLeft.set(Integer.MAX_VALUE);
    assertArrives(plain, 20);
    assertThat(scripted.onLoop(scripted.channel::pendingMessages)).isZero();
  }

  @Test
  void shouldTakeMessagesAgainAfterTheQueueWasFull() throws Exception {
    calls.messagesLeft.set(0);
    List<Integer> refused = List.of();
    while (refused.isEmpty()) {
      refused = scripted.send(datagrams(600, plain.place()));
    }
    long dropped = scripted.channel.counters().pendingDrops();
    assertThat(dropped).isPositive();
    calls.messagesLeft.set(Integer.MAX_VALUE);
    await().until(() -> scripted.onLoop(scripted.channel::pendingMessages) == 0);
    assertThat(scripted.send(datagrams(5, plain.place()))).isEmpty();
    assertThat(scripted.channel.counters().pendingDrops()).isEqualTo(dropped);
  }

  @Test
  void shouldSegmentAgainWhenTheTimeOfRefusalsIsOver() {
    var refusals = new SegmentationRefusals();
    Endpoint one = Endpoint.of(IpText.parse("192.0.2.1"), 1, 0);
    Endpoint other = Endpoint.of(IpText.parse("192.0.2.2"), 1, 0);
    for (int i = 0; i < SegmentationRefusals.MAX_DEVICE_REFUSALS; i++) {
      refusals.add(one, Errno.EIO, 1000);
    }
    assertThat(refusals.contains(other, 1000 + SegmentationRefusals.EXPIRY_NS - 1)).isTrue();
    assertThat(refusals.contains(other, 1000 + SegmentationRefusals.EXPIRY_NS)).isFalse();
    assertThat(refusals.contains(one, 1000 + SegmentationRefusals.EXPIRY_NS)).isFalse();
    assertThat(refusals.isEmpty()).isTrue();
  }
}
