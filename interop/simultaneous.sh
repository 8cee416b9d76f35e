#!/bin/bash
# Both ends begin a handshake within the time that a message needs between them, with delays of 0 to 0.3 s each way.
#
#   a (FIRST) 10.0.0.1        c: slowpath.py, which delays        b (SECOND) 10.0.0.2
#     to-c 10.98.0.1 <------> 10.98.0.2:51820  10.97.0.1:51820 <------> to-c 10.97.0.2
#
# usage: simultaneous.sh FIRST SECOND     each: ours or go
. "$(dirname "$0")/lib.sh"

rounds=5
slack_ms=400 # for a machine that is busy with other tests; a handshake that fails costs 5,000

start() {
  host a b c
  cable a c 98
  cable c b 97
  node a "$1"
  node b "$2"
  echo 0 >"$work/delay"
  on c "$interop/slowpath.py" 10.98.0.2:51820 10.98.0.1:51820 10.97.0.1:51820 10.97.0.2:51820 "$work/delay" >"$work/path" &
  eventually 5 grep -q ready "$work/path"
  meet_anew
}

meet_anew() {
  forget a b
  forget b a
  peer a b endpoint 10.98.0.2:51820
  peer b a endpoint 10.97.0.1:51820
}

first_answer_ms() { # FROM ADDRESS: how long the first of one packet took, handshake included
  on "$1" ping -n -c 1 -W 20 "$2" | awk -F'time=' '/time=/ {sub(/ ms.*/, "", $2); printf "%.0f\n", $2; found = 1} END {exit !found}'
}

# An initiation, its response, the packet and the answer to it: four ways. An end that gives up its own attempt for the
# other's sends its packet when the other has confirmed: five.
opens_at_once() { # MILLISECONDS
  local round limit=$((5 * $1 + slack_ms)) a_took b_took
  echo "$1" >"$work/delay"
  for ((round = 0; round < rounds; round++)); do
    meet_anew
    first_answer_ms a "$(inner4 b)" >"$work/a.took" &
    first_answer_ms b "$(inner4 a)" >"$work/b.took"
    wait $!
    a_took=$(<"$work/a.took") b_took=$(<"$work/b.took")
    echo "$1 ms each way: first answer after $a_took ms at a, $b_took ms at b"
    ((a_took <= limit && b_took <= limit)) || { echo "longer than $limit ms"; return 1; }
  done
}

goes_on() { # both ways, with the session that stayed
  pings a "$(inner4 b)" 10 0.05
  pings b "$(inner4 a)" 10 0.05
}

must "two nodes come up" start "$1" "$2"
check "warmed up" goes_on
for ms in 0 10 100 300; do
  check "both begin at once, $ms ms each way" opens_at_once "$ms"
  check "and it goes on" goes_on
done
