package io.wgnetty.udp;

import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.LocalAddress;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * An IPv4 socket that speaks to one place from whatever addresses it is told: one route such as
 * {@code local 10.64.0.0/10 dev lo} makes four million of them. For load generators: a handful of
 * system calls serves thousands of clients.
 *
 * <p>What is added leaves with {@link #flush}, or when a batch is full. One thread.
 */
public final class ManySourceSocket implements AutoCloseable {
  /** Takes what came. */
  public interface Receiver {
    /**
     * A datagram that came to one of our addresses.
     *
     * @param localAddress the IPv4 address as a number, most significant byte first
     */
    void received(byte[] datagram, int localAddress);
  }

  /** Datagrams of one system call. */
  public static final int BATCH = 128;

  private static final int SLOT_BYTES = 2048;
  private static final int FULL_PAUSES = 1000;

  private final UdpSocket socket;
  private final DatagramCalls calls = new NativeDatagramCalls();
  private final MessageArray outgoing = new MessageArray(BATCH);
  private final MessageArray incoming = new MessageArray(BATCH);
  private final MemorySegment outgoingData = Arena.ofAuto().allocate((long) BATCH * SLOT_BYTES, 64);
  private final MemorySegment incomingData = Arena.ofAuto().allocate((long) BATCH * SLOT_BYTES, 64);
  private final ControlReader control = new ControlReader();
  private int waiting;
  private long sent;
  private long refused;
  private long received;

  /** A socket on a port of all addresses, which sends to {@code target}. */
  public ManySourceSocket(int port, Endpoint target) throws IOException {
    socket = UdpSocket.open(false, port, UdpSettings.DEFAULT.withOffloads(false, false));
    for (int i = 0; i < BATCH; i++) {
      SocketAddresses.write(outgoing.memory(), outgoing.nameOffset(i), target);
      incoming.setData(i, incomingData.address() + (long) i * SLOT_BYTES, SLOT_BYTES);
    }
  }

  /** Takes a message, which is copied, to be sent from {@code sourceAddress}. */
  public void add(byte[] message, int sourceAddress) {
    long slot = (long) waiting * SLOT_BYTES;
    MemorySegment.copy(message, 0, outgoingData, ValueLayout.JAVA_BYTE, slot, message.length);
    outgoing.setData(waiting, outgoingData.address() + slot, message.length);
    int controlBytes =
        ControlWriter.write(
            outgoing.memory(),
            outgoing.controlOffset(waiting),
            false,
            0,
            0,
            new LocalAddress(0, Integer.toUnsignedLong(sourceAddress), 0));
    outgoing.setLengths(waiting, SocketAddresses.IPV4_BYTES, controlBytes);
    if (++waiting == BATCH) {
      flush();
    }
  }

  /** Sends what was added. A datagram that the system refuses is counted and passed over. */
  public void flush() {
    int first = 0;
    int pauses = 0;
    while (first < waiting) {
      int outcome = calls.send(socket.fd(), outgoing, first, waiting - first);
      if (outcome > 0) {
        first += outcome;
        sent += outcome;
      } else if (outcome == -Errno.EAGAIN && pauses++ < FULL_PAUSES) {
        Thread.onSpinWait();
      } else {
        first++;
        refused++;
      }
    }
    waiting = 0;
  }

  /** Hands over what has come, up to a batch; returns how many datagrams that were. */
  public int receive(Receiver receiver) {
    for (int i = 0; i < BATCH; i++) {
      incoming.setLengths(i, 0, MessageArray.CONTROL_BYTES);
    }
    int count = calls.receive(socket.fd(), incoming, BATCH);
    for (int i = 0; i < count; i++) {
      byte[] datagram = new byte[Math.min(incoming.messageLength(i), SLOT_BYTES)];
      MemorySegment.copy(
          incomingData, ValueLayout.JAVA_BYTE, (long) i * SLOT_BYTES, datagram, 0, datagram.length);
      control.read(incoming.memory(), incoming.controlOffset(i), incoming.controlLength(i));
      receiver.received(datagram, (int) control.localLow());
    }
    received += Math.max(count, 0);
    return Math.max(count, 0);
  }

  public long sent() {
    return sent;
  }

  /** Datagrams that the system did not take. */
  public long refused() {
    return refused;
  }

  public long received() {
    return received;
  }

  int fd() {
    return socket.fd();
  }

  @Override
  public void close() {
    socket.close();
  }
}
