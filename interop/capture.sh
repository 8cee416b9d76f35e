#!/bin/bash
# `wg-netty capture`: packets inside the tunnel as tcpdump and tshark read them, dropped ones with their reason.
#
# usage: capture.sh ours
. "$(dirname "$0")/lib.sh"

start() {
  command -v tshark >/dev/null || { echo "this test needs tshark"; return 1; }
  pair ours ours
  reaches a "$(inner4 b)"
}

begin() { # FILE ARGUMENTS...: captures at a; waits until packets are seen
  local file=$1
  shift
  : >"$work/capture.log"
  # Not through `on`: $! would be a shell around it.
  ip netns exec "$(host_of a)" timeout 60 "$ours" capture "$(iface a)" -w "$work/$file" "$@" >"$work/capture.log" 2>&1 </dev/null &
  capturing=$!
  eventually 20 grep -q "capturing on" "$work/capture.log"
}
text() { tcpdump -nr "$work/$1" 2>/dev/null; }
comments() { tshark -r "$work/$1" -T fields -e frame.comment 2>/dev/null; }

both_directions() {
  begin both -c 4
  on a ping -n -q -c 2 -i 0.2 "$(inner4 b)"
  wait "$capturing"
  local seen
  seen=$(text both)
  echo "$seen"
  equals 2 "$(grep -c "IP $(inner4 a) > $(inner4 b): ICMP echo request" <<<"$seen")" "requests"
  equals 2 "$(grep -c "IP $(inner4 b) > $(inner4 a): ICMP echo reply" <<<"$seen")" "replies"
  equals 600 "$(stat -c %a "$work/both")" "mode of the file"
  equals "2 1 2 1" "$(tshark -r "$work/both" -T fields -e frame.packet_flags_direction 2>/dev/null | sed 's/^0x0*//' | xargs)" "directions"
}

dropped_ones() {
  begin dropped --dropped -c 2
  on a ping -n -q -c 1 -W 1 10.0.0.77 && return 1 # nobody's
  ip -n "$(host_of b)" addr add 10.0.0.99/32 dev "$(iface b)"
  on b ping -n -q -c 1 -W 1 -I 10.0.0.99 "$(inner4 a)" && return 1 # not b's
  wait "$capturing"
  text dropped
  comments dropped
  equals "dropped: no-peer" "$(comments dropped | head -1)" "first comment"
  equals "dropped: wrong-source, peer $(public_key b)" "$(comments dropped | tail -1)" "second comment"
  contains "$(text dropped)" "IP $(inner4 a) > 10.0.0.77: ICMP echo request"
  contains "$(text dropped)" "IP 10.0.0.99 > $(inner4 a): ICMP echo request"
}

those_of_a_limit() {
  on a "$ours" limit "$(iface a)" "$(public_key b)" out 8k # a packet of 1000 bytes takes a second
  begin limited --dropped -c 5
  on a ping -n -q -c 10 -i 0.02 -W 1 -s 972 "$(inner4 b)" || true
  wait "$capturing"
  on a "$ours" limit "$(iface a)" "$(public_key b)" in 8k
  begin received --dropped -c 5
  on b ping -n -q -c 10 -i 0.02 -W 1 -s 972 "$(inner4 a)" || true
  wait "$capturing"
  on a "$ours" limit "$(iface a)" "$(public_key b)" off
  equals "dropped: send-limit, peer $(public_key b)" "$(comments limited | sort -u)" "comments of what is sent"
  equals "dropped: receive-limit, peer $(public_key b)" "$(comments received | sort -u)" "comments of what is received"
  equals "1000" "$(for file in limited received; do tshark -r "$work/$file" -T fields -e frame.len 2>/dev/null; done | sort -u)" "lengths"
}

one_peer_after_a_change_of_port() {
  begin one "$(public_key b)" -s 40 -c 2
  wg set "$(iface a)" listen-port 51999
  on a ping -n -q -c 1 -W "$handshake_wait_s" "$(inner6 b)"
  wait "$capturing"
  contains "$(text one)" "IP6 $(inner6 a) > $(inner6 b)"
  equals "40 40" "$(tshark -r "$work/one" -T fields -e frame.cap_len 2>/dev/null | xargs)" "bytes kept"
  fails on a timeout 20 "$ours" capture "$(iface a)" nobody -w "$work/none"
  contains "$(<"$work/said")" "has no peer nobody"
}

one_at_a_time() {
  begin first
  [[ -f $work/first ]]
  fails on a timeout 20 "$ours" capture "$(iface a)" -w "$work/second"
  contains "$(<"$work/said")" "at work already"
  kill "$capturing"
  wait "$capturing" || true
  begin third -c 1 # the node has noticed that the first is gone
  on a ping -n -q -c 1 "$(inner4 b)"
  wait "$capturing"
}

stopped_reader_delays_nobody() {
  begin stopped
  local client
  client=$(on a pgrep -f "capture $(iface a) -w $work/stopped" | tail -1)
  kill -STOP "$client"
  iperf_server b
  eventually 30 carries_tcp a "$(inner4 b)" # a cold pair on a busy machine takes its time
  kill -CONT "$client"
  eventually 20 grep_lost
  kill "$capturing"
  wait "$capturing" || true
  tshark -r "$work/stopped" -c 10 >/dev/null 2>&1
  pings a "$(inner4 b)" 5 0.05
}
grep_lost() { (($(stat -c %s "$work/stopped") > 100000)); } # it goes on where it was stopped

must "two nodes come up" start
check "packets of both directions are in the file, which nobody else can read" both_directions
check "dropped packets have their reason as comment" dropped_ones
check "packets that a limit drops have that reason" those_of_a_limit
check "one peer's packets, cut short, also when the port changes meanwhile" one_peer_after_a_change_of_port
check "there is one capture at a time, and it ends with its reader" one_at_a_time
check "a reader that stands still delays nobody" stopped_reader_delays_nobody
