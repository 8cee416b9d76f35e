package io.wgnetty.device;

import io.wgnetty.allowedips.AllowedIps;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.peer.Peer;
import io.wgnetty.peer.PeerDirectory;
import io.wgnetty.state.MalformedStateException;
import io.wgnetty.state.StateReader;
import io.wgnetty.tun.TunDevice;
import io.wgnetty.tun.TunException;
import io.wgnetty.tun.TunOffloads;
import io.wgnetty.udp.UdpSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an interface has of another process, beside its peers.
 *
 * @param queues the interface's, by the numbers of the loops that had them
 * @param sockets the descriptors of each loop's sockets, those of the intake last if there are any;
 *     none if the link was down
 * @param stampLeadNs how far the stamps of handshakes were ahead of the clock of ages
 */
public record DeviceInheritance(
    List<TunDevice> queues,
    List<List<Integer>> sockets,
    int listenPort,
    int fwmark,
    @Nullable PrivateKey privateKey,
    long stampLeadNs) {
  /**
   * Reads what {@link DeviceTransfer#describe} wrote down.
   *
   * @param descriptors that came with it
   * @param offloads what the interface is to have switched on
   * @throws IOException if a descriptor is not what it should be
   */
  public static DeviceInheritance read(
      StateReader in, List<Integer> descriptors, TunOffloads offloads) throws IOException {
    int loops = in.int32(1, DeviceOptions.MAX_LOOPS, "a number of loops");
    int groups = in.count(loops + 1);
    List<Integer> sizes = new ArrayList<>();
    int sockets = 0;
    for (int i = 0; i < groups; i++) {
      int size = in.int32(1, 2, "a number of sockets");
      sizes.add(size);
      sockets += size;
    }
    if ((groups != 0 && groups < loops) || descriptors.size() != loops + sockets) {
      throw new MalformedStateException("descriptors are missing, or there are too many");
    }
    int port = in.int32(0, 0xffff, "a port");
    int fwmark = in.int32();
    PrivateKey key = in.bool() ? key(in) : null;
    long leadNs = in.int64();
    in.end();
    List<List<Integer>> bySocket = new ArrayList<>();
    int at = loops;
    for (int size : sizes) {
      bySocket.add(List.copyOf(descriptors.subList(at, at + size)));
      at += size;
    }
    return new DeviceInheritance(
        queues(descriptors.subList(0, loops), offloads), bySocket, port, fwmark, key, leadNs);
  }

  /** The loops of an interface; without them its workers end, too. */
  static DataLoops openLoops(
      @Nullable DeviceInheritance inherited,
      DeviceOptions options,
      PeerDirectory directory,
      AllowedIps<Peer> allowedIps,
      BootClock clock,
      HandshakeWorkers workers)
      throws IOException {
    try {
      return DataLoops.open(options, inherited, directory, allowedIps, clock, workers);
    } catch (Throwable e) { // also when memory is short
      workers.close();
      throw e;
    }
  }

  /** How many loops an interface has: as many as in the other process, if there is one. */
  static int loops(@Nullable DeviceInheritance inherited, DeviceOptions options) {
    int wanted = options.tun().canHaveMoreQueues() ? options.loops() : 1;
    return inherited == null ? wanted : inherited.queues().size();
  }

  /** The queue of a loop: what the other process had, or the first, or one more. */
  static TunDevice queue(@Nullable DeviceInheritance inherited, TunDevice tun, int loop)
      throws TunException {
    if (inherited != null) {
      return inherited.queues().get(loop);
    }
    return loop == 0 ? tun : tun.openQueue();
  }

  private static PrivateKey key(StateReader in) {
    byte[] bytes = in.bytes(PrivateKey.BYTES);
    try {
      return PrivateKey.of(bytes);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  private static List<TunDevice> queues(List<Integer> descriptors, TunOffloads offloads)
      throws TunException {
    List<TunDevice> queues = new ArrayList<>();
    for (int descriptor : descriptors) {
      queues.add(TunDevice.adopt(descriptor, offloads));
    }
    return queues;
  }

  /**
   * Runs the node of another process on: with its interface and sockets, of which nothing is read
   * before {@link DeviceTransfer#begin}.
   *
   * @param options with the number of loops that the other has
   * @throws IOException if what was inherited cannot be used
   */
  public Device open(DeviceOptions options) throws IOException {
    ContactRehearsal.begin(options);
    Device device = new Device(options, this);
    device.setPrivateKey(privateKey);
    return device;
  }

  /** Whether the link was up. */
  boolean isUp() {
    return !sockets.isEmpty();
  }

  void adoptSockets(DataLoops loops, DevicePort port, UdpSettings settings) throws IOException {
    ShardLoop.STAMPS.goOnFrom(stampLeadNs);
    if (isUp()) {
      UdpSettings marked = settings.withFwmark(fwmark);
      port.adopt(
          SocketGroup.adopt(loops.all(), loops.intake(), sockets, marked), listenPort, fwmark);
    } else {
      port.setNumber(listenPort);
      port.setFwmark(fwmark);
    }
  }
}
