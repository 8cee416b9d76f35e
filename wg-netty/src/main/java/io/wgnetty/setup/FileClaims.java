package io.wgnetty.setup;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.crypto.PublicKey;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is the file's, and so can be nobody else's.
 *
 * @param ownKey the interface's public key; {@code null} if it has no private key
 * @param keys of the file's peers
 * @param prefixes their allowed IPs
 */
public record FileClaims(@Nullable PublicKey ownKey, Set<PublicKey> keys, Set<IpPrefix> prefixes) {
  public static final FileClaims NONE = new FileClaims(null, Set.of(), Set.of());

  public FileClaims {
    keys = Set.copyOf(keys);
    prefixes = Set.copyOf(prefixes);
  }
}
