package io.wgnetty.peers.etcd;

import io.wgnetty.peers.source.PeerSource;
import io.wgnetty.peers.source.SourceAddress;
import io.wgnetty.peers.source.Web;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Opens etcd as a source. */
public final class EtcdSources {
  private EtcdSources() {}

  /** A source that has asked nothing yet. */
  public static PeerSource open(
      SourceAddress address, Web web, @Nullable String user, @Nullable Path passwordFile) {
    return new EtcdSource(
        new EtcdGateway(address.servers(), web, user, passwordFile), address.rest());
  }
}
