package io.wgnetty.setup;

import io.wgnetty.config.Configuration;
import io.wgnetty.config.InterfaceAddress;
import io.wgnetty.config.InterfaceSettings;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.protocol.Endpoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An interface that was set up from a file: changed by a newer file, and taken down again. */
public final class ConfiguredInterface {
  private static final Logger LOG = LoggerFactory.getLogger(ConfiguredInterface.class);

  private final InterfaceParts parts;
  private final FileMemory memory;
  private final ConfigurationSink sink;
  private final BesidePeers beside;
  private final PeerEnds ends;
  private boolean down;

  ConfiguredInterface(InterfaceParts parts, FileMemory memory, ConfigurationSink sink) {
    this.parts = parts;
    this.memory = memory;
    this.sink = sink;
    this.beside = new BesidePeers(parts, memory, this);
    this.ends = new PeerEnds(parts, memory, beside, this);
    fileChanged();
  }

  /** What of it goes to another process, or came from one. */
  public InterfaceState state() {
    return new InterfaceState(parts, memory, ends, this);
  }

  /** The interface's name. */
  public String name() {
    return parts.name();
  }

  private void fileChanged() {
    beside.fileChanged();
    ends.fileChanged();
  }

  /** Who looks when the time of the file's peers is over. */
  PeerEnds ends() {
    return ends;
  }

  /** Peers that are not the file's. */
  public PeersBeside beside() {
    return beside;
  }

  /** Whether there are endpoints that {@link #tendNames} has to look after. */
  public boolean hasNames() {
    return !parts.names().isEmpty();
  }

  /** Looks after endpoints that are names: once a second, and not on the control thread. */
  void tendNames() {
    parts.names().tend();
  }

  /** From now on what commands of the file print goes there, too, line by line. */
  public void printTo(Consumer<String> lines) {
    parts.hooks().printTo(lines);
  }

  /**
   * What is to be done while the interface is still there: PreDown commands, SaveConfig, then name
   * servers, rules, routes and firewall are taken away. What fails is logged, and does not keep the
   * rest from it; what SaveConfig cannot write to the file is written elsewhere. The device is the
   * caller's to close; addresses and remaining routes go with it.
   *
   * @return what failed, each in a line; empty if all went well
   */
  public synchronized List<String> down() {
    if (down) {
      return List.of();
    }
    InterfaceSettings settings = memory.settings();
    var report = new ReloadReport.Builder();
    report.attempt("", () -> parts.hooks().run("PreDown", settings.hooks().preDown()));
    if (settings.saveConfig()) {
      report.attempt("", this::saveOrRescue);
    }
    return takeDown(report);
  }

  /**
   * {@link #down} for somebody who can be asked: if a PreDown command or SaveConfig fails, the
   * interface stays as it is.
   *
   * @throws SetupException if it stays; the message says why
   */
  public synchronized List<String> downUnlessThatLosesSomething()
      throws SetupException, InterruptedException {
    if (down) {
      return List.of();
    }
    InterfaceSettings settings = memory.settings();
    parts.hooks().run("PreDown", settings.hooks().preDown());
    if (settings.saveConfig()) {
      save();
    }
    return takeDown(new ReloadReport.Builder());
  }

  private List<String> takeDown(ReloadReport.Builder report) {
    down = true;
    ends.close();
    beside.close();
    report.attempt("", parts.nameServers()::remove);
    report.attempt("", parts.policy()::remove);
    report.attempt("", parts.routes()::removeAll);
    return logged(report);
  }

  /**
   * What is to be done after the device was closed: a gateway's rules go, PostDown commands run.
   */
  public synchronized List<String> afterDown() {
    var report = new ReloadReport.Builder();
    List<String> hooks = memory.settings().hooks().postDown();
    // Not before: as long as the interface is there, isolated peers must not meet.
    report.attempt("", parts.gateway()::remove);
    report.attempt("", () -> parts.hooks().run("PostDown", hooks));
    return logged(report);
  }

  private List<String> logged(ReloadReport.Builder report) {
    List<String> failures = report.build().failures();
    failures.forEach(failure -> LOG.error("interface {}: {}", parts.name(), failure));
    return failures;
  }

  /**
   * Writes what runs to the file.
   *
   * @throws SetupException if that is not possible; the file is as it was
   */
  public synchronized void save() throws SetupException, InterruptedException {
    var state = new RunningConfiguration(parts, memory, beside);
    Configuration running = state.read();
    try {
      sink.save(running, state.removed());
      memory.rememberRunning(running);
      fileChanged();
    } catch (IOException | IllegalArgumentException e) {
      throw new SetupException("SaveConfig", "", e);
    } finally {
      running.wipe();
    }
  }

  private void saveOrRescue() throws SetupException, InterruptedException {
    try {
      save();
    } catch (SetupException e) {
      throw new SetupException("SaveConfig", "", reasonOf(e) + "; " + rescued());
    }
  }

  private static String reasonOf(SetupException e) {
    String message = String.valueOf(e.getMessage());
    return message.startsWith("SaveConfig: ")
        ? message.substring("SaveConfig: ".length())
        : message;
  }

  /** Writes what is known of what runs, though the interface may be gone. */
  private String rescued() throws InterruptedException {
    try {
      Configuration running = new RunningConfiguration(parts, memory, beside).readAsFarAsKnown();
      try {
        return "what ran is in " + sink.rescue(running);
      } finally {
        running.wipe();
      }
    } catch (SetupException | IOException | RuntimeException e) {
      return "and what ran is lost: " + e.getMessage();
    }
  }

