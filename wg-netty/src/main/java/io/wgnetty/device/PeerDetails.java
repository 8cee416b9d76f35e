package io.wgnetty.device;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.counters.DropReason;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.limit.PeerLimit;
import io.wgnetty.peer.EndpointChange;
import io.wgnetty.peer.HandshakeState;
import io.wgnetty.protocol.Endpoint;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of a peer at one moment and may be shown.
 *
 * @param label the name that the configuration gives it, if any
 * @param limit what it may carry
 * @param quotaUsedBytes what it has carried of its quota; -1 if it has none, or it is not known
 * @param hasPresharedKey whether one is set
 * @param endpoint where it is, if known
 * @param keepaliveSeconds the persistent keepalive interval, 0 if off
 * @param allowedIps its prefixes in the order they were given
 * @param lastHandshakeEpochNs wall-clock time of the latest handshake in nanoseconds since 1970, 0
 *     if never
 * @param heardAgoNs since something authentic came; -1 if nothing ever did
 * @param receivedBytes bytes received, as WireGuard counts them
 * @param sentBytes bytes sent, as WireGuard counts them
 * @param receivedPackets transport messages accepted, keepalives too
 * @param sentPackets transport messages sent, keepalives too
 * @param drops what was dropped of this peer's, only reasons that there were
 * @param ownerLoop the number of the event loop that owns it
 * @param handshake how far a handshake is
 * @param handshakeAttempt which attempt of {@link HandshakeState#INITIATING} it is, 0 otherwise
 * @param session the session that data is sent with, {@code null} if there is none
 * @param staged packets that wait for a session
 * @param endpointChanges how often it roamed: an authentic message came from elsewhere
 * @param recentEndpoints where it was lately, the newest last, the present one included
 */
public record PeerDetails(
    PublicKey publicKey,
    @Nullable String label,
    PeerLimit limit,
    long quotaUsedBytes,
    boolean hasPresharedKey,
    @Nullable Endpoint endpoint,
    int keepaliveSeconds,
    List<IpPrefix> allowedIps,
    long lastHandshakeEpochNs,
    long heardAgoNs,
    long receivedBytes,
    long sentBytes,
    long receivedPackets,
    long sentPackets,
    Map<DropReason, Long> drops,
    int ownerLoop,
    HandshakeState handshake,
    int handshakeAttempt,
    @Nullable SessionDetails session,
    int staged,
    int endpointChanges,
    List<EndpointChange> recentEndpoints) {

  /**
   * The session that data is sent with.
   *
   * @param ageNs since its keys were derived
   * @param rekeyInNs until whoever initiated it renews it, given traffic; 0 if that is due
   * @param expiresInNs until it neither sends nor receives; 0 if that is past
   * @param initiator whether our side initiated it, and renews it
   */
  public record SessionDetails(long ageNs, long rekeyInNs, long expiresInNs, boolean initiator) {}
}
