package io.wgnetty.node;

import io.wgnetty.account.Accounts;
import io.wgnetty.device.DeviceControl;
import io.wgnetty.device.DeviceTransfer;
import io.wgnetty.observe.EventFeed;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** An interface that works: what the command that started it needs of it. */
public interface RunningNode extends AutoCloseable {
  /** The interface's name, which an inherited TUN descriptor may have settled. */
  String name();

  /** What the UAPI socket reads and changes. */
  DeviceControl control();

  /** What happens to it, for those who follow. */
  EventFeed events();

  /** What its peers have carried in all; {@code null} if nobody keeps that. */
  @Nullable Accounts accounts();

  /** Whether each of its threads still does what it is asked. */
  boolean isAlive();

  /**
   * Completes when the interface was removed from outside; exceptionally if it does not work any
   * more.
   */
  CompletionStage<Void> gone();

  /** How it goes to another process, or comes from another. */
  default DeviceTransfer transfer() {
    throw new UnsupportedOperationException("this interface stays where it is");
  }

  /** It was taken over from another process, and is here now. */
  default void begun() {}

  /** Another process has it now. */
  default void left() {}

  /** Ends the node and removes the interface; harmless when repeated. */
  @Override
  void close();
}
