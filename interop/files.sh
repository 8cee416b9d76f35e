#!/bin/bash
# Interfaces out of configuration files: up, down, run, reload, in a host that has neither wg, wg-quick nor ip nor nft.
#
#   a  wg<pid>a 10.0.0.1 fd00::1, to-b 10.99.0.1  <------------>  to-a 10.99.0.2, wg<pid>b 10.0.0.2 fd00::2  b
#
# usage: files.sh ours
. "$(dirname "$0")/lib.sh"

program=$(program "${1:?}")
export LOG_LEVEL=

# ---- a slim container: what the launcher needs, and nothing that configures interfaces

slim_path() {
  mkdir -p "$work/slim"
  local tool
  for tool in bash sh env cat cut grep sed awk find flock mkdir chmod chown chgrp install readlink dirname basename setsid \
    setpriv sleep touch rm mv stat id getent uname tr head tail mktemp kill timeout; do
    ln -sf "$(command -v "$tool")" "$work/slim/$tool"
  done
  ! PATH=$work/slim command -v wg || return 1
  ! PATH=$work/slim command -v ip
}
slim() { # HOST ARGUMENTS...: the program
  local h=$1
  shift
  timeout 120 ip netns exec "$(host_of "$h")" env PATH="$work/slim" "$program" "$@"
}

# ---- files

file() { echo "$work/$(iface "$1").conf"; } # HOST
write() { # HOST OTHER [LINES OF THE INTERFACE [LINES OF THE PEER [INNER ADDRESSES]]]
  (
    umask 077
    printf '[Interface]\r\n\tprivatekey=%s # ours\nListenPort = 51820\nAddress = %s/24, %s/64\n%b\n\n[peer]\n# Name = %s\nPublicKey = %s\nAllowedIPs = %s\nEndpoint = %s:51820\n%b\n' \
      "$(<"$(key_file "$1")")" "$(inner4 "$1")" "$(inner6 "$1")" "${3:-}" \
      "host-$2" "$(public_key "$2")" "${5:-$(inner4 "$2")/32, $(inner6 "$2")/128}" "10.99.0.$(number "$2")" "${4:-}" >"$(file "$1")"
  )
}

# ---- what is there, in a form that can be compared

state() { # HOST: everything that an interface could leave behind (but src_valid_mark, which wg-quick leaves as well)
  local at
  at=$(host_of "$1")
  ip -n "$at" -o addr show | sed 's/valid_lft.*//'
  ip -n "$at" route show table all
  ip -n "$at" -6 route show table all
  ip -n "$at" rule show
  ip -n "$at" -6 rule show
  on "$1" nft list ruleset
  ls /var/run/wireguard | grep "^$(iface "$1")" || true
  node_pid "$1" | wc -l
}
settled() { # HOST COUNT: its cables have their link-local addresses
  [[ $(ip -n "$(host_of "$1")" -6 addr | grep -c 'fe80.* link $') == "$2" ]]
}
unchanged() { # HOST BEFORE; the process has a moment to end
  eventually 5 same_state "$@" >/dev/null || same_state "$@"
}
same_state() { diff <(echo "$2") <(state "$1"); }

both_up() {
  write a b "MTU = 1400\nPostUp = echo up %i >> $work/hooks; [ -S /var/run/wireguard/%i.sock ]\nPreDown = echo predown %i >>$work/hooks\nPostDown = echo postdown %i >> $work/hooks # really"
  write b a
  # b goes up first, so that a's packets find somebody.
  slim b up "$(file b)"
  slim a up "$(file a)"
}

first_ping_at_once() { on a ping -n -c 1 -W 2 "$(inner4 b)"; on b ping -n -c 1 -W 2 "$(inner6 a)"; }
as_configured() {
  local at
  at=$(host_of a)
  contains "$(ip -n "$at" addr show "$(iface a)")" "mtu 1400"
  contains "$(ip -n "$at" addr show "$(iface a)")" "inet $(inner4 a)/24"
  contains "$(ip -n "$at" addr show "$(iface a)")" "inet6 $(inner6 a)/64"
  contains "$(ip -n "$(host_of b)" addr show "$(iface b)")" "mtu 1420"
  contains "$(<"$work/hooks")" "up $(iface a)"
  contains "$(wg show "$(iface a)" allowed-ips)" "$(inner4 b)/32"
}

