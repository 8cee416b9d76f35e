package io.wgnetty.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes configurations as files. What is written is read back as the same values.
 *
 * <p>A text that holds keys should be the array of {@link #bytes}, which can be overwritten.
 */
public final class ConfigurationText {
  private static final String LF = "\n";

  /** The keys of a peer, in the order in which they are written. */
  static final List<Keyword> PEER_KEYWORDS =
      List.of(
          Keyword.PUBLIC_KEY,
          Keyword.PRESHARED_KEY,
          Keyword.ALLOWED_IPS,
          Keyword.ENDPOINT,
          Keyword.PERSISTENT_KEEPALIVE);

  private ConfigurationText() {}

  /**
   * The file as a string, which nobody can overwrite.
   *
   * @throws IllegalArgumentException if a value cannot stand in a file, as a hook of two lines
   */
  public static String render(Configuration configuration) {
    byte[] bytes = bytes(configuration);
    String text = new String(bytes, UTF_8);
    Arrays.fill(bytes, (byte) 0);
    return text;
  }

  /**
   * The file in UTF-8, which the caller overwrites.
   *
   * @throws IllegalArgumentException if a value cannot stand in a file, as a hook of two lines
   */
  public static byte[] bytes(Configuration configuration) {
    var out = new TextBuffer();
    addInterface(
        out,
        configuration.settings(),
        configuration.comments().get(InterfaceComment.PRIVATE_KEY_FILE));
    for (PeerSettings peer : configuration.peers()) {
      out.add(LF);
      addPeer(out, peer, LF);
    }
    return out.take();
  }

  /**
   * The line of one key, or nothing if it would say what no line says.
   *
   * @param keyword one of those that a running interface can change
   */
  static void addLine(TextBuffer out, Keyword keyword, InterfaceSettings settings, String end) {
    switch (keyword) {
      case PRIVATE_KEY -> {
        if (settings.privateKey() != null) {
          addKey(out, keyword, settings.privateKey().copyBytes(), end);
        }
      }
      case LISTEN_PORT -> {
        if (settings.listenPort() != 0) {
          add(out, keyword, Integer.toString(settings.listenPort()), end);
        }
      }
      case FW_MARK -> {
        if (settings.fwmark() != 0) {
          add(out, keyword, "0x" + Integer.toHexString(settings.fwmark()), end);
        }
      }
      case ADDRESS -> addList(out, keyword, settings.addresses().stream(), end);
      case MTU -> {
        if (settings.mtu() != null) {
          add(out, keyword, settings.mtu().toString(), end);
        }
      }
      default -> throw new IllegalArgumentException("not a setting that runs: " + keyword);
    }
  }

  /** The same of a peer. */
  static void addLine(TextBuffer out, Keyword keyword, PeerSettings peer, String end) {
    switch (keyword) {
      case PUBLIC_KEY -> addKey(out, keyword, peer.publicKey().toBytes(), end);
      case PRESHARED_KEY -> {
        if (!peer.presharedKey().isNone()) {
          addKey(out, keyword, peer.presharedKey().copyBytes(), end);
        }
      }
      case ALLOWED_IPS -> addList(out, keyword, peer.allowedIps().stream(), end);
      case ENDPOINT -> {
        if (peer.endpoint() != null) {
          add(out, keyword, peer.endpoint().toString(), end);
        }
      }
      case PERSISTENT_KEEPALIVE -> {
        if (peer.keepaliveSeconds() != 0) {
          add(out, keyword, Integer.toString(peer.keepaliveSeconds()), end);
        }
      }
      default -> throw new IllegalArgumentException("not a setting of a peer: " + keyword);
    }
  }

  /** The comment that names a peer. */
  static void addLabel(TextBuffer out, @Nullable String label, String end) {
    String clean = label == null ? "" : LabelForms.clean(label);
    if (!clean.isEmpty()) {
      out.add(Comment.line(CommentWord.NAME, clean)).add(end);
    }
  }

  private static void addInterface(
      TextBuffer out, InterfaceSettings settings, @Nullable String privateKeyFile) {
    out.add(Section.INTERFACE.header()).add(LF);
    if (privateKeyFile == null) {
      addLine(out, Keyword.PRIVATE_KEY, settings, LF);
    } else {
      out.add(Comment.line(CommentWord.PRIVATE_KEY_FILE, privateKeyFile)).add(LF);
    }
    addLine(out, Keyword.LISTEN_PORT, settings, LF);
    addLine(out, Keyword.FW_MARK, settings, LF);
    addLine(out, Keyword.ADDRESS, settings, LF);
    addList(
        out,
        Keyword.DNS,
        Stream.concat(settings.dnsServers().stream(), settings.dnsSearchDomains().stream()),
        LF);
    addLine(out, Keyword.MTU, settings, LF);
    switch (settings.table().kind()) {
      case AUTO -> {
        // What no Table means.
      }
      case OFF -> add(out, Keyword.TABLE, "off", LF);
      case NUMBERED ->
          add(out, Keyword.TABLE, Integer.toUnsignedString(settings.table().number()), LF);
    }
    addHooks(out, Keyword.PRE_UP, settings.hooks().preUp());
    addHooks(out, Keyword.POST_UP, settings.hooks().postUp());
    addHooks(out, Keyword.PRE_DOWN, settings.hooks().preDown());
    addHooks(out, Keyword.POST_DOWN, settings.hooks().postDown());
    if (settings.saveConfig()) {
      add(out, Keyword.SAVE_CONFIG, "true", LF);
    }
    GatewayComments.add(out, settings.gateway());
    GroupComments.add(out, settings.groups());
  }

  private static void addHooks(TextBuffer out, Keyword keyword, List<String> commands) {
    for (String command : commands) {
      add(out, keyword, command, LF);
    }
  }

  private static void addList(TextBuffer out, Keyword keyword, Stream<?> values, String lineEnd) {
    String list = values.map(Object::toString).collect(Collectors.joining(", "));
    if (!list.isEmpty()) {
      add(out, keyword, list, lineEnd);
    }
  }

  /** One section, each of its lines with this end. */
  static void addPeer(TextBuffer out, PeerSettings peer, String lineEnd) {
    out.add(Section.PEER.header()).add(lineEnd);
    addLabel(out, peer.label(), lineEnd);
    PeerFields.limitLines(peer.limit()).forEach(line -> out.add(line).add(lineEnd));
    if (peer.notAfter() != PeerSettings.FOR_EVER) {
      out.add(Comment.line(CommentWord.EXPIRES, ExpiryText.of(peer.notAfter()))).add(lineEnd);
    }
    if (peer.presharedKeyFile() != null) {
      out.add(Comment.line(CommentWord.PRESHARED_KEY_FILE, peer.presharedKeyFile())).add(lineEnd);
    }
    for (Keyword keyword : PEER_KEYWORDS) {
      if (keyword != Keyword.PRESHARED_KEY || peer.presharedKeyFile() == null) {
        addLine(out, keyword, peer, lineEnd);
      }
    }
  }

  private static void addKey(TextBuffer out, Keyword keyword, byte[] key, String lineEnd) {
    out.add(keyword.written()).add(" = ").addKey(key).add(lineEnd);
  }

  private static void add(TextBuffer out, Keyword keyword, String value, String lineEnd) {
    // Or a value would be the next line, and perhaps a command.
    if (value.indexOf('\n') >= 0 || value.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a value of " + keyword.written() + " is not one line");
    }
    if (!keyword.isHook() && value.indexOf('#') >= 0) {
      throw new IllegalArgumentException("a value of " + keyword.written() + " holds a '#'");
    }
    out.add(keyword.written()).add(" = ").add(value).add(lineEnd);
  }
}
