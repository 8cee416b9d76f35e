package io.wgnetty.allowedips;

import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.protocol.IpText;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AllowedIpsTest {
  private final AllowedIps<TestPeer> table = new AllowedIps<>();
  private final TestPeer a = new TestPeer("a");
  private final TestPeer b = new TestPeer("b");

  @Test
  void shouldFindNobodyInAnEmptyTable() {
    assertThat(table.isEmpty()).isTrue();
    assertThat(table.size()).isZero();
    assertThat(lookup("10.0.0.1")).isNull();
    assertThat(lookup("::")).isNull();
    table.removeAll(a);
    remove("10.0.0.0/8", a);
    assertThat(table.prefixes(a)).isEmpty();
  }

  @Test
  void shouldKeepTheFamiliesApart() {
    insert("0.0.0.0/0", a);
    assertThat(lookup("::ffff:10.0.0.1")).isNull();
    assertThat(lookup("::")).isNull();
    insert("::/0", b);
    assertThat(lookup("0.0.0.0")).isEqualTo(a);
    assertThat(lookup("::ffff:10.0.0.1")).isEqualTo(b);
    table.removeAll(a);
    assertThat(lookup("0.0.0.0")).isNull();
    assertThat(lookup("::")).isEqualTo(b);
  }

  @Test
  void shouldUncoverTheWiderPrefixWhenTheNarrowerGoes() {
    insert("10.0.0.0/8", a);
    insert("10.1.0.0/16", b);
    insert("10.1.2.0/24", a);
    assertThat(lookup("10.1.2.3")).isEqualTo(a);
    remove("10.1.2.0/24", a);
    assertThat(lookup("10.1.2.3")).isEqualTo(b);
    table.removeAll(b);
    assertThat(lookup("10.1.2.3")).isEqualTo(a);
    remove("10.0.0.0/8", a);
    assertThat(lookup("10.1.2.3")).isNull();
    assertThat(table.isEmpty()).isTrue();
  }

  @Test
  void shouldMoveAPrefixSilentlyToItsNewPeer() {
    insert("10.0.0.0/8", a);
    insert("10.1.0.0/16", a);
    insert("10.99.99.99/8", b);
    assertThat(prefixes(a)).containsExactly("10.1.0.0/16");
    assertThat(prefixes(b)).containsExactly("10.0.0.0/8");
    assertThat(lookup("10.2.0.0")).isEqualTo(b);
    assertThat(lookup("10.1.0.0")).isEqualTo(a);
    assertThat(table.size()).isEqualTo(2);
    remove("10.0.0.0/8", a);
    assertThat(lookup("10.2.0.0")).isEqualTo(b);
  }

  @Test
  void shouldListInTheOrderOfInsertionAndMoveRepeatedPrefixesToTheEnd() {
    insert("10.0.0.0/8", a);
    insert("2001:db8::/32", a);
    insert("192.0.2.0/24", a);
    insert("1.1.1.1/32", a);
    assertThat(prefixes(a))
        .containsExactly("10.0.0.0/8", "2001:db8::/32", "192.0.2.0/24", "1.1.1.1/32");
    insert("10.0.0.0/8", a);
    assertThat(prefixes(a))
        .containsExactly("2001:db8::/32", "192.0.2.0/24", "1.1.1.1/32", "10.0.0.0/8");
    insert("192.0.2.0/24", a);
    insert("192.0.2.0/24", a);
    remove("1.1.1.1/32", a);
    assertThat(prefixes(a)).containsExactly("2001:db8::/32", "10.0.0.0/8", "192.0.2.0/24");
    assertThat(a.allowedIps().size()).isEqualTo(3);
    assertThat(table.size()).isEqualTo(3);
  }

  @Test
  void shouldReplaceAListWithoutTouchingWhatStays() {
    insert("10.0.0.0/8", b);
    insert("10.1.0.0/16", a);
    insert("10.2.0.0/16", a);
    insert("2001:db8::/32", a);
    table.beginReplacement(a);
    assertThat(lookup("10.1.0.1")).isEqualTo(a);
    insert("2001:db8::/32", a);
    insert("10.3.0.0/16", a);
    insert("10.1.0.0/16", a);
    assertThat(lookup("10.2.0.1")).as("before all that is new is there").isEqualTo(a);
    table.endReplacement(a);
    assertThat(prefixes(a)).containsExactly("2001:db8::/32", "10.3.0.0/16", "10.1.0.0/16");
    assertThat(lookup("10.2.0.1")).isEqualTo(b);
    assertThat(table.size()).isEqualTo(4);
    table.endReplacement(a);
    assertThat(table.size()).as("there is nothing left to end").isEqualTo(4);
  }

  @Test
  void shouldReplaceAListByNothing() {
    insert("10.1.0.0/16", a);
    insert("10.2.0.0/16", a);
    table.beginReplacement(a);
    table.endReplacement(a);
    assertThat(prefixes(a)).isEmpty();
    assertThat(table.isEmpty()).isTrue();
  }

  @Test
  void shouldLeaveWhatMovedAwayOrWentWhileAListIsReplaced() {
    insert("10.1.0.0/16", a);
    insert("10.2.0.0/16", a);
    insert("10.3.0.0/16", a);
    table.beginReplacement(a);
    insert("10.1.0.0/16", b);
    remove("10.3.0.0/16", a);
    insert("10.4.0.0/16", a);
    table.endReplacement(a);
    assertThat(prefixes(a)).containsExactly("10.4.0.0/16");
    assertThat(prefixes(b)).containsExactly("10.1.0.0/16");
    insert("10.1.0.0/16", a);
    table.endReplacement(a);
    assertThat(prefixes(a)).containsExactly("10.4.0.0/16", "10.1.0.0/16");
  }

  @Test
  void shouldBeginAReplacementAnewWhenOneWasNeverEnded() {
    insert("10.1.0.0/16", a);
    insert("10.2.0.0/16", a);
    table.beginReplacement(a);
    insert("10.2.0.0/16", a);
    table.beginReplacement(a);
    insert("10.1.0.0/16", a);
    table.endReplacement(a);
    assertThat(prefixes(a)).containsExactly("10.1.0.0/16");
  }

  @Test
  void shouldHoldEveryLengthOfOneNetworkAtOnce() {
    for (int length = 0; length <= 128; length++) {
      insert("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/" + length, length % 2 == 0 ? a : b);
    }
    assertThat(table.size()).isEqualTo(129);
    byte[] ones = IpText.parse("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
    for (int length = 0; length < 128; length++) {
      byte[] address = ones.clone();
      address[length / 8] ^= (byte) (0x80 >>> length % 8); // differs right after the prefix
      assertThat(lookup(address)).as("/%d", length).isEqualTo(length % 2 == 0 ? a : b);
    }
    assertThat(lookup(ones)).isEqualTo(a);
    table.removeAll(a);
    assertThat(lookup(ones)).isEqualTo(b);
    table.removeAll(b);
    assertThat(table.isEmpty()).isTrue();
  }

  @Test
  void shouldStandTheDeepestTable() {
    // protocol 5, depth stress: in a trie of single bits, a path of 129 nodes.
    List<IpPrefix> prefixes = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      prefixes.add(new IpPrefix(true, -1L, -1L << i, 128));
      prefixes.add(new IpPrefix(true, -1L << i, 0, 128));
    }
    prefixes.add(new IpPrefix(true, 0, 0, 128));
    long seed = new Random().nextLong();
    System.out.println("AllowedIpsTest seed " + seed);
    for (int round = 0; round < 20; round++) {
      Collections.shuffle(prefixes, new Random(seed + round));
      prefixes.forEach(prefix -> table.insert(prefix, a));
      assertThat(table.size()).isEqualTo(129);
      for (IpPrefix prefix : prefixes) {
        assertThat(table.lookupV6(prefix.high(), prefix.low())).isEqualTo(a);
        assertThat(table.lookupV6(prefix.high(), prefix.low() ^ 0x5555)).isNull();
      }
      assertThat(table.prefixes(a)).isEqualTo(prefixes);
      if (round % 2 == 0) {
        table.removeAll(a);
      } else {
        prefixes.forEach(prefix -> table.remove(prefix, a));
      }
      assertThat(table.isEmpty()).isTrue();
      assertThat(table.size()).isZero();
    }
  }

  @Test
  void shouldListAndClearAPeerWithAHundredThousandPrefixes() {
    // protocol 5, bulk: a.b.0.0/16 and a::b/128 for all a, b.
    insert("1.0.0.0/8", b);
    for (int i = 0; i < 255; i++) {
      for (int j = 0; j < 256; j++) {
        table.insert(new IpPrefix(false, (long) i << 56 | (long) j << 48, 0, 16), a);
        table.insert(new IpPrefix(true, (long) i << 48, j, 128), a);
      }
    }
    assertThat(table.prefixes(a)).hasSize(2 * 255 * 256).doesNotHaveDuplicates();
    assertThat(table.size()).isEqualTo(2 * 255 * 256 + 1);
    assertThat(lookup("254.255.1.1")).isEqualTo(a);
    assertThat(lookup("fe::ff")).isEqualTo(a);
    table.removeAll(a);
    assertThat(table.prefixes(a)).isEmpty();
    assertThat(lookup("1.2.3.4")).isEqualTo(b);
    assertThat(table.size()).isEqualTo(1);
  }

  private void insert(String prefix, TestPeer peer) {
    table.insert(IpPrefix.parse(prefix), peer);
  }

  private void remove(String prefix, TestPeer peer) {
    table.remove(IpPrefix.parse(prefix), peer);
  }

  private List<String> prefixes(TestPeer peer) {
    return table.prefixes(peer).stream().map(IpPrefix::toString).toList();
  }

  private @Nullable TestPeer lookup(String address) {
    return lookup(IpText.parse(address));
  }

  private @Nullable TestPeer lookup(byte[] address) {
    return AllowedIpsVectorTest.lookup(table, address);
  }
}
