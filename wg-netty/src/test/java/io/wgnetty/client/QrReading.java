package io.wgnetty.client;

import com.google.zxing.ChecksumException;
import com.google.zxing.FormatException;
import com.google.zxing.common.BitMatrix;
import com.google.zxing.qrcode.decoder.Decoder;
import java.util.List;

/** Reads a QR code from a terminal's text, as a camera would. */
public final class QrReading {
  private QrReading() {}

  /** The text of the code; the lines hold nothing else. */
  public static String of(List<String> lines) throws ChecksumException, FormatException {
    List<String> plain =
        lines.stream().map(line -> line.replaceAll("\033\\[[0-9;]*m", "")).toList();
    int columns = plain.getFirst().length();
    boolean[][] dark = new boolean[2 * plain.size()][columns];
    for (int row = 0; row < plain.size(); row++) {
      for (int column = 0; column < columns; column++) {
        char c = plain.get(row).charAt(column);
        dark[2 * row][column] = c == ' ' || c == '▄';
        dark[2 * row + 1][column] = c == ' ' || c == '▀';
      }
    }
    int quietZone = 0;
    while (!dark[quietZone][quietZone]) {
      quietZone++;
    }
    int size = columns - 2 * quietZone;
    var modules = new BitMatrix(size);
    for (int y = 0; y < size; y++) {
      for (int x = 0; x < size; x++) {
        if (dark[y + quietZone][x + quietZone]) {
          modules.set(x, y);
        }
      }
    }
    return new Decoder().decode(modules).getText();
  }
}
