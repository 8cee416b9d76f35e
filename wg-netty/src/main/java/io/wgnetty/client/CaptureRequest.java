package io.wgnetty.client;

import io.wgnetty.node.CommandFailure;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Asks a running node for the packets that pass, and writes them as pcapng. */
public final class CaptureRequest {
  private final String name;
  private final Wish wish;
  private final OutputStream out;
  private final Runnable begun;
  private @Nullable PcapngWriter writer;
  private String comment = "";
  private long packets;
  private long lost;
  private long lastEpochNs;

  /**
   * What is wanted.
   *
   * @param peer whose packets; {@code null} for all
   * @param droppedOnly whether only those that went no further
   * @param snapBytes how much of each packet at most
   * @param count after how many to end; 0 for never
   */
  public record Wish(@Nullable KnownPeer peer, boolean droppedOnly, int snapBytes, long count) {}

  private CaptureRequest(String name, Wish wish, OutputStream out, Runnable begun) {
    this.name = name;
    this.wish = wish;
    this.out = out;
    this.begun = begun;
  }

  /**
   * Writes them until there are as many as were wanted, or the node ends.
   *
   * @param begun called when from now on packets are seen
   * @return how many packets are missing because they came faster than they were read
   * @throws CommandFailure if the node refuses, or nothing can be written
   */
  public static long run(
      ControlSockets sockets, String name, Wish wish, OutputStream out, Runnable begun)
      throws CommandFailure {
    return new CaptureRequest(name, wish, out, begun).run(sockets);
  }

  private long run(ControlSockets sockets) throws CommandFailure {
    List<Map.Entry<String, String>> arguments = new ArrayList<>();
    arguments.add(Map.entry("bytes", Integer.toString(wish.snapBytes)));
    if (wish.droppedOnly) {
      arguments.add(Map.entry("dropped", "true"));
    }
    if (wish.peer != null) {
      arguments.add(Map.entry("peer", wish.peer.publicKey().toHex()));
    }
    try (var client = ManagementClient.connect(sockets, name)) {
      client.ask("capture", arguments, this::line).orFail(name, "capture");
      finish();
    } catch (Enough e) {
      finish();
    } catch (UncheckedIOException e) {
      throw new CommandFailure(
          "cannot write: " + CommandFailure.firstLine(Objects.requireNonNullElse(e.getCause(), e)));
    }
    return lost;
  }

  private void finish() throws CommandFailure {
    try {
      if (writer != null) {
        writer.statistics(lastEpochNs, lost);
      }
    } catch (IOException e) {
      throw new CommandFailure("cannot write: " + CommandFailure.firstLine(e));
    }
  }

  private void line(String key, String value) {
    try {
      switch (key) {
        case "capture" -> {
          writer = new PcapngWriter(out, name, wish.snapBytes);
          out.flush();
          begun.run();
        }
        case "comment" -> comment = value;
        case "lost" -> lost = Long.parseLong(value);
        case "packet" -> packet(value);
        default -> {
          // Of a newer node.
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void packet(String line) throws IOException {
    String[] parts = line.split(",", 4);
    if (writer == null || parts.length < 4) {
      throw new IOException("not a packet: " + ShowText.printable(line));
    }
    lastEpochNs = Long.parseLong(parts[0]);
    byte[] bytes = Base64.getDecoder().decode(parts[3]);
    writer.packet(lastEpochNs, parts[1].equals("out"), Integer.parseInt(parts[2]), bytes, comment);
    out.flush();
    comment = "";
    packets++;
    if (packets == wish.count) {
      throw new Enough();
    }
  }

  /** Ends the reading of an answer. */
  private static final class Enough extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }
}
