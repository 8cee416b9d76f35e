package io.wgnetty.peers.cluster;

import io.wgnetty.relay.NodeRelay;
import io.wgnetty.setup.ClusterStatus;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hears which nodes there are, and gives the relay its list. */
final class NodeTaker implements EntryFollower.Taker {
  private static final Logger LOG = LoggerFactory.getLogger(NodeTaker.class);

  private final String interfaceName;
  private final NodeEntry self;
  private final NodeList list;
  private final @Nullable NodeRelay relay;
  private final Set<String> listed = new HashSet<>();
  private boolean listing;
  private List<String> told = List.of();
  private volatile List<ClusterStatus.Node> shown = List.of();

  /** {@code relay} is there if this node hands datagrams on. */
  NodeTaker(String interfaceName, NodeEntry self, NodeList list, @Nullable NodeRelay relay) {
    this.interfaceName = interfaceName;
    this.self = self;
    this.list = list;
    this.relay = relay;
  }

  /** The nodes as people see them. Any thread. */
  List<ClusterStatus.Node> shown() {
    return shown;
  }

  @Override
  public void beginListing() {
    listing = true;
    listed.clear();
  }

  @Override
  public void entry(String name, byte @Nullable [] text) {
    NodeEntry entry = text == null ? null : EntryTexts.node(name, text);
    if (entry == null) {
      list.nodes().remove(name);
    } else {
      list.nodes().put(name, entry);
      listed.add(name);
      warnOfAnother(entry);
    }
    if (!listing) {
      use();
    }
  }

  private void warnOfAnother(NodeEntry entry) {
    if (entry.name().equals(self.name())
        && !entry.run().equals(self.run())
        && entry.since() >= self.since()) {
      LOG.error(
          "interface {}: another node calls itself {}, too; names have to differ",
          interfaceName,
          self.name());
    }
  }

  @Override
  public void endListing() {
    listing = false;
    list.nodes().keySet().retainAll(listed);
    use();
  }

  private void use() {
    shown = list.nodes().values().stream().map(this::shown).toList();
    if (relay != null) {
      List<String> problems = new ArrayList<>();
      relay.setNodes(list.ways(problems::add));
      if (!problems.equals(told)) {
        problems.forEach(
            problem ->
                LOG.error(
                    "interface {}: {}; no datagrams are handed on to it", interfaceName, problem));
        told = problems;
      }
    }
  }

  private ClusterStatus.Node shown(NodeEntry entry) {
    NodeEntry.Relay proved = list.isProved(entry) ? entry.relay() : null;
    return new ClusterStatus.Node(
        entry.name(), entry.since(), proved == null ? null : proved.address());
  }
}
