package io.wgnetty.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The service manager's end of its socket, in a process of its own: writes each datagram that comes
 * as one line of text.
 */
record NotifyReceiver(Process process, BufferedReader lines) implements AutoCloseable {
  private static final String PROGRAM =
      """
      import socket, sys
      name = sys.argv[1]
      manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
      manager.bind("\\0" + name[1:] if name.startswith("@") else name)
      print("listens", flush=True)
      while True:
          print(repr(manager.recv(4096).decode()), flush=True)
      """;

  /** Returns when it listens. */
  static NotifyReceiver listen(String name) throws IOException {
    Process process =
        new ProcessBuilder("python3", "-c", PROGRAM, name)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    var receiver = new NotifyReceiver(process, process.inputReader(UTF_8));
    if (!"listens".equals(receiver.lines.readLine())) {
      process.destroy();
      throw new IOException("python3 does not listen on " + name);
    }
    return receiver;
  }

  /** The next datagram, as Python writes a string. Waits for it. */
  String next() throws IOException {
    return String.valueOf(lines.readLine());
  }

  /** The next datagrams. */
  List<String> next(int count) throws IOException {
    var texts = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      texts.add(next());
    }
    return texts;
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
