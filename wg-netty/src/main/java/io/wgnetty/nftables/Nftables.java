package io.wgnetty.nftables;

import io.wgnetty.netlink.Errno;
import io.wgnetty.netlink.NetlinkException;
import io.wgnetty.netlink.NetlinkSocket;
import io.wgnetty.netlink.RequestMessage;
import java.util.ArrayList;
import java.util.List;

/** The tables in the network namespace of the calling thread, by netlink. For any thread. */
public final class Nftables implements FilterTables {
  @Override
  public void replace(FilterTable table) throws NetlinkException, UnsupportedFilterException {
    List<RequestMessage> batch = new ArrayList<>(removal(table.family(), table.name()));
    batch.addAll(NftMessages.creation(table));
    commit(batch);
  }

  @Override
  public void remove(FilterFamily family, String name)
      throws NetlinkException, UnsupportedFilterException {
    commit(removal(family, name));
  }

  @Override
  public boolean has(FilterFamily family, String name) throws NetlinkException {
    try (NetlinkSocket socket = NetlinkSocket.open(Nft.NETLINK_NETFILTER)) {
      socket.lookUp(NftMessages.getTable(family, name));
      return true;
    } catch (NetlinkException e) {
      if (isMissing(e.errno())) {
        return false;
      }
      throw e;
    }
  }

  /** Making what is there already is no error, so that afterwards nothing is left of it. */
  private static List<RequestMessage> removal(FilterFamily family, String name) {
    return List.of(NftMessages.newTable(family, name), NftMessages.deleteTable(family, name));
  }

  private static void commit(List<RequestMessage> requests)
      throws NetlinkException, UnsupportedFilterException {
    List<RequestMessage> batch = new ArrayList<>();
    batch.add(NftMessages.begin());
    batch.addAll(requests);
    batch.getLast().acknowledge();
    batch.add(NftMessages.end());
    try (NetlinkSocket socket = NetlinkSocket.open(Nft.NETLINK_NETFILTER)) {
      socket.commit(batch);
    } catch (NetlinkException e) {
      if (isMissing(e.errno())) {
        throw new UnsupportedFilterException(e);
      }
      throw e;
    }
  }

  /**
   * No netlink for the firewall, no nf_tables, a family, or a kind of expression without module.
   */
  private static boolean isMissing(int errno) {
    return errno == Errno.EPROTONOSUPPORT
        || errno == Errno.EOPNOTSUPP
        || errno == Errno.EAFNOSUPPORT
        || errno == Errno.ENOENT;
  }
}
