/**
 * The inbound and the outbound handler chain, one stage a file; {@code Pipelines} puts them
 * together. Knows {@code peer} and Netty.
 */
@NullMarked
package io.wgnetty.pipeline;

import org.jspecify.annotations.NullMarked;
