package io.wgnetty.storm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TcpStreamTest {
  @Test
  void shouldReadTheRateOfASecond() {
    assertThat(
            TcpStream.rate(
                "[  5]   3.00-4.00   sec   112 MBytes   943.5 Mbits/sec    0   1.23 MBytes       "))
        .hasValue(943.5);
  }

  @Test
  void shouldPassOverSumsAndHeads() {
    assertThat(TcpStream.rate("[ ID] Interval           Transfer     Bitrate         Retr  Cwnd"))
        .isEmpty();
    assertThat(
            TcpStream.rate(
                "[  5]   0.00-9.00   sec  1.1 GBytes   933 Mbits/sec    4             sender"))
        .isEmpty();
    assertThat(TcpStream.rate("- - - - - - - -")).isEmpty();
  }
}
