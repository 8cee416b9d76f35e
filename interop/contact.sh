#!/bin/bash
# First contact: two nodes set up by `wg set` and `ip link set up` hear each other at once. A first packet that is lost comes again only
# after five seconds, so a first answer within the limit says that none was. The figures of each kind of round are printed.
#
# usage: contact.sh IMPLEMENTATION_A IMPLEMENTATION_B [ROUNDS]
. "$(dirname "$0")/lib.sh"

first=${1:?} second=${2:?} rounds=${3:-20}
cold_rounds=5
goal_ms=100 # what a quiet machine holds
limit_ms=1000 # what a busy one holds too, and one lost packet exceeds five times

host a b
cable a b 99
# Whoever looks for the other's hardware address first waits for that, which is not what is measured.
on a ping -n -q -c 1 -W 5 10.99.0.2 >/dev/null

begin() { # fresh nodes, configured but for their links
  daemon a "$first"
  daemon b "$second"
  for h in a b; do
    identify $h
    ip -n "$(host_of $h)" addr add "$(inner4 $h)/24" dev "$(iface $h)"
  done
  peer a b endpoint 10.99.0.2:51820
  peer b a endpoint 10.99.0.1:51820
}
up() { ip -n "$(host_of "$1")" link set "$(iface "$1")" up; }
down() { ip -n "$(host_of "$1")" link set "$(iface "$1")" down; }

first_answer() { # ms, by ping's own clock
  on a ping -n -c 1 -W 12 "$(inner4 b)" | sed -n 's/.*time=\([0-9.]*\) ms.*/\1/p'
}

verdict() { # FILE ROUNDS: the file has one figure for each round
  sort -n "$1" | awk -v limit="$limit_ms" -v goal="$goal_ms" -v rounds="$2" '
    {ms[NR] = $1; within += $1 < goal}
    END {
      printf "        first answer: median %s ms, slowest %s ms, %d of %d within %d ms\n", ms[int((NR + 1) / 2)], ms[NR], within, rounds, goal
      exit !(NR == rounds && ms[NR] < limit)
    }'
}

says() { # FILE ROUNDS: the figures are for the reader, also when all is well
  local status=0
  verdict "$1" "$2" >"$work/figures" || status=$?
  cat "$work/figures" >&3
  return "$status"
}

cold() { # both nodes are new processes each time
  local round
  : >"$work/cold"
  for ((round = 0; round < cold_rounds; round++)); do
    begin
    up a
    up b
    first_answer >>"$work/cold"
    end a
    end b
  done
  says "$work/cold" "$cold_rounds"
}

warm() { # ends with both nodes running; the same processes, but new peers, which know nothing of each other's sessions
  local round
  : >"$work/warm"
  begin
  up a
  up b
  for ((round = 0; round < rounds; round++)); do
    down a
    down b
    forget a b
    forget b a
    peer a b endpoint 10.99.0.2:51820
    peer b a endpoint 10.99.0.1:51820
    up a
    up b
    first_answer >>"$work/warm"
  done
  says "$work/warm" "$rounds"
}

called_while_down() { # a calls b, which goes up within that moment
  local round
  : >"$work/called"
  for ((round = 0; round < rounds; round++)); do
    down b
    forget a b
    forget b a
    peer b a endpoint 10.99.0.1:51820
    peer a b endpoint 10.99.0.2:51820
    up b & # at the same time
    local other=$!
    first_answer >>"$work/called"
    wait "$other"
  done
  says "$work/called" "$rounds"
}

exec 3>&1 # `check` keeps the output of what it runs for itself
check "the first ping is answered within $limit_ms ms, between nodes that have just started" cold
check "the same between nodes that have been running, after down and up" warm
check "the same if one goes up while the other calls" called_while_down
end a
end b
for loops in 2 4; do
  options[a]="--loops $loops" options[b]="--loops $loops"
  check "the same with $loops event loops" warm
  end a
  end b
done
