package io.wgnetty.tun;

import java.nio.ByteBuffer;

/**
 * Decides which packets of a batch leave as one write. Packets of a flow keep their order: one that
 * cannot join its flow's latest group begins a group behind it, and the earlier one takes no more.
 * Flows may alternate within a batch.
 *
 * <p>Nothing is written here, and no checksum is computed before there are two packets that belong
 * together.
 */
final class Coalescer {
  private static final int IPV4_WITHOUT_OPTIONS = 0x45;
  private static final int VERSION_6 = 6;
  private static final int FRAGMENT_BITS = 0xbfff; // all but "don't fragment", the reserved one too

  /** Long enough to read addresses and ports from, whatever follows. */
  private static final int MIN_TRANSPORT_BYTES = 8;

  private final PacketGroups groups = new PacketGroups();
  private final FlowTable flows = new FlowTable();
  private final boolean tcpWanted;
  private final boolean udpWanted;
  private boolean tcp;
  private boolean udp;

  /** The group that was touched last: most packets belong to the flow of the one before. */
  private int current;

  Coalescer(boolean tcp, boolean udp) {
    this.tcpWanted = tcp;
    this.udpWanted = udp;
    switchOn();
  }

  /** Puts together again what was left alone. */
  void switchOn() {
    tcp = tcpWanted;
    udp = udpWanted;
  }

  boolean isOn() {
    return tcp || udp;
  }

  /** Leaves packets of this protocol alone until {@link #switchOn}. */
  void switchOff(FlowKind kind) {
    if (kind.isTcp()) {
      tcp = false;
    } else {
      udp = false;
    }
  }

  /** Groups the packets of a batch that have a length; valid until the next call. */
  PacketGroups group(PacketBatch batch) {
    groups.clear();
    flows.forgetAll();
    current = PacketGroups.NONE;
    int size = batch.size();
    for (int i = 0; i < size; i++) {
      int length = batch.length(i);
      if (length != 0) {
        place(batch, i, batch.offset(i), length);
      }
    }
    return groups;
  }

  private void place(PacketBatch batch, int packet, int at, int length) {
    if (batch.segmentBytes(packet) != 0 || !liesInSlab(batch, at, length)) {
      alone(packet, length);
    } else if (current == PacketGroups.NONE || !join(batch, current, packet, at, length)) {
      findGroup(batch, packet, at, length);
    }
  }

  private static boolean liesInSlab(PacketBatch batch, int at, int length) {
    return at >= VirtioHeader.BYTES && length > 0 && length <= batch.slabBytes() - at;
  }

  /** A packet of which we do not know, or that may be part of any flow: nothing passes it. */
  private void alone(int packet, int length) {
    groups.add(packet, length);
    flows.forgetAll();
    current = PacketGroups.NONE;
  }

  private void findGroup(PacketBatch batch, int packet, int at, int length) {
    ByteBuffer b = batch.bytes();
    if (length >= TransportHeader.IPV4_BYTES + MIN_TRANSPORT_BYTES
        && b.get(at) == IPV4_WITHOUT_OPTIONS) {
      findGroupV4(batch, packet, at, length);
    } else if (length >= TransportHeader.IPV6_BYTES + MIN_TRANSPORT_BYTES
        && b.get(at) >>> 4 == VERSION_6) {
      findGroupV6(batch, packet, at, length);
    } else {
      alone(packet, length);
    }
  }

  private void findGroupV4(PacketBatch batch, int packet, int at, int length) {
    ByteBuffer b = batch.bytes();
    int protocol = b.get(at + 9);
    if ((b.getShort(at + 6) & FRAGMENT_BITS) != 0
        || Short.toUnsignedInt(b.getShort(at + 2)) != length) {
      alone(packet, length);
    } else if (tcp && protocol == TransportHeader.TCP) {
      int place = FlowTable.place(b.getLong(at + 12), protocol, b.getInt(at + 20));
      findGroup(batch, packet, at, length, place, FlowKind.TCP4);
    } else if (udp && protocol == TransportHeader.UDP) {
      int place = FlowTable.place(b.getLong(at + 12), protocol, b.getInt(at + 20));
      findGroup(batch, packet, at, length, place, FlowKind.UDP4);
    } else {
      groups.add(packet, length); // no part of a flow that is put together
    }
  }

  private void findGroupV6(PacketBatch batch, int packet, int at, int length) {
    ByteBuffer b = batch.bytes();
    int protocol = b.get(at + 6);
    if (Short.toUnsignedInt(b.getShort(at + 4)) != length - TransportHeader.IPV6_BYTES) {
      alone(packet, length);
    } else if (tcp && protocol == TransportHeader.TCP) {
      findGroup(batch, packet, at, length, placeV6(b, at, protocol), FlowKind.TCP6);
    } else if (udp && protocol == TransportHeader.UDP) {
      findGroup(batch, packet, at, length, placeV6(b, at, protocol), FlowKind.UDP6);
    } else if (protocol == TransportHeader.TCP || protocol == TransportHeader.UDP) {
      groups.add(packet, length);
    } else {
      alone(packet, length); // behind extension headers there may be anything
    }
  }

  private static int placeV6(ByteBuffer b, int at, int protocol) {
    long source = b.getLong(at + 8) + Long.rotateLeft(b.getLong(at + 16), 17);
    long destination = b.getLong(at + 24) + Long.rotateLeft(b.getLong(at + 32), 17);
    return FlowTable.place(source, destination + protocol, b.getInt(at + 40));
  }

  private void findGroup(
      PacketBatch batch, int packet, int at, int length, int place, FlowKind kind) {
    int latest = flows.group(place);
    if (latest != PacketGroups.NONE
        && latest != current
        && join(batch, latest, packet, at, length)) {
      current = latest;
      return;
    }
    int group = groups.add(packet, length);
    ByteBuffer b = batch.bytes();
    int header =
        TransportHeader.payloadOffset(b, at, length, kind.transportOffset(), kind.protocol());
    if (header != TransportHeader.NONE && MergeRules.canBegin(b, at, length, kind, header)) {
      groups.setOpen(group, kind, header);
    }
    flows.put(place, group);
    current = group;
  }

  /** Puts the packet into the group if it belongs there and nothing speaks against it. */
  private boolean join(PacketBatch batch, int group, int packet, int at, int length) {
    if (!groups.isOpen(group)) {
      return false;
    }
    ByteBuffer b = batch.bytes();
    int firstPacket = groups.first(group);
    int first = batch.offset(firstPacket);
    FlowKind kind = groups.kind(group);
    if (!MergeRules.continues(b, groups, group, first, at, length)) {
      return false;
    }
    if (!groups.isVerified(group)) {
      if (!MergeRules.isIntact(batch, first, batch.length(firstPacket), kind)) {
        return false;
      }
      groups.setVerified(group);
    }
    if (!MergeRules.isIntact(batch, at, length, kind)) {
      return false;
    }
    int payloadBytes = length - groups.headerBytes(group);
    groups.append(group, packet, payloadBytes);
    if (payloadBytes < groups.segmentBytes(group) || MergeRules.isLast(b, at, kind)) {
      groups.close(group);
    }
    return true;
  }
}
