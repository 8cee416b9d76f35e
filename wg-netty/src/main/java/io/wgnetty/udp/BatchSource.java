package io.wgnetty.udp;

import io.wgnetty.pipeline.DatagramBatch;
import io.wgnetty.protocol.Endpoint;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The messages of a batch that go to one address family. */
final class BatchSource implements MessageSource {
  private final boolean ipv6;
  private final int[] numbers = new int[DatagramBatch.CAPACITY];
  private @Nullable DatagramBatch batch;
  private int count;
  private int first;
  private int sentOfFirst;

  BatchSource(boolean ipv6) {
    this.ipv6 = ipv6;
  }

  /** Begins with the messages of this batch. */
  void use(DatagramBatch next) {
    batch = next;
    first = 0;
    sentOfFirst = 0;
    count = 0;
    for (int i = 0; i < next.size(); i++) {
      Endpoint destination = next.destination(i);
      if (destination != null && destination.isIpv6() == ipv6) {
        numbers[count++] = i;
      }
    }
  }

  /** Forgets the batch. */
  void release() {
    batch = null;
    count = 0;
    first = 0;
  }

  private DatagramBatch batch() {
    DatagramBatch current = batch;
    if (current == null) {
      throw new IllegalStateException("no batch is being sent");
    }
    return current;
  }

  private int number(int message) {
    return numbers[first + message];
  }

  private int skipped(int message) {
    return message == 0 ? sentOfFirst : 0;
  }

  @Override
  public int size() {
    return count - first;
  }

  @Override
  public ByteBuffer bytes() {
    return batch().bytes();
  }

  @Override
  public long address() {
    return batch().address();
  }

  @Override
  public int offset(int message) {
    return batch().offset(number(message)) + skipped(message);
  }

  @Override
  public int length(int message) {
    return batch().length(number(message)) - skipped(message);
  }

  @Override
  public int segmentBytes(int message) {
    return batch().segmentBytes(number(message));
  }

  @Override
  public int trafficClass(int message) {
    return batch().trafficClass(number(message));
  }

  @Override
  public Endpoint destination(int message) {
    Endpoint destination = batch().destination(number(message));
    if (destination == null) {
      throw new IllegalStateException("a message without destination is not sent");
    }
    return destination;
  }

  @Override
  public void sent(int lengthBytes) {
    sentOfFirst += lengthBytes;
    if (sentOfFirst >= batch().length(number(0))) {
      first++;
      sentOfFirst = 0;
    }
  }

  @Override
  public void refused(int lengthBytes) {
    batch().refuse(number(0));
    sent(lengthBytes);
  }

  @Override
  public void dropLocal() {
    Endpoint failed = destination(0);
    batch().session(number(0)).peer().dropLocalAddress(failed);
    for (int i = 0; i < size(); i++) {
      if (destination(i).equals(failed)) {
        batch().setDestination(number(i), failed.withoutLocal());
      }
    }
  }
}
