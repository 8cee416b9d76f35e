package io.wgnetty.handover;

import io.wgnetty.device.DeviceTransfer;
import io.wgnetty.state.StateWriter;

/** One interface of the process that gives it away. */
public interface Estate {
  /** The interface itself. */
  DeviceTransfer device();

  /** Does something while nobody else changes the interface, or what is set up around it. */
  default <T, E extends Exception> T exclusively(DeviceTransfer.Exclusive<T, E> action) throws E {
    return device().exclusively(action);
  }

  /**
   * Another process has it: nobody changes anything here any more. Exclusively, as all before it.
   */
  default void leave() {
    device().leave();
  }

  /** The descriptor of the socket on which its programs call. */
  int controlSocket();

  /** Whether programs are served that call; while they are not, they wait in the kernel. */
  void serve(boolean serves);

  /** Writes down what is set up around the interface; nothing if nothing is. */
  void describeSetup(StateWriter out);
}
