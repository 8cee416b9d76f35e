package io.wgnetty.handover;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where two processes find each other: a name that one makes up and tells the other alone. */
public final class Meeting implements AutoCloseable {
  private static final int NAME_BYTES = 16;

  /** How often somebody who does not come is looked for. */
  private static final Duration LOOK = Duration.ofMillis(200);

  private static final Logger LOG = LoggerFactory.getLogger(Meeting.class);

  private final String name;
  private final LocalSocket listener;

  private Meeting(String name, LocalSocket listener) {
    this.name = name;
    this.listener = listener;
  }

  /** Waits for somebody from now on. */
  public static Meeting open() throws IOException {
    byte[] random = new byte[NAME_BYTES];
    new SecureRandom().nextBytes(random);
    String name = "wg-netty-" + HexFormat.of().formatHex(random);
    LocalSocket listener = LocalSocket.listen(name);
    listener.setPatience(LOOK);
    return new Meeting(name, listener);
  }

  /** What the other has to be told. */
  public String name() {
    return name;
  }

  /**
   * Gives these interfaces to the process that was told the name. Others who come are sent away.
   *
   * @param pid its number
   * @param isAlive whether there is still somebody to wait for
   * @param endOther ends it, and returns when that is certain
   * @throws RefusedException if nobody comes
   */
  public Giver.Result give(
      List<Estate> estates, long pid, BooleanSupplier isAlive, Duration patience, Runnable endOther)
      throws RefusedException {
    long deadlineNs = System.nanoTime() + patience.toNanos();
    while (isAlive.getAsBoolean() && System.nanoTime() - deadlineNs < 0) {
      try (Channel channel = new Channel(listener.accept())) {
        if (channel.socket().peer().isOf(LocalSocket.ownUser(), pid)) {
          return new Giver(channel, estates, endOther).give();
        }
        channel.refuse("this process was not asked to take over");
      } catch (IOException e) {
        LOG.trace("nobody yet", e);
      }
    }
    throw new RefusedException("the new process ended, or did not come, before it took over");
  }

  @Override
  public void close() {
    listener.close();
  }
}
