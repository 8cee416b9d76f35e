package io.wgnetty.peers.source;

import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@code --peers} takes.
 *
 * @param kind which source it is
 * @param servers of etcd, as {@code http(s)://HOST:PORT}
 * @param rest the folder, the prefix of keys, or the URL with {@code {key}}
 */
public record SourceAddress(Kind kind, List<URI> servers, String rest) {
  private static final String FORMS =
      "dir:/FOLDER, etcd://HOST:PORT[,HOST:PORT...]/PREFIX, etcds://... or"
          + " http(s)://HOST/PATH/{key}";

  private static final int ETCD_PORT = 2379;
  private static final String KEY = "{key}";

  /** Kinds of sources. */
  public enum Kind {
    FOLDER,
    ETCD,
    WEB
  }

  public SourceAddress {
    servers = List.copyOf(servers);
  }

  /**
   * Reads it.
   *
   * @throws IllegalArgumentException if it is none; the message says what it may be
   */
  public static SourceAddress parse(String text) {
    int colon = text.indexOf(':');
    String rest = text.substring(colon + 1);
    return switch (colon < 0 ? "" : text.substring(0, colon)) {
      case "dir" -> new SourceAddress(Kind.FOLDER, List.of(), rest);
      case "etcd" -> etcd("http", rest);
      case "etcds" -> etcd("https", rest);
      case "http", "https" -> web(text);
      default -> throw new IllegalArgumentException("is no source of peers: " + FORMS);
    };
  }

  private static SourceAddress etcd(String scheme, String rest) {
    int slash = rest.indexOf('/', 2);
    String prefix = slash < 0 ? "" : rest.substring(slash);
    if (!rest.startsWith("//") || prefix.length() < 2) {
      throw new IllegalArgumentException("needs servers and a prefix: etcd://HOST:2379/PREFIX");
    }
    List<URI> servers = new ArrayList<>();
    for (String server : rest.substring(2, slash).split(",", -1)) {
      URI uri = uri(scheme + "://" + server);
      if (uri.getHost() == null || uri.getUserInfo() != null) {
        throw new IllegalArgumentException(server + " is no HOST:PORT");
      }
      servers.add(uri.getPort() < 0 ? uri(uri + ":" + ETCD_PORT) : uri);
    }
    return new SourceAddress(Kind.ETCD, servers, prefix.endsWith("/") ? prefix : prefix + "/");
  }

  private static SourceAddress web(String text) {
    if (!text.contains(KEY)) {
      throw new IllegalArgumentException("needs {key} where the public key belongs");
    }
    URI sample = uri(text.replace(KEY, "key"));
    if (sample.getHost() == null || sample.getUserInfo() != null) {
      throw new IllegalArgumentException("is no URL of a host");
    }
    return new SourceAddress(Kind.WEB, List.of(), text);
  }

  /** What lies below this prefix; only for etcd. */
  public SourceAddress below(String name) {
    return new SourceAddress(kind, servers, rest + name + "/");
  }

  /** The URL of a key; only for a web service. */
  URI urlOf(String key) {
    return uri(rest.replace(KEY, key));
  }

  /** The folder; only for a folder. */
  public Path folder() {
    try {
      return Path.of(rest);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("is no path", e);
    }
  }

  private static URI uri(String text) {
    try {
      return URI.create(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("is no address: " + FORMS, e);
    }
  }
}
