package io.wgnetty.device;

import io.wgnetty.state.StateReader;
import io.wgnetty.state.StateWriter;
import java.io.IOException;
import java.util.List;

/**
 * An interface's way to another process. The one that has it describes it while it goes on; then it
 * is suspended, which ends all reading and sending, and tells what its peers have become; then the
 * other begins, or this one resumes, never both.
 */
public interface DeviceTransfer {
  /** Parts are sent when they have so many bytes. */
  int PART_BYTES = 256 << 10;

  /** What is done while nobody else changes an interface. */
  @FunctionalInterface
  interface Exclusive<T, E extends Exception> {
    T call() throws E;
  }

  /** The way of what is written down. */
  @FunctionalInterface
  interface Parts {
    /** Brings a part to the other process, and clears it. */
    void send(StateWriter part) throws IOException;
  }

  /** Does something while nobody else configures the interface. */
  <T, E extends Exception> T exclusively(Exclusive<T, E> action) throws E;

  /** The interface's name. */
  String name();

  /** Runs what is slow when it is run first, and no packet should wait for. */
  void warmUp() throws InterruptedException;

  // ---- for the process that has it, exclusively

  /** The open descriptors: the interface's queues, then the sockets, if the link is up. */
  List<Integer> descriptors();

  /** Writes down what there is beside the peers. */
  void describe(StateWriter out);

  /** Writes down the configuration of some peers; returns whether there are more. */
  boolean describePeers(StateWriter out);

  /**
   * Tells what will not change any more of the sessions that there are, while all goes on.
   *
   * @param number of the interface, with which each part begins
   */
  void saveAhead(int number, Parts parts) throws IOException;

  /**
   * From now on nothing is read or sent: what comes waits in the kernel. Steps of handshakes that
   * are under way come to their end, if that takes a moment only.
   */
  void suspend();

  /**
   * Tells what peers have become.
   *
   * @param number of the interface, with which each part begins
   */
  void save(int number, Parts parts) throws IOException;

  /** The other has not begun, and never will: goes on where it was. */
  void resume();

  /** The other is gone, but may have begun: goes on with sessions that begin afresh. */
  void beginAfresh();

  /** The other has begun: nobody configures anything here any more. */
  void leave();

  // ---- for the process that takes its place

  /**
   * Takes in what {@link #describePeers} wrote down.
   *
   * @throws io.wgnetty.state.MalformedStateException if it is anything else
   */
  void inherit(StateReader in);

  /**
   * Takes in a part that {@link #saveAhead} told, behind its number.
   *
   * @throws io.wgnetty.state.MalformedStateException if this part, or one before, is anything else;
   *     the interface is of no use then
   */
  void restoreAhead(StateReader in);

  /** All that was told ahead has come: returns when it is taken in; fails as above. */
  void awaitAhead();

  /** Takes in a part that {@link #save} told, behind its number; fails as above. */
  void restore(StateReader in);

  /**
   * All has come: returns when it is taken in; fails as above, and also if something is missing.
   */
  void awaitAll();

  /** The other never sends again: reads and sends from now on. */
  void begin();
}
