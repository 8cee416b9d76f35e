package io.wgnetty.config;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The keys of a file: wg's own and those that wg-quick adds (protocol 7.4, 7.5). */
enum Keyword {
  PRIVATE_KEY("PrivateKey", Section.INTERFACE, Kind.WG),
  LISTEN_PORT("ListenPort", Section.INTERFACE, Kind.WG),
  FW_MARK("FwMark", Section.INTERFACE, Kind.WG),
  ADDRESS("Address", Section.INTERFACE, Kind.LIST),
  MTU("MTU", Section.INTERFACE, Kind.QUICK),
  DNS("DNS", Section.INTERFACE, Kind.LIST),
  TABLE("Table", Section.INTERFACE, Kind.QUICK),
  PRE_UP("PreUp", Section.INTERFACE, Kind.HOOK),
  POST_UP("PostUp", Section.INTERFACE, Kind.HOOK),
  PRE_DOWN("PreDown", Section.INTERFACE, Kind.HOOK),
  POST_DOWN("PostDown", Section.INTERFACE, Kind.HOOK),
  SAVE_CONFIG("SaveConfig", Section.INTERFACE, Kind.QUICK),
  PUBLIC_KEY("PublicKey", Section.PEER, Kind.WG),
  PRESHARED_KEY("PresharedKey", Section.PEER, Kind.WG),
  ALLOWED_IPS("AllowedIPs", Section.PEER, Kind.WG_LIST),
  ENDPOINT("Endpoint", Section.PEER, Kind.WG),
  PERSISTENT_KEEPALIVE("PersistentKeepalive", Section.PEER, Kind.WG);

  /** How a key's values are treated. */
  private enum Kind {
    /** Wg's own, one value. */
    WG,
    /** Wg's own; values add up. */
    WG_LIST,
    /** One value, which wg never sees. */
    QUICK,
    /** Values that wg never sees and that add up. */
    LIST,
    /** A shell command, with its white space and {@code #}. */
    HOOK
  }

  /** All of them, as they are written. */
  static final List<String> NAMES = Stream.of(values()).map(Keyword::written).toList();

  private static final Map<String, Keyword> BY_NAME = new HashMap<>();

  /** Longer than any key, and shorter than what could be a secret. */
  static final int MAX_LENGTH = 24;

  static {
    for (Keyword keyword : values()) {
      BY_NAME.put(keyword.written, keyword);
      BY_NAME.put(keyword.written.toLowerCase(Locale.ROOT), keyword);
    }
  }

  private final String written;
  private final Section section;
  private final Kind kind;

  Keyword(String written, Section section, Kind kind) {
    this.written = written;
    this.section = section;
    this.kind = kind;
  }

  /** The key of this name in any case, {@code null} if there is none. */
  static @Nullable Keyword named(String name) {
    Keyword usual = BY_NAME.get(name);
    return usual == null ? BY_NAME.get(name.toLowerCase(Locale.ROOT)) : usual;
  }

  /** The key's name as the manuals write it. */
  String written() {
    return written;
  }

  Section section() {
    return section;
  }

  boolean isHook() {
    return kind == Kind.HOOK;
  }

  /** Whether a second value joins the first; else it takes its place. */
  boolean accumulates() {
    return kind == Kind.WG_LIST || kind == Kind.LIST || kind == Kind.HOOK;
  }

  /** Whether it may stand without a value; wg's own keys may not. */
  boolean mayBeEmpty() {
    return kind == Kind.QUICK || kind == Kind.LIST || kind == Kind.HOOK;
  }
}
