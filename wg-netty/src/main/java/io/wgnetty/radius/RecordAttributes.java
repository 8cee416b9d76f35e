package io.wgnetty.radius;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.wgnetty.allowedips.IpPrefix;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.aaa4j.radius.core.attribute.Attribute;
import org.aaa4j.radius.core.attribute.EnumData;
import org.aaa4j.radius.core.attribute.IntegerData;
import org.aaa4j.radius.core.attribute.Ipv4AddrData;
import org.aaa4j.radius.core.attribute.Ipv6PrefixData;
import org.aaa4j.radius.core.attribute.TextData;
import org.aaa4j.radius.core.attribute.TimeData;
import org.aaa4j.radius.core.attribute.attributes.AcctAuthentic;
import org.aaa4j.radius.core.attribute.attributes.AcctInputGigawords;
import org.aaa4j.radius.core.attribute.attributes.AcctInputOctets;
import org.aaa4j.radius.core.attribute.attributes.AcctInputPackets;
import org.aaa4j.radius.core.attribute.attributes.AcctMultiSessionId;
import org.aaa4j.radius.core.attribute.attributes.AcctOutputGigawords;
import org.aaa4j.radius.core.attribute.attributes.AcctOutputOctets;
import org.aaa4j.radius.core.attribute.attributes.AcctOutputPackets;
import org.aaa4j.radius.core.attribute.attributes.AcctSessionId;
import org.aaa4j.radius.core.attribute.attributes.AcctSessionTime;
import org.aaa4j.radius.core.attribute.attributes.AcctStatusType;
import org.aaa4j.radius.core.attribute.attributes.AcctTerminateCause;
import org.aaa4j.radius.core.attribute.attributes.CallingStationId;
import org.aaa4j.radius.core.attribute.attributes.EventTimestamp;
import org.aaa4j.radius.core.attribute.attributes.FramedIpAddress;
import org.aaa4j.radius.core.attribute.attributes.FramedIpv6Prefix;
import org.aaa4j.radius.core.attribute.attributes.FramedRoute;
import org.aaa4j.radius.core.attribute.attributes.NasIdentifier;
import org.aaa4j.radius.core.attribute.attributes.NasPortId;
import org.aaa4j.radius.core.attribute.attributes.NasPortType;
import org.aaa4j.radius.core.attribute.attributes.ServiceType;
import org.aaa4j.radius.core.attribute.attributes.UserName;

/** What a record says in attributes of RADIUS. */
final class RecordAttributes {
  /** An attribute's value (RFC 2865 5). */
  private static final int MAX_TEXT_BYTES = 253;

  private static final int VIRTUAL_PORT = 5;
  private static final int FRAMED_SERVICE = 2;

  /** Who the peer is was decided by its key, here. */
  private static final int AUTHENTIC_LOCAL = 2;

  private static final int IPV4_BITS = 32;

  private final String nas;
  private final String interfaceName;

  /**
   * @param nas what the server is to call this interface
   */
  RecordAttributes(String nas, String interfaceName) {
    this.nas = nas;
    this.interfaceName = interfaceName;
  }

  List<Attribute<?>> of(AccountingRecord record) {
    List<Attribute<?>> attributes = new ArrayList<>();
    attributes.add(new AcctStatusType(new EnumData(record.status().number)));
    attributes.add(new NasIdentifier(text(nas)));
    attributes.add(new EventTimestamp(new TimeData(record.time())));
    AccountingSession session = record.session();
    if (session == null) {
      attributes.add(new AcctSessionId(text("00000000"))); // every record has one (RFC 2866 5.5)
      return attributes;
    }
    attributes.add(new NasPortType(new EnumData(VIRTUAL_PORT)));
    attributes.add(new NasPortId(text(interfaceName)));
    attributes.add(new ServiceType(new EnumData(FRAMED_SERVICE)));
    attributes.add(new AcctAuthentic(new EnumData(AUTHENTIC_LOCAL)));
    attributes.add(new AcctSessionId(text(session.id)));
    attributes.add(new AcctMultiSessionId(text(session.key.toBase64())));
    attributes.add(new UserName(text(session.user())));
    String place = session.place();
    if (place != null) {
      attributes.add(new CallingStationId(text(place)));
    }
    addPrefixes(session, attributes);
    if (record.status() != AccountingRecord.Status.START) {
      addTraffic(record, attributes);
    }
    AccountingRecord.Cause cause = record.cause();
    if (cause != null) {
      attributes.add(new AcctTerminateCause(new EnumData(cause.number)));
    }
    return attributes;
  }

  private static void addPrefixes(AccountingSession session, List<Attribute<?>> attributes) {
    boolean hasAddress = false;
    for (IpPrefix prefix : session.prefixes()) {
      if (prefix.isIpv6()) {
        attributes.add(
            new FramedIpv6Prefix(new Ipv6PrefixData(prefix.length(), prefix.addressBytes())));
      } else if (prefix.length() == IPV4_BITS && !hasAddress) {
        hasAddress = true; // a session has one (RFC 2866 5.13), the others are routes
        attributes.add(new FramedIpAddress(new Ipv4AddrData(address(prefix))));
      } else {
        attributes.add(new FramedRoute(text(prefix + " 0.0.0.0 1")));
      }
    }
  }

  private static Inet4Address address(IpPrefix prefix) {
    try {
      return (Inet4Address) InetAddress.getByAddress(prefix.addressBytes());
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an IPv4 prefix has 4 bytes", e);
    }
  }

  private static void addTraffic(AccountingRecord record, List<Attribute<?>> attributes) {
    Traffic carried = record.carried();
    attributes.add(new AcctSessionTime(lower(record.seconds())));
    attributes.add(new AcctInputOctets(lower(carried.receivedBytes())));
    attributes.add(new AcctInputGigawords(upper(carried.receivedBytes())));
    attributes.add(new AcctInputPackets(lower(carried.receivedPackets())));
    attributes.add(new AcctOutputOctets(lower(carried.sentBytes())));
    attributes.add(new AcctOutputGigawords(upper(carried.sentBytes())));
    attributes.add(new AcctOutputPackets(lower(carried.sentPackets())));
  }

  private static IntegerData lower(long number) {
    return new IntegerData((int) number);
  }

  private static IntegerData upper(long number) {
    return new IntegerData((int) (number >>> Integer.SIZE));
  }

  private static TextData text(String text) {
    String fitting = text;
    while (fitting.getBytes(UTF_8).length > MAX_TEXT_BYTES) {
      fitting = fitting.substring(0, fitting.offsetByCodePoints(fitting.length(), -1));
    }
    return new TextData(fitting);
  }
}
