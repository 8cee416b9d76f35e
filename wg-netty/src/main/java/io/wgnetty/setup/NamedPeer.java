package io.wgnetty.setup;

import io.wgnetty.config.EndpointName;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.protocol.Endpoint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A peer whose endpoint is a name: what is known of the name, and what was tried. */
final class NamedPeer {
  final PublicKey key;
  final EndpointName name;

  /** Since when the name is the peer's. */
  final long sinceNs;

  /** What the name led to last, to be tried in this order; empty as long as it never did. */
  List<Endpoint> addresses = List.of();

  /** The file names it anew, and it has had no address since. */
  boolean isNew;

  /** When it may be looked up next. */
  long nextLookupNs;

  /** Lookups in a row that failed. */
  int failures;

  /** A lookup is under way. */
  boolean asked;

  /** It was said that the peer waits for its name. */
  boolean told;

  /** The answer that was not looked at yet. */
  @Nullable NameAnswer answer;

  private @Nullable Endpoint tried;
  private long triedSinceNs;

  NamedPeer(PublicKey key, EndpointName name, long nowNs) {
    this.key = key;
    this.name = name;
    this.sinceNs = nowNs;
    this.nextLookupNs = nowNs;
  }

  /**
   * Notes where handshakes go now, {@code null} if none are under way; returns for how long they
   * have gone there.
   */
  long triedNs(@Nullable Endpoint endpoint, long nowNs) {
    if (endpoint == null || !endpoint.equals(tried)) {
      tried = endpoint;
      triedSinceNs = nowNs;
    }
    return nowNs - triedSinceNs;
  }

  /** The address to try after this one. */
  Endpoint after(Endpoint endpoint) {
    return addresses.get((addresses.indexOf(endpoint) + 1) % addresses.size());
  }
}
