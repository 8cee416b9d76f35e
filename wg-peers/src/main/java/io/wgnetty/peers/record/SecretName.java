package io.wgnetty.peers.record;

/**
 * Where a pre-shared key lies, in base64.
 *
 * @param place what kind of place
 * @param name an absolute path, or a key of etcd
 */
public record SecretName(Place place, String name) {
  /** Kinds of places. */
  public enum Place {
    FILE,
    ETCD
  }
}
