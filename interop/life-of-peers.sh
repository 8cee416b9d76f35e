#!/bin/bash
# The life of peers at a running gateway: disabled and enabled, expired, renamed, changed, and ten thousand at once.
#
#   a (gateway, 10.0.0.1/16) 10.99.0.1 --- 10.99.0.2 b (a client with the file that add-peer made)
#
# usage: life-of-peers.sh ours
. "$(dirname "$0")/lib.sh"

program=$(program "${1:?}")
many=10000
export LOG_LEVEL=info

file() { echo "$work/$1/$(iface "$1").conf"; } # HOST
gateway() { on a "$program" "$1" "$(iface a)" "${@:2}"; } # COMMAND ARGUMENTS...
reached() { on b ping -n -c 1 -W 1 10.0.0.1; } # the gateway answers the client
client_key() { wg show "$(iface b)" public-key; }
handshake() { wg show "$(iface a)" latest-handshakes | awk -v key="$(client_key)" '$1 == key {print $2}'; }

start() {
  host a b
  cable a b 99
  mkdir -p "$work/a" "$work/b"
  (
    umask 077
    printf '[Interface]\nPrivateKey = %s\nListenPort = 51820\nAddress = 10.0.0.1/16\n# Endpoint = 10.99.0.1:51820\n' \
      "$(<"$(key_file a)")" >"$(file a)"
  )
  on a "$program" up "$(file a)"
  gateway add-peer --name phone --client-allowed-ips 10.0.0.0/16 --out "$(file b)"
  on b "$program" up "$(file b)"
  eventually "$handshake_wait_s" reached
}
stop() {
  on b "$program" down "$(iface b)"
  on a "$program" down "$(iface a)"
}

disabled() {
  cp "$(file a)" "$work/before"
  gateway disable-peer phone
  equals "" "$(wg show "$(iface a)" peers)" "peers of the node" # at once
  fails reached
  contains "$(gateway list-peers)" disabled
  lacks "$(wg-quick strip "$(file a)")" $'\n[Peer]'
  contains "$("$program" check "$(file a)")" "1 disabled peer"
  equals 600 "$(stat -c %a "$(file a)")" "mode of the file"
}
stays_disabled() { # through a reload and a new start
  gateway reload
  equals "" "$(wg show "$(iface a)" peers)" "after a reload"
  on a "$program" down "$(iface a)"
  on a "$program" up "$(file a)"
  equals "" "$(wg show "$(iface a)" peers)" "after a new start"
  fails reached
}
enabled() {
  gateway enable-peer phone
  cmp "$(file a)" "$work/before"
  eventually 20 reached # when the client calls again
}

renamed() { # the session goes on
  local before
  before=$(handshake)
  gateway rename-peer phone 'phone of Ada'
  contains "$(gateway show)" "phone of Ada"
  gateway rename-peer 'phone of Ada' phone
  gateway change-peer phone --limit 500M
  reached
  equals "$before" "$(handshake)" "the latest handshake"
}

expires() {
  local moment begin
  moment=$(date -u -d '+3 seconds' +%FT%TZ)
  gateway change-peer phone --expires "$moment"
  reached
  contains "$(gateway list-peers)" "expires $moment"
  begin=${EPOCHREALTIME/./}
  eventually 6 no_peers
  echo "gone after $(((${EPOCHREALTIME/./} - begin) / 1000)) ms"
  fails reached
  contains "$(gateway list-peers)" "expired $moment"
  contains "$(gateway log)" "expired at $moment, and is removed"
  contains "$(<"$(file a)")" "$(client_key)"
  gateway reload
  equals "" "$(wg show "$(iface a)" peers)" "after a reload"
  gateway change-peer phone --expires never
  ip -n "$(host_of b)" link set "$(iface b)" down # the client forgets its session, and need not find out that it is dead
  ip -n "$(host_of b)" link set "$(iface b)" up
  ip -n "$(host_of b)" route replace 10.0.0.0/16 dev "$(iface b)"
  eventually 20 reached
}
no_peers() { [[ -z $(wg show "$(iface a)" peers) ]]; }

ten_thousand() {
  local begin us before sent
  before=$(handshake)
  on b ping -n -q -i 0.05 -c 200 -W 2 10.0.0.1 >"$work/ping" &
  begin=${EPOCHREALTIME/./}
  gateway add-peer --count "$many" --name device --expires 2099-12-31 --out "$work/devices.zip" 2>"$work/said" || { cat "$work/said"; return 1; }
  us=$((${EPOCHREALTIME/./} - begin))
  cat "$work/said"
  measured="$(grep -o "added $many peers in [0-9.]* s" "$work/said"), $((us / 1000)) ms with the start of the command"
  echo "$measured"
  equals $((many + 1)) "$(wg show "$(iface a)" peers | wc -l)" "peers of the node"
  equals "$many" "$(unzip_count "$work/devices.zip")" "files"
  equals $((many + 1)) "$(grep -c '^\[Peer\]' "$(file a)")" "sections"
  wait
  sent=$(<"$work/ping")
  echo "$sent"
  contains "$sent" " 0% packet loss"
  equals "$before" "$(handshake)" "the latest handshake"
  ((us < 10000000)) # one by one it would be hours
}
unzip_count() { python3 -c 'import sys, zipfile; print(len(zipfile.ZipFile(sys.argv[1]).namelist()))' "$1"; }

one_of_them() { # its file works
  mkdir -p "$work/one"
  python3 -c 'import sys, zipfile; sys.stdout.write(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]).decode())' \
    "$work/devices.zip" "$(iface a)-device-7777.conf" >"$work/one/$(iface b).conf"
  on b "$program" down "$(iface b)"
  on b "$program" up "$work/one/$(iface b).conf"
  eventually "$handshake_wait_s" reached
  contains "$(gateway show --peer device-7777)" "latest handshake"
  gateway disable-peer device-7777
  fails reached
  equals "$many" "$(wg show "$(iface a)" peers | wc -l)" "peers of the node"
}

must "a gateway and a client" start
check "a disabled peer is cut off at once, and kept as comments" disabled
check "it stays so through a reload and a new start" stays_disabled
check "an enabled one is back, and the file as it was" enabled
check "names and limits change while the session goes on" renamed
check "a peer goes when it expires, and comes back with a later end" expires
check "ten thousand peers come at once, and nobody notices" ten_thousand
[[ ! -s $work/said ]] || grep -o "added $many peers in [0-9.]* s" "$work/said" || true
check "each of them can call" one_of_them
check "both go down" stop
