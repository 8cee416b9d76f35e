package io.wgnetty.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.wgnetty.client.CommandContext;
import io.wgnetty.client.ControlSockets;
import io.wgnetty.client.EditLock;
import io.wgnetty.client.NodeTarget;
import io.wgnetty.client.OwnAddress;
import io.wgnetty.client.Palette;
import io.wgnetty.client.PeerChangeRun;
import io.wgnetty.client.PeerRequest;
import io.wgnetty.client.QrText;
import io.wgnetty.client.ServerFacts;
import io.wgnetty.client.ShowText;
import io.wgnetty.config.AddressPool;
import io.wgnetty.config.ConfigurationEditor;
import io.wgnetty.config.EndpointName;
import io.wgnetty.config.InterfaceAddress;
import io.wgnetty.config.InterfaceSettings;
import io.wgnetty.config.PeerSettings;
import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.crypto.X25519Providers;
import io.wgnetty.node.CommandFailure;
import io.wgnetty.peer.IpPrefix;
import java.net.InetAddress;
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
      "Adds a peer to an interface, its file and the running node, and writes the file that the",
      "peer's own device needs. Makes the keys and takes the next free address."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  wg-netty add-peer wg0 --name phone --qr",
      "  wg-netty add-peer wg0 --name office --allowed-ips 10.9.0.0/24 --out office.conf",
      "  wg-netty add-peer wg0 --name laptop --endpoint vpn.example.org:51820 --dns 10.9.0.1",
      "",
      "Where clients find this machine is --endpoint, else a comment '# Endpoint = HOST:PORT'",
      "in the file's [Interface], else the address of the default route.",
      "The file NAME-LABEL.conf holds the peer's private key, and nothing else here does: take",
      "it to the device and delete it. Other implementations are given the peer, too."
    })
final class AddPeerCommand extends InterfaceCommand {
  private static final String STDOUT = "-";
  private static final String EVERYTHING = "0.0.0.0/0, ::/0";

  /** Keeps a NAT's memory of the client alive; what most file makers choose. */
  private static final int KEEPALIVE_SECONDS = 25;

  @Option(
      names = {"-n", "--name"},
      paramLabel = "LABEL",
      description = "What people call the peer; peer-N unless given.")
  private @Nullable String label;

  @Option(names = "--qr", description = "Shows the client's file as a QR code for phones.")
  private boolean qr;

  @Option(
      names = "--address",
      paramLabel = "ADDRESS",
      split = ",",
      description = "The peer's inner addresses; the next free ones unless given.")
  private List<String> addresses = List.of();

