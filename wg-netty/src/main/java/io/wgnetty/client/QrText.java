package io.wgnetty.client;

import io.wgnetty.node.CommandFailure;

/**
 * A QR code as text for a terminal: each character is two modules, one above the other.
 *
 * <p>Light modules are drawn and dark ones left, as a terminal is dark; with colours it is right on
 * a light one as well.
 */
public final class QrText {
  /** What readers do with, for codes that would not fit otherwise. */
  private static final int NARROW_QUIET_ZONE = 2;

  private static final int COLUMNS = 80;
  private static final String WHITE_ON_BLACK = "\033[40;97m";
  private static final String PLAIN = "\033[0m";

  private final QrModules modules;
  private final int quietZone;

  private QrText(QrModules modules) {
    this.modules = modules;
    this.quietZone =
        modules.size() + 2 * QrModules.QUIET_ZONE <= COLUMNS
            ? QrModules.QUIET_ZONE
            : NARROW_QUIET_ZONE;
  }

  /** The code of a text. */
  public static QrText of(String text) throws CommandFailure {
    QrModules modules = QrModules.of(text);
    if (modules == null) {
      throw new CommandFailure("too long for a QR code: " + text.length() + " characters");
    }
    return new QrText(modules);
  }

  /** How many columns it takes. */
  int width() {
    return modules.size() + 2 * quietZone;
  }

  /**
   * The lines of the code.
   *
   * @param colours whether the terminal understands them
   */
  public String render(boolean colours) {
    StringBuilder text = new StringBuilder();
    for (int y = -quietZone; y < modules.size() + quietZone; y += 2) {
      text.append(colours ? WHITE_ON_BLACK : "");
      for (int x = -quietZone; x < modules.size() + quietZone; x++) {
        text.append(character(!modules.isDark(x, y), !modules.isDark(x, y + 1)));
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
}