says_state() {
  contains "$(slim a show "$(iface a)")" "host-b"
  contains "$(slim a show)" "latest handshake"
  slim a show --json | python3 -c '
import json, sys
document = json.load(sys.stdin)
assert "host-b" in json.dumps(document), document'
  contains "$(slim a list-peers "$(iface a)")" "host-b"
}

# ---- reload

handshake() { wg show "$(iface a)" latest-handshakes | awk -v key="$(public_key b)" '$1 == key {print $2}'; }
session() { slim a show --json "$(iface a)"; }

reloads_under_traffic() { # no packet lost, no new handshake
  local before after pid k=0
  flow_server b
  before=$(handshake)
  # Each datagram is numbered; the sender waits for the receiver's word, so that a slow machine loses none either.
  flows a "$(inner4 b)" --udp 1200 --count 40000 --parallel >"$work/flow" 2>&1 &
  pid=$!
  while ((k < 4)) || { kill -0 "$pid" 2>/dev/null && ((k < 60)); }; do
    k=$((k + 1))
    write a b "MTU = 1400\nPostUp = true" "PersistentKeepalive = $((20 + k))" "$(inner4 b)/32, $(inner6 b)/128, 10.50.$k.0/24"
    if ((k % 2)); then
      slim a reload "$(iface a)" >"$work/said-$k"
    else
      kill -HUP "$(node_pid a)"
      eventually 5 route_is_there "10.50.$k.0/24"
    fi
    eventually 5 keepalive_is $((20 + k))
    contains "$(ip -n "$(host_of a)" route)" "10.50.$k.0/24"
    lacks "$(ip -n "$(host_of a)" route)" "10.50.$((k - 1)).0/24"
  done
  wait "$pid" || { cat "$work/flow"; return 1; }
  echo "$k reloads"
  after=$(handshake)
  equals "$before" "$after" "latest handshake"
}
keepalive_is() { [[ $(wg show "$(iface a)" persistent-keepalive | cut -f2) == "$1" ]]; }
route_is_there() { [[ $(ip -n "$(host_of a)" route) == *"$1"* ]]; }
node_pid() { ip netns pids "$(host_of "$1")" | while read -r p; do [[ $(tr '\0' ' ' <"/proc/$p/cmdline") != *"io.wgnetty.cli.Main"* ]] || echo "$p"; done | head -1; }

invalid_changes_nothing() {
  local before
  before=$(wg showconf "$(iface a)"; ip -n "$(host_of a)" addr; ip -n "$(host_of a)" route)
  cp "$(file a)" "$work/good"
  printf '\n[Peer]\nPublicKey = %s\nAllowedIPs = 10.77.0.0/33\nEndpont = 1.2.3.4:5\n' "$(wg genkey | wg pubkey)" >>"$(file a)"
  fails slim a reload "$(iface a)"
  contains "$(<"$work/said")" "is no prefix length"
  fails slim a check "$(file a)"
  contains "$(<"$work/said")" "Endpoint"
  contains "$(<"$work/said")" "AllowedIPs"
  kill -HUP "$(node_pid a)"
  sleep 1
  equals "$before" "$(wg showconf "$(iface a)"; ip -n "$(host_of a)" addr; ip -n "$(host_of a)" route)" "the state"
  cp "$work/good" "$(file a)"
  reaches_within a "$(inner4 b)" 2
}

watches() {
  slim a down "$(iface a)"
  slim a up --watch "$(file a)"
  reaches_within a "$(inner4 b)" 5
  write a b "MTU = 1380" "" "$(inner4 b)/32, 10.60.0.0/16"
  eventually 5 route_is_there 10.60.0.0/16
  write a b "MTU = 1390" "" "$(inner4 b)/32, $(inner6 b)/128"
  mv "$(file a)" "$(file a).new" && mv "$(file a).new" "$(file a)"
  eventually 5 mtu_is 1390
}
mtu_is() { [[ $(ip -n "$(host_of a)" link show "$(iface a)") == *"mtu $1"* ]]; }

# ---- a new client, from the picture that a phone would see

