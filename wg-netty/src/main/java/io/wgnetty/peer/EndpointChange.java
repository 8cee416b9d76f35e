package io.wgnetty.peer;

import io.wgnetty.protocol.Endpoint;

/**
 * A place where a peer was found.
 *
 * @param endpoint where
 * @param epochNs since when: wall-clock time in nanoseconds since 1970
 */
public record EndpointChange(Endpoint endpoint, long epochNs) {}
