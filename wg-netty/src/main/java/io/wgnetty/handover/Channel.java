package io.wgnetty.handover;

import io.wgnetty.state.MalformedStateException;
import io.wgnetty.state.StateReader;
import io.wgnetty.state.StateWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Messages over a socket: a kind, a length, and so many bytes, which may be keys. */
final class Channel implements AutoCloseable {
  private static final int HEADER_BYTES = 2 * Integer.BYTES;

  /** A peer with two million prefixes. */
  private static final int MAX_BYTES = 64 << 20;

  private static final int MAX_REASON_BYTES = 4096;
  private static final Map<Integer, Message> KINDS =
      Arrays.stream(Message.values()).collect(Collectors.toMap(Message::number, kind -> kind));

  private final LocalSocket socket;
  private final ByteBuffer header = ByteBuffer.allocateDirect(HEADER_BYTES);
  private ByteBuffer body = ByteBuffer.allocateDirect(HEADER_BYTES);

  Channel(LocalSocket socket) {
    this.socket = socket;
  }

  /**
   * A message that came.
   *
   * @param body valid until the next comes
   * @param descriptors the receiver's from now on
   */
  record Received(Message kind, StateReader body, List<Integer> descriptors) {}

  void send(Message kind) throws IOException {
    try (StateWriter nothing = new StateWriter()) {
      send(kind, nothing, List.of());
    }
  }

  /** Sends what was written, and clears it. */
  void send(Message kind, StateWriter out, List<Integer> descriptors) throws IOException {
    try {
      header.clear().putInt(kind.number()).putInt(out.size()).flip();
      socket.send(header, descriptors);
      socket.send(out.written(), List.of());
      out.clear();
    } catch (IOException e) {
      throw LocalSocket.isClosed(e) ? refusalBefore(e) : e;
    }
  }

  /** Who has closed the other end may have said why; that is there to be read, without waiting. */
  private IOException refusalBefore(IOException broken) {
    try {
      while (true) {
        LocalSocket.closeAll(receive().descriptors());
      }
    } catch (RefusedException e) {
      return new IOException(e.getMessage(), broken);
    } catch (IOException | RuntimeException e) {
      return broken;
    }
  }

  /** Tells the other why it comes to nothing; that it may not hear it changes nothing. */
  void refuse(String reason) {
    try (StateWriter out = new StateWriter()) {
      out.text(
          reason.length() > MAX_REASON_BYTES / 4
              ? reason.substring(0, MAX_REASON_BYTES / 4)
              : reason);
      send(Message.REFUSED, out, List.of());
    } catch (IOException e) {
      return; // it is gone
    }
  }

  /**
   * The next message.
   *
   * @throws RefusedException if the other refuses
   * @throws IOException if none comes, or it is none
   */
  Received receive() throws IOException, RefusedException {
    List<Integer> descriptors = new ArrayList<>();
    try {
      socket.receive(header.clear(), descriptors);
      Message kind = KINDS.get(header.getInt(0));
      int length = header.getInt(Integer.BYTES);
      if (kind == null || length < 0 || length > MAX_BYTES) {
        throw new MalformedStateException("what came is no message");
      }
      makeRoom(length);
      socket.receive(body.clear().limit(length), descriptors);
      var received = new Received(kind, new StateReader(body.flip()), descriptors);
      if (received.kind() == Message.REFUSED) {
        throw new RefusedException(received.body().text(MAX_REASON_BYTES));
      }
      return received;
    } catch (IOException | RuntimeException | RefusedException e) {
      LocalSocket.closeAll(descriptors);
      throw e;
    }
  }

  private void makeRoom(int length) {
    StateReader.wipe(body);
    if (body.capacity() < length) {
      body = ByteBuffer.allocateDirect(length);
    }
  }

  /** The next message, which has to be of this kind. */
  Received expect(Message kind) throws IOException, RefusedException {
    return require(receive(), kind);
  }

  static Received require(Received received, Message kind) {
    if (received.kind() != kind) {
      LocalSocket.closeAll(received.descriptors());
      throw new MalformedStateException(received.kind() + " came in place of " + kind);
    }
    return received;
  }

  LocalSocket socket() {
    return socket;
  }

  @Override
  public void close() {
    StateReader.wipe(body);
    socket.close();
  }
}
