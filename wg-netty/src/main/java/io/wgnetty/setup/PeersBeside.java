package io.wgnetty.setup;

import io.wgnetty.device.DeviceControl;
import java.util.List;

/**
 * Peers of an interface beside those of its file, which somebody else looks after: they come and go
 * as they say, and a reload leaves them alone, unless the file has come to name them.
 */
public interface PeersBeside {
  /** The interface's name. */
  String interfaceName();

  DeviceControl device();

  /** Calls from now on whenever the file was read again; the call must not wait for anything. */
  void onFileChange(Runnable listener);

  /** What is the file's now. */
  FileClaims file();

  /**
   * Makes the changes, and whatever follows from them: names of endpoints, labels, routes. A peer
   * that the file has by now stays as the file says.
   */
  void apply(List<BesideChange> changes);
}
