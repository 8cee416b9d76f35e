package io.wgnetty.pipeline;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.AeadRun;
import io.wgnetty.peer.Session;
import io.wgnetty.protocol.Ecn;
import io.wgnetty.protocol.Messages;
import io.wgnetty.protocol.Padding;
import io.wgnetty.shard.PeerShard;
import io.wgnetty.tun.Segmenter;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.function.IntSupplier;

/**
 * Cuts super-packets into segments, pads each packet, writes its header and seals it (protocol 4.2
 * steps 4, 7, 8 and 9). The end of the batch of packets: what goes on are the sealed datagrams.
 *
 * <p>Sealing is the copy from the one slab to the other. The segments of a super-packet share its
 * memory without gaps: the headers of one segment go to where the payload of the one before ended,
 * once that is sealed.
 */
final class TransportEncryptor extends ChannelInboundHandlerAdapter {
  private static final byte[] ZEROS = new byte[Padding.MULTIPLE];
  private static final int RUN_CAPACITY = 128;

  private final Aead aead;
  private final IntSupplier mtu;
  private final PeerShard shard;
  private final DatagramBatch datagrams;
  private final AeadRun run = new AeadRun(RUN_CAPACITY);
  private final Segmenter segmenter = new Segmenter();
  private final ByteBuffer headers =
      ByteBuffer.allocateDirect(RUN_CAPACITY * Segmenter.MAX_HEADER_BYTES);
  private final long headersAddress = MemorySegment.ofBuffer(headers).address();

  /**
   * @param mtu the interface's at this moment: padding never makes a packet larger than that
   * @param shard where the verdicts of the packets are counted
   * @param datagrams the loop's, to be filled over and over
   */
  TransportEncryptor(Aead aead, IntSupplier mtu, PeerShard shard, DatagramBatch datagrams) {
    this.aead = aead;
    this.mtu = mtu;
    this.shard = shard;
    this.datagrams = datagrams;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    TunnelBatch batch = (TunnelBatch) message;
    boolean sealed = false;
    try {
      int start = SessionRuns.start(batch, 0);
      while (start < batch.size()) {
        int end = SessionRuns.end(batch, start);
        seal(context, batch, start, end);
        start = SessionRuns.start(batch, end);
      }
      batch.countDrops(shard);
      sealed = true;
    } finally {
      batch.release();
      if (!sealed) {
        // What is not sealed must not leave.
        run.clear();
        datagrams.clear();
      }
    }
    pass(context);
  }

  private void seal(ChannelHandlerContext context, TunnelBatch batch, int start, int end) {
    Session session = batch.session(start);
    int mtuBytes = mtu.getAsInt();
    for (int i = start; i < end; i++) {
      if (!batch.isLive(i)) {
        continue;
      }
      if (batch.segmentBytes(i) == 0) {
        addPacket(context, batch, i, session, mtuBytes);
      } else {
        addSegments(context, batch, i, session, mtuBytes);
      }
    }
    seal(session);
  }

  private void addPacket(
      ChannelHandlerContext context, TunnelBatch batch, int index, Session session, int mtuBytes) {
    int length = batch.length(index);
    int padded = Padding.paddedLength(length, mtuBytes);
    makeRoom(context, session, padded);
    int offset = batch.offset(index);
    batch.bytes().put(offset + length, ZEROS, 0, padded - length);
    long destination = begin(session, batch.counter(index));
    run.add(batch.address() + offset, destination, padded, batch.counter(index));
    int trafficClass = length == 0 ? 0 : Ecn.encapsulate(Ecn.of(batch.bytes(), offset));
    end(padded, session, trafficClass, length > 0);
  }

  private void addSegments(
      ChannelHandlerContext context, TunnelBatch batch, int index, Session session, int mtuBytes) {
    ByteBuffer bytes = batch.bytes();
    int trafficClass = Ecn.encapsulate(Ecn.of(bytes, batch.offset(index)));
    long counter = batch.counter(index);
    segmenter.begin(batch, index);
    while (segmenter.hasNext()) {
      makeRoom(
          context, session, batch.headerBytes(index) + batch.segmentBytes(index) + ZEROS.length);
      int headerAt = run.size() * Segmenter.MAX_HEADER_BYTES;
      int headerBytes = segmenter.next(headers, headerAt);
      int offset = segmenter.payloadOffset() - headerBytes;
      int length = headerBytes + segmenter.payloadBytes();
      int padded = Padding.paddedLength(length, mtuBytes);
      long destination = begin(session, counter);
      long source = batch.address() + offset;
      if (padded > length && segmenter.hasNext()) {
        // Padding would overwrite the next payload: this one has to move.
        source = destination;
        copy(bytes, offset, headerAt, headerBytes, length, padded);
        run.add(source, destination, padded, counter);
      } else {
        bytes.put(offset + length, ZEROS, 0, padded - length);
        run.add(headersAddress + headerAt, headerBytes, source, destination, padded, counter);
      }
      end(padded, session, trafficClass, true);
      counter++;
    }
  }

  private void copy(
      ByteBuffer bytes, int offset, int headerAt, int headerBytes, int length, int padded) {
    ByteBuffer target = datagrams.bytes();
    int at = datagrams.nextOffset() + Messages.TRANSPORT_HEADER_BYTES;
    target.put(at, headers, headerAt, headerBytes);
    target.put(at + headerBytes, bytes, offset + headerBytes, length - headerBytes);
    target.put(at + length, ZEROS, 0, padded - length);
  }

  /** Sees to it that the run and the datagrams can take one more packet. */
  private void makeRoom(ChannelHandlerContext context, Session session, int paddedBytes) {
    boolean noRoom = !datagrams.hasRoom(paddedBytes + Messages.TRANSPORT_OVERHEAD_BYTES);
    if (noRoom || run.isFull()) {
      seal(session);
    }
    if (noRoom) {
      pass(context);
    }
  }

  /** Writes a datagram's header; returns where its ciphertext goes. */
  private long begin(Session session, long counter) {
    ByteBuffer bytes = datagrams.bytes();
    int offset = datagrams.nextOffset();
    bytes.putInt(offset, Integer.reverseBytes(Messages.TRANSPORT));
    bytes.putInt(offset + 4, Integer.reverseBytes(session.remoteIndex()));
    bytes.putLong(offset + 8, Long.reverseBytes(counter));
    return datagrams.address() + offset + Messages.TRANSPORT_HEADER_BYTES;
  }

  private void end(int paddedBytes, Session session, int trafficClass, boolean data) {
    datagrams.add(paddedBytes + Messages.TRANSPORT_OVERHEAD_BYTES, session, trafficClass, data);
  }

  private void seal(Session session) {
    if (run.size() > 0) {
      aead.seal(session.sendKeyAddress(), run);
      run.clear();
    }
  }

  private void pass(ChannelHandlerContext context) {
    if (datagrams.size() > 0) {
      try {
        context.fireChannelRead(datagrams);
      } finally {
        datagrams.clear();
      }
    }
  }
}
