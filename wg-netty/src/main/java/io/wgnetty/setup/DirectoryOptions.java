package io.wgnetty.setup;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where peers beside those of the file come from, and how.
 *
 * @param source {@code dir:}, {@code etcd:}, {@code etcds:}, {@code http:} or {@code https:};
 *     {@code null} for what the file says
 * @param onCall installs peers when they call, instead of all
 * @param idle after so long without a session such a peer goes
 * @param timeToLive after so long a record of a web service is asked for again
 * @param user name of a user of etcd
 * @param passwordFile its password
 * @param tokenFile bearer token of a web service
 * @param authorities certificates in PEM that servers are checked by; the JVM's unless given
 * @param certificate our own, in PEM
 * @param key its private key, in PEM (PKCS #8)
 */
public record DirectoryOptions(
    @Nullable String source,
    boolean onCall,
    Duration idle,
    Duration timeToLive,
    @Nullable String user,
    @Nullable Path passwordFile,
    @Nullable Path tokenFile,
    @Nullable Path authorities,
    @Nullable Path certificate,
    @Nullable Path key) {
  public static final Duration IDLE = Duration.ofMinutes(30);
  public static final Duration TIME_TO_LIVE = Duration.ofMinutes(1);

  /** No source. */
  public static final DirectoryOptions NONE = of(null);

  /** A source with nothing said about it. */
  public static DirectoryOptions of(@Nullable String source) {
    return new DirectoryOptions(
        source, false, IDLE, TIME_TO_LIVE, null, null, null, null, null, null);
  }

  /** The same, of another source. */
  public DirectoryOptions withSource(String other) {
    return new DirectoryOptions(
        other,
        onCall,
        idle,
        timeToLive,
        user,
        passwordFile,
        tokenFile,
        authorities,
        certificate,
        key);
  }
}
