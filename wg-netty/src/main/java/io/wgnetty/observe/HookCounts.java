package io.wgnetty.observe;

/**
 * What became of events that a command is run for.
 *
 * @param succeeded runs that ended with status 0
 * @param failed runs that ended otherwise, took too long, or could not be started
 * @param lost events for which nothing was run, because too many waited
 */
public record HookCounts(long succeeded, long failed, long lost) {}