adds_phone() {
  local before picture
  before=$(handshake)
  slim a add-peer "$(iface a)" --name phone --endpoint 10.99.0.1:51820 --client-allowed-ips 10.0.0.0/24 --qr --out "$work/phone.conf" >"$work/qr" 2>"$work/qr.err"
  equals 600 "$(stat -c %a "$work/phone.conf")" "the client file's mode"
  contains "$(<"$(file a)")" "# Name = phone"
  contains "$(slim a list-peers "$(iface a)")" phone
  picture=$(python3 "$interop/qr.py" "$work/qr" "$work/qr.pgm" && zbarimg -q --raw "$work/qr.pgm")
  equals "$(<"$work/phone.conf")" "$picture" "what the picture says"
  equals "$before" "$(handshake)" "the other peer's handshake"
  # It connects, as what the phone would read.
  (umask 077; sed 's/10.99.0.1:51820/10.98.0.1:51820/' <<<"$picture" >"$(file d)")
  slim d up "$(file d)"
  reaches_within d "$(inner4 a)" 3
  slim a remove-peer "$(iface a)" phone
  lacks "$(slim a list-peers "$(iface a)")" phone
  lacks "$(<"$(file a)")" phone
  slim d down "$(iface d)"
}

changes_one_peer_alone() { # a peer set by hand stays, and a section that is still being written is not put into force
  local by_hand draft
  by_hand=$(wg genkey | wg pubkey) draft=$(wg genkey | wg pubkey)
  wg set "$(iface a)" peer "$by_hand" allowed-ips 10.0.0.3/32
  cp "$(file a)" "$work/before-draft"
  printf '\n[Peer]\nPublicKey = %s\nAllowedIPs = 10.66.0.0/16\n' "$draft" >>"$(file a)"
  slim a add-peer "$(iface a)" --name alone --address 10.67.0.9 --endpoint 10.99.0.1:51820 --out "$work/alone.conf"
  contains "$(wg show "$(iface a)" peers)" "$by_hand"
  lacks "$(wg show "$(iface a)" peers)" "$draft"
  contains "$(ip -n "$(host_of a)" route)" 10.67.0.9
  lacks "$(ip -n "$(host_of a)" route)" 10.66.0.0
  contains "$(slim a list-peers "$(iface a)")" alone
  slim a add-peer "$(iface a)" --name next --endpoint 10.99.0.1:51820 --out "$work/next.conf"
  lacks "$(<"$work/next.conf")" 10.0.0.3/
  slim a remove-peer "$(iface a)" next
  slim a remove-peer "$(iface a)" alone
  lacks "$(ip -n "$(host_of a)" route)" 10.67.0.9
  contains "$(wg show "$(iface a)" peers)" "$by_hand"
  slim a remove-peer "$(iface a)" "$by_hand"
  lacks "$(wg show "$(iface a)" peers)" "$by_hand"
  cp "$work/before-draft" "$(file a)"
}
tells_status() { # and a word that is no command makes no interface
  local word status=0
  contains "$(slim a status "$(iface a)")" "$(iface a): running for "
  slim a status "wgno$$" 2>/dev/null || status=$?
  equals 3 "$status" "the exit status for what is not running"
  for word in stop list relaod; do
    fails slim a "$word"
    contains "$(<"$work/said")" "there is no command $word"
    lacks "$(ip -n "$(host_of a)" link)" ": $word:"
  done
}
leaves_nothing_on_full_disk() { # what cannot be written whole is not there at all
  mkdir -p "$work/full" && mount -t tmpfs -o size=4k,mode=700 tmpfs "$work/full"
  head -c 4096 /dev/zero >"$work/full/filler" || true
  cp "$(file a)" "$work/before-full"
  fails slim a add-peer "$(iface a)" --name full --endpoint 10.99.0.1:51820 --out "$work/full/client.conf"
  contains "$(<"$work/said")" "cannot write $work/full/client.conf"
  contains "$(<"$work/said")" "No space left on device"
  [[ ! -e $work/full/client.conf ]]
  umount "$work/full"
  cmp "$(file a)" "$work/before-full"
}

# ---- the end

leaves_nothing() {
  slim a down "$(iface a)"
  lacks "$(ip -n "$(host_of a)" link)" "$(iface a)"
  unchanged a "$clean_a"
  slim b down "$(iface b)"
  unchanged b "$clean_b"
}
hooks_ran() {
  write a b "PreUp = echo preup %i >>$work/order\nPostUp = echo postup >>$work/order; true # not a comment\nPreDown = echo predown >>$work/order\nPostDown = echo postdown >>$work/order"
  slim a up "$(file a)"
  slim a down "$(iface a)"
  equals "preup $(iface a) postup predown postdown" "$(paste -sd' ' "$work/order")" "the order of hooks"
  unchanged a "$clean_a"
}

