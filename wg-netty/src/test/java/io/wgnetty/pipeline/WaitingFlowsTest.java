package io.wgnetty.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.limit.FlowTerms;
import io.wgnetty.limit.LimitText;
import io.wgnetty.limit.LimitedFlow;
import io.wgnetty.limit.LoopLimits;
import io.wgnetty.limit.PeerFlows;
import io.wgnetty.limit.PeerLimit;
import io.wgnetty.limit.SharedLimit;
import io.wgnetty.peer.LonePeer;
import io.wgnetty.peer.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Peers of one group on one loop: at 8 Mbit/s a packet of 1000 bytes takes a millisecond. */
class WaitingFlowsTest {
  private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);

  private final LoopLimits loop = new LoopLimits();
  private final SharedLimit shared = new SharedLimit(LimitText.parse("8M"));
  private final WaitingFlows waiting = new WaitingFlows();
  private final List<LimitedFlow> released = new ArrayList<>();

  private LimitedFlow flow(PeerLimit own) {
    return new PeerFlows(FlowTerms.of(own, shared), loop).out();
  }

  private void offer(Peer peer, LimitedFlow flow, int packets) {
    for (int i = 0; i < packets; i++) {
      if (flow.offer(0, 1000, 1) == LimitedFlow.Verdict.HOLD) {
        if (flow.held() == 0) {
          waiting.add(peer, flow);
        }
        flow.hold(new byte[1000], 0);
      }
    }
  }

  private void release(long nowNs) {
    released.clear();
    waiting.release(nowNs, false, (peer, flow, packet) -> released.add(flow));
  }

  @Test
  void shouldLetPeersOfAGroupTakeTurns() {
    LimitedFlow greedy = flow(PeerLimit.NONE);
    LimitedFlow modest = flow(PeerLimit.NONE);
    offer(LonePeer.numbered(1), greedy, 1000);
    offer(LonePeer.numbered(2), modest, 20);
    assertThat(modest.held()).as("nobody goes before those that wait").isEqualTo(20);
    release(20 * MS);
    long ofModest = released.stream().filter(flow -> flow == modest).count();
    assertThat(ofModest).isBetween(9L, 11L);
    assertThat(released.size() - ofModest).isBetween(9L, 11L);
    release(100 * MS);
    assertThat(modest.held()).isZero();
  }

  @Test
  void shouldPassOverWhomItsOwnLimitHoldsBack() {
    LimitedFlow slow = flow(LimitText.parse("80k"));
    LimitedFlow fast = flow(PeerLimit.NONE);
    offer(LonePeer.numbered(1), slow, 2);
    offer(LonePeer.numbered(2), fast, 60);
    release(50 * MS);
    assertThat(released).doesNotContain(slow).hasSizeBetween(48, 52);
    release(200 * MS);
    assertThat(released).contains(slow);
    assertThat(waiting.isEmpty()).isTrue();
  }

  @Test
  void shouldLetAllGoAtTheEnd() {
    LimitedFlow one = flow(PeerLimit.NONE);
    LimitedFlow other = flow(PeerLimit.NONE);
    offer(LonePeer.numbered(1), one, 50);
    offer(LonePeer.numbered(2), other, 50);
    int held = one.held() + other.held();
    waiting.release(0, true, (peer, flow, packet) -> released.add(flow));
    assertThat(released).hasSize(held);
    assertThat(waiting.isEmpty()).isTrue();
    assertThat(loop.bytes()).isZero();
  }
}
