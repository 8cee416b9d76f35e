package io.wgnetty.peers.cluster;

import org.jspecify.annotations.Nullable;

/**
 * What the directory says of a node.
 *
 * @param name what it is called
 * @param since when it came, in seconds since 1970
 * @param run differs from one run of a node to the next
 * @param relay how datagrams are handed on to it; {@code null} if they are not
 */
record NodeEntry(String name, long since, String run, @Nullable Relay relay) {
  /**
   * How datagrams are handed on to a node.
   *
   * @param number which its receiver indices have
   * @param address {@code ADDRESS:PORT}
   * @param proof that a node of the cluster says so, in hexadecimal
   */
  record Relay(int number, String address, String proof) {
    /** What is proved. */
    static String claim(String name, int number, String address) {
      return name + "\n" + number + "\n" + address;
    }
  }
}
