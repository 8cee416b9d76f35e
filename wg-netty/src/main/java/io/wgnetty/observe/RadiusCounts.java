package io.wgnetty.observe;

/**
 * What became of an interface's accounting by RADIUS.
 *
 * @param acknowledged records that the server has confirmed
 * @param dropped records that were given up, because nothing came back or too many waited
 * @param retransmissions requests that were sent again
 * @param refusedAnswers answers that are not of the server, or of one with another secret
 * @param waiting records that are not confirmed yet
 * @param sessions peers that are connected
 */
public record RadiusCounts(
    long acknowledged,
    long dropped,
    long retransmissions,
    long refusedAnswers,
    int waiting,
    int sessions) {}
