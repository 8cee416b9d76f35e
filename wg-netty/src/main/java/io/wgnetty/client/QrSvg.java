package io.wgnetty.client;

import org.jspecify.annotations.Nullable;

/** A QR code as an image for a page. */
public final class QrSvg {
  private QrSvg() {}

  /** The code of a text; {@code null} if the text is too long for one. */
  public static @Nullable String of(String text) {
    QrModules modules = QrModules.of(text);
    if (modules == null) {
      return null;
    }
    int zone = QrModules.QUIET_ZONE;
    int size = modules.size() + 2 * zone;
    var svg = new StringBuilder();
    svg.append("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ")
        .append(size)
        .append(' ')
        .append(size)
        .append("\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h")
        .append(size)
        .append('v')
        .append(size)
        .append("H0z\"/><path d=\"");
    for (int y = 0; y < modules.size(); y++) {
      for (int x = 0; x < modules.size(); x++) {
        if (modules.isDark(x, y)) {
          svg.append('M').append(x + zone).append(' ').append(y + zone).append("h1v1h-1z");
        }
      }
    }
    return svg.append("\"/></svg>").toString();
  }
}
