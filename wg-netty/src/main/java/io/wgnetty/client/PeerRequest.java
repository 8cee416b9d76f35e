package io.wgnetty.client;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.config.EndpointName;
import io.wgnetty.config.PeerSettings;
import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.crypto.PublicKey;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/** Changes of peers as {@code set=1} requests, which every implementation understands. */
public final class PeerRequest {
  private static final int FIXED_BYTES = 512;
  private static final int BYTES_FOR_EACH_PREFIX = 80;

  /** What a request may say: the node looks no names up. */
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|.*:.*");

  private PeerRequest() {}

  /** Makes the peers what they are to be. Holds pre-shared keys, so the sender overwrites it. */
  public static byte[] put(List<PeerSettings> peers) {
    int bytes = FIXED_BYTES;
    for (PeerSettings peer : peers) {
      bytes += FIXED_BYTES + BYTES_FOR_EACH_PREFIX * peer.allowedIps().size();
    }
    ByteBuffer out = ByteBuffer.allocate(bytes);
    text(out, "set=1\n");
    peers.forEach(peer -> put(out, peer));
    text(out, "\n");
    byte[] request = Arrays.copyOf(out.array(), out.position());
    Arrays.fill(out.array(), (byte) 0);
    return request;
  }

  private static void put(ByteBuffer out, PeerSettings peer) {
    text(out, "public_key=" + peer.publicKey().toHex());
    // One that could not be read here is not taken away there.
    if (peer.presharedKeyFile() == null || !peer.presharedKey().isNone()) {
      putPresharedKey(out, peer.presharedKey());
    }
    EndpointName endpoint = peer.endpoint();
    if (endpoint != null && ADDRESS.matcher(endpoint.host()).matches()) {
      text(out, "\nendpoint=" + endpoint);
    }
    text(out, "\npersistent_keepalive_interval=" + peer.keepaliveSeconds());
    text(out, "\nreplace_allowed_ips=true\n");
    for (IpPrefix prefix : peer.allowedIps()) {
      text(out, "allowed_ip=" + prefix + "\n");
    }
  }

  private static void putPresharedKey(ByteBuffer out, PresharedKey key) {
    text(out, "\npreshared_key=");
    byte[] secret = key.copyBytes();
    for (byte b : secret) {
      out.put((byte) HexFormat.of().toHighHexDigit(b)).put((byte) HexFormat.of().toLowHexDigit(b));
    }
    Arrays.fill(secret, (byte) 0);
  }

  /** Removes these peers. */
  public static byte[] remove(List<PublicKey> keys) {
    StringBuilder text = new StringBuilder("set=1\n");
    keys.forEach(key -> text.append("public_key=").append(key.toHex()).append("\nremove=true\n"));
    return text.append('\n').toString().getBytes(US_ASCII);
  }

  private static void text(ByteBuffer out, String text) {
    out.put(text.getBytes(US_ASCII));
  }
}
