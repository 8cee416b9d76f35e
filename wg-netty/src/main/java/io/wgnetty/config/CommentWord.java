package io.wgnetty.config;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The words of comments {@code # WORD = VALUE} with a meaning; written in any case. */
enum CommentWord {
  NAME("Name", Of.PEER),
  FRIENDLY_NAME("friendly_name", Of.PEER),
  LIMIT("Limit", Of.PEER),
  QUOTA("Quota", Of.PEER),
  GROUP("Group", Of.PEER),
  EXPIRES("Expires", Of.PEER),
  PRESHARED_KEY_FILE("PresharedKeyFile", Of.PEER),
  MASQUERADE("Masquerade", Of.GATEWAY),
  ISOLATE("Isolate", Of.GATEWAY),
  GROUP_LIMIT("GroupLimit", Of.GROUPS),
  GROUP_QUOTA("GroupQuota", Of.GROUPS),
  PEERS(InterfaceComment.PEERS, Of.INTERFACE),
  NODE(InterfaceComment.NODE, Of.INTERFACE),
  NODE_NUMBER(InterfaceComment.NODE_NUMBER, Of.INTERFACE),
  NODE_ADDRESS(InterfaceComment.NODE_ADDRESS, Of.INTERFACE),
  CLUSTER_KEY_FILE(InterfaceComment.CLUSTER_KEY_FILE, Of.INTERFACE),
  ANNOUNCE(InterfaceComment.ANNOUNCE, Of.INTERFACE),
  ENDPOINT(InterfaceComment.ENDPOINT, Of.INTERFACE),
  PRIVATE_KEY_FILE(InterfaceComment.PRIVATE_KEY_FILE, Of.INTERFACE);

  /** What it speaks of. */
  enum Of {
    PEER,
    /** What the node does as a gateway; a wrong value is an error. */
    GATEWAY,
    /** What peers of a group may carry together. */
    GROUPS,
    /** What others than the reader of files make something of. */
    INTERFACE
  }

  private static final Map<String, CommentWord> BY_NAME =
      new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  static {
    for (CommentWord word : values()) {
      BY_NAME.put(word.written, word);
    }
  }

  private final String written;
  private final Of of;

  CommentWord(String written, Of of) {
    this.written = written;
    this.of = of;
  }

  static @Nullable CommentWord named(String name) {
    return BY_NAME.get(name);
  }

  String written() {
    return written;
  }

  Of of() {
    return of;
  }

  boolean isName() {
    return this == NAME || this == FRIENDLY_NAME;
  }
}