  /**
   * Makes what runs what a newer reading of the file says. Only what differs is changed, sessions
   * of peers that stay go on. What could be found out to be impossible beforehand changes nothing.
   *
   * @param configuration its secrets are wiped when this returns
   * @throws SetupException if nothing was changed, because the port is taken, or a program is
   *     missing
   */
  public synchronized ReloadReport reload(Configuration configuration) throws SetupException {
    return whileUp(configuration, "all of the file", () -> compareAndChange(configuration));
  }

  /**
   * Makes some peers what the file says of them: new, changed or gone. Nothing else of the file is
   * put into force, and other peers stay, also those that the file does not have.
   *
   * @param configuration its secrets are wiped when this returns
   * @throws SetupException if that is not possible; new peers are not there then
   */
  public synchronized ReloadReport reloadPeers(Configuration configuration, Set<PublicKey> keys)
      throws SetupException {
    String whose = keys.size() == 1 ? "peer " + keys.iterator().next() : keys.size() + " peers";
    return whileUp(
        configuration,
        whose,
        () -> {
          ReloadReport report = PeerUpdate.apply(parts, memory, beside, configuration, keys);
          fileChanged();
          return report;
        });
  }

  /** What is done with a newer reading of the file. */
  @FunctionalInterface
  private interface Change {
    ReloadReport make() throws SetupException, InterruptedException;
  }

  private ReloadReport whileUp(Configuration configuration, String what, Change change)
      throws SetupException {
    try {
      if (down) {
        throw new SetupException("interface", parts.name(), "has been taken down");
      }
      ReloadReport report = change.make();
      LOG.info("interface {} reloaded, {}: {}", parts.name(), what, report);
      return report;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SetupException("interface", parts.name(), "the change was interrupted");
    } finally {
      configuration.wipe();
    }
  }

  private ReloadReport compareAndChange(Configuration configuration)
      throws SetupException, InterruptedException {
    InterfaceSettings settings = configuration.settings();
    int oldMtu = parts.mtu().present();
    parts.nameServers().check(settings);
    PeerReload peers = PeerReload.compare(parts, memory, beside, configuration, null);
    var report = new ReloadReport.Builder();
    try {
      changePort(settings, report);
    } catch (SetupException e) {
      peers.wipe();
      throw e;
    }
    changeKey(settings, report);
    // Before new peers come, or they would meet for a moment.
    report.attempt("", () -> parts.gateway().change(settings, report));
    peers.apply(configuration, report);
    report.attempt("", () -> changeMtu(settings, oldMtu, report));
    List<InterfaceAddress> addresses = parts.ipv6().possible(settings.addresses());
    report.attempt("", () -> parts.addresses().change(addresses, report));
    RoutePlan plan = parts.plan(configuration);
    report.attempt("", () -> parts.routes().change(plan.routes(), report));
    report.attempt(
        "",
        () -> parts.policy().change(plan, markFor(settings), parts.addresses().present(), report));
    if (parts.nameServers().differ(settings)) {
      report.attempt(NameServers.describe(settings), () -> parts.nameServers().set(settings));
    }
    memory.compareCommands(settings, report);
    memory.remember(configuration);
    fileChanged();
    return report.build();
  }

  /** A file that never spoke of a mark leaves the one that a command has set. */
  private int markFor(InterfaceSettings settings) {
    boolean spokenOf = settings.fwmark() != 0 || memory.settings().fwmark() != 0;
    return spokenOf || parts.policy().markIsOurs()
        ? settings.fwmark()
        : parts.device().settings().fwmark();
  }

  private void changePort(InterfaceSettings settings, ReloadReport.Builder report)
      throws SetupException {
    int port = settings.listenPort();
    // A file without a port is content with any, also with the one that is in use.
    if (port == 0 || port == parts.device().settings().listenPort()) {
      return;
    }
    try {
      parts.device().setListenPort(port);
      report.changed("ListenPort " + port);
    } catch (IOException e) {
      throw new SetupException("ListenPort", Integer.toString(port), e);
    }
  }

  private void changeKey(InterfaceSettings settings, ReloadReport.Builder report) {
    PrivateKey wanted = settings.privateKey();
    PrivateKey running = parts.device().settings().privateKey();
    if (wanted == null && !memory.hasPrivateKey()) {
      return; // the file never spoke of it: a command has set it
    }
    boolean same = wanted == null ? running == null : wanted.sameAs(running);
    if (!same) {
      report.attempt(
          wanted == null ? "PrivateKey removed" : "PrivateKey changed",
          () -> parts.device().setPrivateKey(wanted == null ? null : wanted.copy()));
    }
  }

  private void changeMtu(InterfaceSettings settings, int present, ReloadReport.Builder report)
      throws SetupException, InterruptedException {
    Integer configured = settings.mtu();
    int mtu = present;
    if (configured != null) {
      mtu = configured;
    } else if (memory.settings().mtu() != null) {
      // Only then: beside a default route of ours the ways to the endpoints are others by now.
      mtu = parts.mtu().find(endpoints(), parts.device().settings().fwmark());
    }
    if (mtu != present) {
      int chosen = mtu;
      report.attempt("MTU " + chosen, () -> parts.mtu().set(chosen, true));
    }
  }

  private List<Endpoint> endpoints() throws SetupException, InterruptedException {
    List<Endpoint> endpoints = new ArrayList<>();
    RunningPeers.visit(
        parts.device(),
        parts.device().peerKeys(),
        peer -> {
          peer.presharedKey().wipe();
          Endpoint endpoint = peer.endpoint();
          if (endpoint != null) {
            endpoints.add(endpoint);
          }
        });
    return endpoints;
  }
}
