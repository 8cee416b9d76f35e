package io.wgnetty.peers.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.config.PeerSettings;
import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.peers.record.PeerRecord;
import io.wgnetty.setup.FileClaims;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which records are in force. */
class PeerPlanTest {
  private static final long NOW = 1000;

  private final PeerPlan plan = new PeerPlan(1000);

  static PublicKey key(int number) {
    byte[] bytes = new byte[PublicKey.BYTES];
    bytes[0] = (byte) number;
    bytes[1] = (byte) (number >> 8);
    return PublicKey.of(bytes);
  }

  private static PeerRecord record(int key, boolean disabled, long notAfter, String... prefixes) {
    List<IpPrefix> allowedIps = new ArrayList<>();
    for (String prefix : prefixes) {
      allowedIps.add(IpPrefix.parse(prefix));
    }
    byte[] secret = new byte[PresharedKey.BYTES];
    secret[0] = 1;
    return new PeerRecord(
        new PeerSettings(key(key), PresharedKey.of(secret), allowedIps, null, 0, null),
        null,
        disabled,
        notAfter,
        List.of());
  }

  private static PeerRecord record(int key, String... prefixes) {
    return record(key, false, PeerRecord.FOR_EVER, prefixes);
  }

  private static List<PublicKey> keys(List<PlanStep> steps, boolean coming) {
    return steps.stream()
        .filter(step -> (step.after() != null) == coming)
        .map(PlanStep::key)
        .toList();
  }

  private static boolean isWiped(PeerRecord record) {
    PresharedKey key = record.settings().presharedKey();
    return !key.sameAs(key);
  }

  @Test
  void shouldPutRecordsIntoForceAndTakeThemOut() {
    plan.put("a", 1, record(1, "10.0.0.1/32"));
    List<PlanStep> steps = plan.settle(NOW);
    assertThat(keys(steps, true)).containsExactly(key(1));
    assertThat(steps.getFirst().before()).isNull();
    assertThat(plan.settle(NOW)).isEmpty();

    plan.remove("a");
    assertThat(keys(plan.settle(NOW), false)).containsExactly(key(1));
    assertThat(plan.inForce()).isZero();
    assertThat(plan.records()).isZero();
  }

  @Test
  void shouldGiveAPrefixToTheRecordWithTheBetterRight() {
    plan.put("late", 7, record(1, "10.0.0.1/32"));
    plan.settle(NOW);
    plan.put("early", 3, record(2, "10.0.0.1/32", "10.0.0.2/32"));
    List<PlanStep> steps = plan.settle(NOW);
    assertThat(keys(steps, true)).containsExactly(key(2));
    assertThat(keys(steps, false)).containsExactly(key(1));
    assertThat(plan.refusalOf("late")).isEqualTo(Refusal.TAKEN);

    plan.remove("early");
    steps = plan.settle(NOW);
    assertThat(keys(steps, true)).containsExactly(key(1));
    assertThat(plan.refused(Refusal.TAKEN)).isZero();
  }

  @Test
  void shouldNotLetARecordThatIsOutOfForceKeepOthersOut() {
    plan.setFile(new FileClaims(null, Set.of(), Set.of(IpPrefix.parse("10.0.0.1/32"))));
    plan.put("a", 1, record(1, "10.0.0.1/32", "10.0.0.2/32"));
    plan.put("b", 2, record(2, "10.0.0.2/32"));
    assertThat(keys(plan.settle(NOW), true)).containsExactly(key(2));
    assertThat(plan.refusalOf("a")).isEqualTo(Refusal.IN_FILE);

    plan.setFile(FileClaims.NONE);
    List<PlanStep> steps = plan.settle(NOW);
    assertThat(keys(steps, true)).containsExactly(key(1));
    assertThat(keys(steps, false)).containsExactly(key(2));
  }

