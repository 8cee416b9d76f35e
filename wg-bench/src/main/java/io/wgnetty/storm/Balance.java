package io.wgnetty.storm;

/**
 * What a load cost.
 *
 * @param startNs when it began
 * @param endNs when it was over
 * @param serverCpuS processor time of the server; NaN if unknown
 * @param besideTcp whether the server carried a TCP stream, too
 */
record Balance(long startNs, long endNs, double serverCpuS, boolean besideTcp) {
  private static final double NANOS = 1e9;

  double seconds() {
    return (endNs - startNs) / NANOS;
  }
}
