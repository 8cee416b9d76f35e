package io.wgnetty.device;

import io.wgnetty.cipher.AeadProviders;
import io.wgnetty.cipher.X25519Providers;
import io.wgnetty.crypto.AeadProvider;
import io.wgnetty.crypto.X25519;
import io.wgnetty.peer.ShardEvents;
import io.wgnetty.peer.ShardPlace;
import io.wgnetty.peer.Timings;
import io.wgnetty.tun.TunDevice;
import io.wgnetty.udp.UdpSettings;
import org.jspecify.annotations.Nullable;

/**
 * How an interface is to be run.
 *
 * @param tun the interface; the device closes it at its end
 * @param aead which cipher implementation to use
 * @param x25519 which key agreement to use
 * @param handshakeWorkers how many threads compute handshakes
 * @param timings the protocol's time constants
 * @param udp how the UDP sockets are to be; their mark is configured later
 * @param loops how many event loops carry data
 * @param help when loops seal and open for one that is behind
 * @param events who is told what happens to peers, on several threads
 * @param labels the names of peers
 * @param news who brings it to other nodes when a peer has a session; {@code null} if there are
 *     none
 * @param former who knows the peers from a run before this one
 */
public record DeviceOptions(
    TunDevice tun,
    AeadProvider aead,
    X25519 x25519,
    int handshakeWorkers,
    Timings timings,
    UdpSettings udp,
    int loops,
    HelpMode help,
    ShardEvents events,
    PeerLabels labels,
    @Nullable SessionNews news,
    FormerPeers former) {
  /** More would leave each too little to do; and the receiver index has their number in it. */
  public static final int MAX_LOOPS = 64;

  public DeviceOptions {
    if (loops < 1 || loops > MAX_LOOPS) {
      throw new IllegalArgumentException(
          "an interface has 1 to " + MAX_LOOPS + " event loops, not " + loops);
    }
  }

  /**
   * The usual choice: the fastest primitives that this machine has, an event loop for every core,
   * and a worker for every core up to four.
   */
  public static DeviceOptions of(TunDevice tun) {
    int cores = Runtime.getRuntime().availableProcessors();
    return new DeviceOptions(
        tun,
        AeadProviders.fastest(),
        X25519Providers.fastest(),
        Math.clamp(cores, 1, 4),
        Timings.STANDARD,
        UdpSettings.DEFAULT,
        Math.clamp(cores, 1, MAX_LOOPS),
        HelpMode.AUTO,
        ShardEvents.NONE,
        new PeerLabels(),
        null,
        FormerPeers.NONE);
  }

  /** The same with another cipher implementation. */
  public DeviceOptions withAead(AeadProvider other) {
    return new DeviceOptions(
        tun,
        other,
        x25519,
        handshakeWorkers,
        timings,
        udp,
        loops,
        help,
        events,
        labels,
        news,
        former);
  }

  /** The same with other time constants. */
  public DeviceOptions withTimings(Timings other) {
    return new DeviceOptions(
        tun, aead, x25519, handshakeWorkers, other, udp, loops, help, events, labels, news, former);
  }

  /** The same with other UDP sockets. */
  public DeviceOptions withUdp(UdpSettings settings) {
    return new DeviceOptions(
        tun,
        aead,
        x25519,
        handshakeWorkers,
        timings,
        settings,
        loops,
        help,
        events,
        labels,
        news,
        former);
  }

  /** The same with another number of event loops. */
  public DeviceOptions withLoops(int count) {
    return new DeviceOptions(
        tun,
        aead,
        x25519,
        handshakeWorkers,
        timings,
        udp,
        count,
        help,
        events,
        labels,
        news,
        former);
  }

  /** This node's number, or {@link ShardPlace#NO_NODE}. */
  int node() {
    return news == null ? ShardPlace.NO_NODE : news.node();
  }

  /** The same beside other nodes. */
  public DeviceOptions withNews(SessionNews of) {
    return new DeviceOptions(
        tun, aead, x25519, handshakeWorkers, timings, udp, loops, help, events, labels, of, former);
  }

  /** The same with another rule for help. */
  public DeviceOptions withHelp(HelpMode mode) {
    return new DeviceOptions(
        tun,
        aead,
        x25519,
        handshakeWorkers,
        timings,
        udp,
        loops,
        mode,
        events,
        labels,
        news,
        former);
  }

  /** The same with somebody who is told what happens to peers. */
  public DeviceOptions withEvents(ShardEvents listener) {
    return new DeviceOptions(
        tun,
        aead,
        x25519,
        handshakeWorkers,
        timings,
        udp,
        loops,
        help,
        listener,
        labels,
        news,
        former);
  }

  /** The same after a run of which something is known. */
  public DeviceOptions withFormer(FormerPeers peers) {
    return new DeviceOptions(
        tun,
        aead,
        x25519,
        handshakeWorkers,
        timings,
        udp,
        loops,
        help,
        events,
        labels,
        news,
        peers);
  }
}
