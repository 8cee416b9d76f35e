#!/bin/bash
# Large configurations: 130,560 allowed IPs on one peer, and 100,000 peers.
#
# usage: bulk.sh ours
. "$(dirname "$0")/lib.sh"

peers=${BULK_PEERS:-100000}

start() {
  host a
  node a "$1"
}

prefixes() { awk 'BEGIN {for (a = 1; a < 256; a++) for (b = 0; b < 256; b++) printf "%d.%d.0.0/16\n%x::%x/128\n", a, b, a, b}'; }

many_allowed_ips() {
  local key
  key=$(wg genkey | wg pubkey)
  prefixes >"$work/prefixes"
  {
    printf '[Interface]\nPrivateKey = %s\n[Peer]\nPublicKey = %s\n' "$(cat "$(key_file a)")" "$key"
    xargs -n 200 <"$work/prefixes" | sed 's/ /, /g; s/^/AllowedIPs = /'
  } >"$work/conf"
  time wg setconf "$(iface a)" "$work/conf"
  time wg showconf "$(iface a)" >"$work/shown"
  sed -n 's/^AllowedIPs = //p' "$work/shown" | tr -d ' ' | tr ',' '\n' | sed 's/^\([0-9a-f]*\)::\/128$/\1::0\/128/' | sort >"$work/got"
  wc -l <"$work/got"
  cmp "$work/got" <(sort "$work/prefixes")
}

many_peers() {
  python3 -c '
import base64, os, sys
print("[Interface]\nListenPort = 51820")
for i in range(int(sys.argv[1])):
    key = base64.b64encode(os.urandom(32)).decode()
    print(f"[Peer]\nPublicKey = {key}\nAllowedIPs = 10.{i >> 16}.{i >> 8 & 255}.{i & 255}/32, fd01::{i >> 16:x}:{i & 65535:x}/128\nEndpoint = 192.0.2.1:{i % 65535 + 1}")
' "$peers" >"$work/conf"
  local begin=$SECONDS
  timeout 60 wg setconf "$(iface a)" "$work/conf"
  echo "setconf: $((SECONDS - begin)) s"
  begin=$SECONDS
  timeout 30 wg show "$(iface a)" allowed-ips >"$work/shown"
  echo "show: $((SECONDS - begin)) s"
  equals "$peers" "$(wc -l <"$work/shown")" "peers shown"
  diff -q <(cut -f2 "$work/shown" | tr ' ' '\n' | grep -F . | sort) \
    <(sed -n 's/^AllowedIPs = //p' "$work/conf" | tr -d ' ' | tr ',' '\n' | grep -F . | sort)
}

change_one_of_many() { # must not take longer for the others
  local begin=${EPOCHREALTIME/./} key
  key=$(sed -n '4s/PublicKey = //p' "$work/conf")
  wg set "$(iface a)" peer "$key" allowed-ips 10.200.0.1/32 persistent-keepalive 0
  ((${EPOCHREALTIME/./} - begin < 1000000))
  equals 10.200.0.1/32 "$(wg show "$(iface a)" allowed-ips | awk -v key="$key" '$1 == key {print $2}')" "its allowed IPs"
}

remove_all() {
  local begin=$SECONDS
  timeout 30 wg setconf "$(iface a)" <(echo "[Interface]")
  echo "removal: $((SECONDS - begin)) s"
  equals "" "$(wg show "$(iface a)" peers)" "peers left"
}

must "a node comes up" start "$1"
check "one peer with 130,560 allowed IPs, all given back" many_allowed_ips
check "$peers peers by wg setconf, all shown" many_peers
check "one of them changed at once" change_one_of_many
check "all removed" remove_all
