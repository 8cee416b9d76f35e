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

called_while_down() { # SECONDS ROUNDS: a calls b, which goes up that much later; a call that was forgotten comes again after 5 s
  local round
  : >"$work/called"
  for ((round = 0; round < $2; round++)); do
    down b
    forget a b
    forget b a
    peer b a endpoint 10.99.0.1:51820
    peer a b endpoint 10.99.0.2:51820
    (sleep "$1" && up b) &
    local other=$!
    first_answer >>"$work/called"
    wait "$other"
  done
  says "$work/called" "$2"
}

# ---- each step by itself, by the kernel's time stamps of what passes the interfaces

step_goal_ms=1
step_limit_ms=50 # what a busy machine holds too

capture() { # HOST
  ip netns exec "$(host_of "$1")" tcpdump -l -n -tt -i any 'udp port 51820 or icmp' >"$work/$1.capture" 2>"$work/$1.tcpdump" </dev/null &
  echo $! >"$work/$1.tcpdump.pid"
  eventually 20 grep -q "listening on" "$work/$1.tcpdump"
}
meet_anew() { # new peers, and one ping
  forget a b
  forget b a
  peer b a endpoint 10.99.0.1:51820
  peer a b endpoint 10.99.0.2:51820
  first_answer
}
steps() { # ends with both nodes running
  local round h
  begin
  up a
  up b
  for ((round = 0; round < rounds; round++)); do meet_anew >/dev/null; done
  capture a
  capture b
  for ((round = 0; round < rounds; round++)); do meet_anew >>"$work/answers"; done
  sleep 0.5 # tcpdump is told of packets a moment later
  for h in a b; do
    kill "$(<"$work/$h.tcpdump.pid")"
    rm "$work/$h.tcpdump.pid"
  done
  awk -v tunnel="$(iface a)" '
    $2 == tunnel && $3 == "Out" && /echo request/ {began = $1}
    $2 == "to-b" && $3 == "Out" && / length 148$/ && began {printf "%.3f\n", ($1 - began) * 1000; began = 0}' "$work/a.capture" >"$work/initiations"
  awk '
    $2 == "to-a" && $3 == "In" && / length 148$/ {came = $1}
    $2 == "to-a" && $3 == "Out" && / length 92$/ && came {printf "%.3f\n", ($1 - came) * 1000; came = 0}' "$work/b.capture" >"$work/responses"
  step "from a packet to our initiation" "$work/initiations"
  step "from an initiation to our response" "$work/responses"
}
step() { # WHAT FILE
  local status=0
  sort -n "$2" | awk -v what="$1" -v goal="$step_goal_ms" -v limit="$step_limit_ms" -v rounds="$rounds" '
    {ms[NR] = $1; within += $1 < goal}
    END {
      median = ms[int((NR + 1) / 2)]
      printf "        %s: median %.2f ms, slowest %.2f ms, %d of %d within %d ms\n", what, median, ms[NR], within, rounds, goal
      exit !(NR == rounds && median < limit)
    }' >"$work/figures" || status=$?
  cat "$work/figures" >&3
  ((status == 0)) || cat "$work"/?.capture
  return "$status"
}

exec 3>&1 # `check` keeps the output of what it runs for itself
check "the first ping is answered within $limit_ms ms, between nodes that have just started" cold
check "the same between nodes that have been running, after down and up" warm
check "the same if one goes up while the other calls" called_while_down 0 "$rounds"
check "the same if one goes up 0.4 s after the other called" called_while_down 0.4 "$cold_rounds"
end a
end b
echo "        load average: $(cut -d' ' -f1-3 /proc/loadavg)"
check "each step of a handshake between nodes that are warm, medians below $step_limit_ms ms" steps
end a
end b
for loops in 2 4; do
  options[a]="--loops $loops" options[b]="--loops $loops"
  check "the same with $loops event loops" warm
  end a
  end b
done
