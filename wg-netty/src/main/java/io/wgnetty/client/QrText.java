package io.wgnetty.client;

import com.google.zxing.WriterException;
import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel;
import com.google.zxing.qrcode.encoder.ByteMatrix;
import com.google.zxing.qrcode.encoder.Encoder;
import io.wgnetty.node.CommandFailure;

/**
 * A QR code as text for a terminal: each character is two modules, one above the other.
 *
 * <p>Light modules are drawn and dark ones left, as a terminal is dark; with colours it is right on
 * a light one as well. Lowest error correction: a screen has no dirt, and the code must be narrow.
 */
public final class QrText {
  /** What the symbol asks for. */
  private static final int QUIET_ZONE = 4;

  /** What readers do with, for codes that would not fit otherwise. */
  private static final int NARROW_QUIET_ZONE = 2;

  private static final int COLUMNS = 80;
  private static final String WHITE_ON_BLACK = "\033[40;97m";
  private static final String PLAIN = "\033[0m";

  private final ByteMatrix modules;
  private final int quietZone;

  private QrText(ByteMatrix modules) {
    this.modules = modules;
    this.quietZone =
        modules.getWidth() + 2 * QUIET_ZONE <= COLUMNS ? QUIET_ZONE : NARROW_QUIET_ZONE;
  }

  /** The code of a text. */
  public static QrText of(String text) throws CommandFailure {
    try {
      return new QrText(Encoder.encode(text, ErrorCorrectionLevel.L).getMatrix());
    } catch (WriterException e) {
      throw new CommandFailure("too long for a QR code: " + text.length() + " characters");
    }
  }

  /** How many columns it takes. */
  int width() {
    return modules.getWidth() + 2 * quietZone;
  }

  /**
   * The lines of the code.
   *
   * @param colours whether the terminal understands them
   */
  public String render(boolean colours) {
    StringBuilder text = new StringBuilder();
    for (int y = -quietZone; y < modules.getHeight() + quietZone; y += 2) {
      text.append(colours ? WHITE_ON_BLACK : "");
      for (int x = -quietZone; x < modules.getWidth() + quietZone; x++) {
        text.append(character(isLight(x, y), isLight(x, y + 1)));
      }
      text.append(colours ? PLAIN : "").append('\n');
    }
    return text.toString();
  }

  private static char character(boolean upperLight, boolean lowerLight) {
    if (upperLight) {
      return lowerLight ? '█' : '▀';
    }
    return lowerLight ? '▄' : ' ';
  }

  private boolean isLight(int x, int y) {
    return x < 0
        || y < 0
        || x >= modules.getWidth()
        || y >= modules.getHeight()
        || modules.get(x, y) == 0;
  }
}
