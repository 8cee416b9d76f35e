package io.wgnetty.setup;

import io.wgnetty.config.Configuration;
import io.wgnetty.config.EndpointName;
import io.wgnetty.config.InterfaceSettings;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.device.DeviceControl;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.state.StateReader;
import java.io.IOException;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From an interface that was just made to one that works as its file says, in wg-quick's steps
 * (protocol 7.5).
 */
public final class InterfaceSetup {
  private static final Logger LOG = LoggerFactory.getLogger(InterfaceSetup.class);

  private final InterfaceParts parts;
  private final Configuration configuration;
  private final UndoStack undo = new UndoStack();

  private InterfaceSetup(InterfaceParts parts, Configuration configuration) {
    this.parts = parts;
    this.configuration = configuration;
  }

  /** The same, with nobody who wants to know what commands print. */
  static ConfiguredInterface up(
      DeviceControl device,
      String name,
      Configuration configuration,
      SetupTools tools,
      ConfigurationSink sink)
      throws SetupException {
    return up(device, name, configuration, tools, sink, line -> {}, false);
  }

  /**
   * Sets an interface up. A step that fails has all steps before it taken back, in reverse; the
   * device itself stays open. Interrupting the thread makes the present step fail.
   *
   * @param configuration its secrets are wiped when this returns
   * @param sink where {@code SaveConfig} writes to
   * @param output takes what commands of the file print, line by line
   * @param failClosed whether its routes leave others behind that refuse, should the process be
   *     killed
   * @throws SetupException naming the step that failed, and why
   */
  public static ConfiguredInterface up(
      DeviceControl device,
      String name,
      Configuration configuration,
      SetupTools tools,
      ConfigurationSink sink,
      Consumer<String> output,
      boolean failClosed)
      throws SetupException {
    try {
      InterfaceParts parts = InterfaceParts.of(device, name, tools, failClosed);
      parts.hooks().printTo(output);
      var setup = new InterfaceSetup(parts, configuration);
      return new ConfiguredInterface(parts, setup.allOrNothing(), sink);
    } finally {
      configuration.wipe();
    }
  }

  /**
   * An interface that another process has set up from the same file, and that is as it was.
   *
   * @param configuration what the file says; its secrets are wiped when this returns
   * @param failClosed what the other was told, too
   * @param state what {@link InterfaceState#describe} wrote down
   */
  public static ConfiguredInterface inherited(
      DeviceControl device,
      String name,
      Configuration configuration,
      SetupTools tools,
      ConfigurationSink sink,
      boolean failClosed,
      StateReader state)
      throws SetupException, InterruptedException {
    try {
      InterfaceParts parts = InterfaceParts.of(device, name, tools, failClosed);
      parts.restore(state);
      parts.names().inherit(configuration);
      var configured = new ConfiguredInterface(parts, new FileMemory(configuration), sink);
      configured.ends().hold();
      return configured;
    } finally {
      configuration.wipe();
    }
  }

  private FileMemory allOrNothing() throws SetupException {
    try {
      return allSteps();
    } catch (SetupException | RuntimeException e) {
      takeBack(e);
      throw e;
    } catch (InterruptedException e) {
      takeBack(e);
      Thread.currentThread().interrupt();
      throw new SetupException("interface", parts.name(), "setting it up was interrupted");
    }
  }

  private void takeBack(Exception reason) {
    boolean interrupted = Thread.interrupted(); // or nothing could be waited for
    undo.unwind(
        failure -> {
          LOG.warn("interface {}: not undone: {}", parts.name(), failure.getMessage());
          reason.addSuppressed(failure);
        });
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private FileMemory allSteps() throws SetupException, InterruptedException {
    InterfaceSettings settings = configuration.settings();
    // What refuses there would refuse the lookup of names, too.
    parts.killedRun().remove();
    parts.hooks().run("PreUp", settings.hooks().preUp());

    undo.push(parts.wireGuard()::undo);
    Map<EndpointName, NameAnswer> answers =
        parts.resolver().lookUpAll(EndpointNames.of(configuration.peers()));
    Map<PublicKey, Endpoint> endpoints = WireGuardSettings.endpoints(configuration, answers);
    parts.wireGuard().apply(configuration, endpoints);
    parts.names().configure(configuration, answers);

    undo.push(parts.addresses()::removeAll);
    parts.addresses().add(parts.ipv6().possible(settings.addresses()));

    RoutePlan plan = parts.plan(configuration);
    int mtu = mtu(settings, endpoints);
    undo.push(parts.policy()::stopAcceptingMarked);
    undo.push(parts.policy()::remove);
    parts.policy().prepare(plan, parts.addresses().present());

    undo.push(parts.gateway()::remove);
    parts.gateway().set(settings);

    undo.push(() -> parts.mtu().set(parts.link().mtu(), parts.link().up()));
    setMtuAndUp(settings, mtu);

    undo.push(parts.nameServers()::remove);
    parts.nameServers().set(settings);

    undo.push(parts.routes()::removeAll);
    parts.routes().add(plan.routes());
    parts.policy().add(plan);

    parts.hooks().run("PostUp", settings.hooks().postUp());
    return new FileMemory(configuration);
  }

  private int mtu(InterfaceSettings settings, Map<PublicKey, Endpoint> endpoints)
      throws SetupException {
    Integer configured = settings.mtu();
    int mark = parts.device().settings().fwmark();
    return configured == null ? parts.mtu().find(endpoints.values(), mark) : configured;
  }

  private void setMtuAndUp(InterfaceSettings settings, int mtu) throws SetupException {
    try {
      // Before the link is up: from then on packets come, and peers may have called already.
      parts.device().bringUp();
    } catch (IOException e) {
      throw new SetupException("ListenPort", Integer.toString(settings.listenPort()), e);
    }
    parts.mtu().set(mtu, true);
    LOG.info("interface {}: MTU {}", parts.name(), mtu);
  }
}
