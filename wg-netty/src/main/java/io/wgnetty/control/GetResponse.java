package io.wgnetty.control;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.device.DeviceControl;
import io.wgnetty.device.DeviceSettings;
import io.wgnetty.device.PeerSnapshot;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a {@code get=1}, written a piece at a time (protocol 7.2).
 *
 * <p>Which peers there are is settled at the beginning; each is read when its turn comes, and one
 * that is gone by then is left out. It stops anywhere, also in the middle of a peer with a hundred
 * thousand allowed IPs.
 */
final class GetResponse {
  /** Peers read from the device at a time: few enough to be no burden while the reader is slow. */
  private static final int SNAPSHOT_PEERS = 128;

  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final byte[] HEX = "0123456789abcdef".getBytes(US_ASCII);

  private final DeviceControl device;
  private final List<PublicKey> keys;
  private int nextKey;
  private Iterator<PeerSnapshot> snapshots = Collections.emptyIterator();
  private Iterator<IpPrefix> allowedIps = Collections.emptyIterator();
  private @Nullable DeviceSettings settings;
  private boolean done;

  GetResponse(DeviceControl device) {
    this.device = device;
    this.settings = device.settings();
    this.keys = device.peerKeys();
  }

  boolean isDone() {
    return done;
  }

  /**
   * Appends lines until {@code out} holds at least {@code enoughBytes} or the answer is whole. Goes
   * past the mark by one peer's lines without its allowed IPs at the most.
   */
  void writeTo(ByteBuf out, int enoughBytes) {
    if (settings != null) {
      writeSettings(out, settings);
      settings = null;
    }
    while (!done && out.readableBytes() < enoughBytes) {
      if (allowedIps.hasNext()) {
        text(out, "allowed_ip=", allowedIps.next().toString());
      } else if (snapshots.hasNext()) {
        writePeer(out, snapshots.next());
      } else if (nextKey < keys.size()) {
        int end = Math.min(nextKey + SNAPSHOT_PEERS, keys.size());
        snapshots = device.snapshots(keys.subList(nextKey, end)).iterator();
        nextKey = end;
      } else {
        writeEnd(out, Errno.NONE);
      }
    }
  }

  /** Ends the answer with an error: what was written so far is all there will be. */
  void fail(ByteBuf out, Errno errno) {
    writeEnd(out, errno);
  }

  private void writeEnd(ByteBuf out, Errno errno) {
    text(out, "errno=", errno.inGetAnswer() + "\n");
    done = true;
  }

  private static void writeSettings(ByteBuf out, DeviceSettings settings) {
    PrivateKey key = settings.privateKey();
    if (key != null) {
      secret(out, "private_key=", key.copyBytes());
    }
    if (settings.listenPort() != 0) {
      text(out, "listen_port=", Integer.toString(settings.listenPort()));
    }
    if (settings.fwmark() != 0) {
      text(out, "fwmark=", Integer.toUnsignedString(settings.fwmark()));
    }
  }

  private void writePeer(ByteBuf out, PeerSnapshot peer) {
    text(out, "public_key=", peer.publicKey().toHex());
    PresharedKey key = peer.presharedKey();
    if (!key.isNone()) {
      secret(out, "preshared_key=", key.copyBytes());
      key.wipe();
    }
    out.writeCharSequence("protocol_version=1\n", US_ASCII);
    if (peer.endpoint() != null) {
      text(out, "endpoint=", ScopeId.named(peer.endpoint()));
    }
    long handshake = peer.lastHandshakeNanos();
    text(out, "last_handshake_time_sec=", Long.toString(handshake / NANOS_PER_SECOND));
    text(out, "last_handshake_time_nsec=", Long.toString(handshake % NANOS_PER_SECOND));
    text(out, "tx_bytes=", Long.toUnsignedString(peer.sentBytes()));
    text(out, "rx_bytes=", Long.toUnsignedString(peer.receivedBytes()));
    text(out, "persistent_keepalive_interval=", Integer.toString(peer.keepaliveSeconds()));
    allowedIps = peer.allowedIps().iterator();
  }

  private static void text(ByteBuf out, String name, String value) {
    out.writeCharSequence(name, US_ASCII);
    out.writeCharSequence(value, US_ASCII);
    out.writeByte('\n');
  }

  /** Writes a secret without ever making a string of it, and wipes the copy. */
  private static void secret(ByteBuf out, String name, byte[] key) {
    out.writeCharSequence(name, US_ASCII);
    for (byte b : key) {
      out.writeByte(HEX[b >> 4 & 0xf]);
      out.writeByte(HEX[b & 0xf]);
    }
    out.writeByte('\n');
    Arrays.fill(key, (byte) 0);
  }
}
