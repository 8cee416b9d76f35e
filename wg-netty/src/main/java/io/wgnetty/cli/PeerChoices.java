package io.wgnetty.cli;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.client.OwnAddress;
import io.wgnetty.client.ServerFacts;
import io.wgnetty.client.ShowText;
import io.wgnetty.config.AddressPool;
import io.wgnetty.config.EndpointName;
import io.wgnetty.config.InterfaceAddress;
import io.wgnetty.config.InterfaceSettings;
import io.wgnetty.config.PeerSettings;
import io.wgnetty.node.CommandFailure;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a new peer gets where the command line leaves it open, by what the interface has. */
final class PeerChoices {
  private static final int MAX_NAME_CHARACTERS = 64;

  private final ServerFacts server;
  private final Set<String> names = new HashSet<>();
  private final List<IpPrefix> reserved = new ArrayList<>();
  private @Nullable AddressPool pool;
  private int number;

  PeerChoices(ServerFacts server) {
    this.server = server;
    for (PeerSettings peer : server.peers()) {
      if (peer.label() != null) {
        names.add(peer.label());
      }
    }
    number = server.peers().size();
  }

  /** These are not free, though no peer has them yet. */
  void reserve(List<IpPrefix> prefixes) {
    reserved.addAll(prefixes);
  }

  /**
   * Where clients find this machine, if no option says it.
   *
   * @param notes gets what a person should know of the choice
   */
  String endpoint(Consumer<String> notes) throws CommandFailure {
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
    notes.accept(
        "clients are told to call "
            + found
            + (own.isSiteLocalAddress() ? ", a private address" : "")
            + "; if that is not where they find this machine: --endpoint HOST:PORT");
    return found;
  }

  /** The peer's name: the given one, or the next of peer-1, peer-2 and so on. */
  String name(@Nullable String given) throws CommandFailure {
    if (given != null) {
      checkName(given);
      if (!names.add(given)) {
        throw new CommandFailure("there is already a peer called " + given);
      }
      return given;
    }
    do {
      number++;
    } while (!names.add("peer-" + number));
    return "peer-" + number;
  }

  /** Makes sure that it can be shown. */
  static void checkName(String given) throws CommandFailure {
    if (given.isBlank()
        || !given.equals(given.strip())
        || !given.equals(ShowText.printable(given))
        || given.length() > MAX_NAME_CHARACTERS) {
      throw CommandFailure.usage(
          "--name: 1 to " + MAX_NAME_CHARACTERS + " characters that can be printed");
    }
  }

  /** The peer's addresses: the given ones, or a free one of each network of the interface. */
  List<InterfaceAddress> addresses(List<InterfaceAddress> given) throws CommandFailure {
    if (!given.isEmpty()) {
      return given;
    }
    InterfaceSettings settings = server.settings();
    if (settings == null) {
      throw new CommandFailure(
          "the interface has no file that says its addresses: give the peer's with --address");
    }
    try {
      if (pool == null) {
        reserved.addAll(server.taken());
        pool = new AddressPool(settings, server.peers(), reserved);
      }
      return pool.take();
    } catch (IllegalStateException e) {
      throw new CommandFailure(e.getMessage() + "; or give the peer's address with --address");
    }
  }

  /** All traffic of the families in which the peer has an address: it has no others here. */
  static String everything(List<InterfaceAddress> addresses) {
    List<String> routes = new ArrayList<>(2);
    if (addresses.stream().anyMatch(address -> !address.host().isIpv6())) {
      routes.add("0.0.0.0/0");
    }
    if (addresses.stream().anyMatch(address -> address.host().isIpv6())) {
      routes.add("::/0");
    }
    return String.join(", ", routes);
  }
}
