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
import java.util.function.Consumer;
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
    return changed(options -> options.aead = other);
  }

  /** The same with other time constants. */
  public DeviceOptions withTimings(Timings other) {
    return changed(options -> options.timings = other);
  }

  /** The same with other UDP sockets. */
  public DeviceOptions withUdp(UdpSettings settings) {
    return changed(options -> options.udp = settings);
  }

  /** The same with another number of event loops. */
  public DeviceOptions withLoops(int count) {
    return changed(options -> options.loops = count);
  }

  /** The same beside other nodes. */
  public DeviceOptions withNews(SessionNews of) {
    return changed(options -> options.news = of);
  }

  /** The same with another rule for help. */
  public DeviceOptions withHelp(HelpMode mode) {
    return changed(options -> options.help = mode);
  }

  /** The same with somebody who is told what happens to peers. */
  public DeviceOptions withEvents(ShardEvents listener) {
    return changed(options -> options.events = listener);
  }

  /** The same after a run of which something is known. */
  public DeviceOptions withFormer(FormerPeers peers) {
    return changed(options -> options.former = peers);
  }

  /** This node's number, or {@link ShardPlace#NO_NODE}. */
  int node() {
    return news == null ? ShardPlace.NO_NODE : news.node();
  }

  private DeviceOptions changed(Consumer<Draft> change) {
    var draft = new Draft(this);
    change.accept(draft);
    return draft.made();
  }

  /** Options while one of them becomes another. */
  private static final class Draft {
    private final DeviceOptions before;
    private AeadProvider aead;
    private Timings timings;
    private UdpSettings udp;
    private int loops;
    private HelpMode help;
    private ShardEvents events;
    private @Nullable SessionNews news;
    private FormerPeers former;

    Draft(DeviceOptions before) {
      this.before = before;
      aead = before.aead;
      timings = before.timings;
      udp = before.udp;
      loops = before.loops;
      help = before.help;
      events = before.events;
      news = before.news;
      former = before.former;
    }

    DeviceOptions made() {
      return new DeviceOptions(
          before.tun,
          aead,
          before.x25519,
          before.handshakeWorkers,
          timings,
          udp,
          loops,
          help,
          events,
          before.labels,
          news,
          former);
    }
  }
}
