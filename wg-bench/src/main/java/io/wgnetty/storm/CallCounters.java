package io.wgnetty.storm;

import io.wgnetty.storm.Client.Reply;
import java.util.concurrent.atomic.LongAdder;

/** What became of the calls of a group. */
final class CallCounters {
  final LongAdder calls = new LongAdder();
  final LongAdder retries = new LongAdder();
  final LongAdder responses = new LongAdder();
  final LongAdder cookies = new LongAdder();
  final LongAdder strays = new LongAdder();
  final LongAdder data = new LongAdder();
  final LongAdder givenUp = new LongAdder();

  /** Responses with the right index and mac1 that were not genuine. */
  final LongAdder forgeries = new LongAdder();

  void count(Reply reply) {
    switch (reply) {
      case RESPONSE -> responses.increment();
      case COOKIE -> cookies.increment();
      case DATA -> data.increment();
      case STRAY -> strays.increment();
    }
  }
}
