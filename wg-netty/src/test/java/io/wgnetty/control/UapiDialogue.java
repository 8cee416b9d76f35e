package io.wgnetty.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;

/** What a client says on a control socket, and hears. */
final class UapiDialogue {
  private UapiDialogue() {}

  static void send(SocketChannel channel, String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(UTF_8));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  static BufferedReader reader(SocketChannel channel) {
    return new BufferedReader(Channels.newReader(channel, UTF_8));
  }

  /** Everything up to and without the next empty line, or the end of the stream. */
  static String answer(BufferedReader reader) throws IOException {
    StringBuilder text = new StringBuilder();
    String line = reader.readLine();
    while (line != null && !line.isEmpty()) {
      text.append(line).append('\n');
      line = reader.readLine();
    }
    return text.toString();
  }
}
