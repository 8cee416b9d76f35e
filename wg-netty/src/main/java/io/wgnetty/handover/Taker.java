package io.wgnetty.handover;

import io.wgnetty.device.DeviceTransfer;
import io.wgnetty.state.MalformedStateException;
import io.wgnetty.state.StateReader;
import io.wgnetty.state.StateWriter;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * The process that takes the interfaces over. Builds each as it is described, in the order in which
 * the other has them; then takes in what their peers have become, and begins when the other has
 * said that they are its own. Until then it reads and sends nothing, so whatever fails before, it
 * only has to end.
 */
public final class Taker implements AutoCloseable {
  /** The oldest format that is read. */
  static final int OLDEST_FORMAT = 3;

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Of an interface's name, and more than that of any. */
  private static final int MAX_NAME_BYTES = 64;

  private final Channel channel;
  private final List<DeviceTransfer> devices = new ArrayList<>();

  private Taker(Channel channel) {
    this.channel = channel;
  }

  /**
   * An interface that the other has.
   *
   * @param controlSocket the descriptor of the socket on which its programs call
   * @param device what {@link DeviceTransfer#describe} wrote down
   * @param descriptors what {@link DeviceTransfer#descriptors} named
   */
  public record Heirloom(int controlSocket, StateReader device, List<Integer> descriptors) {}

  /**
   * Calls the process that has the interfaces.
   *
   * @param name that it has made up for this
   * @param version of this program
   * @throws RefusedException if it does not want to, or is somebody else's
   */
  public static Taker call(String name, String version) throws IOException, RefusedException {
    LocalSocket socket = LocalSocket.connect(name);
    if (!socket.peer().isOf(LocalSocket.ownUser(), LocalSocket.ANY_PROCESS)) {
      socket.close();
      throw new RefusedException("the other process runs as another user");
    }
    var taker = new Taker(new Channel(socket));
    try {
      taker.introduce(version);
      return taker;
    } catch (IOException | RefusedException | RuntimeException e) {
      taker.close();
      throw e;
    }
  }

  private void introduce(String version) throws IOException, RefusedException {
    channel.socket().setPatience(PATIENCE);
    try (StateWriter out = new StateWriter()) {
      out.int32(Giver.MAGIC);
      out.int32(Giver.FORMAT);
      out.int32(OLDEST_FORMAT);
      out.text(version);
      channel.send(Message.HELLO, out, List.of());
    }
    StateReader welcome = channel.expect(Message.WELCOME).body();
    int format = welcome.int32();
    welcome.end();
    if (format < OLDEST_FORMAT || format > Giver.FORMAT) {
      throw new RefusedException("this version does not read format " + format);
    }
  }

  /** The next interface, which has to have this name. */
  public Heirloom expect(String name) throws IOException, RefusedException {
    Channel.Received received = channel.expect(Message.INTERFACE);
    String given = received.body().text(MAX_NAME_BYTES);
    if (!given.equals(name) || received.descriptors().isEmpty()) {
      LocalSocket.closeAll(received.descriptors());
      throw new MalformedStateException("interface " + given + " came in place of " + name);
    }
    List<Integer> descriptors = received.descriptors();
    return new Heirloom(
        descriptors.getFirst(),
        received.body(),
        List.copyOf(descriptors.subList(1, descriptors.size())));
  }

  /**
   * Has the interface that came last get its peers.
   *
   * @return what is set up around it
   */
  public StateReader fill(DeviceTransfer device) throws IOException, RefusedException {
    devices.add(device);
    while (true) {
      Channel.Received received = channel.receive();
      if (received.kind() == Message.SETUP) {
        return received.body();
      }
      device.inherit(Channel.require(received, Message.PEERS).body());
    }
  }

  /**
   * All is built: takes in what peers have become, and begins.
   *
   * @throws RefusedException if the other has them still, and goes on; this process has to end, and
   *     to leave alone whatever it got
   * @throws IOException the same, if the other is gone
   */
  public void complete() throws IOException, RefusedException, InterruptedException {
    channel.expect(Message.OFFERED);
    for (DeviceTransfer device : devices) {
      device.warmUp();
    }
    channel.send(Message.BUILT);
    Optional<Exception> failure = exclusively(0);
    if (failure.isPresent()) {
      if (failure.get() instanceof RefusedException refused) {
        throw refused;
      }
      throw (IOException) failure.get();
    }
  }

  /** Nobody may end sessions that are only half here: who wants to waits until all has begun. */
  private Optional<Exception> exclusively(int first) {
    if (first < devices.size()) {
      return devices.get(first).exclusively(() -> exclusively(first + 1));
    }
    try {
      takeInAhead();
      takeIn();
      return Optional.empty();
    } catch (IOException | RefusedException e) {
      return Optional.of(e);
    }
  }

  private void takeInAhead() throws IOException, RefusedException {
    takeInAll(Message.AHEAD, DeviceTransfer::restoreAhead, Message.TOLD_AHEAD);
    devices.forEach(DeviceTransfer::awaitAhead);
    // What was built is to live long. Done now, while nobody waits for it, so that what is taken in
    // finds room, and is not interrupted by a collection of everything.
    System.gc();
    channel.send(Message.PREPARED);
  }

  private void takeInAll(Message kind, BiConsumer<DeviceTransfer, StateReader> takeIn, Message last)
      throws IOException, RefusedException {
    Channel.Received received = channel.receive();
    while (received.kind() == kind) {
      StateReader part = received.body();
      takeIn.accept(devices.get(part.int32(0, devices.size() - 1, "an interface")), part);
      received = channel.receive();
    }
    Channel.require(received, last);
  }

  private void takeIn() throws IOException, RefusedException {
    takeInAll(Message.STATE, DeviceTransfer::restore, Message.TOLD);
    devices.forEach(DeviceTransfer::awaitAll);
    channel.send(Message.LOADED);
    channel.expect(Message.YOURS);
    devices.forEach(DeviceTransfer::begin);
    try {
      channel.send(Message.MINE);
    } catch (IOException e) {
      return; // the other is gone, which it was to be
    }
  }

  /** Tells the other why it comes to nothing. */
  public void refuse(String reason) {
    channel.refuse(reason);
  }

  @Override
  public void close() {
    channel.close();
  }
}
