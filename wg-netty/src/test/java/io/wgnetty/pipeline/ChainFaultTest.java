package io.wgnetty.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.embedded.EmbeddedChannel;
import io.wgnetty.peer.DropCounters;
import io.wgnetty.peer.DropReason;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What becomes of a batch when something goes wrong on its way. */
class ChainFaultTest extends ChainTest {
  private static final class Broken extends BatchHandler {
    @Override
    void process(TunnelBatch batch) {
      throw new IllegalStateException("broken");
    }
  }

  @Test
  void shouldReleaseTheBatchWhenAStageThrows() {
    TunnelBatch batch = alice.batch(new byte[40]);
    EmbeddedChannel channel = new EmbeddedChannel(new Broken());
    assertThatThrownBy(() -> channel.writeInbound(batch))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("broken");
    assertThat(batch.refCnt()).isZero();
  }

  @Test
  void shouldGoOnAfterAStageThrew() {
    DropCounters drops = new DropCounters();
    EmbeddedChannel channel = new EmbeddedChannel(new Broken(), new FaultCounter(drops));
    channel.writeInbound(alice.batch(new byte[40]));
    channel.writeInbound(alice.batch(new byte[40]));
    channel.checkException();
    assertThat(drops.of(DropReason.UDP_REFUSED)).isZero();
  }

  @Test
  void shouldCountDatagramsThatTheNetworkRefused() {
    DropCounters drops = new DropCounters();
    EmbeddedChannel channel = new EmbeddedChannel(new FaultCounter(drops));
    channel.pipeline().fireExceptionCaught(new IOException("Network is unreachable"));
    channel.pipeline().fireExceptionCaught(new IOException("Network is unreachable"));
    channel.checkException();
    assertThat(drops.of(DropReason.UDP_REFUSED)).isEqualTo(2);
  }

  @Test
  void shouldForgetEverythingOfOneLifeInTheNext() {
    connect();
    TunnelBatch batch = alice.batch(new byte[40], new byte[50]);
    batch.setPeer(0, toBob);
    batch.setSession(0, session(toBob), 5);
    batch.setSource(0, bob.place());
    batch.drop(0, DropReason.NO_PEER);
    batch.release();
    TunnelBatch next = alice.batch(new byte[60]);
    assertThat(next).isSameAs(batch);
    assertThat(next.isLive(0)).isTrue();
    assertThat(next.peer(0)).isNull();
    assertThat(next.reason(0)).isNull();
    assertThatThrownBy(() -> next.session(0)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> next.source(0)).isInstanceOf(IllegalStateException.class);
    next.release();
  }

  @Test
  void shouldFindRunsOfOneSession() {
    connect();
    TunnelBatch batch = alice.batch(new byte[1], new byte[1], new byte[1], new byte[1]);
    for (int i = 0; i < 4; i++) {
      batch.setSession(i, session(toBob), i);
    }
    batch.drop(0, DropReason.NO_PEER);
    batch.drop(2, DropReason.NO_PEER);
    assertThat(SessionRuns.start(batch, 0)).isEqualTo(1);
    assertThat(SessionRuns.end(batch, 1)).as("across the dropped one").isEqualTo(4);
    assertThat(SessionRuns.start(batch, 4)).isEqualTo(4);
    batch.drop(1, DropReason.NO_PEER);
    batch.drop(3, DropReason.NO_PEER);
    assertThat(SessionRuns.start(batch, 0)).as("nothing is alive").isEqualTo(4);
    batch.release();
  }
}
