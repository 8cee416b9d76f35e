package io.wgnetty.radius;

import io.wgnetty.config.EndpointName;
import io.wgnetty.config.PeerFields;
import java.nio.file.Path;

/**
 * Where accounting is sent.
 *
 * @param server its address or name, and UDP port
 * @param secretFile holds what is shared with the server
 * @param interimSeconds how often each connected peer is told of
 */
public record RadiusSettings(EndpointName server, Path secretFile, int interimSeconds) {
  /** What servers commonly ask for. */
  public static final int INTERIM_SECONDS = 300;

  /** More often is load for the server without use. */
  static final int MIN_INTERIM_SECONDS = 5;

  static final int MAX_INTERIM_SECONDS = 86_400;

  /** Throws an {@link IllegalArgumentException} if the interval is none. */
  public RadiusSettings {
    if (interimSeconds < MIN_INTERIM_SECONDS || interimSeconds > MAX_INTERIM_SECONDS) {
      throw new IllegalArgumentException(
          "--radius-interim: %d to %d seconds, not %d"
              .formatted(MIN_INTERIM_SECONDS, MAX_INTERIM_SECONDS, interimSeconds));
    }
  }

  /**
   * What options say.
   *
   * @throws IllegalArgumentException if one of them is wrong; the message says which and why
   */
  public static RadiusSettings of(String server, String secretFile, int interimSeconds) {
    EndpointName place;
    try {
      place = PeerFields.endpoint(server);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("--radius: " + e.getMessage(), e);
    }
    return new RadiusSettings(place, Path.of(secretFile).toAbsolutePath(), interimSeconds);
  }
}
