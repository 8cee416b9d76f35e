package io.wgnetty.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.wgnetty.crypto.Blake2s;
import io.wgnetty.crypto.Blake2sState;
import io.wgnetty.crypto.MacKey;
import java.security.MessageDigest;
import java.util.Arrays;

/** What nodes of a cluster authenticate to each other with: keys that follow from one secret. */
public final class RelayKeys {
  public static final int SECRET_BYTES = 32;

  private final MacKey datagrams;
  private final MacKey nodes;

  /** Keeps nothing of the secret itself, which is the caller's to wipe. */
  public RelayKeys(byte[] secret) {
    if (secret.length != SECRET_BYTES) {
      throw new IllegalArgumentException("a cluster's secret has " + SECRET_BYTES + " bytes");
    }
    datagrams = derive("wg-netty cluster v1 datagram", secret);
    nodes = derive("wg-netty cluster v1 node", secret);
  }

  private static MacKey derive(String purpose, byte[] secret) {
    byte[] key = Blake2s.hash(purpose.getBytes(UTF_8), secret);
    MacKey derived = new MacKey(key);
    Arrays.fill(key, (byte) 0);
    return derived;
  }

  MacKey datagrams() {
    return datagrams;
  }

  /** Proves that who says this knows the secret. */
  public byte[] sign(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    byte[] mac = new byte[Blake2s.MAC_BYTES];
    new Blake2sState().mac(nodes, bytes, 0, bytes.length, mac, 0);
    return mac;
  }

  /** Whether the one who said this knew the secret. */
  public boolean isSigned(String text, byte[] mac) {
    return MessageDigest.isEqual(sign(text), mac);
  }

  /** Overwrites the keys. */
  public void wipe() {
    datagrams.wipe();
    nodes.wipe();
  }
}
