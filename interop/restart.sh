#!/bin/bash
# A node that was killed comes back: it calls the peers that were alive, and is not deceived by what was recorded before.
#
#   b ---99--- a (ours)
#
# a knows no endpoint of b: what it knows of where b is, it has from b.
#
# usage: restart.sh ours OTHER
. "$(dirname "$0")/lib.sh"

other=${2:?}
state=$STATE_DIRECTORY/$(iface a).peers

# The first message of b to a, which nobody has answered yet.
record_a_call() {
  on a timeout 60 python3 -c '
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("10.99.0.1", 51820))
message = s.recv(2048)
assert len(message) == 148 and message[0] == 1, message
open(sys.argv[1], "wb").write(message)' "$work/recorded" &
  local recorder=$!
  node b "$other"
  peer b a endpoint 10.99.0.1:51820 persistent-keepalive 25
  wait "$recorder"
}

# Says whether the recorded message is answered within two seconds.
replay() {
  on b python3 -c '
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(2)
s.sendto(open(sys.argv[1], "rb").read(), ("10.99.0.1", 51820))
try:
    print("answered" if len(s.recv(2048)) == 92 else "something else came back")
except TimeoutError:
    print("silence")' "$work/recorded"
}

start_a() { # [OPTIONS]
  options[a]=${1:-}
  LOG_LEVEL=info daemon a ours
  identify a
  peer a b
  address a
}

kill_a() {
  local pid
  pid=$(<"$work/a.pid")
  kill -9 "$pid"
  eventually 10 ended "$pid"
  rm -f "/var/run/wireguard/$(iface a).sock" "$work/a.pid"
  eventually 5 no_link_a
}
no_link_a() { ! on a ip link show "$(iface a)" 2>/dev/null; }

has_session() { # HOST OTHER
  local at
  at=$(field "$1" latest-handshakes "$2")
  [[ -n $at && $at != 0 ]]
}
remembers_b() { grep -q "^$(public_key b) 10.99.0.2:51820 " "$state" 2>/dev/null; }

start() {
  host a b
  cable a b 99
  record_a_call
  start_a
  reaches b "$(inner4 a)"
}

keeps_a_file() {
  eventually 12 remembers_b
  equals 600 "$(stat -c %a "$state")" "mode of the file"
  lacks "$(<"$state")" "$(<"$(key_file a)")"
}

refuses_a_recorded_call_while_it_runs() { equals silence "$(replay)" "what comes back"; }

# Nothing but a moves: b has nothing to send, and its keepalive is far away.
calls_who_was_alive() {
  kill_a
  start_a
  eventually 3 has_session a b
  equals 10.99.0.2:51820 "$(field a endpoints b)" "where b is"
  reaches_within a "$(inner4 b)" 1
  eventually 3 contains_log "called 1 peers that were alive before"
}
contains_log() { grep -qF "$1" "$work/a.log"; }

refuses_a_recorded_call_after_it_was_killed() {
  kill_a
  start_a
  equals silence "$(replay)" "what comes back"
  equals 10.99.0.2:51820 "$(field a endpoints b)" "where b is"
}

# The counter-proof, and what --no-memory is.
knows_nothing_without_memory() {
  on b ip link set "$(iface b)" down # or b would call
  kill_a
  start_a --no-memory
  equals answered "$(replay)" "what comes back"
  fails has_session a b
}

# Also with nonsense where the file should be.
reports_a_damaged_file() {
  kill_a
  sed -i '2s/10.99.0.2/10.99.0.3/' "$state"
  start_a
  contains "$(<"$work/a.log")" "nothing is known of the run before: $state: its checksum is wrong"
  equals "(none)" "$(field a endpoints b)" "where b is"
}

trusts_no_file_of_others() {
  kill_a
  chmod 666 "$state"
  start_a
  contains "$(<"$work/a.log")" "others than its owner may write it"
  on b ip link set "$(iface b)" up
  peer a b endpoint 10.99.0.2:51820 # b would notice only after 15 seconds
  reaches a "$(inner4 b)"
}

# Written at a clean end, with what was learnt last.
remembers_after_a_clean_end() {
  rm -f "$state"
  end a
  remembers_b
}

# The file's routes, and a way out beside them by which everything would leave in the clear.
up_fail_closed() {
  on a ip route replace default via 10.99.0.2
  (
    umask 077
    printf '[Interface]\nPrivateKey = %s\nAddress = 10.0.0.1/24\n\n[Peer]\nPublicKey = %s\nAllowedIPs = 10.0.0.2/32, 192.0.2.0/24\n' \
      "$(<"$(key_file a)")" "$(public_key b)" >"$work/$(iface a).conf"
  )
  on a "$ours" up --fail-closed "$work/$(iface a).conf"
  contains "$(on a ip route get 192.0.2.1)" "dev $(iface a)"
}
kill_up() {
  local pid
  for pid in $(ip netns pids "$(host_of a)"); do
    [[ $(tr '\0' ' ' <"/proc/$pid/cmdline") != *"io.wgnetty.cli.Main"*up* ]] || kill -9 "$pid"
  done
  eventually 5 no_link_a
}
goes_nowhere() { fails on a ip route get "$1" && contains "$(<"$work/said")" "No route to host"; } # ADDRESS

refuses_when_killed() {
  up_fail_closed
  kill_up
  goes_nowhere 192.0.2.1
  goes_nowhere 10.0.0.2 # to which the address led
}
lets_go_when_taken_down() {
  contains "$(on a "$ours" down "$work/$(iface a).conf" 2>&1)" "routes that refuse"
  contains "$(on a ip route get 192.0.2.1)" "via 10.99.0.2"
  up_fail_closed
  on a "$ours" down "$work/$(iface a).conf"
  contains "$(on a ip route get 192.0.2.1)" "via 10.99.0.2"
}

must "two nodes, one of which knows the other by its calls" start
must "traces of peers are kept in a file for its owner alone" keeps_a_file
check "a recorded call is refused while the node runs" refuses_a_recorded_call_while_it_runs
check "a node that was killed calls who was alive" calls_who_was_alive
check "a recorded call is refused also after the node was killed" refuses_a_recorded_call_after_it_was_killed
check "without memory a recorded call is answered, and nobody is called" knows_nothing_without_memory
check "a damaged file is reported and ignored" reports_a_damaged_file
check "a file that others may write is reported and ignored" trusts_no_file_of_others
check "traces are kept at a clean end" remembers_after_a_clean_end
check "with --fail-closed nothing leaves in the clear after the node was killed" refuses_when_killed
check "what it refused goes out again when the interface is taken down" lets_go_when_taken_down
