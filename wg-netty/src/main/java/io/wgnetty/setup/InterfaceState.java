package io.wgnetty.setup;

import io.wgnetty.config.Configuration;
import io.wgnetty.state.StateWriter;

/**
 * What is set up around an interface, on its way to another process.
 *
 * <p>Each of the methods, but for the count, takes the lock of whoever changes the interface as a
 * whole.
 */
public final class InterfaceState {
  private final InterfaceParts parts;
  private final FileMemory memory;
  private final PeerEnds ends;
  private final Object lock;

  InterfaceState(InterfaceParts parts, FileMemory memory, PeerEnds ends, Object lock) {
    this.parts = parts;
    this.memory = memory;
    this.ends = ends;
    this.lock = lock;
  }

  /** Writes down what was set up, for {@link InterfaceSetup#inherited}. */
  public void describe(StateWriter out) {
    synchronized (lock) {
      parts.save(out);
    }
  }

  /** Whether the interface was set up, or reloaded, from a file that said this. */
  public boolean isOf(Configuration configuration) {
    synchronized (lock) {
      return memory.isOf(configuration);
    }
  }

  /** How many peers were removed because their time was over. Any thread; takes no lock. */
  public long expired() {
    return ends.expired();
  }

  /** The other process has let go of it: from now on it is changed here. */
  public void begin() {
    synchronized (lock) {
      ends.begin();
    }
  }
}
