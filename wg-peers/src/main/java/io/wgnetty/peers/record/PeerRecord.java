package io.wgnetty.peers.record;

import io.wgnetty.config.PeerSettings;
import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.crypto.PublicKey;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A peer as a directory has it (docs/peers.md).
 *
 * @param settings what a {@code [Peer]} section would say
 * @param secret where the pre-shared key is, if it is not in the record
 * @param disabled whether the peer is to be away for now
 * @param notAfter the last second since 1970 at which it may be there; {@link #FOR_EVER} without
 * @param groups words that people sort peers by
 */
public record PeerRecord(
    PeerSettings settings,
    @Nullable SecretName secret,
    boolean disabled,
    long notAfter,
    List<String> groups) {
  public static final long FOR_EVER = PeerSettings.FOR_EVER;

  public PeerRecord {
    groups = List.copyOf(groups);
  }

  /** A record that says what a file's section says. */
  public static PeerRecord of(PeerSettings settings) {
    String elsewhere = settings.presharedKeyFile();
    SecretName secret = elsewhere == null ? null : new SecretName(SecretName.Place.FILE, elsewhere);
    String group = settings.limit().group();
    List<String> groups = group == null ? List.of() : List.of(group);
    return new PeerRecord(settings, secret, false, settings.notAfter(), groups);
  }

  /** The same of a section that is disabled. */
  public PeerRecord asDisabled() {
    return new PeerRecord(settings, secret, true, notAfter, groups);
  }

  public PublicKey publicKey() {
    return settings.publicKey();
  }

  /** The same with the pre-shared key that was fetched for it. */
  public PeerRecord with(PresharedKey fetched) {
    return new PeerRecord(
        new PeerSettings(
            settings.publicKey(),
            fetched,
            settings.allowedIps(),
            settings.endpoint(),
            settings.keepaliveSeconds(),
            settings.label(),
            settings.limit(),
            settings.notAfter()),
        secret,
        disabled,
        notAfter,
        groups);
  }

  /** Whether both make the same peer. */
  public boolean makesTheSame(PeerRecord other) {
    return settings.publicKey().equals(other.settings.publicKey())
        && settings.presharedKey().sameAs(other.settings.presharedKey())
        && settings.allowedIps().equals(other.settings.allowedIps())
        && Objects.equals(settings.endpoint(), other.settings.endpoint())
        && settings.keepaliveSeconds() == other.settings.keepaliveSeconds()
        && Objects.equals(settings.label(), other.settings.label())
        && settings.limit().equals(other.settings.limit());
  }

  /** Overwrites its secret. */
  public void wipe() {
    settings.presharedKey().wipe();
  }
}
