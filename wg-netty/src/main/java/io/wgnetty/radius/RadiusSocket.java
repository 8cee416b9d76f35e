package io.wgnetty.radius;

import io.wgnetty.config.EndpointName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to the server: its name is looked up when something is to be sent, and again while
 * nothing comes back. Has one thread.
 */
final class RadiusSocket implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RadiusSocket.class);

  /** RFC 2866 3. */
  private static final int MAX_PACKET = 4096;

  private static final long LOOKUP_NS = TimeUnit.SECONDS.toNanos(30);

  private final EndpointName server;
  private final Selector selector;
  private final ByteBuffer buffer = ByteBuffer.allocate(MAX_PACKET);
  private @Nullable DatagramChannel channel;
  private boolean everOpened;
  private long openedNs;

  RadiusSocket(EndpointName server) throws IOException {
    this.server = server;
    this.selector = Selector.open();
  }

  /**
   * Makes it ready to send.
   *
   * @param silent whether nothing comes back at present
   * @return why it is not; empty if it is, or that was said already
   */
  String open(long nowNs, boolean silent) {
    boolean wanted = channel == null || silent;
    if (!wanted || (everOpened && nowNs - openedNs < LOOKUP_NS)) {
      return "";
    }
    everOpened = true;
    openedNs = nowNs;
    try {
      InetAddress address = InetAddress.getByName(server.host());
      DatagramChannel opened = connected(new InetSocketAddress(address, server.port()));
      closeChannel();
      channel = opened;
      return "";
    } catch (UnknownHostException e) {
      return "its name leads nowhere";
    } catch (IOException | RuntimeException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private DatagramChannel connected(InetSocketAddress address) throws IOException {
    DatagramChannel opened = DatagramChannel.open();
    try {
      opened.configureBlocking(false);
      opened.connect(address);
      opened.register(selector, SelectionKey.OP_READ);
      return opened;
    } catch (IOException | RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  /** Sends it, if there is a way; what is lost is sent again. */
  void send(byte[] packet) {
    DatagramChannel to = channel;
    if (to == null) {
      return;
    }
    try {
      to.write(ByteBuffer.wrap(packet));
    } catch (IOException e) {
      LOG.debug("nothing was sent to {}", server, e);
    }
  }

  /** Waits until something came, this time is over, or it is woken up. */
  void await(long timeoutNs) {
    try {
      selector.select(Math.max(1, TimeUnit.NANOSECONDS.toMillis(timeoutNs)));
      selector.selectedKeys().clear();
    } catch (IOException e) {
      LOG.debug("the selector fails", e);
    }
  }

  /** Ends the present {@link #await}. Any thread. */
  void wakeUp() {
    selector.wakeup();
  }

  /** Takes what came from the server. */
  void receive(Consumer<byte[]> packets) {
    DatagramChannel from = channel;
    if (from == null) {
      return;
    }
    try {
      buffer.clear();
      while (from.read(buffer) > 0) {
        packets.accept(Arrays.copyOf(buffer.array(), buffer.position()));
        buffer.clear();
      }
    } catch (IOException e) { // such as that the port is closed: requests are sent again
      LOG.debug("{} cannot be read from", server, e);
    }
  }

  private void closeChannel() {
    DatagramChannel old = channel;
    channel = null;
    if (old != null) {
      try {
        old.close();
      } catch (IOException e) {
        LOG.debug("a socket did not close", e);
      }
    }
  }

  @Override
  public void close() {
    closeChannel();
    try {
      selector.close();
    } catch (IOException e) {
      LOG.debug("a selector did not close", e);
    }
  }
}
