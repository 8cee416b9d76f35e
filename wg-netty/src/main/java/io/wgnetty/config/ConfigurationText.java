package io.wgnetty.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.wgnetty.peer.IpPrefix;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes configurations as files. What is written is read back as the same values.
 *
 * <p>A text that holds keys should be the array of {@link #bytes}, which can be overwritten.
 */
public final class ConfigurationText {
  private static final String LF = "\n";

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
    addInterface(out, configuration.settings());
    for (PeerSettings peer : configuration.peers()) {
      out.add(LF);
      addPeer(out, peer, LF);
    }
    return out.take();
  }

  private static void addInterface(TextBuffer out, InterfaceSettings settings) {
    out.add(Section.INTERFACE.header()).add(LF);
    if (settings.privateKey() != null) {
      addKey(out, Keyword.PRIVATE_KEY, settings.privateKey().copyBytes(), LF);
    }
    if (settings.listenPort() != 0) {
      add(out, Keyword.LISTEN_PORT, Integer.toString(settings.listenPort()), LF);
    }
    if (settings.fwmark() != 0) {
      add(out, Keyword.FW_MARK, "0x" + Integer.toHexString(settings.fwmark()), LF);
    }
    addList(out, Keyword.ADDRESS, settings.addresses().stream());
    addList(
        out,
        Keyword.DNS,
        Stream.concat(settings.dnsServers().stream(), settings.dnsSearchDomains().stream()));
    if (settings.mtu() != null) {
      add(out, Keyword.MTU, settings.mtu().toString(), LF);
    }
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
  }

  private static void addHooks(TextBuffer out, Keyword keyword, List<String> commands) {
    for (String command : commands) {
      add(out, keyword, command, LF);
    }
  }

  private static void addList(TextBuffer out, Keyword keyword, Stream<?> values) {
    String list = values.map(Object::toString).collect(Collectors.joining(", "));
    if (!list.isEmpty()) {
      add(out, keyword, list, LF);
    }
  }

  /** One section, each of its lines with this end. */
  static void addPeer(TextBuffer out, PeerSettings peer, String lineEnd) {
    out.add(Section.PEER.header()).add(lineEnd);
    String label = peer.label() == null ? "" : LabelComment.clean(peer.label());
    if (!label.isEmpty()) {
      out.add("# Name = ").add(label).add(lineEnd);
    }
    addKey(out, Keyword.PUBLIC_KEY, peer.publicKey().toBytes(), lineEnd);
    if (!peer.presharedKey().isNone()) {
      addKey(out, Keyword.PRESHARED_KEY, peer.presharedKey().copyBytes(), lineEnd);
    }
    if (!peer.allowedIps().isEmpty()) {
      String list =
          peer.allowedIps().stream().map(IpPrefix::toString).collect(Collectors.joining(", "));
      add(out, Keyword.ALLOWED_IPS, list, lineEnd);
    }
    if (peer.endpoint() != null) {
      add(out, Keyword.ENDPOINT, peer.endpoint().toString(), lineEnd);
    }
    if (peer.keepaliveSeconds() != 0) {
      add(out, Keyword.PERSISTENT_KEEPALIVE, Integer.toString(peer.keepaliveSeconds()), lineEnd);
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
