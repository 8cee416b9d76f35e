package io.wgnetty;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The rules that hold between the packages below one root, each to be checked by itself. */
final class ArchitectureRules {
  /** From the bottom up: each knows those before it, and none of the same or a later line. */
  private static final List<List<String>> LAYERS =
      List.of(
          List.of("state"),
          List.of("crypto", "counters", "limit", "inner"),
          List.of("protocol"),
          List.of("allowedips"),
          List.of("peer"),
          List.of("handshake"),
          List.of("shard"),
          List.of("cipher"),
          List.of("config", "netlink"),
          List.of("nftables"),
          List.of("pipeline"),
          List.of("udp"),
          List.of("relay"),
          List.of("device"),
          List.of("account", "control", "memory", "observe", "setup"),
          List.of("radius"),
          List.of("handover"),
          List.of("node"),
          List.of("client"),
          List.of("doctor"),
          List.of("api"),
          List.of("cli"));

  private static final List<String> PURE =
      List.of(
          "state",
          "crypto",
          "counters",
          "limit",
          "inner",
          "protocol",
          "allowedips",
          "peer",
          "handshake",
          "shard",
          "cipher",
          "config");
  private static final String TUN = "tun";

  /** Packages whose files know each other in one direction. */
  private static final List<String> WITHOUT_CIRCLES =
      List.of("counters", "inner", "peer", "handshake", "shard");

  /**
   * What a peer consists of, and leads back to it. So these may name its type; what they do with it
   * is to hand it on.
   */
  private static final Set<String> PARTS_OF_A_PEER =
      Set.of(
          "IndexEntry",
          "IndexTable",
          "PendingHandshake",
          "Session",
          "StagedMemory",
          "StagedPacket",
          "StagedQueue");

  private static final Pattern SOCKET =
      Pattern.compile("java\\.net\\.(\\w*Socket(Impl|Factory|ImplFactory)?|\\w*URL\\w*|http\\..*)");
  private static final Pattern THREAD =
      Pattern.compile(
          "java\\.lang\\.Thread(\\$.*)?|java\\.lang\\.Runtime|java\\.util\\.Timer\\w*|"
              + "java\\.util\\.concurrent\\.(\\w*Executor\\w*|ForkJoin\\w*|CompletableFuture|"
              + "\\w*Thread\\w*|StructuredTaskScope)(\\$.*)?");

  private static final Set<String> CLOCKS = Set.of("nanoTime", "currentTimeMillis");

  private final String root;

  ArchitectureRules(String root) {
    this.root = root;
  }

  ArchRule everyClassHasItsPlace() {
    String[] known =
        Stream.concat(LAYERS.stream().flatMap(List::stream), Stream.of(TUN))
            .map(this::packageOf)
            .toArray(String[]::new);
    return classes().should().resideInAnyPackage(known);
  }

  /** One rule for each package: it knows nothing above it. */
  List<ArchRule> lowerNeverKnowsHigher() {
    List<ArchRule> rules = new ArrayList<>();
    for (int i = 0; i < LAYERS.size(); i++) {
      for (String name : LAYERS.get(i)) {
        String[] above =
            LAYERS.subList(i + 1, LAYERS.size()).stream()
                .flatMap(List::stream)
                .map(this::packageOf)
                .toArray(String[]::new);
        if (above.length > 0) {
          rules.add(
              noClasses()
                  .that()
                  .resideInAPackage(packageOf(name))
                  .should()
                  .dependOnClassesThat()
                  .resideInAnyPackage(above)
                  .allowEmptyShould(true));
        }
      }
    }
    return rules;
  }

  ArchRule packagesHaveNoCycles() {
    return slices().matching(root + ".(*)..").should().beFreeOfCycles();
  }

  ArchRule filesHaveNoCircles() {
    return slices()
        .assignedFrom(new CoreFiles())
        .should()
        .beFreeOfCycles()
        .ignoreDependency(partOfAPeer(), peer())
        .allowEmptyShould(true);
  }

  ArchRule partsAskTheirPeerNothing() {
    return noClasses()
        .that(partOfAPeer())
        .should()
        .accessClassesThat(peer())
        .allowEmptyShould(true);
  }

