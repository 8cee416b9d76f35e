package io.wgnetty.cli;

import io.wgnetty.client.CommandContext;
import io.wgnetty.client.ControlSockets;
import io.wgnetty.client.JsonText;
import io.wgnetty.client.KnownPeer;
import io.wgnetty.client.NodeTarget;
import io.wgnetty.client.Palette;
import io.wgnetty.client.Quantities;
import io.wgnetty.client.ShowText;
import io.wgnetty.config.PeerFields;
import io.wgnetty.config.PeerSettings;
import io.wgnetty.node.CommandFailure;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The peers of an interface, also of one that is not running. */
@Command(
    name = "list-peers",
    description = "Lists the peers of an interface's file and of the running node.",
    footerHeading = "%nExamples:%n",
    footer = {"  wg-netty list-peers wg0", "  wg-netty list-peers --json /etc/wireguard/wg0.conf"})
final class ListPeersCommand extends InterfaceCommand {
  private static final List<String> COLUMNS =
      List.of("NAME", "PUBLIC KEY", "ALLOWED IPS", "ENDPOINT", "LATEST HANDSHAKE", "");

  @Option(names = "--json", description = "One JSON document.")
  private boolean json;

  @Option(names = "--names", hidden = true, description = "The names alone, for completion.")
  private boolean names;

  ListPeersCommand(CommandContext context) {
    super(context);
  }

  @Override
  public Integer call() throws CommandFailure {
    var sockets = new ControlSockets(context.socketDirectory());
    NodeTarget target = NodeTarget.find(sockets, nameOrPath);
    List<KnownPeer> peers = KnownPeer.all(sockets, target);
    if (names) {
      peers.stream()
          .map(KnownPeer::label)
          .filter(Objects::nonNull)
          .forEach(label -> context.streams().out().println(ShowText.printable(label)));
      return 0;
    }
    PrintStream out = context.streams().out();
    if (json) {
      document(peers, out);
    } else {
      table(peers, target.file() != null, System.currentTimeMillis() / 1000, out);
    }
    out.flush();
    return 0;
  }

  private static void document(List<KnownPeer> peers, PrintStream out) {
    var document = new JsonText().beginObject().name("peers").beginArray();
    for (KnownPeer peer : peers) {
      document.beginObject().name("name");
      textOrNothing(document, peer.label());
      document.name("public_key").value(peer.publicKey().toBase64());
      document.name("allowed_ips").beginArray();
      peer.allowedIps().forEach(document::value);
      document.endArray().name("endpoint");
      textOrNothing(document, peer.endpoint());
      document.name("in_file").value(peer.configured());
      document.name("disabled").value(peer.disabled()).name("expires");
      boolean ends = peer.notAfter() != PeerSettings.FOR_EVER;
      textOrNothing(document, ends ? PeerFields.expiry(peer.notAfter()) : null);
      document.name("running").value(peer.running());
      document.name("latest_handshake_epoch_seconds");
      long handshake = peer.lastHandshakeEpochSeconds();
      if (handshake == 0) {
        document.nothing();
      } else {
        document.value(handshake);
      }
      document.endObject();
      out.print(document.take());
    }
    out.print(document.endArray().endObject().take());
  }

  private static void textOrNothing(JsonText document, @Nullable String text) {
    if (text == null) {
      document.nothing();
    } else {
      document.value(text);
    }
  }

  /** Lines are made twice, to be measured and to be printed: kept, a million would be too much. */
  private static void table(
      List<KnownPeer> peers, boolean hasFile, long nowEpochSeconds, PrintStream out) {
    var quantities = new Quantities(new Palette(false));
    boolean anyRunning = peers.stream().anyMatch(KnownPeer::running);
    Function<KnownPeer, List<String>> row =
        peer -> {
          long handshake = peer.lastHandshakeEpochSeconds();
          return List.of(
              peer.label() == null ? "-" : ShowText.printable(peer.label()),
              peer.publicKey().toBase64(),
              peer.allowedIps().isEmpty() ? "(none)" : String.join(",", peer.allowedIps()),
              peer.endpoint() == null ? "-" : peer.endpoint(),
              handshake == 0 ? "-" : quantities.ago(handshake, nowEpochSeconds),
              remark(peer, hasFile, anyRunning, nowEpochSeconds));
        };
    int[] widths = new int[COLUMNS.size()];
    widen(widths, COLUMNS);
    peers.forEach(peer -> widen(widths, row.apply(peer)));
    print(COLUMNS, widths, out);
    peers.forEach(peer -> print(row.apply(peer), widths, out));
  }

  private static String remark(
      KnownPeer peer, boolean hasFile, boolean anyRunning, long nowEpochSeconds) {
    if (hasFile && !peer.configured()) {
      return "not in the file";
    }
    List<String> remarks = new ArrayList<>();
    boolean over = peer.notAfter() < nowEpochSeconds;
    if (peer.disabled()) {
      remarks.add("disabled");
    }
    if (peer.notAfter() != PeerSettings.FOR_EVER) {
      remarks.add((over ? "expired " : "expires ") + PeerFields.expiry(peer.notAfter()));
    }
    boolean wanted = !peer.disabled() && !over;
    if (anyRunning && wanted != peer.running()) {
      remarks.add(wanted ? "not in the running node" : "in the running node");
    }
    return String.join(", ", remarks);
  }

  private static void widen(int[] widths, List<String> row) {
    for (int i = 0; i < widths.length; i++) {
      widths[i] = Math.max(widths[i], width(row.get(i)));
    }
  }

  private static void print(List<String> row, int[] widths, PrintStream out) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      line.append(row.get(i)).append(" ".repeat(widths[i] - width(row.get(i)) + 2));
    }
    out.println(line.toString().stripTrailing());
  }

  private static int width(String text) {
    return text.codePointCount(0, text.length());
  }
}
