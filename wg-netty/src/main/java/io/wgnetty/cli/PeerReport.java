package io.wgnetty.cli;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.client.JsonText;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is said of peers that were added. */
final class PeerReport {
  private PeerReport() {}

  /**
   * One line for a person.
   *
   * @param withKey whether the client's file holds its private key
   */
  static String line(String interfaceName, NewPeer peer, @Nullable Path written, boolean withKey) {
    String inner =
        peer.settings().allowedIps().stream()
            .map(IpPrefix::toString)
            .collect(Collectors.joining(", "));
    String file = withKey ? "; its file, with its private key: " : "; its file: ";
    return "%s: added peer %s, %s, key %s%s"
        .formatted(
            interfaceName,
            peer.label(),
            inner,
            peer.settings().publicKey().toBase64(),
            written == null ? "" : file + written);
  }

  /** One peer as a document. */
  static String json(String interfaceName, NewPeer peer, @Nullable Path written, boolean running) {
    var document = new JsonText().beginObject();
    document.name("interface").value(interfaceName);
    add(document, peer);
    document.name("file");
    if (written == null) {
      document.nothing();
    } else {
      document.value(written.toString());
    }
    return document.name("running").value(running).endObject().take();
  }

  /** Several as one document. */
  static String json(String interfaceName, List<NewPeer> peers, Path place, boolean running) {
    var document = new JsonText().beginObject();
    document.name("interface").value(interfaceName).name("peers").beginArray();
    for (NewPeer peer : peers) {
      document.beginObject();
      add(document, peer);
      document.endObject();
    }
    document.endArray().name("files").value(place.toString());
    return document.name("running").value(running).endObject().take();
  }

  private static void add(JsonText document, NewPeer peer) {
    document.name("name").value(peer.label());
    document.name("public_key").value(peer.settings().publicKey().toBase64());
    document.name("allowed_ips").beginArray();
    peer.settings().allowedIps().forEach(prefix -> document.value(prefix.toString()));
    document.endArray();
  }
}
