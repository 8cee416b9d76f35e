package io.wgnetty.observe;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Throttle;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/**
 * The kinds of events that a flight recording of a node holds. Peers appear with the beginning of
 * their public key and their label; no other key is in them.
 */
final class FlightEvents {
  private FlightEvents() {}

  /** What all of them say. */
  @Category({"wg-netty"})
  @StackTrace(false)
  abstract static class NodeEvent extends Event {
    @Label("Interface")
    String interfaceName = "";
  }

  /** What all of them say that are about a peer. */
  abstract static class PeerEvent extends NodeEvent {
    @Label("Peer")
    @Description("The first 8 characters of its public key in base64")
    @Nullable String peer;

    @Label("Peer's label")
    @Nullable String label;
  }

  @Name("io.wgnetty.HandshakeBegun")
  @Label("Handshake Begun")
  @Description("A first handshake message goes out, or came in and is answered")
  static final class HandshakeBegun extends PeerEvent {
    @Label("Role")
    @Description("Which side we are: initiated or answered")
    String role = "";

    @Label("Attempt")
    @Description("Which time our first message goes out; 0 if it is the peer's")
    int attempt;
  }

  @Name("io.wgnetty.HandshakeCompleted")
  @Label("Handshake Completed")
  @Description("Both sides have a new session")
  static final class HandshakeCompleted extends PeerEvent {
    @Label("Role")
    @Description("Which side we are: initiated or answered")
    String role = "";

    @Label("Attempts")
    @Description("How often our first message went out; 0 if it was the peer's")
    int attempts;

    @Label("Elapsed")
    @Description("From the first message to the confirmed session")
    @Timespan(Timespan.NANOSECONDS)
    long elapsed;

    @Label("Since the last")
    @Description("Since the handshake before was completed; nothing if this is the first")
    @Timespan(Timespan.NANOSECONDS)
    long sinceLast;
  }

  @Name("io.wgnetty.HandshakeFailed")
  @Label("Handshake Failed")
  @Description("A handshake message led to nothing, or nothing came back")
  static final class HandshakeFailed extends PeerEvent {
    @Label("Role")
    @Description("Which side we are: initiated or answered")
    String role = "";

    @Label("Reason")
    @Description("The reason under which it is counted as dropped, or given-up")
    String reason = "";

    @Label("Source")
    @Description("Where the message came from")
    @Nullable String source;
  }

  @Name("io.wgnetty.Rekey")
  @Label("Rekey")
  @Description("A new session takes the place of another")
  static final class Rekey extends PeerEvent {
    @Label("Role")
    @Description("Which side we are: initiated or answered")
    String role = "";

    @Label("Old session's age")
    @Timespan(Timespan.NANOSECONDS)
    long oldSessionAge;
  }

  @Name("io.wgnetty.SessionExpired")
  @Label("Session Expired")
  @Description("Sessions were not renewed, and their keys are wiped")
  static final class SessionExpired extends PeerEvent {}

  @Name("io.wgnetty.Roam")
  @Label("Roam")
  @Description("The peer is found elsewhere than before")
  static final class Roam extends PeerEvent {
    @Label("From")
    String from = "";

    @Label("To")
    String to = "";
  }

  @Name("io.wgnetty.CookieSent")
  @Label("Cookie Sent")
  @Description("We are under load, and asked a source to prove its address")
  static final class CookieSent extends NodeEvent {
    @Label("Destination")
    String destination = "";
  }

  @Name("io.wgnetty.CookieReceived")
  @Label("Cookie Received")
  @Description("A peer under load asked us to prove our address")
  static final class CookieReceived extends PeerEvent {}

  @Name("io.wgnetty.Load")
  @Label("Load")
  @Description("An event loop asks sources of handshakes for proof from now on, or no more")
  static final class Load extends NodeEvent {
    @Label("Loop")
    int loop;

    @Label("Under load")
    boolean underLoad;
  }

  @Name("io.wgnetty.DropSample")
  @Label("Drop Sample")
  @Description("Packets that were dropped: the first reason of a batch, at most 100 a second")
  @Throttle("100/s")
  static final class DropSample extends PeerEvent {
    @Label("Loop")
    int loop;

    @Label("Chain")
    String chain = "";

    @Label("Stage")
    String stage = "";

    @Label("Reason")
    String reason = "";

    @Label("Packets")
    @Description("Of this reason in the batch")
    int packets;
  }

  @Name("io.wgnetty.OffloadFallback")
  @Label("Offload Fallback")
  @Description("The kernel refused an offload, and we go without it")
  static final class OffloadFallback extends NodeEvent {
    @Label("Loop")
    int loop;

    @Label("Offload")
    String offload = "";
  }
}
