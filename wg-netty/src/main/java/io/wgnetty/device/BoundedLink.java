package io.wgnetty.device;

import io.wgnetty.tun.LinkListener;
import io.wgnetty.tun.LinkState;
import io.wgnetty.tun.TunDevice;
import java.util.function.Consumer;

/** Follows the link, on the monitor's thread, and sees to it that its MTU is one that we carry. */
final class BoundedLink implements LinkListener {
  private final MtuLimit mtu;
  private final Consumer<LinkState> changed;
  private final Runnable gone;

  BoundedLink(TunDevice tun, Consumer<LinkState> changed, Runnable gone) {
    this.mtu = new MtuLimit(tun);
    this.changed = changed;
    this.gone = gone;
  }

  @Override
  public void onLink(LinkState state) {
    changed.accept(mtu.bounded(state));
  }

  @Override
  public void onGone() {
    gone.run();
  }
}
