package io.wgnetty.pipeline;

import java.util.ArrayList;
import java.util.List;

/** Reads the datagrams out of sealed messages, as the system would cut them. */
final class Datagrams {
  private Datagrams() {}

  static List<byte[]> of(DatagramBatch batch, int message) {
    List<byte[]> datagrams = new ArrayList<>();
    int end = batch.offset(message) + batch.length(message);
    for (int at = batch.offset(message); at < end; at += batch.segmentBytes(message)) {
      byte[] datagram = new byte[Math.min(batch.segmentBytes(message), end - at)];
      batch.bytes().get(at, datagram);
      datagrams.add(datagram);
    }
    return datagrams;
  }
}
