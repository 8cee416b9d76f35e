#!/bin/bash
# A newer program takes a running node's place, and nobody notices.
#
#   a  ours, upgraded  10.0.0.1  <-- 10.99.0.1, 10.99.0.2 -->  10.0.0.2  b
#
# usage: upgrade.sh ours OTHER
# For figures: INTEROP_KEEP=1 UPGRADES=20 RATE=2000 upgrade.sh ours go, and then what is in target/interop/upgrade-*/{upgrades,udp-a,udp-b,tcp}
# Environment: UPGRADES (how many under load; 2), RATE (numbered datagrams a second; 200)
. "$(dirname "$0")/lib.sh"

upgrades=${UPGRADES:-2}
rate=${RATE:-200}
here=$work/here # where nodes are started from, so that another program can stand there
ln -s "$(program ours)" "$here"

processes() { processes_of a java; }
node_pid() { eventually 10 one_process && processes; }
one_process() { [[ $(processes | wc -l) == 1 ]]; }
upgrade() { timeout 120 "$here" upgrade "$(iface a)"; }

start() { # HOST [ARGUMENTS...]: from where another program may come to stand
  LOG_LEVEL=info ip netns exec "$(host_of a)" "$here" "$@" -f "$(iface a)" >"$work/a.log" 2>&1 </dev/null &
  eventually "$start_wait_s" answers a
}

connected() { # ARGUMENTS: a with its peer
  start "$@"
  identify a
  address a
  peer a b endpoint 10.99.0.2:51820
  reaches a "$(inner4 b)"
}
stopped() {
  kill $(processes)
  eventually 20 nothing_runs
}
nothing_runs() { [[ -z $(processes) ]]; }

goes_on_in_another_process() {
  local before handshake said
  before=$(node_pid)
  handshake=$(field a latest-handshakes b)
  "$here" limit "$(iface a)" "$(public_key b)" in 500M, out 400M
  said=$(upgrade)
  contains "$said" "goes on"
  [[ $(node_pid) != "$before" ]]
  contains "$said" "process $(processes) "
  reaches a "$(inner4 b)"
  equals "$handshake" "$(field a latest-handshakes b)" "the latest handshake"
  equals 10.99.0.2:51820 "$(field a endpoints b)" "the endpoint"
  equals "in 500M, out 400M" "$("$here" limit "$(iface a)" "$(public_key b)")" "the limit"
  "$here" limit "$(iface a)" "$(public_key b)" off
  [[ -S /var/run/wireguard/$(iface a).sock ]]
}

nobody_notices() { # UPGRADES: TCP and numbered datagrams both ways meanwhile; the last one is asked for by SIGUSR2
  local seconds=$((2 + 4 * $1)) tcp udp_a udp_b i before
  iperf a "$(inner4 b)" -t "$seconds" -b 20M >"$work/tcp" & tcp=$!
  on a "$interop/numbered.py" "$(inner4 b)" 7100 "$rate" "$seconds" >"$work/udp-a" & udp_a=$!
  on b "$interop/numbered.py" "$(inner4 a)" 7100 "$rate" "$seconds" >"$work/udp-b" & udp_b=$!
  sleep 1
  for ((i = 1; i < $1; i++)); do upgrade | tee -a "$work/upgrades"; done
  before=$(node_pid)
  kill -USR2 "$before"
  eventually 60 ended "$before"
  [[ $(node_pid) != "$before" ]]
  wait "$udp_a" "$udp_b" "$tcp"
  cat "$work/udp-a" "$work/udp-b"
  python3 - "$work/tcp" "$work/udp-a" "$work/udp-b" <<'PY'
import json, sys
report = json.load(open(sys.argv[1]))
assert "error" not in report, report["error"]
end = report["end"]
print("TCP", round(end["sum_received"]["bits_per_second"] / 1e6), "Mbit/s,", end["sum_sent"]["retransmits"], "retransmits")
for name in sys.argv[2:]:
    udp = json.load(open(name))
    assert udp["doubled"] == 0, udp
    assert udp["lost"] < udp["sent"] / 20, udp  # a machine that stands still for a second fills the kernel's queues
PY
}

keeps_its_place() { # what stands there now does not become a node
  local before
  before=$(node_pid)
  ln -sfn "$1" "$here"
  fails timeout 120 "$(program ours)" upgrade "$(iface a)"
  ln -sfn "$(program ours)" "$here"
  contains "$(<"$work/said")" "nothing was handed over"
  equals "$before" "$(node_pid)" "the process"
  reaches a "$(inner4 b)"
}

newer_program() {
  printf '#!/bin/bash\necho "the newer one" >>%q\nexec -a %q %q "$@"\n' "$work/newer" "$here" "$(program ours)" >"$work/newer-program"
  chmod +x "$work/newer-program"
  ln -sfn "$work/newer-program" "$here"
}

