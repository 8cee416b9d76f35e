package io.wgnetty.setup;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a directory of peers stands.
 *
 * @param source as it was given
 * @param onCall whether peers are installed when they call
 * @param awaySince since when the source cannot be reached, in seconds since 1970; 0 if it can be
 * @param problem why it cannot be reached; {@code null} if it can be
 * @param lastChange when the last change came, in seconds since 1970; 0 for never
 * @param installed records that are peers now
 * @param wakeable records that say where their peer is, so that a packet to it wakes it; 0 unless
 *     peers are installed when they call
 * @param disabled records that say so
 * @param expired records whose time is over
 * @param refused records that are not in force, by reason; every reason is there
 * @param lookups peers that called or were sent something, by what came of it; every outcome is
 *     there
 * @param lookupsInFlight those that are being asked for
 */
public record DirectoryStatus(
    String source,
    boolean onCall,
    long awaySince,
    @Nullable String problem,
    long lastChange,
    int installed,
    int wakeable,
    int disabled,
    int expired,
    Map<String, Long> refused,
    Map<String, Long> lookups,
    int lookupsInFlight) {
  public DirectoryStatus {
    refused = Map.copyOf(refused);
    lookups = Map.copyOf(lookups);
  }
}
