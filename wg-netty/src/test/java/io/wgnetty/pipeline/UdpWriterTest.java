package io.wgnetty.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.wgnetty.counters.DropReason;
import io.wgnetty.peer.Session;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The end of the outbound chain. The sender is alice. */
class UdpWriterTest extends ChainTest {
  /** Sealed datagrams, as they come to the writer; what matters here is their length. */
  private void write(Session session, int... lengths) {
    DatagramBatch batch = alice.datagrams();
    for (int i = 0; i < lengths.length; i++) {
      batch.bytes().put(batch.nextOffset(), (byte) i);
      batch.add(lengths[i], session, 0, lengths[i] > 32);
    }
    EmbeddedChannel channel =
        new EmbeddedChannel(new UdpWriter(alice.shard(), alice, alice::nowNs));
    channel.writeInbound(batch);
    channel.checkException();
    assertThat(channel.inboundMessages()).as("the chain ends here").isEmpty();
    batch.clear();
  }

  @Test
  void shouldSendInOrderAndCountWhatWentOut() {
    connect();
    long before = toBob.sentBytes();
    int sendsBefore = alice.sends();
    write(session(toBob), 64, 32, 80);
    List<byte[]> sent = fetch(alice);
    assertThat(sent)
        .extracting(datagram -> datagram[0])
        .containsExactly((byte) 0, (byte) 1, (byte) 2);
    assertThat(toBob.sentBytes() - before).isEqualTo(64 + 32 + 80);
    assertThat(alice.sends() - sendsBefore).as("one call for the batch").isEqualTo(1);
  }

  @Test
  void shouldCountRefusedDatagramsAndTellTheTimersAllTheSame() {
    connect();
    alice.passTime(ChainNode.seconds(119));
    fetch(alice);
    alice.passTime(ChainNode.seconds(2)); // old enough for a rekey
    long before = toBob.sentBytes();
    alice.refuseDatagrams(true);
    write(session(toBob), 64, 96);
    assertThat(alice.drops(DropReason.UDP_REFUSED)).isEqualTo(2);
    assertThat(toBob.sentBytes()).isEqualTo(before);
    assertThat(alice.jobs()).as("rule (b)").hasSize(1);
    alice.jobs().clear();
    alice.refuseDatagrams(false);
    fetch(alice);
  }

  @Test
  void shouldExpectNoAnswerToDataThatWasRefused() {
    connect();
    alice.passTime(ChainNode.seconds(30));
    alice.work();
    fetch(alice);
    alice.refuseDatagrams(true);
    write(session(toBob), 64);
    alice.refuseDatagrams(false);
    alice.passTime(ChainNode.seconds(16));
    assertThat(alice.jobs()).isEmpty();
  }

  @Test
  void shouldKeepAPeerAliveAfterSendingWasRefused() {
    connect();
    alice.shard().setKeepalive(toBob, 25, alice.nowNs());
    fetch(alice);
    alice.refuseDatagrams(true);
    alice.passTime(ChainNode.seconds(30));
    fetch(alice);
    alice.refuseDatagrams(false);
    alice.passTime(ChainNode.seconds(26));
    assertThat(fetch(alice)).as("a keepalive").isNotEmpty();
    alice.jobs().clear();
  }

  @ParameterizedTest
  @ValueSource(ints = {32, 48})
  void shouldExpectAnAnswerToDataOnly(int length) {
    connect();
    alice.passTime(ChainNode.seconds(30));
    alice.work();
    fetch(alice);
    write(session(toBob), length);
    fetch(alice);
    alice.passTime(ChainNode.seconds(16));
    assertThat(alice.jobs()).hasSize(length > 32 ? 1 : 0);
    alice.jobs().clear();
  }
}
