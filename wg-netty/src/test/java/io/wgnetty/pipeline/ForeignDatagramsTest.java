package io.wgnetty.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.wgnetty.cipher.AeadProviders;
import io.wgnetty.counters.DropReason;
import io.wgnetty.crypto.Aead;
import io.wgnetty.peer.PeerDirectory;
import io.wgnetty.peer.ShardPlace;
import io.wgnetty.peer.Timings;
import io.wgnetty.protocol.Messages;
import io.wgnetty.shard.PeerShard;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Datagrams that came to another loop's socket than that of the loop that owns their index. */
class ForeignDatagramsTest extends ChainTest {
  private final Aead aead = AeadProviders.named("jdk").create();
  private final PeerShard first =
      new PeerShard(
          ShardPlace.of(0, 2).at(0),
          Timings.STANDARD,
          new PeerDirectory(),
          new SplittableRandom(1),
          () -> 0,
          aead,
          bob);
  private final List<Integer> data = new ArrayList<>();
  private final List<Integer> answers = new ArrayList<>();
  private final List<Integer> handedOn = new ArrayList<>();
  private boolean answersAreFull;

  private final EmbeddedChannel stage =
      new EmbeddedChannel(
          new MessageDecoder(
              first,
              bob.handshakes(),
              bob::nowNs,
              new LoopExchange() {
                @Override
                public int loops() {
                  return 2;
                }

                @Override
                public boolean handOutbound(int owner, TunnelBatch batch) {
                  throw new AssertionError("nothing goes out here");
                }

                @Override
                public boolean handInbound(int owner, TunnelBatch batch) {
                  return take(owner, batch, data);
                }

                @Override
                public @Nullable DropReason handOn(TunnelBatch batch, int index, int node) {
                  handedOn.add(node);
                  return node == 5 ? null : DropReason.WRONG_NODE;
                }

                @Override
                public boolean handAnswers(int owner, TunnelBatch batch) {
                  return !answersAreFull && take(owner, batch, answers);
                }
              },
              bob.pool()));

  private static boolean take(int owner, TunnelBatch batch, List<Integer> lengths) {
    assertThat(owner).isEqualTo(1);
    for (int i = 0; i < batch.size(); i++) {
      lengths.add(batch.length(i));
    }
    batch.release();
    return true;
  }

  @AfterEach
  void close() {
    first.close();
    aead.close();
  }

  /** A message whose receiver index is the second loop's. */
  private static byte[] foreign(int type, int length) {
    byte[] message = new byte[length];
    message[0] = (byte) type;
    int at =
        switch (type) {
          case Messages.RESPONSE -> Messages.RESPONSE_RECEIVER_OFFSET;
          case Messages.COOKIE_REPLY -> Messages.COOKIE_REPLY_RECEIVER_OFFSET;
          default -> 4;
        };
    if (at < length) {
      message[at] = 1;
    }
    return message;
  }

  private TunnelBatch decode(byte[]... datagrams) {
    TunnelBatch batch = bob.batch(datagrams);
    for (int i = 0; i < batch.size(); i++) {
      batch.setSource(i, alice.place());
    }
    stage.writeInbound(batch);
    return stage.readInbound();
  }

  @Test
  void shouldHandAnswersAndDataOverEachOnItsWay() {
    decode(
            foreign(Messages.RESPONSE, 92),
            foreign(Messages.TRANSPORT, 96),
            foreign(Messages.COOKIE_REPLY, 64))
        .release();
    assertThat(answers).containsExactly(92, 64);
    assertThat(data).containsExactly(96);
  }

  @Test
  void shouldNotCopyWhatHasNotTheLengthOfItsType() {
    for (int length = 12; length < 200; length++) {
      for (int type : new int[] {Messages.RESPONSE, Messages.COOKIE_REPLY}) {
        if (length != (type == Messages.RESPONSE ? 92 : 64)) {
          TunnelBatch batch = decode(foreign(type, length));
          assertThat(batch.reason(0)).isEqualTo(DropReason.MALFORMED_MESSAGE);
          batch.release();
        }
      }
    }
    assertThat(answers).isEmpty();
    assertThat(data).isEmpty();
  }

  @Test
  void shouldHandDataOverThoughTooManyAnswersWait() {
    answersAreFull = true;
    decode(foreign(Messages.RESPONSE, 92), foreign(Messages.TRANSPORT, 96)).release();
    assertThat(answers).isEmpty();
    assertThat(data).containsExactly(96);
    assertThat(first.drops().of(DropReason.DATAGRAM_OWNER_BUSY)).isEqualTo(1);
  }

  private static byte[] ofNode(int node, byte[] message, int at) {
    message[at + 1] = (byte) node;
    return message;
  }

  @Test
  void shouldHandOnWhatBelongsToAnotherNodeWhicheverItsLoopWouldBe() {
    TunnelBatch batch =
        decode(
            ofNode(5, foreign(Messages.TRANSPORT, 96), 4),
            ofNode(6, foreign(Messages.TRANSPORT, 96), 4),
            ofNode(5, foreign(Messages.RESPONSE, 92), Messages.RESPONSE_RECEIVER_OFFSET),
            ofNode(5, foreign(Messages.COOKIE_REPLY, 64), 4),
            foreign(Messages.TRANSPORT, 96));
    assertThat(handedOn).containsExactly(5, 6, 5, 5);
    assertThat(batch.reason(0)).isNull();
    assertThat(batch.reason(1)).isEqualTo(DropReason.WRONG_NODE);
    assertThat(batch.isLive(0)).isFalse();
    batch.release();
    assertThat(data).as("this node's own").containsExactly(96);
    assertThat(answers).isEmpty();
  }
}
