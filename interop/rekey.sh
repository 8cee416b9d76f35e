#!/bin/bash
# Slow: two and a quarter minutes of real time, over the moment when the initiator renews the keys (120 s), with a ping
# every 50 ms of which not one may be lost. Topology as in traffic.sh.
#
# usage: rekey.sh FIRST SECOND
. "$(dirname "$0")/lib.sh"

start() {
  pair "$1" "$2"
  reaches a "$(inner4 b)"
}

rekeys_under_traffic() {
  local at_a at_b reverse
  at_a=$(field a latest-handshakes b) at_b=$(field b latest-handshakes a)
  pings b "$(inner6 a)" 2700 0.05 &
  reverse=$!
  pings a "$(inner4 b)" 2700 0.05
  wait $reverse
  echo "handshakes: a $at_a -> $(field a latest-handshakes b), b $at_b -> $(field b latest-handshakes a)"
  (($(field a latest-handshakes b) >= at_a + 120 && $(field a latest-handshakes b) <= at_a + 126))
  (($(field b latest-handshakes a) >= at_b + 120))
}

must "two nodes come up" start "$1" "$2"
check "keys are renewed after 120 s under traffic without a lost packet" rekeys_under_traffic
