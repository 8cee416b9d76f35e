package io.wgnetty.control;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AnswerStreamTest {
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final StringBuilder taken = new StringBuilder();
  private final List<String> deliveries = new ArrayList<>();
  private int room;

  private int take(ByteBuf bytes) {
    int count = Math.min(room, bytes.readableBytes());
    taken.append(bytes.toString(bytes.readerIndex(), count, US_ASCII));
    room -= count;
    return count;
  }

  private static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, US_ASCII);
  }

  @Test
  void shouldGoOnWhenFullSocketHasRoomAgain() {
    var stream = new AnswerStream(channel, (to, bytes) -> take(bytes), TimeUnit.HOURS.toNanos(1));
    room = 4;
    ByteBuf first = bytes("abcdef");
    stream.send(first.retain(), sent -> deliveries.add("first " + sent));
    stream.send(bytes("gh"), sent -> deliveries.add("second " + sent));
    assertThat(taken.toString()).isEqualTo("abcd");
    assertThat(deliveries).isEmpty();
    assertThat(stream.isEmpty()).isFalse();
    room = 100;
    channel.advanceTimeBy(1, TimeUnit.SECONDS);
    channel.runScheduledPendingTasks();
    assertThat(taken.toString()).isEqualTo("abcdefgh");
    assertThat(deliveries).containsExactly("first true", "second true");
    assertThat(stream.isEmpty()).isTrue();
    assertThat(first.toString(0, first.writerIndex(), US_ASCII)).as("overwritten").matches("\0+");
    first.release();
  }

  @Test
  void shouldCloseConnectionWhoseClientTakesNothing() {
    var stream = new AnswerStream(channel, (to, bytes) -> 0, 0);
    stream.send(bytes("answer"), sent -> deliveries.add("sent " + sent));
    assertThat(channel.isOpen()).isFalse();
    assertThat(deliveries).containsExactly("sent false");
    stream.send(bytes("more"), sent -> deliveries.add("more " + sent));
    assertThat(deliveries).endsWith("more false");
  }

  @Test
  void shouldCloseConnectionThatBreaks() {
    var stream =
        new AnswerStream(
            channel,
            (to, bytes) -> {
              throw new IOException("Broken pipe");
            },
            0);
    stream.send(bytes("answer"), sent -> deliveries.add("sent " + sent));
    assertThat(channel.isOpen()).isFalse();
    assertThat(deliveries).containsExactly("sent false");
  }
}
