package io.wgnetty.cli;

import io.wgnetty.client.CommandContext;
import io.wgnetty.client.ControlSockets;
import io.wgnetty.client.EditLock;
import io.wgnetty.client.NodeTarget;
import io.wgnetty.client.PeerChangeRun;
import io.wgnetty.client.ServerFacts;
import io.wgnetty.config.PeerSettings;
import io.wgnetty.device.DeviceControl;
import io.wgnetty.limit.PeerLimit;
import io.wgnetty.node.CommandFailure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
      "  wg-netty add-peer wg0 -n office --public-key KEY --site 192.168.7.0/24",
      "  wg-netty add-peer wg0 --count 200 --expires 2030-12-31 --out phones.zip",
      "  wg-netty add-peer wg0 --csv people.csv --out people/",
      "",
      "Where clients find this machine is --endpoint, else a comment",
      "'# Endpoint = HOST:PORT' in the file's [Interface], else the address of the",
      "default route.",
      "",
      "A table (--csv) has a first line with the names of its columns, any of name,",
      "public_key, preshared_key, address, allowed_ips, site, client_allowed_ips,",
      "endpoint, dns, keepalive, expires, limit, quota, group. What it leaves open is",
      "as the options say. If one line is wrong, nobody is added.",
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
      description = "What people call the peer (default: peer-N); of several: LABEL-1 and so on.")
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
      names = "--allowed-ips",
      paramLabel = "LIST",
      description = {
        "What is accepted from the peer and sent to it, as in wg: AllowedIPs of its section here"
            + " (default: its addresses)."
      })
  private @Nullable String allowedIps;

  @Option(
      names = "--site",
      paramLabel = "PREFIX",
      split = ",",
      description = "A network behind the peer, beside that. May be repeated.")
  private List<String> sites = List.of();

  @Option(
      names = "--client-allowed-ips",
      paramLabel = "LIST",
      description = {
        "What the client sends into the tunnel: AllowedIPs in the client's file (default:"
            + " everything, in the families of its addresses)."
      })
  private @Nullable String clientAllowedIps;

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

  @Mixin private PeerSettingOptions more = new PeerSettingOptions();

  @Option(
      names = "--public-key",
      paramLabel = "KEY",
      description = "The client has made its own key, and this is its public one.")
  private @Nullable String publicKey;

  @Option(names = "--count", paramLabel = "N", description = "Adds so many peers at once.")
  private @Nullable Integer count;

  @Option(names = "--csv", paramLabel = "FILE", description = "Adds the peers of a table at once.")
  private @Nullable Path table;

  @Option(
      names = {"-o", "--out"},
      paramLabel = "FILE",
      description = {
        "The client's file (default: NAME-LABEL.conf here); - for standard output. Of several"
            + " peers: a folder, or a file that ends in .zip."
      })
  private @Nullable String out;

  @Option(names = "--no-file", description = "Writes no file: with --qr, for a phone.")
  private boolean noFile;

  @Option(
      names = "--json",
      description = "Prints each peer's name, key, addresses and file as one JSON document.")
  private boolean json;

  AddPeerCommand(CommandContext context) {
    super(context);
  }

  private boolean isMany() {
    return count != null || table != null;
  }

  @Override
  public Integer call() throws CommandFailure {
    checkOptions();
    List<PeerWish> wishes = wishes();
    var sockets = new ControlSockets(context.socketDirectory());
    NodeTarget target = NodeTarget.find(sockets, nameOrPath);
    EditLock.during(target.file(), () -> addTo(sockets, target, wishes));
    return 0;
  }

  private void checkOptions() throws CommandFailure {
    if (noFile && !qr) {
      throw CommandFailure.usage("--no-file without --qr: nobody would get the peer's key");
    }
    if (json && (qr || STDOUT.equals(out))) {
      throw CommandFailure.usage("--json, --qr and --out -: standard output is for one of them");
    }
    if (qr && publicKey != null) {
      throw CommandFailure.usage(
          "--qr with --public-key: a phone cannot add its private key to what it scans");
    }
    if (!isMany()) {
      return;
    }
    if (count != null && table != null) {
      throw CommandFailure.usage("--count and --csv: one of them");
    }
    if (count != null && (count < 1 || count > DeviceControl.MAX_PEERS)) {
      throw CommandFailure.usage("--count: a number from 1 to " + DeviceControl.MAX_PEERS);
    }
    boolean ofOne =
        qr
            || publicKey != null
            || allowedIps != null
            || !sites.isEmpty()
            || !addresses.isEmpty()
            || more.hasPresharedKeyFile()
            || (table != null && label != null);
    if (ofOne) {
      throw CommandFailure.usage(
          "--qr, --public-key, --psk, --address, --allowed-ips and --site are for one peer, as"
              + " --name is where a table has the names");
    }
    if (out == null || STDOUT.equals(out)) {
      throw CommandFailure.usage("--out: a folder, or a file NAME.zip, for the peers' files");
    }
  }

  private List<PeerWish> wishes() throws CommandFailure {
    PeerWish one = wish(label);
    if (table != null) {
      return new PeerTable(table, one).read();
    }
    if (count == null) {
      return List.of(one);
    }
    List<PeerWish> several = new ArrayList<>(count);
    for (int i = 1; i <= count; i++) {
      several.add(wish(label == null ? null : label + "-" + i));
    }
    return several;
  }

  private PeerWish wish(@Nullable String name) throws CommandFailure {
    return new PeerWish(
        name,
        publicKey == null
            ? null
            : PeerSettingOptions.read("--public-key", publicKey, PeerWish::publicKey),
        more.presharedKey(context.streams().in(), this::note),
        more.presharedKeyPath(),
        addresses,
        PeerSettingOptions.read(
            "--allowed-ips", allowedIps == null ? "" : allowedIps, PeerWish::prefixes),
        PeerSettingOptions.read("--site", String.join(",", sites), PeerWish::prefixes),
        new PeerWish.ClientWish(clientAllowedIps, endpoint, dns, keepalive),
        more.notAfter(PeerSettings.FOR_EVER),
        more.limit(PeerLimit.NONE));
  }

  private void addTo(ControlSockets sockets, NodeTarget target, List<PeerWish> wishes)
      throws CommandFailure {
    long beginNs = System.nanoTime();
    ServerFacts server = ServerFacts.of(sockets, target);
    List<NewPeer> peers = new PeerMaker(server, this::note).make(wishes);
    try {
      var run =
          new PeerChangeRun(
              sockets, target, peers.stream().map(peer -> peer.settings().publicKey()).toList());
      var addition = new PeerAddition(run, peers);
      if (isMany()) {
        addMany(target, addition, beginNs);
      } else {
        addOne(target, addition, peers.getFirst());
      }
    } finally {
      peers.forEach(NewPeer::wipe);
    }
  }

  private void addMany(NodeTarget target, PeerAddition addition, long beginNs)
      throws CommandFailure {
    Path place = Path.of(String.valueOf(out));
    var files = new ClientFiles(place);
    files.write(target.name(), addition.peers());
    boolean running = addition.run(files::takeBack);
    if (json) {
      print(PeerReport.json(target.name(), addition.peers(), place, running));
    }
    note(
        "%s: added %d peers in %.2f s; their files, with their private keys: %s"
            .formatted(
                target.name(),
                addition.peers().size(),
                (System.nanoTime() - beginNs) / 1e9,
                place));
    noteIfStopped(target, running);
  }

  private void addOne(NodeTarget target, PeerAddition addition, NewPeer peer)
      throws CommandFailure {
    // First what may fail without anything to take back.
    byte[] shown = ClientFile.shown(peer.clientFile(), STDOUT.equals(out), qr, context);
    Path written = writeFile(target.name(), peer);
    boolean running =
        addition.run(
            () -> {
              if (written != null) {
                ClientFile.delete(written);
              }
            });
    show(shown, addition, written);
    if (json) {
      print(PeerReport.json(target.name(), peer, written, running));
      return;
    }
    note(PeerReport.line(target.name(), peer, written, publicKey == null));
    noteIfStopped(target, running);
  }

  /** Writes the client's file; null if it goes elsewhere. */
  private @Nullable Path writeFile(String name, NewPeer peer) throws CommandFailure {
    if (noFile || STDOUT.equals(out)) {
      return null;
    }
    Path file = Path.of(out == null ? ClientFiles.name(name, peer.label()) : out);
    ClientFile.write(file, peer.clientFile());
    return file;
  }

  /** A peer whose key nobody has got is taken away again. */
  private void show(byte[] shown, PeerAddition addition, @Nullable Path written)
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
    addition.takeBack();
    throw new CommandFailure("the peer was not added: standard output could not be written");
  }

  private void print(String document) {
    context.streams().out().print(document);
    context.streams().out().flush();
  }

  private void noteIfStopped(NodeTarget target, boolean running) {
    if (!running && !json) {
      note(target.name() + " is not running: it will have what is added when it is started");
    }
  }
}
