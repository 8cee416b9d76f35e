package io.wgnetty.udp;

import io.wgnetty.protocol.Endpoint;
import java.nio.ByteBuffer;

/** Messages that are to be sent through one socket, in their order. The first has the number 0. */
interface MessageSource {
  /** How many are left. */
  int size();

  /** The memory that holds the messages. */
  ByteBuffer bytes();

  /** Where that memory is. */
  long address();

  /** Where in it the bytes of a message begin that are left of it. */
  int offset(int message);

  int length(int message);

  /** The bytes of each of its datagrams but the last. */
  int segmentBytes(int message);

  int trafficClass(int message);

  Endpoint destination(int message);

  /** The first {@code lengthBytes} of the first message are on their way. */
  void sent(int lengthBytes);

  /** The first {@code lengthBytes} of the first message can not be sent. */
  void refused(int lengthBytes);

  /** The first message's destination can not be reached from the address that it names. */
  void dropLocal();
}
