package io.wgnetty.peer;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Arbitrary bytes in place of what another process knows of a peer. */
final class PeerStateFuzzTest {
  @FuzzTest(maxDuration = "1m")
  void restore(byte[] bytes) {
    PeerStateTest.takeOrRefuse(bytes);
  }
}
