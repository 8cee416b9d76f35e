package io.wgnetty.wrong.protocol;

import io.wgnetty.wrong.peer.WrongUtil;

/** Wrong: protocol is below peer. */
public final class KnowsPeer {
  public int answer() {
    return WrongUtil.answer(new ReadsClock());
  }
}
