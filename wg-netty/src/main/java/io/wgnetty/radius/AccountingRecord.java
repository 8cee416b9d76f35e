package io.wgnetty.radius;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something to tell the server.
 *
 * @param session whose; {@code null} for the interface as a whole
 * @param time when it was so
 * @param carried in the session so far
 * @param seconds for how long the session lasts, or has lasted
 * @param cause why it ended; {@code null} while it did not
 */
record AccountingRecord(
    Status status,
    @Nullable AccountingSession session,
    Instant time,
    Traffic carried,
    long seconds,
    @Nullable Cause cause) {

  /** Acct-Status-Type (RFC 2866 5.1). */
  enum Status {
    START(1),
    STOP(2),
    INTERIM(3),
    ON(7),
    OFF(8);

    final int number;

    Status(int number) {
      this.number = number;
    }
  }

  /** Acct-Terminate-Cause (RFC 2866 5.10). */
  enum Cause {
    /** Nothing came from the peer: WireGuard has no other end. */
    IDLE_TIMEOUT(4),
    /** The peer was removed. */
    ADMIN_RESET(6),
    /** The interface ends. */
    ADMIN_REBOOT(7),
    /** Another process goes on with the interface, in sessions of its own. */
    NAS_REQUEST(10);

    final int number;

    Cause(int number) {
      this.number = number;
    }
  }

  /** Of the interface: the server forgets, or ends, all sessions that it knows of it. */
  static AccountingRecord of(Status status, Instant time) {
    return new AccountingRecord(status, null, time, Traffic.NONE, 0, null);
  }

  /** Whether a later record says all that this one does. */
  boolean isInterim() {
    return status == Status.INTERIM;
  }
}
