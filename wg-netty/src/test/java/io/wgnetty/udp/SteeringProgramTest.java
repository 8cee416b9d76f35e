package io.wgnetty.udp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class SteeringProgramTest {
  private static final int BITS = 2;

  /** One less than the bits could name. */
  private static final int OWNERS = 3;

  /** The last is for what is nobody's. */
  private static final int SOCKETS = OWNERS + 1;

  private static byte[] message(int type, int receiver, int length) {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(0, type);
    if (type == 2) {
      bytes.putInt(4, ~receiver); // the sender's index must not count
      bytes.putInt(8, receiver);
    } else if (type != 1) {
      bytes.putInt(4, receiver);
      bytes.putInt(8, ~receiver);
    }
    return bytes.array();
  }

  /** A group of sockets on one port, steered, and what each received. */
  private record Group(List<UdpEnd> ends, InetAddress address) implements AutoCloseable {
    static Group open(boolean ipv6) throws Exception {
      return open(ipv6, SOCKETS);
    }

    static Group open(boolean ipv6, int sockets) throws Exception {
      assumeTrue(!ipv6 || UdpSocket.hasIpv6(), "this host has no IPv6");
      UdpSettings shared = UdpSettings.DEFAULT.withReusePort(true);
      List<UdpEnd> ends = new ArrayList<>();
      int port = 0;
      for (int i = 0; i < sockets; i++) {
        UdpSocket socket = UdpSocket.open(ipv6, port, shared);
        port = socket.port();
        if (i == 0) {
          socket.steer(new SteeringProgram(BITS, OWNERS));
        }
        ends.add(new UdpEnd(socket, new NativeDatagramCalls(), UdpReceiver.MAX_MESSAGE_BYTES));
      }
      return new Group(ends, InetAddress.ofLiteral(ipv6 ? "::1" : "127.0.0.1"));
    }

    void send(DatagramSocket client, byte[] message) throws Exception {
      int port = ends.getFirst().channel.socket().port();
      client.send(new DatagramPacket(message, message.length, address, port));
    }

    /** The number of the socket that received the next datagram. */
    int receiver() throws Exception {
      BlockingQueue<Integer> found = new LinkedBlockingQueue<>();
      long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(UdpEnd.PATIENCE_SECONDS);
      while (found.isEmpty() && System.nanoTime() < deadlineNs) {
        for (int i = 0; i < ends.size(); i++) {
          if (ends.get(i).received.poll(1, TimeUnit.MILLISECONDS) != null) {
            found.add(i);
          }
        }
      }
      assertThat(found).hasSize(1);
      return found.remove();
    }

    @Override
    public void close() {
      ends.forEach(UdpEnd::close);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldGiveMessagesToTheOwnerOfTheirReceiverIndex(boolean ipv6) throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    try (Group group = Group.open(ipv6)) {
      for (int i = 0; i < 60; i++) {
        try (DatagramSocket client = new DatagramSocket()) {
          int type = 2 + i % 3;
          int index = random.nextInt();
          int length = type == 2 ? 92 : type == 3 ? 64 : 32 + random.nextInt(1400);
          group.send(client, message(type, index, length));
          assertThat(group.receiver())
              .as("type %d, index %08x", type, index)
              .isEqualTo((index & 3) == 3 ? 0 : index & 3);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldKeepApartWhatIsNoLoops(boolean ipv6) throws Exception {
    try (Group group = Group.open(ipv6)) {
      for (int i = 0; i < 16; i++) {
        try (DatagramSocket client = new DatagramSocket()) {
          group.send(client, message(1, i, 148));
          assertThat(group.receiver()).as("an initiation").isEqualTo(OWNERS);
          group.send(client, message(0x0104, i, 100)); // reserved bytes are not zero
          assertThat(group.receiver()).as("no message").isEqualTo(OWNERS);
          group.send(client, message(4, i, 31));
          assertThat(group.receiver()).as("too short").isEqualTo(OWNERS);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldLetTheKernelSpreadWhatIsNoLoopsIfNoSocketIsThereForIt(boolean ipv6) throws Exception {
    try (Group group = Group.open(ipv6, OWNERS)) {
      int[] received = new int[OWNERS];
      for (int i = 0; i < 64; i++) {
        try (DatagramSocket client = new DatagramSocket()) {
          group.send(client, message(1, 0, 148));
          int first = group.receiver();
          group.send(client, message(1, 0, 148));
          assertThat(group.receiver()).as("a source stays together").isEqualTo(first);
          received[first]++;
        }
      }
      assertThat(received).as("each has some").doesNotContain(0);
    }
  }

  @Test
  void shouldSteerJoinedDatagramsByTheirFirst() throws Exception {
    try (Group group = Group.open(false);
        UdpEnd client = new UdpEnd(false)) {
      UdpEnd owner = group.ends().get(2);
      List<UdpEnd.Outgoing> datagrams = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        datagrams.add(new UdpEnd.Outgoing(message(4, 0x1234_5672, 900), owner.place(), 0));
      }
      client.send(datagrams);
      for (int i = 0; i < 50; i++) {
        assertThat(owner.next().content()).hasSize(900);
      }
    }
  }

  @Test
  void shouldRefuseMoreBitsThanItLooksAt() {
    for (int bits : new int[] {9, -1}) {
      assertThatThrownBy(() -> new SteeringProgram(bits, 1))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void shouldRefuseMoreOwnersThanBitsCanName() {
    for (int owners : new int[] {5, 0}) {
      assertThatThrownBy(() -> new SteeringProgram(2, owners))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
