#!/bin/bash
# The load generator against small loads: everybody comes in, with another implementation too; a flood keeps nobody out;
# and nothing is left behind. bin/storm makes its own namespaces.
#
# usage: storm.sh ours go
. "$(dirname "$0")/lib.sh"

storm="$home/bin/storm"
clients=200

storm() { # IMPLEMENTATION LOAD [options]: its table is in $work/table
  "$storm" "${@:2}" --against "$(program "$1") -f" 2>&1 | tee "$work/table"
}
figure() { sed -nE "s/^\| $1 +\| (.*) \|$/\1/p" "$work/table"; } # LABEL
all_newcomers_in() {
  (($(figure newcomers) > 0))
  equals "$(figure newcomers)" "$(figure "newcomers in")" "newcomers in"
}

all_come_in() { # IMPLEMENTATION
  storm "$1" restart --clients "$clients" --no-tcp
  equals "$clients" "$(figure in)" in
  equals "$clients" "$(figure "responses verified afterwards")" verified
  equals 0 "$(figure "gave up")" "gave up"
}

confirmed() { # IMPLEMENTATION
  storm "$1" restart --clients "$clients" --no-tcp --confirm --newcomers 0
  equals "$clients" "$(figure in)" in
}

beside_a_flood() { # IMPLEMENTATION KIND
  storm "$1" flood --kind "$2" --rate 2000 --seconds 2 --no-tcp
  all_newcomers_in
  equals 0 "$(figure "responses to the flood")" responses
}

with_tcp() { # IMPLEMENTATION
  storm "$1" flood --rate 500 --seconds 3 --tcp-warm-up 1 --tcp-before 2
  all_newcomers_in
  local before beside
  before=$(figure "TCP before") beside=$(figure "TCP beside")
  echo "TCP: $before, then $beside"
  [[ ${before%% *} != - && ${beside%% *} != - ]]
}

live() { # IMPLEMENTATION
  storm "$1" steady --clients "$clients" --faster 20 --trickle 1 --seconds 3 --no-tcp
  equals "$clients" "$(figure live)" live
  (($(figure handshakes) > clients)) # some renewed their session, too
  all_newcomers_in
}

killed() { # IMPLEMENTATION COMPARISON: of what it begins itself with all sessions
  storm "$1" crash --clients "$clients" --trickle 1 --lead 7 --limit 40
  equals "$clients" "$(figure "have one again")" "have a session again"
  (($(figure "sessions that the server began") ${2:?} clients))
}

scanned() { # IMPLEMENTATION
  storm "$1" scan --clients "$clients" --rate 500 --seconds 3 --no-tcp
  (($(figure "initiations of the server") > 0))
  all_newcomers_in
}

from_a_directory() { # our own only
  "$storm" restart --directory 1000 --clients "$clients" --confirm 2>&1 | tee "$work/table"
  equals "$clients" "$(figure in)" in
  all_newcomers_in
}

misused() {
  local status=0
  "$storm" hurricane >"$work/said" 2>&1 || status=$?
  equals 2 "$status" "status of a load that does not exist"
  contains "$(<"$work/said")" hurricane
  status=0
  "$storm" restart --clients 0 >"$work/said" 2>&1 || status=$?
  equals 2 "$status" "status of no clients"
  contains "$(<"$work/said")" "--clients takes a number from 1"
}

stops() { # IMPLEMENTATION: in the middle, when it is told to
  local pid status=0
  "$storm" flood --seconds 60 --rate 100 --no-tcp --against "$(program "$1") -f" >"$work/stopped" 2>&1 &
  pid=$!
  eventually 60 grep -q ' 1 s:' "$work/stopped"
  kill "$pid"
  wait "$pid" || status=$?
  equals 143 "$status" "status after SIGTERM"
  nothing_left
}

nothing_left() { lacks "$(ip netns list)" wg-storm-; }

must "$clients clients come in" all_come_in "$1"
check "$clients clients of another implementation come in" all_come_in "$2"
check "they confirm their sessions" confirmed "$1"
for kind in forged replay junk low-order-static; do
  check "a flood ($kind) keeps no newcomer out" beside_a_flood "$1" "$kind"
done
check "a TCP stream is measured before a flood and beside it" with_tcp "$1"
check "peers live and renew their sessions" live "$1"
check "peers that a host scans are called, newcomers still come in" scanned "$1"
check "peers that sleep in a directory are installed when they call" from_a_directory
check "a node that is killed calls those who had a session" killed "$1" ==
check "one of another implementation is called by them" killed "$2" '<'
check "a command line that makes no sense has status 2" misused
check "it stops when it is told to" stops "$1"
check "nothing is left behind" nothing_left
