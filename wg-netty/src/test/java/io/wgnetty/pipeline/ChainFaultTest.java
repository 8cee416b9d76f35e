package io.wgnetty.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.embedded.EmbeddedChannel;
import io.wgnetty.counters.DropReason;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of a batch when something goes wrong on its way. */
class ChainFaultTest extends ChainTest {
  private static final class Broken extends BatchHandler {
    private final Throwable thrown;

    Broken(Throwable thrown) {
      this.thrown = thrown;
    }

    @Override
    void process(TunnelBatch batch) {
      if (thrown instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) thrown;
    }
  }

  private static Stream<Throwable> faults() {
    return Stream.of(
        new IllegalStateException("broken"), new AssertionError("broken"), new OutOfMemoryError());
  }

  @ParameterizedTest
  @MethodSource("faults")
  void shouldReleaseTheBatchWhenAStageThrows(Throwable fault) {
    TunnelBatch batch = alice.batch(new byte[40]);
    EmbeddedChannel channel = new EmbeddedChannel(new Broken(fault));
    assertThatThrownBy(() -> channel.writeInbound(batch)).isSameAs(fault);
    assertThat(batch.refCnt()).isZero();
  }

  @ParameterizedTest
  @MethodSource("faults")
  void shouldCountAFaultAndGoOn(Throwable fault) {
    long before = FaultCounter.faults();
    EmbeddedChannel channel = new EmbeddedChannel(new Broken(fault), new FaultCounter());
    channel.writeInbound(alice.batch(new byte[40]));
    channel.writeInbound(alice.batch(new byte[40]));
    channel.checkException();
    assertThat(FaultCounter.faults() - before).isEqualTo(2);
  }

  @Test
  void shouldNotTakeTheEndOfTheInterfaceForAFault() {
    long before = FaultCounter.faults();
    EmbeddedChannel channel = new EmbeddedChannel(new FaultCounter());
    channel.pipeline().fireExceptionCaught(new ClosedChannelException());
    channel.checkException();
    assertThat(FaultCounter.faults()).isEqualTo(before);
  }

  @Test
  void shouldLogEachKindOfFaultOnce() {
    Logger logger = Logger.getLogger(FaultCounter.class.getName());
    List<LogRecord> lines = new CopyOnWriteArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord line) {
            lines.add(line);
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    logger.addHandler(handler);
    logger.setUseParentHandlers(false);
    try {
      EmbeddedChannel channel = new EmbeddedChannel(new FaultCounter());
      for (int i = 0; i < 10; i++) {
        channel.pipeline().fireExceptionCaught(new IllegalStateException("of packet " + i));
        channel.pipeline().fireExceptionCaught(new IllegalArgumentException("of packet " + i));
      }
      assertThat(lines).hasSize(2);
    } finally {
      logger.removeHandler(handler);
      logger.setUseParentHandlers(true);
    }
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
