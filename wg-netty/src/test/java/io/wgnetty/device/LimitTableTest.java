package io.wgnetty.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.device.QuotaUse.Used;
import io.wgnetty.limit.FlowTerms;
import io.wgnetty.limit.LimitText;
import io.wgnetty.limit.PeerLimit;
import io.wgnetty.limit.Quota.Period;
import io.wgnetty.limit.QuotaText;
import io.wgnetty.limit.RateLimit;
import io.wgnetty.peer.LonePeer;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What follows for a peer from limits, quotas and groups. */
class LimitTableTest {
  private static final PublicKey PHONE = LonePeer.numbered(1).publicKey();
  private static final PublicKey LAPTOP = LonePeer.numbered(2).publicKey();
  private static final PeerLimit IN_SALES = PeerLimit.NONE.withGroup("sales");

  private final LimitTable table = new LimitTable();

  private static PeerLimit quota(String text) {
    return PeerLimit.NONE.withQuota(QuotaText.parse(text));
  }

  private static QuotaUse used(PublicKey key, Period period, long bytes) {
    return new QuotaUse(Map.of(key, new Used(period, bytes)), Map.of());
  }

  @Test
  void shouldHoldNobodyToNothing() {
    assertThat(table.terms(PHONE)).isEqualTo(FlowTerms.NONE);
    table.set(PHONE, IN_SALES);
    assertThat(table.terms(PHONE).isNone()).as("of a group without limit").isTrue();
    table.setGroups(Map.of("sales", quota("1GB a day")));
    assertThat(table.terms(PHONE).isNone()).as("within its group's quota").isTrue();
  }

  @Test
  void shouldGivePeersOfAGroupOnePace() {
    table.set(PHONE, LimitText.parse("5M").withGroup("sales"));
    table.set(LAPTOP, IN_SALES);
    assertThat(table.setGroups(Map.of("sales", LimitText.parse("100M"), "lab", IN_SALES)))
        .containsExactlyInAnyOrder(PHONE, LAPTOP);
    FlowTerms terms = table.terms(PHONE);
    assertThat(terms.in().rate().bitsPerSecond()).isEqualTo(5_000_000);
    assertThat(terms.in().shared()).isNotNull().isSameAs(table.terms(LAPTOP).in().shared());
    assertThat(terms.out().shared()).isNotSameAs(terms.in().shared());
    table.setGroups(Map.of("sales", LimitText.parse("50M")));
    assertThat(table.terms(PHONE).in().shared()).isSameAs(terms.in().shared());
    assertThat(table.setGroups(Map.of("sales", LimitText.parse("50M")))).isEmpty();
    assertThat(table.setGroups(Map.of())).hasSize(2);
    assertThat(table.terms(LAPTOP)).isEqualTo(FlowTerms.NONE);
  }

  @Test
  void shouldSlowAPeerThatHasUsedItsQuotaUntilItIsRaised() {
    table.set(PHONE, LimitText.parse("20M").withQuota(QuotaText.parse("1MB a day, then 1M")));
    assertThat(table.use(used(PHONE, Period.DAY, 999_999))).isEmpty();
    assertThat(table.use(used(PHONE, Period.DAY, 1_000_000))).containsExactly(PHONE);
    FlowTerms.Way in = table.terms(PHONE).in();
    assertThat(in.rate()).isEqualTo(new RateLimit(1_000_000, 0));
    assertThat(in.open()).isTrue();
    assertThat(in.ofQuota()).isTrue();
    table.set(PHONE, LimitText.parse("20M").withQuota(QuotaText.parse("2MB a day, then 1M")));
    assertThat(table.terms(PHONE).in().rate().bitsPerSecond()).isEqualTo(20_000_000);
    assertThat(table.use(used(PHONE, Period.DAY, 1_000_001))).isEmpty();
  }

  @Test
  void shouldNotTakeADaysUseForAMonths() {
    table.set(PHONE, quota("1MB a month"));
    assertThat(table.use(used(PHONE, Period.DAY, 5_000_000))).isEmpty();
    assertThat(table.use(used(PHONE, Period.MONTH, 5_000_000))).containsExactly(PHONE);
    assertThat(table.terms(PHONE).out().open()).isFalse();
  }

  @Test
  void shouldHoldAllOfAGroup() {
    table.set(PHONE, IN_SALES.withQuota(QuotaText.parse("5GB a month, then 9M")));
    table.set(LAPTOP, IN_SALES);
    table.setGroups(Map.of("sales", quota("1MB a day, then out 2M")));
    assertThat(table.withQuota()).containsOnlyKeys(PHONE, LAPTOP);
    var use = new QuotaUse(Map.of(), Map.of("sales", new Used(Period.DAY, 2_000_000)));
    assertThat(table.use(use)).containsExactlyInAnyOrder(PHONE, LAPTOP);
    assertThat(table.terms(LAPTOP).out().rate().bitsPerSecond()).isEqualTo(2_000_000);
    assertThat(table.terms(LAPTOP).in().rate().isNone()).isTrue();
    assertThat(table.use().ofGroup("sales")).isEqualTo(2_000_000);
    table.set(LAPTOP, PeerLimit.NONE);
    assertThat(table.terms(LAPTOP)).isEqualTo(FlowTerms.NONE);
  }
}
