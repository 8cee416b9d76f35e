#!/bin/bash
# The demo: it runs to its end, its first ping is answered at once, and nothing of it is left.
#
# usage: demo.sh ours
. "$(dirname "$0")/lib.sh"

limit_ms=1000 # on a busy machine; a first packet that is lost comes again after 5,000

shows() {
  timeout 120 "$ours" demo >"$work/demo" 2>&1 || { tail -30 "$work/demo"; return 1; }
  grep -q '^== Done' "$work/demo"
  [[ $(grep -c ' 0% packet loss' "$work/demo") == 2 ]] || { cat "$work/demo"; return 1; }
}

first_ping() {
  local ms
  ms=$(sed -n 's/^first answer after \([0-9.]*\) ms.*/\1/p' "$work/demo")
  echo "        first answer of the demo: ${ms:-none} ms" >&3
  [[ -n $ms ]] && awk -v ms="$ms" -v limit="$limit_ms" 'BEGIN {exit !(ms < limit)}'
}

leaves_nothing() {
  lacks "$(ip netns list)" wg-netty-alice
  lacks "$(ip netns list)" wg-netty-bob
  [[ ! -e /var/run/wireguard/wg-alice.sock && ! -e /var/run/wireguard/wg-bob.sock ]]
}

exec 3>&1 # `check` keeps the output of what it runs for itself
must "the demo runs to its end, and no ping is lost" shows
check "its first ping is answered within $limit_ms ms" first_ping
check "nothing of it is left" leaves_nothing
