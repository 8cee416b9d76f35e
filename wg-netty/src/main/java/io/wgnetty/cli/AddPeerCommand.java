package io.wgnetty.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.cipher.X25519Providers;
import io.wgnetty.client.CommandContext;
import io.wgnetty.client.ControlSockets;
import io.wgnetty.client.EditLock;
import io.wgnetty.client.JsonText;
import io.wgnetty.client.NodeTarget;
import io.wgnetty.client.Palette;
import io.wgnetty.client.PeerChangeRun;
import io.wgnetty.client.PeerRequest;
import io.wgnetty.client.QrText;
import io.wgnetty.client.ServerFacts;
import io.wgnetty.config.ConfigurationEditor;
import io.wgnetty.config.InterfaceAddress;
import io.wgnetty.config.PeerSettings;
import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.node.CommandFailure;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A new peer: keys and address for it, its place at the interface, and the file for its device. */
@Command(
    name = "add-peer",
    description = {
      "Adds a peer, and writes the file for its device.",
      "",
      "Makes the keys, takes the next free address, and adds the peer to the interface's file and"
          + " to the running node. Other peers are not touched, and nothing else of the file is"
          + " put into force."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  wg-netty add-peer wg0 --name phone --qr",
      "  wg-netty add-peer wg0 -n box --client-allowed-ips 10.9.0.0/24 -o box.conf",
      "  wg-netty add-peer wg0 --name laptop --endpoint vpn.example.org:51820",
      "",
      "Where clients find this machine is --endpoint, else a comment",
      "'# Endpoint = HOST:PORT' in the file's [Interface], else the address of the",
      "default route.",
      "",
      "The file NAME-LABEL.conf holds the peer's private key, which is kept nowhere",
      "else: take it to the device and delete it. Peers can be added to other",
      "implementations of WireGuard, too."
    })
final class AddPeerCommand extends InterfaceCommand {
  private static final String STDOUT = "-";

  /** Keeps a NAT's memory of the client alive; what most file makers choose. */
  private static final int KEEPALIVE_SECONDS = 25;

  @Option(
      names = {"-n", "--name"},
      paramLabel = "LABEL",
      description = "What people call the peer (default: peer-N).")
  private @Nullable String label;

  @Option(names = "--qr", description = "Shows the client's file as a QR code for phones.")
  private boolean qr;

  @Option(
      names = "--address",
      paramLabel = "ADDRESS",
      split = ",",
      description = "The peer's inner addresses (default: the next free ones).")
  private List<String> addresses = List.of();

  @Option(
      names = "--client-allowed-ips",
      paramLabel = "LIST",
      description = {
        "What the client sends into the tunnel: AllowedIPs in the client's file (default:"
            + " everything, in the families of its addresses)."
      })
  private @Nullable String clientAllowedIps;

  /** The former name. In wg it is the server's side of the same, which this is not. */
  @Option(names = "--allowed-ips", hidden = true)
  private @Nullable String formerAllowedIps;

  @Option(
      names = "--endpoint",
      paramLabel = "HOST:PORT",
      description = "Where the client finds this machine.")
  private @Nullable String endpoint;

  @Option(names = "--dns", paramLabel = "LIST", description = "The client's name servers.")
  private String dns = "";

  @Option(
      names = "--keepalive",
      paramLabel = "SECONDS",
      description = "How often the client sends a keepalive (default: 25); 0 for never.")
  private int keepalive = KEEPALIVE_SECONDS;

  @Option(
      names = {"-o", "--out"},
      paramLabel = "FILE",
      description = "The client's file (default: NAME-LABEL.conf here); - for standard output.")
  private @Nullable String out;

  @Option(names = "--no-file", description = "Writes no file: with --qr, for a phone.")
  private boolean noFile;

  @Option(
      names = "--json",
      description = "Prints the peer's name, key, addresses and file as one JSON document.")
  private boolean json;

  AddPeerCommand(CommandContext context) {
    super(context);
  }

  @Override
  public Integer call() throws CommandFailure {
    if (noFile && !qr) {
      throw CommandFailure.usage("--no-file without --qr: nobody would get the peer's key");
    }
    if (json && (qr || STDOUT.equals(out))) {
      throw CommandFailure.usage("--json, --qr and --out -: standard output is for one of them");
    }
    if (formerAllowedIps != null) {
      if (clientAllowedIps != null) {
        throw CommandFailure.usage("--allowed-ips is the former name of --client-allowed-ips");
      }
      note("--allowed-ips is called --client-allowed-ips now");
      clientAllowedIps = formerAllowedIps;
    }
    var sockets = new ControlSockets(context.socketDirectory());
    NodeTarget target = NodeTarget.find(sockets, nameOrPath);
    EditLock.during(target.file(), () -> addTo(sockets, target));
    return 0;
  }

