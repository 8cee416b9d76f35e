package io.wgnetty.memory;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.crypto.Tai64n;
import io.wgnetty.device.DeviceControl;
import io.wgnetty.device.PeerTrace;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.IpText;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The form in which {@link PeerRecords} stand in a file: text, a line for each peer.
 *
 * <pre>
 * wg-netty-peers 1 PUBLIC-KEY-OF-THE-INTERFACE WRITTEN
 * PUBLIC-KEY ENDPOINT TIMESTAMP LAST-HANDSHAKE LABEL
 * end NUMBER-OF-PEERS CRC32C
 * </pre>
 *
 * <p>Keys are in base64, timestamps in hexadecimal, moments in nanoseconds since 1970; {@code -}
 * stands for what is not known. The checksum is that of all lines above, and finds damage, not
 * forgery: whoever may write the file may write anything.
 */
final class RecordText {
  private static final String HEAD = "wg-netty-peers";
  private static final String VERSION = "1";
  private static final String END = "end";
  private static final String UNKNOWN = "-";
  private static final int HEAD_FIELDS = 4;
  private static final int PEER_FIELDS = 5;
  private static final int END_FIELDS = 3;

  /** Of a line: far more than the longest label takes. */
  private static final int MAX_CHARACTERS = 4096;

  private RecordText() {}

  static void write(PeerRecords records, OutputStream to) throws IOException {
    var out = new BufferedOutputStream(to, 1 << 16);
    var sum = new CRC32C();
    String own = records.own().toBase64();
    put(out, sum, HEAD + ' ' + VERSION + ' ' + own + ' ' + records.writtenEpochNs());
    for (PeerTrace peer : records.peers()) {
      put(out, sum, line(peer));
    }
    String check = HexFormat.of().toHexDigits((int) sum.getValue());
    put(out, sum, END + ' ' + records.peers().size() + ' ' + check);
    out.flush();
  }

  private static void put(OutputStream out, CRC32C sum, String line) throws IOException {
    byte[] bytes = (line + '\n').getBytes(UTF_8);
    sum.update(bytes);
    out.write(bytes);
  }

  private static String line(PeerTrace peer) {
    Endpoint endpoint = peer.endpoint();
    byte[] timestamp = peer.timestamp();
    return String.join(
        " ",
        peer.publicKey().toBase64(),
        endpoint == null ? UNKNOWN : endpoint.toString(),
        timestamp == null ? UNKNOWN : HexFormat.of().formatHex(timestamp),
        Long.toString(peer.lastHandshakeEpochNs()),
        label(peer));
  }

  private static String label(PeerTrace peer) {
    String label = peer.label();
    boolean fits =
        label != null
            && !label.isBlank()
            && label.length() < MAX_CHARACTERS / 2
            && label.chars().noneMatch(Character::isISOControl);
    return fits ? String.valueOf(label) : UNKNOWN;
  }

  /**
   * Reads what {@link #write} has written.
   *
   * @throws IOException if it is anything else, which the message says in a few words
   */
  static PeerRecords read(InputStream from) throws IOException {
    var in = new BufferedReader(new InputStreamReader(from, UTF_8), 1 << 16);
    var sum = new CRC32C();
    String line = in.readLine();
    String[] head = line == null ? new String[0] : line.split(" ", -1);
    if (head.length != HEAD_FIELDS || !head[0].equals(HEAD)) {
      throw new IOException("it is no list of peers");
    }
    if (!head[1].equals(VERSION)) {
      throw new IOException("it has a form of another version");
    }
    List<PeerTrace> peers = new ArrayList<>();
    int number = 1;
    try {
      PublicKey own = PublicKey.fromBase64(head[2]);
      long writtenEpochNs = Long.parseLong(head[3]);
      for (; line != null && !line.startsWith(END + ' '); line = in.readLine()) {
        if (number > 1) {
          peers.add(peer(line));
        }
        if (number > DeviceControl.MAX_PEERS + 1 || line.length() > MAX_CHARACTERS) {
          throw new IOException("it is too long");
        }
        sum.update((line + '\n').getBytes(UTF_8));
        number++;
      }
      checkEnd(line, peers.size(), sum);
      return new PeerRecords(own, writtenEpochNs, peers);
    } catch (IllegalArgumentException e) {
      throw new IOException("line " + number + " is damaged", e);
    }
  }

  private static void checkEnd(@Nullable String line, int count, CRC32C sum) throws IOException {
    if (line == null) {
      throw new IOException("its end is missing");
    }
    String[] end = line.split(" ", -1);
    if (end.length != END_FIELDS
        || Integer.parseInt(end[1]) != count
        || HexFormat.fromHexDigits(end[2]) != (int) sum.getValue()) {
      throw new IOException("its checksum is wrong");
    }
  }

  private static PeerTrace peer(String line) {
    String[] fields = line.split(" ", PEER_FIELDS);
    if (fields.length != PEER_FIELDS) {
      throw new IllegalArgumentException("fields are missing");
    }
    return new PeerTrace(
        PublicKey.fromBase64(fields[0]),
        isUnknown(fields[1]) ? null : endpoint(fields[1]),
        isUnknown(fields[2]) ? null : timestamp(fields[2]),
        Long.parseLong(fields[3]),
        isUnknown(fields[4]) ? null : fields[4]);
  }

  private static boolean isUnknown(String field) {
    return field.equals(UNKNOWN);
  }

  private static byte[] timestamp(String text) {
    byte[] timestamp = HexFormat.of().parseHex(text);
    if (timestamp.length != Tai64n.BYTES) {
      throw new IllegalArgumentException("no timestamp");
    }
    return timestamp;
  }

  /** As {@link Endpoint#toString} writes it. */
  private static Endpoint endpoint(String text) {
    int colon = text.lastIndexOf(':');
    String host = text.substring(0, Math.max(0, colon));
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    int percent = host.indexOf('%');
    int scope = percent < 0 ? 0 : Integer.parseInt(host.substring(percent + 1));
    byte[] address = IpText.parse(percent < 0 ? host : host.substring(0, percent));
    return Endpoint.of(address, Integer.parseInt(text.substring(colon + 1)), scope);
  }
}
