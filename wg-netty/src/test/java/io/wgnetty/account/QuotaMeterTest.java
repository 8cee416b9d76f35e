package io.wgnetty.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.device.Limits;
import io.wgnetty.device.PeerTraffic;
import io.wgnetty.device.QuotaUse;
import io.wgnetty.limit.LimitText;
import io.wgnetty.limit.PeerLimit;
import io.wgnetty.limit.QuotaText;
import io.wgnetty.peer.LonePeer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is carried of quotas, over days, months and runs, in real files. */
class QuotaMeterTest {
  private static final PublicKey PHONE = LonePeer.numbered(1).publicKey();
  private static final PublicKey LAPTOP = LonePeer.numbered(2).publicKey();
  private static final PublicKey OTHER = LonePeer.numbered(3).publicKey();

  /** Limits of peers that a test sets, and what is told of their quotas. */
  private final class SetLimits implements Limits {
    private final Map<PublicKey, PeerLimit> peers = new HashMap<>();
    private Map<String, PeerLimit> groups = Map.of();
    private QuotaUse told = QuotaUse.NOTHING;
    private int asked;

    @Override
    public void set(Map<PublicKey, PeerLimit> limits) {
      peers.putAll(limits);
    }

    @Override
    public PeerLimit of(PublicKey key) {
      return peers.getOrDefault(key, PeerLimit.NONE);
    }

    @Override
    public void setGroups(Map<String, PeerLimit> wanted) {
      groups = wanted;
    }

    @Override
    public Map<String, PeerLimit> groups() {
      return groups;
    }

    @Override
    public Map<PublicKey, PeerLimit> withQuota() {
      return peers;
    }

    @Override
    public List<PeerTraffic> traffic(Collection<PublicKey> keys) {
      asked += keys.size();
      return device.traffic().stream().filter(peer -> keys.contains(peer.publicKey())).toList();
    }

    @Override
    public void use(QuotaUse use) {
      told = use;
    }
  }

  @TempDir private Path folder;
  private final SetClock clock = new SetClock();
  private final List<Accounts> begun = new ArrayList<>();
  private final SetLimits limits = new SetLimits();
  private AccountedDevice device = new AccountedDevice();

  private Accounts run() throws IOException {
    device = new AccountedDevice();
    var accounts = new Accounts("wg0", AccountFiles.in(List.of(folder), "wg0"), clock, false);
    begun.add(accounts);
    accounts.keep(device::traffic);
    return accounts;
  }

  @AfterEach
  void end() {
    begun.forEach(Accounts::close);
  }

  private static PeerLimit quota(String text) {
    return PeerLimit.NONE.withQuota(QuotaText.parse(text));
  }

  private void look(Accounts accounts) {
    new QuotaMeter(accounts, limits).look();
  }

  @Test
  void shouldCountBothDirectionsOfThosePeersAlone() throws IOException {
    Accounts accounts = run();
    limits.set(Map.of(PHONE, quota("1MB a day")));
    device.carry(PHONE, 300, 40);
    device.carry(OTHER, 9_000_000, 0);
    look(accounts);
    assertThat(limits.told.ofPeer(PHONE)).isEqualTo(340);
    assertThat(limits.told.ofPeer(OTHER)).isEqualTo(-1);
    assertThat(limits.asked).isEqualTo(1);
  }

  @Test
  void shouldRememberADayOverARestartAndForgetItAtMidnight() throws IOException {
    limits.set(Map.of(PHONE, quota("1MB a day")));
    Accounts first = run();
    device.carry(PHONE, 500, 0);
    look(first);
    first.close();
    Accounts second = run();
    device.carry(PHONE, 70, 0);
    look(second);
    assertThat(limits.told.ofPeer(PHONE)).isEqualTo(570);
    clock.now = clock.now.plus(Duration.ofDays(1));
    look(second);
    device.carry(PHONE, 75, 0);
    look(second);
    assertThat(limits.told.ofPeer(PHONE)).isEqualTo(5);
  }

  @Test
  void shouldAddUpTheDaysOfAMonthAndBeginAnewWithTheNext() throws IOException {
    limits.set(Map.of(PHONE, quota("1GB a month")));
    clock.now = clock.now.minus(Duration.ofDays(20)); // the 10th
    Accounts first = run();
    for (int day = 0; day < 5; day++) {
      device.carry(PHONE, 100L * (day + 1), 0);
      look(first);
      clock.now = clock.now.plus(Duration.ofDays(1));
    }
    first.close();
    Accounts second = run();
    device.carry(PHONE, 11, 0);
    look(second);
    assertThat(limits.told.ofPeer(PHONE)).isEqualTo(511);
    clock.now = clock.now.plus(Duration.ofDays(20)); // December
    look(second);
    device.carry(PHONE, 12, 0);
    look(second);
    assertThat(limits.told.ofPeer(PHONE)).isEqualTo(1);
  }

  @Test
  void shouldAddUpAGroup() throws IOException {
    Accounts accounts = run();
    PeerLimit member = LimitText.parse("5M").withGroup("sales");
    limits.set(Map.of(PHONE, member, LAPTOP, member.withQuota(QuotaText.parse("1GB a month"))));
    limits.setGroups(Map.of("sales", quota("1MB a day")));
    device.carry(PHONE, 100, 0);
    device.carry(LAPTOP, 0, 20);
    look(accounts);
    assertThat(limits.told.ofGroup("sales")).isEqualTo(120);
    assertThat(limits.told.ofPeer(PHONE)).isEqualTo(-1);
    assertThat(limits.told.ofPeer(LAPTOP)).isEqualTo(20);
    assertThat(limits.told.ofGroup("lab")).isEqualTo(-1);
  }

  @Test
  void shouldTellWhenTheLastQuotaIsGone() throws IOException {
    Accounts accounts = run();
    limits.set(Map.of(PHONE, quota("1MB a day")));
    device.carry(PHONE, 100, 0);
    var meter = new QuotaMeter(accounts, limits);
    meter.look();
    limits.peers.clear();
    meter.look();
    assertThat(limits.told).isEqualTo(QuotaUse.NOTHING);
  }
}