with_arguments() { # ARGUMENTS: a program stands there that adds them
  printf '#!/bin/bash\nexec -a %q %q %s "$@"\n' "$here" "$(program ours)" "$*" >"$work/with-arguments"
  chmod +x "$work/with-arguments"
  ln -sfn "$work/with-arguments" "$here"
}
keeps_its_loops() { # the shards of sessions are in their indices
  local before
  before=$(node_pid)
  with_arguments --loops 7
  fails timeout 120 "$(program ours)" upgrade "$(iface a)"
  ln -sfn "$(program ours)" "$here"
  contains "$(<"$work/said")" "event loops, and --loops says 7"
  equals "$before" "$(node_pid)" "the process"
  reaches_within a "$(inner4 b)" 1
}

with_many_peers_and_handshakes() { # 10,000, of which one begins a session: what is under way is lost, and asked for again at once
  wg set "$(iface a)" $(for i in {1..10000}; do printf 'peer %042d0= allowed-ips 10.%d.%d.%d/32 ' "$i" $((100 + i / 62500)) $((i / 250 % 250)) $((i % 250)); done)
  equals 10001 "$(wg show "$(iface a)" peers | wc -l)" "peers before"
  local said
  "$here" forget-sessions "$(iface a)"
  on a ping -n -q -c 3 -i 0.2 "$(inner4 b)" >/dev/null &
  newer_program
  said=$(timeout 120 "$(program ours)" upgrade "$(iface a)")
  ln -sfn "$(program ours)" "$here"
  echo "$said"
  contains "$said" "goes on"
  equals "the newer one" "$(<"$work/newer")" "what ran"
  wait $!
  equals 10001 "$(wg show "$(iface a)" peers | wc -l)" "peers after"
  reaches_within a "$(inner4 b)" 1
}

tells_strangers_nothing() {
  fails setpriv --reuid=65534 --regid=65534 --clear-groups timeout 20 "$(program ours)" upgrade "$(iface a)"
  reaches a "$(inner4 b)"
}

as_another_user() {
  connected --user 65534:65534
  local before
  before=$(node_pid)
  contains "$(upgrade)" "goes on"
  [[ $(node_pid) != "$before" ]]
  equals 65534 "$(stat -c %u "/proc/$(processes)")" "the user"
  reaches a "$(inner4 b)"
  stopped
  chown root:root /var/run/wireguard && chmod 755 /var/run/wireguard
}

file() { echo "$work/$(iface a).conf"; }
write() { # LINES OF THE INTERFACE
  (
    umask 077
    printf '[Interface]\nPrivateKey = %s\nListenPort = 51820\nAddress = %s/24\nPostUp = echo up >>%s\nPostDown = echo down >>%s\n%s\n\n[Peer]\nPublicKey = %s\nAllowedIPs = 0.0.0.0/0\nEndpoint = 10.99.0.2:51820\n' \
      "$(<"$(key_file a)")" "$(inner4 a)" "$work/hooks" "$work/hooks" "${1:-}" "$(public_key b)" >"$(file)"
  )
}
around() { # what is set up around the interface
  local at
  at=$(host_of a)
  ip -n "$at" -o addr show dev "$(iface a)" | sed 's/valid_lft.*//'
  ip -n "$at" route show table all | grep "$(iface a)"
  ip -n "$at" rule show
  on a nft list ruleset
}

with_a_file() {
  local before at
  at=$(host_of a)
  rm -f "$work/hooks"
  write "# Isolate = yes"
  ip -n "$at" rule show >"$work/rules"
  timeout 120 ip netns exec "$at" "$here" up "$(file)"
  reaches a "$(inner4 b)"
  write $'# Isolate = yes\nMTU = 1400'
  fails upgrade
  contains "$(<"$work/said")" "first wg-netty reload"
  timeout 60 "$here" reload "$(iface a)"
  around >"$work/before"
  contains "$(upgrade)" "goes on"
  reaches a "$(inner4 b)"
  around >"$work/after"
  diff "$work/before" "$work/after"
  equals up "$(<"$work/hooks")" "hooks that ran"
  contains "$("$here" reload "$(iface a)")" "nothing"
  timeout 60 "$here" down "$(iface a)"
  eventually 20 nothing_runs
  equals $'up\ndown' "$(<"$work/hooks")" "hooks that ran"
  ip -n "$at" rule show | diff "$work/rules" -
  equals "" "$(on a nft list ruleset)" "what is left of the firewall"
}

host a b
cable a b 99
node b "${2:?}"
peer b a endpoint 10.99.0.1:51820
must "two nodes reach each other" connected
iperf_server b
check "another process goes on with the sessions" goes_on_in_another_process
check "nobody notices $upgrades upgrades under load, one of them asked for by SIGUSR2" nobody_notices "$upgrades"
check "a program that ends at once changes nothing" keeps_its_place /bin/false
check "another number of event loops is refused, and all goes on" keeps_its_loops
check "what stands in the program's place now takes over, with 10,000 peers and in the middle of a handshake" with_many_peers_and_handshakes
check "other users cannot ask for it" tells_strangers_nothing
stopped
check "a node of another user stays that user's" as_another_user
check "what a file has set up stays, and is taken down in the end" with_a_file
