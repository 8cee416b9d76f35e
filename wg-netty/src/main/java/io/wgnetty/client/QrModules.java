package io.wgnetty.client;

import com.google.zxing.WriterException;
import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel;
import com.google.zxing.qrcode.encoder.ByteMatrix;
import com.google.zxing.qrcode.encoder.Encoder;
import org.jspecify.annotations.Nullable;

/**
 * The light and dark squares of a QR code. Lowest error correction: a screen has no dirt, and the
 * code must be narrow.
 */
record QrModules(ByteMatrix matrix) {
  /** How much light the symbol asks for around it. */
  static final int QUIET_ZONE = 4;

  /** The code of a text; {@code null} if the text is too long for one. */
  static @Nullable QrModules of(String text) {
    try {
      return new QrModules(Encoder.encode(text, ErrorCorrectionLevel.L).getMatrix());
    } catch (WriterException e) {
      return null;
    }
  }

  /** How many there are in each direction. */
  int size() {
    return matrix.getWidth();
  }

  /** Around the code all is light. */
  boolean isDark(int x, int y) {
    return x >= 0 && y >= 0 && x < size() && y < size() && matrix.get(x, y) == 1;
  }
}
