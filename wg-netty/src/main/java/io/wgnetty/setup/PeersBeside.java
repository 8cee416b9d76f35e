package io.wgnetty.setup;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.device.DeviceControl;
import java.util.List;
import java.util.function.Consumer;

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

  /** Tells from now on which peers were changed; the call must not wait for anything. */
  void onChange(Consumer<List<PublicKey>> listener);

  /**
   * Routes to peers that are here, in a table of its own or the main one.
   *
   * @throws IllegalArgumentException if the routes of all peers are there already
   */
  AnnouncedRoutes announce(int table);

  /** What is the file's now. */
  FileClaims file();

  /**
   * Makes the changes, and whatever follows from them: names of endpoints, labels, routes. A peer
   * that the file has by now stays as the file says.
   */
  void apply(List<BesideChange> changes);
}
