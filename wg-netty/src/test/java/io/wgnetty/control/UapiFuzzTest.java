package io.wgnetty.control;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.wgnetty.cipher.X25519Providers;
import io.wgnetty.crypto.X25519;
import java.util.ArrayList;
import java.util.List;

class UapiFuzzTest {
  private static final X25519 X25519_PROVIDER = X25519Providers.fastest();

  /** Any bytes: nothing is thrown, and what is answered is an answer. */
  @FuzzTest
  void shouldSurviveAnyStream(byte[] stream) {
    String whole = answers(stream, stream.length);
    if (!whole.isEmpty() && !whole.endsWith("\n\n")) {
      throw new IllegalStateException("not an answer: " + whole);
    }
    if (!whole.equals(answers(stream, 3))) {
      throw new IllegalStateException("the answer depends on how the stream is cut");
    }
  }

  /** Any lines of one set: the device never sees more than a chunk, nor a change of nothing. */
  @FuzzTest
  void shouldApplyAnyRequestInChunks(byte[] lines) {
    var device = new FakeDevice();
    var request = new SetRequest(device, X25519_PROVIDER);
    try {
      for (String line : new String(lines, ISO_8859_1).split("\n", -1)) {
        if (!line.isEmpty()) {
          request.line(UapiLine.of(line));
        }
      }
    } catch (RequestException e) {
      if (e.errno() == Errno.NONE) {
        throw new IllegalStateException("a failure without a number", e);
      }
    }
    request.end();
    if (device.changesPerCall.stream().anyMatch(n -> n < 1 || n > SetRequest.CHUNK_PEERS)) {
      throw new IllegalStateException("calls of " + device.changesPerCall + " changes");
    }
  }

  private static String answers(byte[] stream, int pieceBytes) {
    var turns = new RequestTurns(RequestTurns.MAX_SILENCE_NS);
    var channel = EmbeddedUapi.connect(new FakeDevice(), turns);
    for (int at = 0; at < stream.length && channel.isOpen(); at += pieceBytes) {
      int length = Math.min(pieceBytes, stream.length - at);
      channel.writeInbound(Unpooled.copiedBuffer(stream, at, length));
    }
    channel.checkException();
    List<String> answers = new ArrayList<>();
    ByteBuf piece = channel.readOutbound();
    while (piece != null) {
      answers.add(piece.toString(ISO_8859_1));
      piece.release();
      piece = channel.readOutbound();
    }
    channel.finishAndReleaseAll();
    return String.join("", answers);
  }
}
