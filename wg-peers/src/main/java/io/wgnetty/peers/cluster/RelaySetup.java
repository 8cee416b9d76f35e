package io.wgnetty.peers.cluster;

import io.wgnetty.peers.source.WebSource;
import io.wgnetty.relay.RelayKeys;
import io.wgnetty.setup.ClusterOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * How a node takes part in handing datagrams on.
 *
 * @param address where it takes them
 * @param text the same as it was given
 */
public record RelaySetup(int number, InetSocketAddress address, String text, RelayKeys keys) {
  /**
   * Reads what the options say.
   *
   * @return {@code null} if it takes no part
   * @throws IOException if the secret cannot be read, or is none
   * @throws IllegalArgumentException if the address is none
   */
  public static @Nullable RelaySetup of(ClusterOptions options) throws IOException {
    Integer number = options.number();
    String text = options.address();
    Path file = options.keyFile();
    if (number == null || text == null || file == null) {
      return null;
    }
    InetSocketAddress address = NodeList.address(text);
    if (address == null) {
      throw new IllegalArgumentException(
          "--node-address is ADDRESS:PORT or [IPV6]:PORT, not " + text);
    }
    byte[] secret = secret(file);
    try {
      return new RelaySetup(number, address, text, new RelayKeys(secret));
    } finally {
      Arrays.fill(secret, (byte) 0);
    }
  }

  private static byte[] secret(Path file) throws IOException {
    try {
      byte[] secret = Base64.getDecoder().decode(WebSource.firstLine(file));
      if (secret.length == RelayKeys.SECRET_BYTES) {
        return secret;
      }
    } catch (IllegalArgumentException e) {
      // said below, without what is in the file
    }
    throw new IOException(file + " holds no secret as 'wg-netty genpsk' makes one");
  }

  /** What the directory says of it. */
  NodeEntry.Relay entry(String name) {
    byte[] proof = keys.sign(NodeEntry.Relay.claim(name, number, text));
    return new NodeEntry.Relay(number, text, HexFormat.of().formatHex(proof));
  }
}
