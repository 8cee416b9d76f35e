package io.wgnetty.peers.etcd;

import io.wgnetty.peers.source.PeerSource;
import io.wgnetty.peers.source.SourceAddress;
import io.wgnetty.peers.source.Web;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Opens etcd as a source. */
public final class EtcdSources {
  /** Below a prefix of records: where peers with a session are. */
  public static final String SESSIONS = "sessions";

  /** Below a prefix of records: which nodes there are. */
  public static final String NODES = "nodes";

  /** Characters of a key in base64. */
  private static final int KEY_LENGTH = 44;

  private EtcdSources() {}

  /**
   * Whether something below a prefix of records is no record, but about a cluster. A key may begin
   * with the same letters; but it has a length and an end that nothing else there has.
   */
  static boolean isOfCluster(String name) {
    boolean isKey = name.length() == KEY_LENGTH && name.endsWith("=");
    return !isKey && (name.startsWith(SESSIONS + "/") || name.startsWith(NODES + "/"));
  }

  /** What is written under a lease, at the same place. */
  public static EtcdLeases leases(
      SourceAddress address, Web web, @Nullable String user, @Nullable Path passwordFile) {
    return new EtcdLeases(
        new EtcdGateway(address.servers(), web, user, passwordFile), address.rest());
  }

  /** A source that has asked nothing yet. */
  public static PeerSource open(
      SourceAddress address, Web web, @Nullable String user, @Nullable Path passwordFile) {
    return new EtcdSource(
        new EtcdGateway(address.servers(), web, user, passwordFile), address.rest());
  }
}
