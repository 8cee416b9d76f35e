package io.wgnetty.doctor;

import io.wgnetty.client.ControlSockets;
import io.wgnetty.client.Facts;
import io.wgnetty.client.NodeReport;
import io.wgnetty.counters.DropReason;
import io.wgnetty.node.CommandFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.TimeUnit;

/**
 * Sends a datagram of one byte to the node's port on this machine. The node answers nothing to it,
 * and counts it among those that are no messages.
 */
final class PortProbe {
  private static final int TRIES = 20;
  private static final long PAUSE_MS = 50;

  private final ControlSockets sockets;
  private final String name;

  PortProbe(ControlSockets sockets, String name) {
    this.sockets = sockets;
    this.name = name;
  }

  NodeFacts.PortAnswer answer() throws CommandFailure {
    Facts before = NodeReport.withoutPeers(sockets, name).node();
    int port = (int) before.number("listen_port");
    if (port == 0 || before.has("not_listening")) {
      return NodeFacts.PortAnswer.NOT_TRIED;
    }
    try (DatagramChannel channel = DatagramChannel.open()) {
      channel.configureBlocking(false);
      channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      channel.write(ByteBuffer.wrap(new byte[1]));
      return await(channel, counted(before));
    } catch (PortUnreachableException e) {
      return NodeFacts.PortAnswer.CLOSED;
    } catch (IOException e) {
      return NodeFacts.PortAnswer.SILENT;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return NodeFacts.PortAnswer.SILENT;
    }
  }

  private NodeFacts.PortAnswer await(DatagramChannel channel, long before)
      throws IOException, CommandFailure, InterruptedException {
    for (int i = 0; i < TRIES; i++) {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
      channel.read(ByteBuffer.allocate(1)); // fails if nobody has the port
      if (counted(NodeReport.withoutPeers(sockets, name).node()) > before) {
        return NodeFacts.PortAnswer.COUNTED;
      }
    }
    return NodeFacts.PortAnswer.SILENT;
  }

  private static long counted(Facts node) {
    return node.counts("drop").getOrDefault(DropReason.MALFORMED_MESSAGE.word(), 0L);
  }
}
