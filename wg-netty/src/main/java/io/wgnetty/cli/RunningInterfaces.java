package io.wgnetty.cli;

import io.wgnetty.control.UapiServer;
import java.util.Iterator;
import java.util.List;

/** The names of the interfaces with a socket, for the completion of command lines. */
final class RunningInterfaces implements Iterable<String> {
  @Override
  public Iterator<String> iterator() {
    try {
      return new ControlSockets(UapiServer.DIRECTORY).names().iterator();
    } catch (CommandFailure e) {
      return List.<String>of().iterator();
    }
  }
}
