package io.wgnetty.control;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.wgnetty.cipher.X25519Providers;
import io.wgnetty.device.DeviceControl;
import java.util.ArrayList;
import java.util.List;

/** A connection without a socket, in the test's own thread. */
final class EmbeddedUapi {
  private EmbeddedUapi() {}

  static EmbeddedChannel connect(DeviceControl device, RequestTurns turns) {
    return connect(device, turns, new ArrayList<>());
  }

  /** The same; every buffer that was sent goes to the list, too. */
  static EmbeddedChannel connect(DeviceControl device, RequestTurns turns, List<ByteBuf> sent) {
    var channel = new EmbeddedChannel();
    var runner = new OperationRunner(Operations.none());
    var exchanges = new Exchanges(device, X25519Providers.fastest(), runner);
    channel
        .pipeline()
        .addLast(
            new UapiConnection(
                channel,
                exchanges,
                turns,
                (to, bytes) -> {
                  sent.add(bytes.retain());
                  var unusedSent = to.writeAndFlush(bytes.copy());
                  return bytes.readableBytes();
                }));
    return channel;
  }
}
