package io.wgnetty.client;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.config.PeerSettings;
import io.wgnetty.crypto.PublicKey;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;

/** Changes of one peer as {@code set=1} requests, which every implementation understands. */
public final class PeerRequest {
  private static final int FIXED_BYTES = 512;
  private static final int BYTES_FOR_EACH_PREFIX = 80;

  private PeerRequest() {}

  /** Adds the peer. Holds its pre-shared key, so the sender overwrites it. */
  public static byte[] add(PeerSettings peer) {
    ByteBuffer out =
        ByteBuffer.allocate(FIXED_BYTES + BYTES_FOR_EACH_PREFIX * peer.allowedIps().size());
    text(out, "set=1\npublic_key=" + peer.publicKey().toHex() + "\npreshared_key=");
    byte[] secret = peer.presharedKey().copyBytes();
    for (byte b : secret) {
      out.put((byte) HexFormat.of().toHighHexDigit(b)).put((byte) HexFormat.of().toLowHexDigit(b));
    }
    Arrays.fill(secret, (byte) 0);
    text(out, "\npersistent_keepalive_interval=" + peer.keepaliveSeconds());
    text(out, "\nreplace_allowed_ips=true\n");
    for (IpPrefix prefix : peer.allowedIps()) {
      text(out, "allowed_ip=" + prefix + "\n");
    }
    text(out, "\n");
    byte[] request = Arrays.copyOf(out.array(), out.position());
    Arrays.fill(out.array(), (byte) 0);
    return request;
  }

  /** Removes the peer. */
  public static byte[] remove(PublicKey key) {
    return ("set=1\npublic_key=" + key.toHex() + "\nremove=true\n\n").getBytes(US_ASCII);
  }

  private static void text(ByteBuffer out, String text) {
    out.put(text.getBytes(US_ASCII));
  }
}