default_route() { # fwmark and rules, as wg-quick does them
  local at
  at=$(host_of a)
  write a b "" "" "0.0.0.0/0, ::/0"
  write b a "" "" "$(inner4 a)/32, $(inner6 a)/128"
  slim b up "$(file b)"
  slim a up "$(file a)"
  contains "$(ip -n "$at" rule)" "suppress_prefixlength 0"
  contains "$(ip -n "$at" rule)" "not from all fwmark 0xca6c lookup 51820"
  contains "$(ip -n "$at" -6 rule)" "not from all fwmark 0xca6c lookup 51820"
  contains "$(ip -n "$at" route show table 51820)" "default dev $(iface a)"
  equals 0xca6c "$(wg show "$(iface a)" fwmark)" fwmark
  reaches_within a "$(inner4 b)" 5
  slim a down "$(iface a)"
  slim b down "$(iface b)"
  unchanged a "$clean_a"
}

two_in_one() {
  local pid second=wg$$-2 out
  write a b
  sed "s#ListenPort = 51820#ListenPort = 51821#; s#$(inner4 a)/24, $(inner6 a)/64#10.7.0.1/24#; s#AllowedIPs = .*#AllowedIPs = 10.7.0.2/32#" "$(file a)" >"$work/$second.conf"
  ip netns exec "$(host_of a)" env PATH="$work/slim" LOG_LEVEL=info "$program" run "$(file a)" "$work/$second.conf" >"$work/run.log" 2>&1 </dev/null &
  pid=$!
  eventually 60 both_answer "$second"
  equals 1 "$(ip netns pids "$(host_of a)" | wc -l)" "processes"
  kill -TERM "$pid"
  eventually 10 ended "$pid"
  wait "$pid" # its status is 0
  unchanged a "$clean_a"
}
both_answer() { wg show "$(iface a)" >/dev/null 2>&1 && wg show "$1" >/dev/null 2>&1 && ip -n "$(host_of a)" addr show "$1" | grep -q 10.7.0.1; }

# ---- what goes wrong

goes_wrong() { # WHAT IT MUST SAY, then LINES OF THE INTERFACE, LINES OF THE PEER, ALLOWED IPS
  local before
  write a b "$2" "${3:-}" "${4:-$(inner4 b)/32}"
  before=$(state a)
  fails slim a up "$(file a)"
  contains "$(<"$work/said")" "$1"
  unchanged a "$before"
}
failures_leave_nothing() {
  local busy
  goes_wrong "PreUp" "PreUp = exit 3"
  goes_wrong "PostUp" "PostUp = exit 4"
  goes_wrong "no-such-command-at-all" "PostUp = no-such-command-at-all"
  goes_wrong "resolvconf" "DNS = 10.0.0.53"
  goes_wrong "error" "Adress = 10.0.0.1/24"
  ip netns exec "$(host_of a)" python3 -c '
import socket, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(("0.0.0.0", 51820)); time.sleep(600)' &
  busy=$!
  sleep 0.5
  goes_wrong "51820" ""
  kill "$busy"
  wait "$busy" || true
  ip -n "$(host_of a)" tuntap add "$(iface a)" mode tun
  goes_wrong "exists" ""
  ip -n "$(host_of a)" link del "$(iface a)"
  ip -n "$(host_of a)" route add 10.123.0.0/24 dev to-b
  goes_wrong "10.123.0.0/24" "" "" "10.123.0.0/24, 10.124.0.0/24"
  ip -n "$(host_of a)" route del 10.123.0.0/24
}

host a b d
cable a b 99
cable a d 98
check "the host has none of the tools" slim_path
eventually 10 settled a 2 # duplicate address detection changes what there is
eventually 10 settled b 1
clean_a=$(state a) clean_b=$(state b)
must "up sets two hosts up" both_up
check "the first packet right after up gets its answer" first_ping_at_once
check "addresses, MTU, peers and hooks are as configured" as_configured
check "show, show --json and list-peers know the peer by its label" says_state
check "reload by command and by SIGHUP under traffic: nothing lost, no new handshake" reloads_under_traffic
check "an invalid file changes nothing and says why" invalid_changes_nothing
check "add-peer: a phone reads the picture and connects" adds_phone
check "status says what runs, and words that are no commands make no interfaces" tells_status
check "add-peer and remove-peer change that peer alone" changes_one_peer_alone
check "add-peer on a full disk leaves nothing half-written" leaves_nothing_on_full_disk
check "--watch reads the file again" watches
check "down leaves nothing behind" leaves_nothing
check "hooks run in order" hooks_ran
check "a default route goes by fwmark and policy rules" default_route
check "two interfaces in one process, ended by SIGTERM" two_in_one
check "whatever step fails says so and leaves nothing behind" failures_leave_nothing
