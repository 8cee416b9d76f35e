package io.wgnetty.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RequestTurnsTest {
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final RequestTurns turns = new RequestTurns(RequestTurns.MAX_SILENCE_NS);
  private final Client writer = new Client(false);
  private final Client reader = new Client(true);

  private static final class Client implements RequestTurns.Holder {
    private final boolean reads;
    private long silentNs;
    private int turns;
    private boolean lost;

    Client(boolean reads) {
      this.reads = reads;
    }

    @Override
    public void turnCame() {
      turns++;
    }

    @Override
    public boolean onlyReads() {
      return reads;
    }

    @Override
    public long lastInputNs() {
      return System.nanoTime() - silentNs; // a little later than the caller looks at its clock
    }

    @Override
    public void loseTurn() {
      lost = true;
    }
  }

  private boolean take(Client client) {
    return turns.take(client, channel.eventLoop());
  }

  private void timePasses() {
    channel.advanceTimeBy(1, TimeUnit.SECONDS);
    channel.runScheduledPendingTasks();
  }

  @Test
  void shouldLetReadersPassAHolderThatIsSilent() {
    assertThat(take(writer)).isTrue();
    writer.silentNs = 2 * RequestTurns.SHORT_SILENCE_NS;
    assertThat(take(reader)).isTrue();
    turns.leave(reader);
    var other = new Client(false);
    assertThat(take(other)).isFalse();
    timePasses();
    assertThat(other.turns).isZero();
    turns.leave(writer);
    assertThat(other.turns).isEqualTo(1);
  }

  @Test
  void shouldLetReadersPassWhenTheHolderFallsSilentAndKeepItsTurn() {
    assertThat(take(writer)).isTrue();
    writer.silentNs = -TimeUnit.SECONDS.toNanos(1);
    assertThat(take(reader)).isFalse();
    timePasses();
    assertThat(reader.turns).isZero();
    writer.silentNs = 2 * RequestTurns.SHORT_SILENCE_NS;
    timePasses();
    assertThat(reader.turns).isEqualTo(1);
    assertThat(writer.lost).isFalse();
    turns.leave(reader);
    assertThat(take(new Client(false))).isFalse();
  }

  @Test
  void shouldTakeTheTurnOfAHolderThatKeepsAWriterWaiting() {
    assertThat(take(writer)).isTrue();
    assertThat(take(new Client(false))).isFalse();
    writer.silentNs = 2 * RequestTurns.MAX_SILENCE_NS;
    timePasses();
    assertThat(writer.lost).isTrue();
  }
}
