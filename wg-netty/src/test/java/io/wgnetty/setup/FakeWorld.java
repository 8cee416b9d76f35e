package io.wgnetty.setup;

import io.wgnetty.config.Configuration;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.IpText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All fakes together, with one journal. */
final class FakeWorld implements KernelSettings, NameLookup {
  final Journal journal = new Journal();
  final FakeNetwork network = new FakeNetwork(journal);
  final FakeCommands commands = new FakeCommands(journal);
  final FakeControl device = new FakeControl(journal);
  final Map<String, String> names = new HashMap<>(Map.of("vpn.example.net", "192.0.2.9"));
  final Map<String, String> environment = new HashMap<>();
  final List<Long> pausesMs = new ArrayList<>();
  final List<Configuration> saved = new ArrayList<>();
  final List<String> lookedUp = new ArrayList<>();

  /** How many lookups get no answer before one does. */
  int unanswered;

  String acceptsMarked = "0";

  SetupTools tools() {
    return new SetupTools(network, commands, this, pausesMs::add, this, environment);
  }

  ConfiguredInterface up(ConfigurationBuilder configuration) throws SetupException {
    return InterfaceSetup.up(device, "wg0", configuration.build(), tools(), c -> saved.add(c));
  }

  /** Everything that must be as before after a failure. */
  String state() {
    return network.state() + "\n" + device.state() + "\n" + commands.left + "\n" + acceptsMarked;
  }

  @Override
  public String read(String path) {
    return acceptsMarked;
  }

  @Override
  public void write(String path, String value) throws IOException {
    journal.note(path + " = " + value);
    acceptsMarked = value;
  }

  @Override
  public Endpoint lookup(String host, int port) throws NameLookupException {
    lookedUp.add(host);
    if (unanswered > 0) {
      unanswered--;
      throw new NameLookupException("Temporary failure in name resolution", true);
    }
    String address = names.get(host);
    if (address == null) {
      throw new NameLookupException("Name or service not known", false);
    }
    return Endpoint.of(IpText.parse(address), port, 0);
  }
}
