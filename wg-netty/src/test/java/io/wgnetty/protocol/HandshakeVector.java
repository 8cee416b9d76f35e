package io.wgnetty.protocol;

import com.google.gson.JsonObject;
import io.wgnetty.VectorFile;

/** The complete handshakes of {@code handshake.json} and {@code handshake_zero_psk.json}. */
final class HandshakeVector {
  static final JsonObject WITH_PSK = VectorFile.object("handshake");
  static final JsonObject WITHOUT_PSK = VectorFile.object("handshake_zero_psk");
  static final JsonObject INPUTS = WITH_PSK.getAsJsonObject("inputs");
  static final JsonObject INITIATION = WITH_PSK.getAsJsonObject("initiation");
  static final JsonObject RESPONSE = WITH_PSK.getAsJsonObject("response");

  private HandshakeVector() {}

  static byte[] input(String key) {
    return VectorFile.hex(INPUTS, key);
  }
}
