package io.wgnetty.udp;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.wgnetty.counters.DropCounters;
import io.wgnetty.counters.DropReason;
import io.wgnetty.pipeline.TunnelBatch;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.IpText;
import io.wgnetty.tun.PacketBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the kernel says, and what it could say if it were not to be trusted. */
class UdpReceiverTest {
  private static final int CONTROL_INT_BYTES = 24;
  private static final Endpoint SOURCE = Endpoint.of(IpText.parse("192.0.2.1"), 4711, 0);

  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
  private final DropCounters drops = new DropCounters();
  private final UdpCounters counters = new UdpCounters();
  private final FakeKernel kernel = new FakeKernel();
  private final UdpReceiver receiver =
      new UdpReceiver(kernel, 0, false, allocator, drops, counters, UdpReceiver.MAX_MESSAGE_BYTES);

  /** Answers a call with the messages that a test wrote. */
  private static final class FakeKernel implements DatagramCalls {
    interface Message {
      void write(MessageArray messages, int index);
    }

    final List<Message> messages = new ArrayList<>();

    @Override
    public int receive(int fd, MessageArray array, int count) {
      int received = Math.min(count, messages.size());
      for (int i = 0; i < received; i++) {
        SocketAddresses.write(array.memory(), array.nameOffset(i), SOURCE);
        array.setLengths(i, SocketAddresses.IPV4_BYTES, 0);
        messages.removeFirst().write(array, i);
      }
      return received == 0 ? -Errno.EAGAIN : received;
    }

    @Override
    public int send(int fd, MessageArray array, int first, int count) {
      throw new AssertionError("nothing is sent");
    }

    /** A message with one control message of one int. */
    void add(int length, long controlLength, int level, int type, int value) {
      messages.add(
          (array, i) -> {
            long control = array.controlOffset(i);
            array.memory().set(JAVA_LONG, control, controlLength);
            array.memory().set(JAVA_INT, control + 8, level);
            array.memory().set(JAVA_INT, control + 12, type);
            array.memory().set(JAVA_INT, control + 16, value);
            array.setLengths(i, SocketAddresses.IPV4_BYTES, CONTROL_INT_BYTES);
            array.setReceived(i, length, 0);
          });
    }

    void addJoined(int length, int segmentBytes) {
      add(length, 20, SocketOptions.IPPROTO_UDP, SocketOptions.UDP_GRO, segmentBytes);
    }

    void addPlain(int length) {
      messages.add((array, i) -> array.setReceived(i, length, 0));
    }
  }

  @AfterEach
  void close() {
    receiver.close();
    assertThat(allocator.metric().usedDirectMemory()).as("leaked bytes").isZero();
  }

  /** The lengths of the datagrams that came out, batch by batch. */
  private List<List<Integer>> receive() {
    List<List<Integer>> lengths = new ArrayList<>();
    EmbeddedChannel collector =
        new EmbeddedChannel(
            new ChannelInboundHandlerAdapter() {
              @Override
              public void channelRead(ChannelHandlerContext context, Object message) {
                TunnelBatch batch = (TunnelBatch) message;
                List<Integer> ofBatch = new ArrayList<>();
                for (int i = 0; i < batch.size(); i++) {
                  assertThat(batch.offset(i)).isNotNegative();
                  assertThat(batch.offset(i) + batch.length(i)).isLessThan(batch.slabBytes());
                  assertThat(batch.source(i).withoutLocal()).isEqualTo(SOURCE);
                  ofBatch.add(batch.length(i));
                }
                lengths.add(ofBatch);
                batch.release();
              }
            });
    while (receiver.receive(collector.pipeline()) > 0) {
      assertThat(kernel.messages.size()).isNotNegative();
    }
    return lengths;
  }

  @Test
  void shouldKeepNoMoreThanAFewOfTheBatchesThatItsLoopGivesBack() throws Exception {
    int kept = 40;
    List<TunnelBatch> batches = new ArrayList<>();
    EmbeddedChannel keeper =
        new EmbeddedChannel(
            new ChannelInboundHandlerAdapter() {
              @Override
              public void channelRead(ChannelHandlerContext context, Object message) {
                batches.add((TunnelBatch) message);
              }
            });
    // Made by another thread than the loop's, as every receiver is.
    Thread loop =
        new Thread(
            () -> {
              for (int i = 0; i < kept; i++) {
                kernel.addPlain(100);
                receiver.receive(keeper.pipeline());
              }
              batches.forEach(TunnelBatch::release);
            });
    loop.start();
    loop.join();
    assertThat(batches).hasSize(kept);
    long bytesOfOne = (long) UdpReceiver.SLOTS * UdpReceiver.SLOT_STRIDE;
    assertThat(allocator.metric().usedDirectMemory()).isLessThan(20 * bytesOfOne);
  }

  @Test
  void shouldBeginWithWhatWasSetAside() {
    kernel.addPlain(148);
    kernel.addJoined(64, 32);
    receiver.setAside();
    kernel.addPlain(149);
    assertThat(receive()).containsExactly(List.of(148, 32, 32), List.of(149));
    assertThat(receive()).isEmpty();
    assertThat(drops.of(DropReason.LINK_DOWN)).isZero();
    assertThat(counters.datagramsIn()).isEqualTo(4);
  }

  @Test
  void shouldThrowAwayWhatIsStillAsideTheNextTime() {
    kernel.addPlain(148);
    kernel.addJoined(64, 32);
    receiver.setAside();
    kernel.addPlain(149);
    receiver.setAside();
    assertThat(drops.of(DropReason.LINK_DOWN)).isEqualTo(3);
    assertThat(receive()).containsExactly(List.of(149));
    receiver.setAside();
    receiver.setAside();
    assertThat(drops.of(DropReason.LINK_DOWN)).isEqualTo(3);
  }

