package io.wgnetty.node;

import io.wgnetty.control.AnswerWriter;
import io.wgnetty.control.Operation;
import io.wgnetty.control.OperationFailure;
import io.wgnetty.observe.EventFeed;
import io.wgnetty.observe.EventSubscription;
import io.wgnetty.observe.NodeEvent;
import java.util.Map;

/**
 * {@code do=events}: what happens from now on, until the client leaves or the node ends. {@code
 * events=begun}, then {@code event=LINE} for each; with {@code json=true} the line is JSON. {@code
 * lost=N} says how many are missing so far, because the client reads slowly.
 */
public final class EventOperation implements Operation {
  /** Under which an event is told. */
  public static final String EVENT_KEY = "event";

  /** Under which is told that from now on nothing is missed. */
  public static final String BEGUN_KEY = "events";

  /** Under which is told how many are missing. */
  public static final String LOST_KEY = "lost";

  /** How soon it is noticed that the client is gone, beside what the connection notices. */
  private static final long WAIT_MS = 1000;

  private final EventFeed feed;

  EventOperation(EventFeed feed) {
    this.feed = feed;
  }

  @Override
  public Pace pace() {
    return Pace.ENDLESS;
  }

  @Override
  public void run(Map<String, String> arguments, AnswerWriter out) throws OperationFailure {
    boolean json = "true".equals(arguments.get("json"));
    try (EventSubscription subscription = feed.follow()) {
      out.line(BEGUN_KEY, "begun");
      follow(subscription, json, out);
    }
  }

  private static void follow(EventSubscription subscription, boolean json, AnswerWriter out)
      throws OperationFailure {
    long lost = 0;
    try {
      while (true) {
        out.flush();
        NodeEvent event = subscription.next(WAIT_MS);
        while (event != null) {
          out.line(EVENT_KEY, json ? event.json() : event.text());
          event = subscription.hasNext() ? subscription.next(0) : null;
        }
        if (subscription.lost() != lost) {
          lost = subscription.lost();
          out.line(LOST_KEY, lost);
        }
      }
    } catch (InterruptedException e) {
      out.flush(); // the node ends
    }
  }
}
