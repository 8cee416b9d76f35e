package io.wgnetty.pipeline;

import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.AeadRun;
import io.wgnetty.inner.Ecn;
import io.wgnetty.inner.Padding;
import io.wgnetty.peer.Session;
import io.wgnetty.protocol.Messages;
import io.wgnetty.tun.Segmenter;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.function.IntSupplier;

/**
 * Cuts super-packets into segments, pads each packet, writes its header and seals it (protocol 4.2
 * steps 4, 7, 8 and 9): from a batch of packets, whose sessions and counters are settled, into
 * datagrams. Changes nothing but the memory of the two.
 *
 * <p>Sealing is the copy from the one slab to the other. The segments of a super-packet share its
 * memory without gaps: the headers of one segment go to where the payload of the one before ended,
 * once that is sealed.
 *
 * <p>Belongs to one thread, as its cipher does.
 */
final class Sealer {
  private static final byte[] ZEROS = new byte[Padding.MULTIPLE];
  private static final int RUN_CAPACITY = 128;

  private final Aead aead;
  private final IntSupplier mtu;
  private final AeadRun run = new AeadRun(RUN_CAPACITY);
  private final Segmenter segmenter = new Segmenter();
  private final ByteBuffer headers =
      ByteBuffer.allocateDirect(RUN_CAPACITY * Segmenter.MAX_HEADER_BYTES);
  private final long headersAddress = MemorySegment.ofBuffer(headers).address();

  /**
   * A sealer of this thread.
   *
   * @param mtu the interface's at this moment: padding never makes a packet larger than that
   */
  Sealer(Aead aead, IntSupplier mtu) {
    this.aead = aead;
    this.mtu = mtu;
  }

  /**
   * Seals the live packets of a batch from {@code start} up to {@code end}, all of one session. If
   * this fails, there are datagrams that are not sealed: none may leave.
   *
   * @param whenFull makes room among the datagrams, all of which are sealed then
   */
  void seal(TunnelBatch batch, int start, int end, DatagramBatch datagrams, Runnable whenFull) {
    Session session = batch.session(start);
    int mtuBytes = mtu.getAsInt();
    try {
      for (int i = start; i < end; i++) {
        if (!batch.isLive(i)) {
          continue;
        }
        if (batch.segmentBytes(i) == 0) {
          addPacket(batch, i, session, mtuBytes, datagrams, whenFull);
        } else {
          addSegments(batch, i, session, mtuBytes, datagrams, whenFull);
        }
      }
      sealRun(session);
    } finally {
      run.clear();
    }
  }

  private void addPacket(
      TunnelBatch batch,
      int index,
      Session session,
      int mtuBytes,
      DatagramBatch datagrams,
      Runnable whenFull) {
    int length = batch.length(index);
    int padded = Padding.paddedLength(length, mtuBytes);
    makeRoom(padded, session, datagrams, whenFull);
    int offset = batch.offset(index);
    batch.bytes().put(offset + length, ZEROS, 0, padded - length);
    long destination = begin(datagrams, session, batch.counter(index));
    run.add(batch.address() + offset, destination, padded, batch.counter(index));
    int trafficClass = length == 0 ? 0 : Ecn.encapsulate(Ecn.of(batch.bytes(), offset));
    end(datagrams, padded, session, trafficClass, length > 0);
  }

  private void addSegments(
      TunnelBatch batch,
      int index,
      Session session,
      int mtuBytes,
      DatagramBatch datagrams,
      Runnable whenFull) {
    ByteBuffer bytes = batch.bytes();
    int trafficClass = Ecn.encapsulate(Ecn.of(bytes, batch.offset(index)));
    long counter = batch.counter(index);
    segmenter.begin(batch, index);
    while (segmenter.hasNext()) {
      int mostBytes = batch.headerBytes(index) + batch.segmentBytes(index) + ZEROS.length;
      makeRoom(mostBytes, session, datagrams, whenFull);
      int headerAt = run.size() * Segmenter.MAX_HEADER_BYTES;
      int headerBytes = segmenter.next(headers, headerAt);
      int offset = segmenter.payloadOffset() - headerBytes;
      int length = headerBytes + segmenter.payloadBytes();
      int padded = Padding.paddedLength(length, mtuBytes);
      long destination = begin(datagrams, session, counter);
      long source = batch.address() + offset;
      if (padded > length && segmenter.hasNext()) {
        // Padding would overwrite the next payload: this one has to move.
        source = destination;
        copy(bytes, offset, headerAt, headerBytes, length, padded, datagrams);
        run.add(source, destination, padded, counter);
      } else {
        bytes.put(offset + length, ZEROS, 0, padded - length);
        run.add(headersAddress + headerAt, headerBytes, source, destination, padded, counter);
      }
      end(datagrams, padded, session, trafficClass, true);
      counter++;
    }
  }

  private void copy(
      ByteBuffer bytes,
      int offset,
      int headerAt,
      int headerBytes,
      int length,
      int padded,
      DatagramBatch datagrams) {
    ByteBuffer target = datagrams.bytes();
    int at = datagrams.nextOffset() + Messages.TRANSPORT_HEADER_BYTES;
    target.put(at, headers, headerAt, headerBytes);
    target.put(at + headerBytes, bytes, offset + headerBytes, length - headerBytes);
    target.put(at + length, ZEROS, 0, padded - length);
  }

  /** Sees to it that the run and the datagrams can take one more packet. */
  private void makeRoom(
      int paddedBytes, Session session, DatagramBatch datagrams, Runnable whenFull) {
    boolean noRoom = !datagrams.hasRoom(paddedBytes + Messages.TRANSPORT_OVERHEAD_BYTES);
    if (noRoom || run.isFull()) {
      sealRun(session);
    }
    if (noRoom) {
      whenFull.run();
    }
  }

  /** Writes a datagram's header; returns where its ciphertext goes. */
  private static long begin(DatagramBatch datagrams, Session session, long counter) {
    ByteBuffer bytes = datagrams.bytes();
    int offset = datagrams.nextOffset();
    bytes.putInt(offset, Integer.reverseBytes(Messages.TRANSPORT));
    bytes.putInt(offset + 4, Integer.reverseBytes(session.remoteIndex()));
    bytes.putLong(offset + 8, Long.reverseBytes(counter));
    return datagrams.address() + offset + Messages.TRANSPORT_HEADER_BYTES;
  }

  private static void end(
      DatagramBatch datagrams, int paddedBytes, Session session, int trafficClass, boolean data) {
    datagrams.add(paddedBytes + Messages.TRANSPORT_OVERHEAD_BYTES, session, trafficClass, data);
  }

  private void sealRun(Session session) {
    if (run.size() > 0) {
      aead.seal(session.sendKeyAddress(), run);
      run.clear();
    }
  }
}