  @Test
  void shouldSetTheYoungestAsideWhenMoreWaits() {
    for (int i = 0; i < 2 * UdpReceiver.SLOTS + 3; i++) {
      kernel.addPlain(100 + i);
    }
    receiver.setAside();
    assertThat(drops.of(DropReason.LINK_DOWN)).isEqualTo(2 * UdpReceiver.SLOTS);
    int first = 100 + 2 * UdpReceiver.SLOTS;
    assertThat(receive()).containsExactly(List.of(first, first + 1, first + 2));
  }

  @Test
  void shouldCountWhatIsAsideAtTheEnd() {
    kernel.addJoined(96, 32);
    receiver.setAside();
    receiver.close();
    assertThat(drops.of(DropReason.LINK_DOWN)).isEqualTo(3);
  }

  @Test
  void shouldCutJoinedDatagrams() {
    kernel.addJoined(250, 100);
    kernel.addJoined(200, 100);
    kernel.addJoined(100, 100);
    kernel.addPlain(65_507);
    kernel.addJoined(64, 32);
    assertThat(receive()).containsExactly(List.of(100, 100, 50, 100, 100, 100, 65_507, 32, 32));
    assertThat(counters.datagramsIn()).isEqualTo(9);
    assertThat(counters.messagesIn()).isEqualTo(5);
    assertThat(drops.of(DropReason.MALFORMED_MESSAGE)).isZero();
  }

  @Test
  void shouldBeginANewBatchWithTheMessageThatDoesNotFit() {
    for (int i = 0; i < 5; i++) {
      kernel.addJoined(100 * 100, 100);
    }
    assertThat(receive()).extracting(List::size).containsExactly(200, 200, 100);
  }

  @Test
  void shouldCutMoreDatagramsThanABatchHolds() {
    kernel.addJoined(600 * 32, 32);
    kernel.addPlain(33);
    assertThat(receive()).extracting(List::size).containsExactly(256, 256, 89);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 31, -1, -100, 1001, Integer.MAX_VALUE, Integer.MIN_VALUE})
  void shouldDropSegmentsThatMakeNoSense(int segmentBytes) {
    kernel.addPlain(500);
    kernel.addJoined(1000, segmentBytes);
    kernel.addPlain(501);
    assertThat(receive()).containsExactly(List.of(500, 501));
    assertThat(counters.malformed()).isEqualTo(1);
    assertThat(drops.of(DropReason.MALFORMED_MESSAGE)).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 15, 16, 19, 25, -1, Long.MAX_VALUE, Long.MIN_VALUE})
  void shouldNotReadBeyondControlData(long controlLength) {
    kernel.add(1000, controlLength, SocketOptions.IPPROTO_UDP, SocketOptions.UDP_GRO, 100);
    assertThat(receive()).containsExactly(List.of(1000));
  }

  @Test
  void shouldDropWhatWasCutShort() {
    int[] flags = {SocketOptions.MSG_TRUNC, SocketOptions.MSG_CTRUNC, 0};
    for (int flag : flags) {
      kernel.messages.add((array, i) -> array.setReceived(i, 100, flag));
    }
    kernel.messages.add((array, i) -> array.setReceived(i, 70_000, 0));
    assertThat(receive()).containsExactly(List.of(100));
    assertThat(counters.truncated()).isEqualTo(3);
    assertThat(drops.of(DropReason.MALFORMED_MESSAGE)).isEqualTo(3);
  }

  @Test
  void shouldDropWhatHasNoSender() {
    kernel.messages.add(
        (array, i) -> {
          array.setLengths(i, 0, 0);
          array.setReceived(i, 100, 0);
        });
    kernel.messages.add(
        (array, i) -> {
          SocketAddresses.write(array.memory(), array.nameOffset(i), Endpoint.ipv6(1, 2, 3, 0));
          array.setLengths(i, SocketAddresses.IPV6_BYTES, 0);
          array.setReceived(i, 100, 0);
        });
    assertThat(receive()).isEmpty();
    assertThat(counters.malformed()).isEqualTo(2);
  }

  @Test
  void shouldSurviveControlDataOfAnyKind() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 20_000; round++) {
      int length = random.nextInt(65_536);
      kernel.messages.add(
          (array, i) -> {
            for (int at = 0; at < MessageArray.CONTROL_BYTES; at++) {
              byte value = (byte) random.nextInt(random.nextBoolean() ? 256 : 3);
              array.memory().set(JAVA_BYTE, array.controlOffset(i) + at, value);
            }
            array.memory().set(JAVA_LONG, array.controlOffset(i), 16L + random.nextInt(30));
            int level = new int[] {0, 17, 41}[random.nextInt(3)];
            array.memory().set(JAVA_INT, array.controlOffset(i) + 8, level);
            int type = new int[] {1, 8, 50, 67, 104}[random.nextInt(5)];
            array.memory().set(JAVA_INT, array.controlOffset(i) + 12, type);
            int controlBytes = random.nextInt(2 * MessageArray.CONTROL_BYTES);
            array.setLengths(i, SocketAddresses.IPV4_BYTES, controlBytes);
            array.setReceived(i, length, random.nextInt(64));
          });
      if (random.nextInt(8) == 0) {
        for (List<Integer> batch : receive()) {
          assertThat(batch).isNotEmpty().hasSizeLessThanOrEqualTo(PacketBatch.CAPACITY);
        }
      }
    }
    receive();
    assertThat(counters.messagesIn()).isEqualTo(20_000);
  }
}
