package io.wgnetty.peers;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.wgnetty.config.PeerFields;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.node.PeerDirectories;
import io.wgnetty.node.RunningDirectory;
import io.wgnetty.peers.cluster.ClusterAtWork;
import io.wgnetty.peers.cluster.RelaySetup;
import io.wgnetty.peers.etcd.EtcdSources;
import io.wgnetty.peers.plan.PeerPlan;
import io.wgnetty.peers.plan.Refusal;
import io.wgnetty.peers.record.PeerRecord;
import io.wgnetty.peers.record.RecordException;
import io.wgnetty.peers.record.RecordReader;
import io.wgnetty.peers.record.RecordWriter;
import io.wgnetty.peers.record.SectionReader;
import io.wgnetty.peers.source.FolderSource;
import io.wgnetty.peers.source.PeerSource;
import io.wgnetty.peers.source.SourceAddress;
import io.wgnetty.peers.source.StoredRecord;
import io.wgnetty.peers.source.Web;
import io.wgnetty.peers.source.WebSource;
import io.wgnetty.setup.AnnouncedRoutes;
import io.wgnetty.setup.ClusterOptions;
import io.wgnetty.setup.DirectoryOptions;
import io.wgnetty.setup.PeersBeside;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** The service by which the rest of the program finds this part. */
public final class Directories implements PeerDirectories {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  /** Who calls waits for no longer than that. */
  private static final Duration WEB_TIMEOUT = Duration.ofSeconds(4);

  @Override
  public RunningDirectory open(PeersBeside peers, DirectoryOptions options, ClusterOptions cluster)
      throws IOException {
    SourceAddress address = SourceAddress.parse(String.valueOf(options.source()));
    if (address.kind() == SourceAddress.Kind.WEB && !options.onCall()) {
      throw new IllegalArgumentException(
          "a web service is asked for those who call: --peers-on-call is missing");
    }
    return DirectoryAtWork.start(
        peers, source(address, options), options, cluster(peers, address, options, cluster));
  }

  private static @Nullable ClusterAtWork cluster(
      PeersBeside peers, SourceAddress address, DirectoryOptions options, ClusterOptions cluster)
      throws IOException {
    String node = cluster.node();
    if (node == null) {
      return null;
    }
    if (address.kind() != SourceAddress.Kind.ETCD) {
      throw new IllegalArgumentException("nodes of a cluster need a directory in etcd");
    }
    Integer table = cluster.announce();
    AnnouncedRoutes announced = table == null ? null : peers.announce(table);
    SSLContext tls = Tls.of(options);
    return ClusterAtWork.start(
        node,
        peers,
        new ClusterAtWork.Place(
            EtcdSources.leases(
                address, new Web(tls, TIMEOUT), options.user(), options.passwordFile()),
            EtcdSources.open(
                address.below(EtcdSources.SESSIONS),
                new Web(tls, TIMEOUT),
                options.user(),
                options.passwordFile()),
            EtcdSources.open(
                address.below(EtcdSources.NODES),
                new Web(tls, TIMEOUT),
                options.user(),
                options.passwordFile())),
        announced,
        RelaySetup.of(cluster));
  }

  private static PeerSource source(DirectoryOptions options) throws IOException {
    return source(SourceAddress.parse(String.valueOf(options.source())), options);
  }

  private static PeerSource source(SourceAddress address, DirectoryOptions options)
      throws IOException {
    return switch (address.kind()) {
      case FOLDER -> new FolderSource(address.folder());
      case ETCD ->
          EtcdSources.open(
              address, new Web(Tls.of(options), TIMEOUT), options.user(), options.passwordFile());
      case WEB ->
          new WebSource(address, options.tokenFile(), new Web(Tls.of(options), WEB_TIMEOUT));
    };
  }

  @Override
  public boolean check(DirectoryOptions options, PrintStream out)
      throws IOException, InterruptedException {
    var plan = new PeerPlan(Integer.MAX_VALUE);
    Map<String, String> problems = new LinkedHashMap<>();
    List<String> names = new ArrayList<>();
    try (PeerSource source = source(options)) {
      var intake = new RecordIntake(source);
      for (StoredRecord stored : all(source)) {
        intake.take(stored, plan, problems);
        names.add(stored.name());
      }
    }
    var unusedSteps = plan.settle(System.currentTimeMillis() / 1000);
    int wrong = 0;
    for (String name : names) {
      Refusal refusal = plan.refusalOf(name);
      if (refusal != null) {
        wrong++;
        String why =
            refusal == Refusal.TAKEN
                ? "has the key or a prefix of a record that comes before it"
                : String.valueOf(problems.get(name));
        out.println(PeerFields.label(name) + ": " + why);
      }
    }
    out.println(
        "%d records, %d wrong; %d disabled, %d expired"
            .formatted(names.size(), wrong, plan.disabled(), plan.expired()));
    plan.wipe();
    return wrong == 0;
  }

  private static List<StoredRecord> all(PeerSource source)
      throws IOException, InterruptedException {
    List<StoredRecord> all = new ArrayList<>();
    source.list(all::add);
    return all;
  }

  @Override
  public void export(DirectoryOptions options, boolean json, PrintStream out)
      throws IOException, InterruptedException {
    long now = System.currentTimeMillis() / 1000;
    try (PeerSource source = source(options)) {
      var secrets = new RecordSecrets(source);
      for (StoredRecord stored : all(source)) {
        PeerRecord record = record(stored, source);
        if (json) {
          out.println(RecordWriter.json(record));
        } else if (record.disabled() || record.notAfter() < now) {
          out.println("# " + record.publicKey() + " is disabled or expired\n");
        } else {
          record = secrets.complete(record);
          out.println(RecordWriter.section(record));
        }
        record.wipe();
      }
    }
  }

  private static PeerRecord record(StoredRecord stored, PeerSource source) throws IOException {
    try {
      return RecordIntake.read(stored, source);
    } catch (RecordException e) {
      throw new IOException("record " + PeerFields.label(stored.name()) + ": " + e.getMessage());
    }
  }

  @Override
  public int importInto(DirectoryOptions options, byte[] text)
      throws IOException, InterruptedException {
    List<PeerRecord> records = records(text);
    try (PeerSource source = source(options)) {
      Map<PublicKey, String> byKey = new LinkedHashMap<>();
      for (PeerRecord record : records) {
        byKey.put(record.publicKey(), RecordWriter.json(record));
      }
      source.put(byKey);
      return byKey.size();
    } finally {
      records.forEach(PeerRecord::wipe);
    }
  }

  private static List<PeerRecord> records(byte[] text) throws IOException {
    try {
      return isJson(text) ? lines(text) : SectionReader.all(text);
    } catch (RecordException e) {
      throw new IOException(e.getMessage());
    }
  }

  private static boolean isJson(byte[] text) {
    int at = 0;
    while (at < text.length && text[at] <= ' ' && text[at] >= 0) {
      at++;
    }
    return at < text.length && text[at] == '{';
  }

  private static List<PeerRecord> lines(byte[] text) throws RecordException {
    List<PeerRecord> records = new ArrayList<>();
    int number = 0;
    for (String line : new String(text, UTF_8).split("\n", -1)) {
      number++;
      if (!line.isBlank()) {
        try {
          records.add(RecordReader.read(line.getBytes(UTF_8), null));
        } catch (RecordException e) {
          records.forEach(PeerRecord::wipe);
          throw new RecordException("line " + number + ": " + e.getMessage());
        }
      }
    }
    return records;
  }
}
