#!/bin/bash
# Slow: a newer process takes a running node's place again and again around the moment when the initiator renews the keys
# (120 s), with a ping every 50 ms both ways of which not one may be lost. Topology as in traffic.sh.
#
# usage: upgrade-rekey.sh ours OTHER
. "$(dirname "$0")/lib.sh"

upgrade() { timeout 120 "$ours" upgrade "$(iface a)"; }

start() {
  pair ours "$1"
  reaches a "$(inner4 b)"
}

rekeys_while_it_is_upgraded() {
  local at_a at_b reverse forth upgrades=0 said until_s
  at_a=$(field a latest-handshakes b) at_b=$(field b latest-handshakes a)
  pings b "$(inner6 a)" 2600 0.05 & reverse=$!
  pings a "$(inner4 b)" 2600 0.05 & forth=$!
  sleep $((at_a + 112 - $(date +%s)))
  until_s=$((at_a + 124)) # a busy machine is in the middle of one all that time
  while (($(date +%s) < until_s)); do
    said=$(upgrade)
    contains "$said" "goes on"
    upgrades=$((upgrades + 1))
  done
  wait "$reverse" "$forth"
  echo "$upgrades upgrades; handshakes: a $at_a -> $(field a latest-handshakes b), b $at_b -> $(field b latest-handshakes a)"
  # An attempt that is under way at the wrong moment is made again at once.
  (($(field a latest-handshakes b) >= at_a + 120 && $(field a latest-handshakes b) <= at_a + 126))
  (($(field b latest-handshakes a) >= at_b + 120))
}

must "two nodes come up" start "$2"
check "keys are renewed after 120 s while the node is upgraded, without a lost packet" rekeys_while_it_is_upgraded
