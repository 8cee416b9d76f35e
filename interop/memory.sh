#!/bin/bash
# A node with a small heap between one peer that lives and 2,000 that do not answer: what waits for sessions has a bound.
#
#   b (go) ---99--- a (ours, 256 MB of heap)
#
# Where the machine lets us, the node also has a memory control group of 512 MB.
#
# usage: memory.sh ours
. "$(dirname "$0")/lib.sh"

dead_peers=2000
per_peer=128 # as many as may wait for one peer

group_limit=512M
cgroup=
if grep -qsw memory /sys/fs/cgroup/cgroup.controllers; then
  cgroup=/sys/fs/cgroup/wgn-$group-$$ limit_file=memory.max
elif [[ -d /sys/fs/cgroup/memory ]]; then
  cgroup=/sys/fs/cgroup/memory/wgn-$group-$$ limit_file=memory.limit_in_bytes
fi
if [[ -n $cgroup ]] && ! { mkdir "$cgroup" && echo "$group_limit" >"$cgroup/$limit_file"; } 2>/dev/null; then
  rmdir "$cgroup" 2>/dev/null || true
  cgroup=
fi
[[ -z $cgroup ]] || trap 'status=$?; rm_group & (exit $status); clean_up' EXIT
rm_group() { # once the node has left it
  for _ in {1..200}; do
    rmdir "$cgroup" 2>/dev/null && return
    sleep 0.1
  done
}

start() {
  local limited=()
  if [[ -n $cgroup ]]; then
    exec 9>"$cgroup/cgroup.procs" # here, since ip netns mounts another /sys
    limited=(bash -c 'echo $$ >&9 && exec 9>&- "$@"' bash)
  fi
  echo "memory control group: ${cgroup:-none}"
  host a b
  cable a b 99
  WG_NETTY_JAVA_OPTS=-Xmx256m daemon a "$1" "${limited[@]}"
  [[ -z $cgroup ]] || exec 9>&-
  [[ -z $cgroup ]] || grep -qx "$(<"$work/a.pid")" "$cgroup/cgroup.procs"
  identify a
  address a
  node b go
  peer a b endpoint 10.99.0.2:51820
  peer b a endpoint 10.99.0.1:51820
  # Nobody has the address of their endpoints.
  python3 -c '
import base64, sys
for i in range(int(sys.argv[1])):
    key = base64.b64encode((i + 2).to_bytes(4, "little") + bytes(27) + b"\x01").decode()
    print(f"[Peer]\nPublicKey = {key}\nEndpoint = 10.99.0.77:51820\nAllowedIPs = 10.1.{i >> 8}.{i & 255}/32")
' "$dead_peers" >"$work/dead.conf"
  wg addconf "$(iface a)" "$work/dead.conf"
  ip -n "$(host_of a)" route add 10.1.0.0/16 dev "$(iface a)"
  # The interface's own queue of 500 packets would drop some of a burst, whoever they are for, before the node sees them.
  ip -n "$(host_of a)" link set "$(iface a)" txqueuelen 10000
  reaches a "$(inner4 b)"
}

flood() { # 128 packets of 1,390 bytes to each dead peer, in about 26 s: 10,000 a second
  on a python3 -c '
import socket, sys, time
peers, rounds = int(sys.argv[1]), int(sys.argv[2])
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
payload, begin, sent = bytes(1390 - 28), time.monotonic(), 0
for r in range(rounds):
    for i in range(peers):
        try:
            s.sendto(payload, (f"10.1.{i >> 8}.{i & 255}", 9))
        except OSError:
            time.sleep(0.001)
        sent += 1
        if sent % 100 == 0:
            ahead = sent / peers * 0.2 - (time.monotonic() - begin)
            if ahead > 0:
                time.sleep(ahead)
print(sent, "packets in", round(time.monotonic() - begin, 1), "s")' "$dead_peers" "$per_peer"
}

live_peer_loses_nothing() {
  local status=0
  flood &
  pings a "$(inner4 b)" 250 0.1 || status=$?
  wait $!
  echo "reasons for which packets were dropped, and of how many peers; those of the one that answers:"
  drops | sort | uniq -c
  "$ours" show "$(iface a)" | grep -A8 -F "$(public_key b)"
  ip -s -n "$(host_of a)" link show dev "$(iface a)"
  equals 0 "$status" "status of pings"
  lacks "$("$ours" show "$(iface a)" | grep -A8 -F "$(public_key b)" | sed '/^$/,$d')" dropped:
}

drops() { "$ours" show "$(iface a)" | sed -nE 's/^ *dropped: //p' | sed 's/[0-9]\+ //g'; } # reasons, a line for each peer

dropped_the_oldest() { contains "$("$ours" show "$(iface a)")" staged-memory-full; }

answers_and_ends() {
  timeout 10 "$ours" show "$(iface a)" >/dev/null
  reaches_within a "$(inner4 b)" 2
  lacks "$(<"$work/a.log")" OutOfMemoryError
  end a
}

must "one peer that answers, $dead_peers that do not" start "$1"
check "the peer that answers loses nothing while $((dead_peers * per_peer)) packets wait for the others" live_peer_loses_nothing
check "packets that waited longest were dropped, and counted" dropped_the_oldest
check "the node lives, answers, and ends when it is told to" answers_and_ends