  @Test
  void shouldLeaveTheFileItsPeersAndTheInterfaceItsKey() {
    plan.setFile(new FileClaims(key(9), Set.of(key(1)), Set.of()));
    plan.put("a", 1, record(1, "10.0.0.1/32"));
    plan.put("b", 2, record(9, "10.0.0.9/32"));
    assertThat(plan.settle(NOW)).isEmpty();
    assertThat(plan.refusalOf("a")).isEqualTo(Refusal.IN_FILE);
    assertThat(plan.refusalOf("b")).isEqualTo(Refusal.OWN_KEY);
  }

  @Test
  void shouldEndWhatIsOverAndWhatIsDisabled() {
    plan.put("a", 1, record(1, false, NOW, "10.0.0.1/32"));
    plan.put("b", 2, record(2, true, PeerRecord.FOR_EVER, "10.0.0.2/32"));
    assertThat(keys(plan.settle(NOW), true)).containsExactly(key(1));
    assertThat(plan.disabled()).isEqualTo(1);

    assertThat(keys(plan.settle(NOW + 1), false)).containsExactly(key(1));
    assertThat(plan.expired()).isEqualTo(1);
    plan.put("a", 1, record(1, false, NOW + 10, "10.0.0.1/32"));
    assertThat(keys(plan.settle(NOW + 1), true)).containsExactly(key(1));
    assertThat(plan.expired()).isZero();
  }

  @Test
  void shouldKeepWhatWasInForceWhileItsRecordCannotBeRead() {
    plan.put("a", 1, record(1, "10.0.0.1/32"));
    plan.settle(NOW);
    plan.refuse("a", 1, Refusal.INVALID);
    assertThat(plan.settle(NOW)).isEmpty();
    assertThat(plan.inForce()).isEqualTo(1);
    assertThat(plan.refused(Refusal.INVALID)).isEqualTo(1);

    plan.put("a", 1, record(1, "10.0.0.2/32"));
    assertThat(plan.settle(NOW)).hasSize(1);
    assertThat(plan.refused(Refusal.INVALID)).isZero();
  }

  @Test
  void shouldRemoveWhatAListingDoesNotHave() {
    plan.put("a", 1, record(1));
    plan.put("b", 2, record(2));
    plan.refuse("c", 3, Refusal.INVALID);
    plan.settle(NOW);
    plan.beginListing();
    plan.put("b", 2, record(2));
    plan.endListing();
    assertThat(keys(plan.settle(NOW), false)).containsExactly(key(1));
    assertThat(plan.records()).isEqualTo(1);
    assertThat(plan.refused(Refusal.INVALID)).isZero();
  }

  @Test
  void shouldHaveRoomForSoManyAndLetTheNextInWhenOneGoes() {
    var small = new PeerPlan(2);
    small.put("a", 1, record(1));
    small.put("b", 2, record(2));
    small.put("c", 3, record(3));
    assertThat(small.settle(NOW)).hasSize(2);
    assertThat(small.refusalOf("c")).isEqualTo(Refusal.FULL);
    small.remove("a");
    assertThat(keys(small.settle(NOW), true)).containsExactly(key(3));
  }

  @Test
  void shouldWipeSecretsThatNobodyNeeds() {
    PeerRecord first = record(1);
    PeerRecord second = record(1, "10.0.0.2/32");
    PeerRecord refused = record(1);
    plan.put("a", 1, first);
    plan.settle(NOW);
    plan.put("a", 1, second);
    plan.put("b", 2, refused);
    plan.settle(NOW);
    assertThat(isWiped(first)).as("not before the step is made").isFalse();
    plan.settle(NOW);
    assertThat(isWiped(first)).isTrue();
    plan.remove("b");
    assertThat(isWiped(refused)).isTrue();
    assertThat(isWiped(second)).isFalse();
  }

  /** What a person would do: go through all records in the order of rights. */
  private static Map<PublicKey, PeerRecord> reference(
      Map<String, Long> orders, Map<String, PeerRecord> records, FileClaims file, long now) {
    Map<PublicKey, PeerRecord> inForce = new HashMap<>();
    Set<Object> taken = new HashSet<>();
    taken.addAll(file.keys());
    taken.addAll(file.prefixes());
    if (file.ownKey() != null) {
      taken.add(file.ownKey());
    }
    records.keySet().stream()
        .sorted(
            Comparator.<String>comparingLong(orders::get).thenComparing(Comparator.naturalOrder()))
        .forEach(
            name -> {
              PeerRecord record = Objects.requireNonNull(records.get(name));
              List<Object> claims = new ArrayList<>(record.settings().allowedIps());
              claims.add(record.publicKey());
              if (!record.disabled()
                  && record.notAfter() >= now
                  && claims.stream().noneMatch(taken::contains)) {
                taken.addAll(claims);
                inForce.put(record.publicKey(), record);
              }
            });
    return inForce;
  }