  private DescribedPredicate<JavaClass> partOfAPeer() {
    return describe(
        "are parts of a peer",
        c ->
            c.getPackageName().equals(root + ".peer")
                && PARTS_OF_A_PEER.contains(fileOf(c).getSimpleName()));
  }

  private DescribedPredicate<JavaClass> peer() {
    return describe("are peers", c -> c.getName().equals(root + ".peer.Peer"));
  }

  /** The class of which the file has its name. */
  private static JavaClass fileOf(JavaClass any) {
    return any.getEnclosingClass().map(ArchitectureRules::fileOf).orElse(any);
  }

  /** A slice for each file of the packages without circles. */
  private final class CoreFiles implements SliceAssignment {
    @Override
    public SliceIdentifier getIdentifierOf(JavaClass any) {
      boolean isCore =
          WITHOUT_CIRCLES.stream().anyMatch(name -> any.getPackageName().equals(root + "." + name));
      return isCore ? SliceIdentifier.of(fileOf(any).getName()) : SliceIdentifier.ignore();
    }

    @Override
    public String getDescription() {
      return "files of the core";
    }
  }

  ArchRule tunKnowsNothingElseOfOurs() {
    DescribedPredicate<JavaClass> others =
        resideInAPackage(root + "..").and(DescribedPredicate.not(resideInAPackage(packageOf(TUN))));
    return noClasses()
        .that()
        .resideInAPackage(packageOf(TUN))
        .should()
        .dependOnClassesThat(others)
        .allowEmptyShould(true);
  }

  ArchRule pureKnowsNoNetty() {
    return pureShouldNotKnow(resideInAnyPackage("io.netty.."));
  }

  ArchRule pureKnowsNoSockets() {
    DescribedPredicate<JavaClass> sockets =
        describe("sockets", c -> SOCKET.matcher(c.getName()).matches());
    return pureShouldNotKnow(sockets.or(resideInAPackage("java.nio.channels..")));
  }

  ArchRule pureKnowsNoThreads() {
    return pureShouldNotKnow(describe("threads", c -> THREAD.matcher(c.getName()).matches()));
  }

  ArchRule pureReadsNoClock() {
    DescribedPredicate<JavaAccess<?>> readsClock =
        describe("reads a clock", access -> isClock(access.getTargetOwner(), access.getName()));
    return noClasses()
        .that()
        .resideInAnyPackage(pure())
        .should()
        .accessTargetWhere(readsClock)
        .allowEmptyShould(true);
  }

  private static boolean isClock(JavaClass owner, String method) {
    if (owner.isEquivalentTo(System.class)) {
      return CLOCKS.contains(method);
    }
    boolean isTime = owner.getPackageName().equals("java.time");
    boolean isClockFactory = owner.getSimpleName().equals("Clock") && method.startsWith("system");
    return (isTime && (method.equals("now") || isClockFactory))
        || (owner.isEquivalentTo(java.util.Date.class) && method.equals("<init>"));
  }

  ArchRule namesSayWhatAThingIs() {
    return noClasses().should().haveNameMatching(".*(Util|Helper|Manager|Impl)s?");
  }

  /** All of them. */
  List<ArchRule> all() {
    List<ArchRule> rules = new ArrayList<>(lowerNeverKnowsHigher());
    rules.add(everyClassHasItsPlace());
    rules.add(packagesHaveNoCycles());
    rules.add(filesHaveNoCircles());
    rules.add(partsAskTheirPeerNothing());
    rules.add(tunKnowsNothingElseOfOurs());
    rules.add(pureKnowsNoNetty());
    rules.add(pureKnowsNoSockets());
    rules.add(pureKnowsNoThreads());
    rules.add(pureReadsNoClock());
    rules.add(namesSayWhatAThingIs());
    return rules;
  }

  private ArchRule pureShouldNotKnow(DescribedPredicate<? super JavaClass> forbidden) {
    return noClasses()
        .that()
        .resideInAnyPackage(pure())
        .should()
        .dependOnClassesThat(forbidden)
        .allowEmptyShould(true);
  }

  private String[] pure() {
    return PURE.stream().map(this::packageOf).toArray(String[]::new);
  }

  private String packageOf(String name) {
    return root + "." + name + "..";
  }
}
