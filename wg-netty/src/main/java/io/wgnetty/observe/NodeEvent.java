package io.wgnetty.observe;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.device.PeerLabels;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to an interface or one of its peers, for those who follow it.
 *
 * @param epochMs when, in milliseconds since 1970
 * @param kind what, in a word of docs/events.md
 * @param peer to whom; {@code null} if to no peer, or if its key is not known
 * @param label the peer's name, if it has one
 * @param details what else there is to say, in order: texts and numbers
 */
public record NodeEvent(
    long epochMs,
    String kind,
    String interfaceName,
    @Nullable PublicKey peer,
    @Nullable String label,
    Map<String, Object> details) {
  /** The first handshake of a peer is complete. */
  public static final String CONNECTED = "connected";

  /** A peer that was gone is heard again. */
  public static final String BACK = "back";

  /** Nothing came from a peer for three minutes, or longer if it is known to be quiet. */
  public static final String GONE = "gone";

  /** A peer is heard from another place. */
  public static final String MOVED = "moved";

  /** The name of a peer leads elsewhere, and it is tried there. */
  public static final String TRIED = "tried";

  /** The session of a connected peer cannot be renewed. */
  public static final String REKEY_FAILED = "rekey-failed";

  /** A peer that is not connected cannot be reached, or its call was refused. */
  public static final String HANDSHAKE_FAILED = "handshake-failed";

  /** Somebody calls with a key that no peer has. */
  public static final String UNKNOWN_KEY = "unknown-key";

  /** Packets of a peer are dropped for its limit. */
  public static final String LIMIT_REACHED = "limit-reached";

  /** The interface's file was read and could not be applied. */
  public static final String RELOAD_FAILED = "reload-failed";

  /** More happened than could be told. */
  public static final String LOST = "lost";

  public NodeEvent {
    details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
  }

  /** All of it by name, in order: texts and numbers. */
  public Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("time", Instant.ofEpochMilli(epochMs).toString());
    fields.put("event", kind);
    fields.put("interface", interfaceName);
    if (peer != null) {
      fields.put("peer", peer.toBase64());
    }
    if (label != null) {
      fields.put("label", label);
    }
    fields.putAll(details);
    return fields;
  }

  /** As one line of JSON. */
  public String json() {
    return JsonLine.of(fields());
  }

  /** As one line for people. */
  public String text() {
    var line = new StringBuilder();
    line.append(Instant.ofEpochMilli(epochMs)).append(' ').append(interfaceName);
    line.append(' ').append(kind);
    if (peer != null) {
      line.append(' ').append(label == null ? PeerLabels.shortForm(peer) : label);
    }
    String separator = ": ";
    for (Map.Entry<String, Object> detail : details.entrySet()) {
      line.append(separator).append(detail.getKey()).append(' ').append(detail.getValue());
      separator = ", ";
    }
    return line.toString();
  }
}
