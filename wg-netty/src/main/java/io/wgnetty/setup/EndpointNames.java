package io.wgnetty.setup;

import io.wgnetty.config.Configuration;
import io.wgnetty.config.EndpointName;
import io.wgnetty.config.PeerSettings;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.device.DeviceControl;
import io.wgnetty.device.PeerDetails;
import io.wgnetty.peer.HandshakeState;
import io.wgnetty.protocol.Endpoint;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The endpoints of an interface that are names, and lead elsewhere in time.
 *
 * <p>A peer that was not heard for {@value #SILENT_SECONDS} s is looked up again, the rule of
 * wireguard-tools' reresolve-dns. It gets the new address if the name has moved, or if we call it
 * where its name does not lead. While we call and nothing comes back, each address of the name has
 * its turn, the other family first. A peer that is heard stays where it is, also away from its
 * name.
 *
 * <p>{@link #tend} is called once a second. Lookups run on other threads.
 */
final class EndpointNames {
  private static final Logger LOG = LoggerFactory.getLogger(EndpointNames.class);

  /** Longer than a live session goes without a sign: it is renewed after 120 s. */
  static final long SILENT_SECONDS = 135;

  private static final long SILENT_NS = TimeUnit.SECONDS.toNanos(SILENT_SECONDS);

  /** Three handshake messages to an address, before it is the next one's turn. */
  private static final long TURN_NS = TimeUnit.SECONDS.toNanos(15);

  /** Between lookups for a peer that we call. */
  private static final long CALLED_NS = TimeUnit.SECONDS.toNanos(60);

  /** Between lookups for a peer that nobody wants anything of. */
  private static final long IDLE_NS = TimeUnit.SECONDS.toNanos(300);

  private static final long FIRST_RETRY_NS = TimeUnit.SECONDS.toNanos(1);
  private static final int MAX_DOUBLINGS = 6;

  /** Lookups under way or waiting for a thread; other names come later. */
  static final int MAX_ASKED = 64;

  private final String interfaceName;
  private final DeviceControl device;
  private final EndpointResolver resolver;
  private final Executor threads;
  private final LongSupplier clock;
  private final RandomGenerator jitter;
  private final Queue<Runnable> answers = new ConcurrentLinkedQueue<>();
  private Map<PublicKey, NamedPeer> peers = Map.of();
  private List<PublicKey> keys = List.of();
  private int cursor;
  private int asked;

  /**
   * No names yet.
   *
   * @param threads for lookups
   * @param clock nanoseconds of a clock that only goes forward
   */
  EndpointNames(
      String interfaceName,
      DeviceControl device,
      EndpointResolver resolver,
      Executor threads,
      LongSupplier clock,
      RandomGenerator jitter) {
    this.interfaceName = interfaceName;
    this.device = device;
    this.resolver = resolver;
    this.threads = threads;
    this.clock = clock;
    this.jitter = jitter;
  }

  /** Every endpoint of these peers. */
  static List<EndpointName> of(List<PeerSettings> peers) {
    return peers.stream().map(PeerSettings::endpoint).filter(Objects::nonNull).toList();
  }

  /** Takes the names of a file in the place of those before, with what they lead to now. */
  synchronized void configure(Configuration configuration, Map<EndpointName, NameAnswer> found) {
    Map<PublicKey, NamedPeer> next = new LinkedHashMap<>();
    configuration.peers().forEach(settings -> take(settings, found, next));
    use(next);
  }

  /**
   * Takes the names of a file whose peers are where they were: they are looked up again when they
   * fall silent.
   */
  synchronized void inherit(Configuration configuration) {
    Map<PublicKey, NamedPeer> next = new LinkedHashMap<>();
    for (PeerSettings settings : configuration.peers()) {
      EndpointName name = settings.endpoint();
      if (name != null && EndpointResolver.number(name) == null) {
        next.put(
            settings.publicKey(), new NamedPeer(settings.publicKey(), name, clock.getAsLong()));
      }
    }
    use(next);
  }

  /**
   * Takes the names of these peers in the place of those before, and leaves the others.
   *
   * @param settings of those that are not gone
   */
  synchronized void configure(
      Set<PublicKey> keys,
      Map<PublicKey, PeerSettings> settings,
      Map<EndpointName, NameAnswer> found) {
    Map<PublicKey, NamedPeer> next = new LinkedHashMap<>(peers);
    next.keySet().removeAll(keys);
    for (PublicKey key : keys) {
      PeerSettings wanted = settings.get(key);
      if (wanted != null) {
        take(wanted, found, next);
      }
    }
    use(next);
  }

  /**
   * Makes many changes at once. New names are looked up at the next look, and nobody waits for
   * that.
   */
  synchronized void configure(List<BesideChange> changes) {
    Map<PublicKey, NamedPeer> next = new LinkedHashMap<>(peers);
    for (BesideChange change : changes) {
      PeerSettings after = change.after();
      NamedPeer known = next.remove(change.key());
      EndpointName name = after == null ? null : after.endpoint();
      if (name != null && EndpointResolver.number(name) == null) {
        NamedPeer peer = known;
        if (peer == null || !peer.name.equals(name)) {
          peer = new NamedPeer(change.key(), name, clock.getAsLong());
          peer.isNew = true;
        }
        next.put(peer.key, peer);
      }
    }
    if (!next.isEmpty() || !peers.isEmpty()) {
      use(next);
    }
  }

  private void take(
      PeerSettings settings, Map<EndpointName, NameAnswer> found, Map<PublicKey, NamedPeer> next) {
    EndpointName name = settings.endpoint();
    if (name == null || EndpointResolver.number(name) != null) {
      return;
    }
    long nowNs = clock.getAsLong();
    NamedPeer known = peers.get(settings.publicKey());
    NamedPeer peer =
        known != null && known.name.equals(name)
            ? known
            : new NamedPeer(settings.publicKey(), name, nowNs);
    begin(peer, found.get(name), nowNs);
    next.put(peer.key, peer);
  }

  private void use(Map<PublicKey, NamedPeer> next) {
    peers = next;
    keys = List.copyOf(next.keySet());
  }

  private void begin(NamedPeer peer, @Nullable NameAnswer answer, long nowNs) {
    if (answer != null && answer.isFound()) {
      peer.addresses = answer.endpoints();
      peer.failures = 0;
      peer.isNew = false;
    } else if (peer.addresses.isEmpty()) {
      peer.isNew = true;
      peer.nextLookupNs = nowNs + spread(FIRST_RETRY_NS);
      tellOnce(peer, answer == null ? "no answer yet" : answer.failure());
    }
  }

  /** Where the name of a peer leads, as far as is known. */
  synchronized List<Endpoint> addresses(PublicKey key) {
    NamedPeer peer = peers.get(key);
    return peer == null ? List.of() : peer.addresses;
  }

  synchronized boolean isEmpty() {
    return peers.isEmpty();
  }

  /** Looks at some of the peers, and does for them what is due. */
  synchronized void tend() {
    for (Runnable answer = answers.poll(); answer != null; answer = answers.poll()) {
      answer.run();
    }
    if (keys.isEmpty()) {
      return;
    }
    long nowNs = clock.getAsLong();
    cursor = cursor < keys.size() ? cursor : 0;
    int end = Math.min(keys.size(), cursor + RunningPeers.PER_CALL);
    for (PeerDetails details : device.details(keys.subList(cursor, end))) {
      NamedPeer peer = peers.get(details.publicKey());
      if (peer != null) {
        tend(peer, details, nowNs);
      }
    }
    cursor = end;
  }

  private void tend(NamedPeer peer, PeerDetails details, long nowNs) {
    Endpoint at = details.endpoint() == null ? null : details.endpoint().withoutLocal();
    boolean everHeard = details.heardAgoNs() >= 0;
    long silentNs = everHeard ? details.heardAgoNs() : nowNs - peer.sinceNs;
    boolean silent = silentNs > SILENT_NS;
    boolean called = details.handshake() == HandshakeState.INITIATING;
    long calledNs = peer.triedNs(called ? at : null, nowNs);
    NameAnswer answer = peer.answer;
    if (answer != null) {
      peer.answer = null;
      learn(peer, answer, at, silent, called);
    } else if (at == null || peer.isNew || silent) {
      askIfDue(peer, nowNs);
    }
    boolean turnIsOver = calledNs >= TURN_NS && (silent || !everHeard);
    if (at != null && turnIsOver && peer.addresses.size() > 1) {
      move(peer, peer.after(at));
    }
  }

  private void askIfDue(NamedPeer peer, long nowNs) {
    if (peer.asked || asked >= MAX_ASKED || nowNs < peer.nextLookupNs) {
      return;
    }
    peer.asked = true;
    asked++;
    threads.execute(
        () -> {
          NameAnswer answer = resolver.lookUp(peer.name);
          answers.add(
              () -> {
                asked--;
                peer.asked = false;
                peer.answer = answer;
              });
        });
  }

  private void learn(
      NamedPeer peer, NameAnswer answer, @Nullable Endpoint at, boolean silent, boolean called) {
    long nowNs = clock.getAsLong();
    if (!answer.isFound()) {
      int doublings = Math.min(peer.failures++, MAX_DOUBLINGS);
      peer.nextLookupNs = nowNs + spread(FIRST_RETRY_NS << doublings);
      if (at == null || peer.isNew) {
        tellOnce(peer, answer.failure());
      }
      return;
    }
    boolean moved = !answer.hasSameAddresses(peer.addresses);
    boolean anew = at == null || peer.isNew;
    peer.addresses = answer.endpoints();
    peer.failures = 0;
    peer.isNew = false;
    peer.told = false;
    peer.nextLookupNs = nowNs + spread(called ? CALLED_NS : IDLE_NS);
    boolean isThere = at != null && peer.addresses.contains(at);
    if (!isThere && (anew || (silent && (moved || called)))) {
      move(peer, peer.addresses.getFirst());
    }
  }

  private void move(NamedPeer peer, Endpoint to) {
    peer.triedNs(null, clock.getAsLong());
    device.moveByName(peer.key, peer.name.toString(), to);
  }

  private void tellOnce(NamedPeer peer, String why) {
    if (!peer.told) {
      peer.told = true;
      LOG.warn(
          "interface {}: peer {} waits for its endpoint {}: {}; it is looked up again and again",
          interfaceName,
          shown(peer.key),
          peer.name,
          why);
    }
  }

  private String shown(PublicKey key) {
    String label = device.label(key);
    return label == null ? key.toBase64().substring(0, 8) : label;
  }

  /** Give or take a tenth, so that many names are not looked up together for ever. */
  private long spread(long ns) {
    return ns + jitter.nextLong(-ns / 10, ns / 10 + 1);
  }
}
