package io.wgnetty.cli;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.cipher.X25519Providers;
import io.wgnetty.client.ServerFacts;
import io.wgnetty.config.InterfaceAddress;
import io.wgnetty.config.PeerSettings;
import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.node.CommandFailure;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Makes new peers of what is asked for them and what the interface has already. */
final class PeerMaker {
  private final ServerFacts server;
  private final PeerChoices choices;
  private final Consumer<String> notes;
  private final SecureRandom random = new SecureRandom();
  private final Map<IpPrefix, String> owners = new HashMap<>();
  private final Set<IpPrefix> running;
  private final Set<PublicKey> keys = new HashSet<>();
  private final Map<List<String>, PeerOptions> known = new HashMap<>();
  private @Nullable String endpoint;

  PeerMaker(ServerFacts server, Consumer<String> notes) {
    this.server = server;
    this.notes = notes;
    this.choices = new PeerChoices(server);
    this.running = new HashSet<>(server.taken());
    keys.add(server.publicKey());
    for (PeerSettings peer : server.peers()) {
      String name = peer.label() == null ? peer.publicKey().toBase64() : peer.label();
      keys.add(peer.publicKey());
      peer.allowedIps().forEach(prefix -> owners.put(prefix, name));
    }
  }

  /** All of them, or none: the message of a failure names the peer if there are several. */
  List<NewPeer> make(List<PeerWish> wishes) throws CommandFailure {
    List<IpPrefix> asked = new ArrayList<>();
    for (PeerWish wish : wishes) {
      checkNotOurs(wish.allowedIps());
      asked.addAll(wish.allowedIps());
      asked.addAll(wish.sites());
      for (InterfaceAddress address : options(wish, "", "").settings().addresses()) {
        asked.add(address.host());
      }
    }
    choices.reserve(asked);
    List<Draft> drafts = new ArrayList<>(wishes.size());
    for (PeerWish wish : wishes) {
      drafts.add(draft(wish, wishes.size() > 1));
    }
    // The keys take most of the time, and need nothing of one another.
    return drafts.parallelStream().map(this::finish).toList();
  }

  /** All that a peer has but its keys. */
  private record Draft(
      PeerWish wish,
      String label,
      List<InterfaceAddress> inner,
      List<IpPrefix> allowedIps,
      PeerOptions options) {}

  private Draft draft(PeerWish wish, boolean several) throws CommandFailure {
    String label = choices.name(wish.label());
    try {
      List<InterfaceAddress> inner = inner(wish);
      Set<IpPrefix> allowedIps = new LinkedHashSet<>(wish.allowedIps());
      if (allowedIps.isEmpty()) {
        inner.forEach(address -> allowedIps.add(address.host()));
      } else {
        checkHolds(allowedIps, inner);
      }
      allowedIps.addAll(wish.sites());
      claim(label, wish.publicKey(), allowedIps);
      String routes = wish.client().allowedIps();
      PeerOptions options =
          options(wish, routes == null ? PeerChoices.everything(inner) : routes, endpoint(wish));
      return new Draft(wish, label, inner, List.copyOf(allowedIps), options);
    } catch (CommandFailure e) {
      throw several ? e.with(label + ": " + e.getMessage()) : e;
    }
  }

  /** Most of many peers are asked for with the same words, which are understood once. */
  private PeerOptions options(PeerWish wish, String routes, String calls) throws CommandFailure {
    var client = wish.client();
    List<String> words =
        List.of(
            String.join(",", wish.addresses()),
            routes,
            calls,
            client.dns(),
            Integer.toString(client.keepaliveSeconds()));
    PeerOptions understood = known.get(words);
    if (understood == null) {
      understood =
          PeerOptions.read(
              wish.addresses(), routes, calls, client.dns(), client.keepaliveSeconds());
      known.put(words, understood);
    }
    return understood;
  }

  private String endpoint(PeerWish wish) throws CommandFailure {
    String asked = wish.client().endpoint();
    if (asked != null) {
      return asked;
    }
    if (endpoint == null) {
      endpoint = choices.endpoint(notes); // once, with one note
    }
    return endpoint;
  }

  /** The client's own addresses. */
  private List<InterfaceAddress> inner(PeerWish wish) throws CommandFailure {
    List<InterfaceAddress> given = options(wish, "", "").settings().addresses();
    if (given.isEmpty()) {
      given =
          wish.allowedIps().stream()
              .filter(prefix -> prefix.length() == (prefix.isIpv6() ? 128 : 32))
              .map(prefix -> new InterfaceAddress(prefix, prefix.length()))
              .toList();
    }
    return choices.addresses(given);
  }

  /**
   * The option once meant what the client sends into the tunnel: whoever means that asks for
   * prefixes that hold this interface's own address.
   */
  private void checkNotOurs(List<IpPrefix> allowedIps) throws CommandFailure {
    for (IpPrefix prefix : allowedIps) {
      boolean holdsOwn =
          prefix.length() == 0
              || (server.settings() != null
                  && server.settings().addresses().stream()
                      .anyMatch(own -> holds(prefix, own.host())));
      if (holdsOwn) {
        throw CommandFailure.usage(
            "--allowed-ips is what is accepted from the peer and sent to it, and "
                + prefix
                + " holds this interface's own address; what the client sends into the tunnel is"
                + " --client-allowed-ips");
      }
    }
  }

  private static void checkHolds(Collection<IpPrefix> allowedIps, List<InterfaceAddress> inner)
      throws CommandFailure {
    for (InterfaceAddress address : inner) {
      if (allowedIps.stream().noneMatch(prefix -> holds(prefix, address.host()))) {
        throw CommandFailure.usage(
            "--allowed-ips does not hold the client's address "
                + address.host()
                + ": nothing would be accepted from it");
      }
    }
  }

  private static boolean holds(IpPrefix prefix, IpPrefix host) {
    return prefix.isIpv6() == host.isIpv6()
        && new IpPrefix(host.isIpv6(), host.high(), host.low(), prefix.length()).equals(prefix);
  }

  private void claim(String label, @Nullable PublicKey key, Set<IpPrefix> allowedIps)
      throws CommandFailure {
    if (key != null && !keys.add(key)) {
      throw new CommandFailure(
          key.equals(server.publicKey())
              ? "the public key is this interface's own"
              : "there is already a peer with the key " + key.toBase64());
    }
    for (IpPrefix prefix : allowedIps) {
      String owner = owners.putIfAbsent(prefix, label);
      if (owner == null && running.contains(prefix)) {
        owner = "another, in the running node";
      }
      if (owner != null) {
        throw new CommandFailure(prefix + " is allowed to a peer already: " + owner);
      }
    }
  }

  private NewPeer finish(Draft draft) {
    PeerWish wish = draft.wish();
    PresharedKey shared =
        wish.presharedKey() == null ? PresharedKey.generate(random) : wish.presharedKey();
    PublicKey key = wish.publicKey();
    PrivateKey secret = key == null ? PrivateKey.generate(random) : null;
    if (key == null && secret != null) {
      key = secret.publicKey(X25519Providers.fastest());
    }
    if (key == null) {
      throw new IllegalStateException("a peer without a key");
    }
    byte[] text = ClientFile.text(server, draft.options(), draft.inner(), secret, key, shared);
    if (secret != null) {
      secret.wipe();
    }
    return new NewPeer(
        new PeerSettings(
            key,
            shared,
            draft.allowedIps(),
            null,
            0,
            draft.label(),
            wish.limit(),
            wish.notAfter(),
            wish.presharedKeyFile()),
        text);
  }
}
