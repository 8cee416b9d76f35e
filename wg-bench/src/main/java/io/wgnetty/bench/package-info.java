/**
 * JMH benchmarks: what a node spends its time on, part by part.
 *
 * <p>Not null-marked: JMH sets the fields of a benchmark's state, out of a checker's sight.
 */
package io.wgnetty.bench;