  private static @Nullable List<IpPrefix> prefixes(@Nullable PeerRecord record) {
    return record == null ? null : record.settings().allowedIps();
  }

  private static Map<PublicKey, List<IpPrefix>> prefixes(Map<PublicKey, PeerRecord> records) {
    Map<PublicKey, List<IpPrefix>> prefixes = new HashMap<>();
    records.forEach((key, record) -> prefixes.put(key, record.settings().allowedIps()));
    return prefixes;
  }

  @Test
  void shouldTouchNobodyWhoseRecordComesAgain() {
    plan.put("a", 1, record(1, "10.0.0.1/32"));
    plan.settle(NOW);
    plan.beginListing();
    PeerRecord again = record(1, "10.0.0.1/32");
    plan.put("a", 1, again);
    plan.endListing();
    assertThat(plan.settle(NOW)).isEmpty();
    plan.settle(NOW);
    assertThat(isWiped(again)).isFalse();
    plan.put("a", 1, record(1, "10.0.0.1/32", "10.0.0.2/32"));
    assertThat(plan.settle(NOW)).hasSize(1);
  }

  @Test
  void shouldAlwaysBeWhereAFreshStartWouldBe() {
    long seed = System.nanoTime();
    var random = new SplittableRandom(seed);
    for (int run = 0; run < 30; run++) {
      var tested = new PeerPlan(1_000_000);
      Map<String, Long> orders = new TreeMap<>();
      Map<String, PeerRecord> records = new TreeMap<>();
      Map<PublicKey, PeerRecord> world = new HashMap<>();
      FileClaims file = FileClaims.NONE;
      long now = NOW;
      for (int step = 0; step < 300; step++) {
        for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
          String name = "r" + random.nextInt(12);
          switch (random.nextInt(8)) {
            case 0, 1 -> {
              tested.remove(name);
              records.remove(name);
            }
            case 2 -> {
              file =
                  new FileClaims(
                      random.nextBoolean() ? key(random.nextInt(8)) : null,
                      Set.of(key(random.nextInt(8))),
                      Set.of(IpPrefix.parse("10.0.0." + random.nextInt(10) + "/32")));
              tested.setFile(file);
            }
            case 3 -> now += random.nextInt(3);
            default -> {
              List<String> prefixes = new ArrayList<>();
              for (int count = random.nextInt(3); count > 0; count--) {
                prefixes.add("10.0.0." + random.nextInt(10) + "/32");
              }
              PeerRecord record =
                  record(
                      random.nextInt(8),
                      random.nextInt(6) == 0,
                      random.nextInt(4) == 0 ? now + random.nextInt(10) : PeerRecord.FOR_EVER,
                      prefixes.stream().distinct().toArray(String[]::new));
              orders.put(name, (long) random.nextInt(5));
              records.put(name, record);
              tested.put(name, orders.get(name), record);
            }
          }
        }
        for (PlanStep done : tested.settle(now)) {
          String as = "seed " + seed + ", run " + run + ", step " + step;
          assertThat(prefixes(world.get(done.key()))).as(as).isEqualTo(prefixes(done.before()));
          if (done.after() == null) {
            world.remove(done.key());
          } else {
            assertThat(isWiped(done.after())).as(as).isFalse();
            world.put(done.key(), done.after());
          }
        }
        assertThat(prefixes(world))
            .as("seed " + seed + ", run " + run + ", step " + step)
            .isEqualTo(prefixes(reference(orders, records, file, now)));
        assertThat(tested.inForce()).isEqualTo(world.size());
      }
    }
  }
}
