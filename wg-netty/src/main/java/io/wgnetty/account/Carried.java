package io.wgnetty.account;

/**
 * What a peer has carried, in both directions together.
 *
 * @param thisMonth 0 if it was not asked for
 */
record Carried(long today, long thisMonth) {}
