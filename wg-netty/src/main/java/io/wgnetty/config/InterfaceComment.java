package io.wgnetty.config;

/**
 * The words of comments in a file's [Interface] section, or above it, such as {@code # Peers =
 * SOURCE}, that others than the reader of files make something of: {@link Configuration#comments}.
 */
public final class InterfaceComment {
  /** Where more peers come from. */
  public static final String PEERS = "Peers";

  /** What a cluster calls this node. */
  public static final String NODE = "Node";

  /** Its number among the nodes. */
  public static final String NODE_NUMBER = "NodeNumber";

  /** Where other nodes hand datagrams on to it. */
  public static final String NODE_ADDRESS = "NodeAddress";

  /** Which file has the nodes' common secret. */
  public static final String CLUSTER_KEY_FILE = "ClusterKeyFile";

  /** The table for routes to peers that are here. */
  public static final String ANNOUNCE = "Announce";

  /** Where clients find this machine. */
  public static final String ENDPOINT = "Endpoint";

  /** Where the interface's own key is, if it is not in the file. */
  public static final String PRIVATE_KEY_FILE = "PrivateKeyFile";

  private InterfaceComment() {}
}