  private void addTo(ControlSockets sockets, NodeTarget target) throws CommandFailure {
    ServerFacts server = ServerFacts.of(sockets, target);
    var choices = new PeerChoices(server);
    String calls = endpoint == null ? choices.endpoint(this::note) : endpoint;
    String chosenLabel = choices.name(label);
    List<InterfaceAddress> inner =
        choices.addresses(PeerOptions.read(addresses, "", calls, dns, 0).settings().addresses());
    String routes = clientAllowedIps == null ? PeerChoices.everything(inner) : clientAllowedIps;
    PeerOptions options = PeerOptions.read(addresses, routes, calls, dns, keepalive);
    var random = new SecureRandom();
    PrivateKey clientKey = PrivateKey.generate(random);
    PresharedKey shared = PresharedKey.generate(random);
    byte[] clientFile = ClientFile.text(server, options, inner, clientKey, shared);
    PublicKey clientPublic = clientKey.publicKey(X25519Providers.fastest());
    clientKey.wipe();
    var peer = new PeerSettings(clientPublic, shared, prefixes(inner), null, 0, chosenLabel);
    try {
      // First what may fail without anything to take back.
      byte[] shown = shown(clientFile);
      Path written = writeFile(target.name(), chosenLabel, clientFile);
      var change = new PeerChangeRun(sockets, target, clientPublic);
      boolean running = add(change, peer, written);
      print(shown, change, peer, written);
      report(target, peer, written, running);
    } finally {
      Arrays.fill(clientFile, (byte) 0);
      shared.wipe();
    }
  }

  /** What goes to standard output. */
  private byte[] shown(byte[] clientFile) throws CommandFailure {
    if (qr) {
      String code = QrText.of(new String(clientFile, ISO_8859_1)).render(Palette.of(context).on());
      byte[] picture = code.getBytes(UTF_8);
      if (!STDOUT.equals(out)) {
        return picture;
      }
      byte[] both = Arrays.copyOf(clientFile, clientFile.length + picture.length);
      System.arraycopy(picture, 0, both, clientFile.length, picture.length);
      return both;
    }
    return STDOUT.equals(out) ? clientFile.clone() : new byte[0];
  }

  private static boolean add(PeerChangeRun change, PeerSettings peer, @Nullable Path written)
      throws CommandFailure {
    try {
      return change.apply(
          text -> ConfigurationEditor.addPeer(text, peer),
          () -> PeerRequest.add(peer),
          peer.label());
    } catch (CommandFailure e) {
      if (written != null) {
        ClientFile.delete(written);
      }
      throw e;
    }
  }

  /** One address each: the peer has it alone. */
  private static List<IpPrefix> prefixes(List<InterfaceAddress> inner) {
    return inner.stream().map(InterfaceAddress::host).toList();
  }

  /** Writes the client's file; null if it goes elsewhere. */
  private @Nullable Path writeFile(String name, String chosenLabel, byte[] text)
      throws CommandFailure {
    if (noFile || STDOUT.equals(out)) {
      return null;
    }
    String plain = chosenLabel.replaceAll("[^a-zA-Z0-9_=+.-]", "-");
    Path file = Path.of(out == null ? name + "-" + plain + ".conf" : out);
    ClientFile.write(file, text);
    return file;
  }

  /** A peer whose key nobody has got is taken away again. */
  private void print(byte[] shown, PeerChangeRun change, PeerSettings peer, @Nullable Path written)
      throws CommandFailure {
    var stream = context.streams().out();
    stream.write(shown, 0, shown.length);
    stream.flush();
    Arrays.fill(shown, (byte) 0);
    if (!stream.checkError()) {
      return;
    }
    if (written != null) {
      throw new CommandFailure(
          "the peer was added, and its file is "
              + written
              + "; but standard output could not be written");
    }
    PublicKey key = peer.publicKey();
    change.apply(
        text -> ConfigurationEditor.removePeer(text, key), () -> PeerRequest.remove(key), null);
    throw new CommandFailure("the peer was not added: standard output could not be written");
  }

  private void report(
      NodeTarget target, PeerSettings peer, @Nullable Path written, boolean running) {
    List<String> inner = peer.allowedIps().stream().map(IpPrefix::toString).toList();
    if (json) {
      var document = new JsonText().beginObject();
      document.name("interface").value(target.name());
      document.name("name").value(String.valueOf(peer.label()));
      document.name("public_key").value(peer.publicKey().toBase64());
      document.name("allowed_ips").beginArray();
      inner.forEach(document::value);
      document.endArray().name("file");
      if (written == null) {
        document.nothing();
      } else {
        document.value(written.toString());
      }
      document.name("running").value(running);
      context.streams().out().print(document.endObject());
      context.streams().out().flush();
      return;
    }
    note(
        "%s: added peer %s, %s, key %s%s"
            .formatted(
                target.name(),
                peer.label(),
                String.join(", ", inner),
                peer.publicKey().toBase64(),
                written == null ? "" : "; its file, with its private key: " + written));
    if (!running) {
      note(target.name() + " is not running: it will have the peer when it is started");
    }
  }

  /** To standard error: standard output is for the file. */
  private void note(String text) {
    context.streams().err().println("wg-netty: " + text);
  }
}
