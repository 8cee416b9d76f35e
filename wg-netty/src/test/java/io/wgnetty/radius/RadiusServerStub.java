package io.wgnetty.radius;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.aaa4j.radius.core.dictionary.dictionaries.StandardDictionary;
import org.aaa4j.radius.core.packet.Packet;
import org.aaa4j.radius.core.packet.PacketCodec;
import org.aaa4j.radius.core.packet.PacketCodecException;
import org.aaa4j.radius.core.packet.packets.AccountingResponse;

/** A server of a test: keeps what it is told, and answers as the test wants. */
final class RadiusServerStub implements AutoCloseable {
  final BlockingQueue<Packet> told = new LinkedBlockingQueue<>();

  /** Requests that it does not answer. */
  final AtomicInteger unanswered = new AtomicInteger();

  /** With what it signs answers. */
  volatile byte[] answerSecret;

  private final byte[] secret;
  private final DatagramSocket socket;
  private final Thread thread;
  private final PacketCodec codec = new PacketCodec(new StandardDictionary());

  RadiusServerStub(byte[] secret) throws IOException {
    this.secret = secret.clone();
    this.answerSecret = this.secret;
    this.socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    this.thread = Thread.ofPlatform().daemon().start(this::run);
  }

  int port() {
    return socket.getLocalPort();
  }

  private void run() {
    try {
      while (true) {
        var in = new DatagramPacket(new byte[4096], 4096);
        socket.receive(in);
        answer(in);
      }
    } catch (IOException e) {
      return; // closed
    } catch (PacketCodecException e) {
      throw new AssertionError("a request is not one", e);
    }
  }

  private void answer(DatagramPacket in) throws IOException, PacketCodecException {
    byte[] bytes = Arrays.copyOf(in.getData(), in.getLength());
    byte[] authenticator = Arrays.copyOfRange(bytes, 4, 20);
    int identifier = bytes[1] & 0xff;
    told.add(codec.decodeRequest(bytes, secret)); // checks the request's authenticator
    if (unanswered.get() > 0) {
      unanswered.decrementAndGet();
      return;
    }
    byte[] answer =
        codec.encodeResponse(
            new AccountingResponse(List.of()), answerSecret, identifier, authenticator);
    byte[] padded = Arrays.copyOf(answer, answer.length + 3);
    socket.send(new DatagramPacket(padded, padded.length, in.getSocketAddress()));
  }

  @Override
  public void close() {
    socket.close();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
