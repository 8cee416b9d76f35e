package io.wgnetty.relay;

/**
 * What a relay has done.
 *
 * @param sent handed on to other nodes
 * @param received taken from other nodes
 * @param refused by the reason: from somebody who is no node of the list, or not authentic
 * @param misdirected authentic, but for another node, or no message of a session of this one
 * @param overload more than are taken in a second, or than the loops take
 */
public record RelayCounts(
    long sent, long received, long refused, long misdirected, long overload) {}
