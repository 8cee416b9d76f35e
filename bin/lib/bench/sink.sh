#!/bin/bash
# Part of bin/bench: how much one node sends to one peer. Behind the peer's socket everything but handshakes is dropped before it gets to a
# node, so both processors are the sender's; the node has one loop, or two that help each other, in turns.
#
# usage: sink.sh ROUNDS
. "$(dirname "$0")/../../../interop/lib.sh"

rounds=$1
warm_up_s=6
measured_s=6
ticks=$(getconf CLK_TCK)

host a b
cable a b 99
daemon b ours
identify b
address b
# Type 4 is data. What comes for the tunnel of b would be decrypted on the same two processors.
on b nft -f - <<'RULES'
table netdev sink {
  chain ingress {
    type filter hook ingress device "to-a" priority 0
    udp dport 51820 @th,64,8 4 drop
  }
}
RULES

sent_bytes() { field a transfer b | awk '{print $2}'; }
cpu_ticks() { awk '{print $14 + $15}' "/proc/$(processes_of a java)/stat"; } # of the node on a

turn() { # LOOPS
  options[a]="--loops $1 --helpers on"
  node a ours
  peer a b endpoint 10.99.0.2:51820
  peer b a
  ping_once
  on a "$home/bin/lib/bench/feed.py" "$(inner4 b)" "$(iface a)" $((warm_up_s + measured_s + 1)) &
  local feeder=$! bytes cpu began_us us
  sleep "$warm_up_s"
  bytes=$(sent_bytes) cpu=$(cpu_ticks) began_us=${EPOCHREALTIME/./}
  sleep "$measured_s"
  us=$((${EPOCHREALTIME/./} - began_us))
  bytes=$(($(sent_bytes) - bytes)) cpu=$(($(cpu_ticks) - cpu))
  wait "$feeder"
  forget b a
  end a
  awk -v loops="$1" -v bytes="$bytes" -v us="$us" -v cpu="$cpu" -v ticks="$ticks" 'BEGIN {
    printf "%d %.2f %.2f\n", loops, bytes * 8 / us / 1000, cpu / ticks / (us / 1e6)}' | tee -a "$work/turns" |
    awk '{printf "  %d loop%s: %5.2f Gbit/s, %.2f cores of the node\n", $1, $1 == 1 ? " " : "s", $2, $3}'
}

ping_once() { # its answer is dropped; what matters is that there is a session
  on a ping -n -q -c 1 -W 1 "$(inner4 b)" >/dev/null || true
  eventually 10 has_session
}
has_session() { [[ $(field a latest-handshakes b) != 0 ]]; }

echo "one node sends to one peer, in $rounds alternating rounds of $measured_s s, after $warm_up_s s:"
for ((round = 0; round < rounds; round++)); do
  turn 1
  turn 2
done
sort -k1n -k2n "$work/turns" | awk -v rounds="$rounds" '
  {rate[$1, ++n[$1]] = $2}
  END {
    for (loops = 1; loops <= 2; loops++) median[loops] = rate[loops, int((rounds + 1) / 2)]
    printf "medians: 1 loop %.2f Gbit/s (%.2f to %.2f), 2 loops %.2f (%.2f to %.2f), ratio %.2f\n", median[1], rate[1, 1], rate[1, rounds],
      median[2], rate[2, 1], rate[2, rounds], median[2] / median[1]}'
