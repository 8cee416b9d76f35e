package io.wgnetty.tun;

/** Hears of an interface's life; called on its {@link LinkMonitor}'s thread. */
public interface LinkListener {
  /** The state when watching began, then every change of it. */
  void onLink(LinkState state);

  /** The interface was deleted, or its device closed; nothing follows. */
  void onGone();
}
