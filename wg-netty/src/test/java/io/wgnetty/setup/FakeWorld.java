package io.wgnetty.setup;

import io.wgnetty.config.Configuration;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.netlink.Errno;
import io.wgnetty.netlink.NetlinkException;
import io.wgnetty.nftables.FilterFamily;
import io.wgnetty.nftables.FilterTable;
import io.wgnetty.nftables.FilterTables;
import io.wgnetty.nftables.UnsupportedFilterException;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.IpText;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;

/** All fakes together, with one journal. */
final class FakeWorld implements KernelSettings, NameLookup, FilterTables {
  static final String ACCEPTS_MARKED = "net/ipv4/conf/all/src_valid_mark";
  static final String IPV6_OFF = "net/ipv6/conf/wg0/disable_ipv6";

  final Journal journal = new Journal();
  final FakeNetwork network = new FakeNetwork(journal);
  final FakeCommands commands = new FakeCommands(journal);
  final FakeControl device = new FakeControl(journal);
  final Map<String, String> names = new HashMap<>(Map.of("vpn.example.net", "192.0.2.9"));
  final Map<String, String> environment = new HashMap<>();
  final List<Configuration> saved = new ArrayList<>();
  final List<Set<PublicKey>> removed = new ArrayList<>();
  final List<String> lookedUp = new ArrayList<>();

  /** Name servers take their time until this has counted down. */
  CountDownLatch answering = new CountDownLatch(0);

  /** How many lookups get no answer before one does. */
  int unanswered;

  /** The kernel's settings that are there, by their paths. */
  final Map<String, String> settings =
      new TreeMap<>(Map.of(ACCEPTS_MARKED, "0", IPV6_OFF, "0", "net/ipv6", ""));

  /** Tables of the firewall as they were made, by family and name. */
  final Map<String, FilterTable> tables = new TreeMap<>();

  boolean hasNftables = true;

  SetupTools tools() {
    return new SetupTools(network, this, commands, this, this, environment);
  }

  /** The same, and should it be killed nothing leaves in the clear. */
  ConfiguredInterface upFailClosed(ConfigurationBuilder configuration) throws SetupException {
    return InterfaceSetup.up(
        device, "wg0", configuration.build(), tools(), c -> saved.add(c), line -> {}, true);
  }

  ConfiguredInterface up(ConfigurationBuilder configuration) throws SetupException {
    return InterfaceSetup.up(device, "wg0", configuration.build(), tools(), new Sink());
  }

  private final class Sink implements ConfigurationSink {
    @Override
    public void save(Configuration running) {
      save(running, Set.of());
    }

    @Override
    public void save(Configuration running, Set<PublicKey> gone) {
      saved.add(running);
      removed.add(gone);
    }
  }

  /** Everything that must be as before after a failure. */
  String state() {
    return network.state()
        + "\n"
        + device.state()
        + "\n"
        + commands.left
        + tables.keySet()
        + "\n"
        + settings;
  }

  @Override
  public boolean has(String path) {
    return settings.containsKey(path);
  }

  @Override
  public String read(String path) throws IOException {
    String value = settings.get(path);
    if (value == null) {
      throw new NoSuchFileException(path);
    }
    return value;
  }

  @Override
  public void write(String path, String value) throws IOException {
    journal.note(path + " = " + value);
    settings.put(path, value);
  }

  @Override
  public void replace(FilterTable table) throws NetlinkException, UnsupportedFilterException {
    support();
    journal.note("firewall add " + table);
    tables.put(table.toString(), table);
  }

  @Override
  public boolean has(FilterFamily family, String name) {
    return tables.containsKey(family + " " + name);
  }

  @Override
  public void remove(FilterFamily family, String name)
      throws NetlinkException, UnsupportedFilterException {
    support();
    journal.note("firewall remove " + family + " " + name);
    tables.remove(family + " " + name);
  }

  private void support() throws UnsupportedFilterException {
    if (!hasNftables) {
      throw new UnsupportedFilterException(Journal.refusal(Errno.EOPNOTSUPP, "no such subsystem"));
    }
  }

  /** Several addresses of a name are separated by spaces. */
  @Override
  public List<Endpoint> lookup(String host, int port) throws NameLookupException {
    try {
      answering.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the answer is not wanted any more
    }
    return answer(host, port);
  }

  private synchronized List<Endpoint> answer(String host, int port) throws NameLookupException {
    lookedUp.add(host);
    if (unanswered > 0) {
      unanswered--;
      throw new NameLookupException("Temporary failure in name resolution", true);
    }
    String addresses = names.get(host);
    if (addresses == null) {
      throw new NameLookupException("Name or service not known", false);
    }
    return Arrays.stream(addresses.split(" "))
        .map(address -> Endpoint.of(IpText.parse(address), port, 0))
        .toList();
  }
}