  @Option(
      names = "--allowed-ips",
      paramLabel = "LIST",
      description = "What the client sends into the tunnel; everything unless given.")
  private String allowedIps = EVERYTHING;

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
      description = "How often the client says that it is there; 25 unless given, 0 is never.")
  private int keepalive = KEEPALIVE_SECONDS;

  @Option(
      names = {"-o", "--out"},
      paramLabel = "FILE",
      description = "The client's file; NAME-LABEL.conf here unless given, - for standard output.")
  private @Nullable String out;

  @Option(names = "--no-file", description = "Writes no file: with --qr, for a phone.")
  private boolean noFile;

  AddPeerCommand(CommandContext context) {
    super(context);
  }

  @Override
  public Integer call() throws CommandFailure {
    if (noFile && !qr) {
      throw new CommandFailure("--no-file without --qr: nobody would get the peer's key");
    }
    var sockets = new ControlSockets(context.socketDirectory());
    NodeTarget target = NodeTarget.find(sockets, nameOrPath);
    EditLock.during(target.file(), () -> addTo(sockets, target));
    return 0;
  }

  private void addTo(ControlSockets sockets, NodeTarget target) throws CommandFailure {
    ServerFacts server = ServerFacts.of(sockets, target);
    PeerOptions options =
        PeerOptions.read(addresses, allowedIps, endpointText(server), dns, keepalive);
    String chosenLabel = chooseLabel(server.peers());
    List<InterfaceAddress> inner = chooseAddresses(server, options);
    var random = new SecureRandom();
    PrivateKey clientKey = PrivateKey.generate(random);
    PresharedKey shared = PresharedKey.generate(random);
    byte[] clientFile = ClientFile.text(server, options, inner, clientKey, shared);
    PublicKey clientPublic = clientKey.publicKey(X25519Providers.fastest());
    clientKey.wipe();
    var peer = new PeerSettings(clientPublic, shared, prefixes(inner), null, 0, chosenLabel);
    try {
      Path written = writeFile(target.name(), chosenLabel, clientFile);
      add(new PeerChangeRun(sockets, target), target, peer, written);
      report(target, peer, written, clientFile);
    } finally {
      Arrays.fill(clientFile, (byte) 0);
      shared.wipe();
    }
  }

  private void add(
      PeerChangeRun change, NodeTarget target, PeerSettings peer, @Nullable Path written)
      throws CommandFailure {
    try {
      boolean running =
          change.apply(
              text -> ConfigurationEditor.addPeer(text, peer), () -> PeerRequest.add(peer));
      if (!running) {
        note(target.name() + " is not running: it has the peer when it is started");
      }
      change.label(peer.publicKey().toHex(), String.valueOf(peer.label()));
    } catch (CommandFailure e) {
      if (written != null) {
        ClientFile.delete(written);
      }
      throw e;
    }
  }

  private String endpointText(ServerFacts server) throws CommandFailure {
    if (endpoint != null) {
      return endpoint;
    }
    if (server.publicEndpoint() != null) {
      return server.publicEndpoint();
    }
    if (server.listenPort() == 0) {
      throw new CommandFailure(
          "the interface has no ListenPort: clients cannot find it; or give --endpoint HOST:PORT");
    }
    InetAddress own = OwnAddress.find();
    if (own == null) {
      throw new CommandFailure("where do clients find this machine? --endpoint HOST:PORT");
    }
    String address = own.getHostAddress().replaceFirst("%.*", "");
    String found = new EndpointName(address, server.listenPort()).toString();
    note(
        "clients are told to call "
            + found
            + (own.isSiteLocalAddress() ? ", a private address" : "")
            + "; if that is not where they find this machine: --endpoint HOST:PORT");
    return found;
  }

  private String chooseLabel(List<PeerSettings> peers) throws CommandFailure {
    List<@Nullable String> taken = peers.stream().map(PeerSettings::label).toList();
    if (label != null) {
      if (label.isBlank() || !label.equals(ShowText.printable(label)) || label.length() > 64) {
        throw new CommandFailure("--name: 1 to 64 characters that can be printed");
      }
      if (taken.contains(label)) {
        throw new CommandFailure("there is a peer called " + label + " already");
      }
      return label;
    }
    int number = peers.size() + 1;
    while (taken.contains("peer-" + number)) {
      number++;
    }
    return "peer-" + number;
  }

  private static List<InterfaceAddress> chooseAddresses(ServerFacts server, PeerOptions options)
      throws CommandFailure {
    List<InterfaceAddress> given = options.settings().addresses();
    if (!given.isEmpty()) {
      return given;
    }
    InterfaceSettings settings = server.settings();
    if (settings == null) {
      throw new CommandFailure(
          "the interface has no file that says its addresses: give the peer's with --address");
    }
    try {
      return AddressPool.next(settings, server.peers());
    } catch (IllegalStateException e) {
      throw new CommandFailure(e.getMessage() + "; or give the peer's address with --address");
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

  private void report(NodeTarget target, PeerSettings peer, @Nullable Path written, byte[] text)
      throws CommandFailure {
    if (STDOUT.equals(out)) {
      print(text);
    }
    if (qr) {
      String code = QrText.of(new String(text, ISO_8859_1)).render(Palette.of(context).on());
      print(code.getBytes(UTF_8));
    }
    note(
        "%s has a new peer %s, %s, key %s%s"
            .formatted(
                target.name(),
                peer.label(),
                String.join(", ", peer.allowedIps().stream().map(IpPrefix::toString).toList()),
                peer.publicKey().toBase64(),
                written == null ? "" : "; its file, with its private key: " + written));
  }

  private void print(byte[] bytes) throws CommandFailure {
    var stream = context.streams().out();
    stream.write(bytes, 0, bytes.length);
    stream.flush();
    if (stream.checkError()) {
      throw new CommandFailure("the peer was added, but standard output could not be written");
    }
  }

  /** To standard error: standard output is for the file. */
  private void note(String text) {
    context.streams().err().println("wg-netty: " + text);
  }
}
