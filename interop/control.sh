#!/bin/bash
# The wg commands on a running node, and a live session that no change may drop. Topology as in traffic.sh; the commands
# go to a.
#
# usage: control.sh FIRST SECOND
. "$(dirname "$0")/lib.sh"

start() {
  pair "$1" "$2"
  reaches a "$(inner4 b)"
}

configuration() { # [MORE LINES for the peer]
  cat <<CONF
[Interface]
PrivateKey = $(cat "$(key_file a)")
ListenPort = $(wg show "$(iface a)" listen-port)

[Peer]
PublicKey = $(public_key b)
AllowedIPs = 10.0.0.2/32, fd00::2/128
Endpoint = 10.99.0.2:51820
${1:-}
CONF
}
stranger() { # a stable key of a peer that never answers
  [[ -s $work/stranger ]] || wg genkey | wg pubkey >"$work/stranger"
  cat "$work/stranger"
}

# COMMAND...: runs it six times under a ping every 10 ms; nothing may be lost and the session must stay the same one.
harmless() {
  local before pinging
  before=$(field a latest-handshakes b)
  pings a "$(inner4 b)" 150 0.01 >"$work/live" &
  pinging=$!
  for _ in 1 2 3 4 5 6; do
    sleep 0.2
    "$@"
  done
  wait $pinging || { cat "$work/live"; return 1; }
  equals "$before" "$(field a latest-handshakes b)" "latest handshake"
}

set_of_the_live_peer() {
  wg set "$(iface a)" peer "$(public_key b)" persistent-keepalive 25 endpoint 10.99.0.2:51820
  wg set "$(iface a)" peer "$(public_key b)" persistent-keepalive off
}
set_of_its_allowed_ips() {
  wg set "$(iface a)" peer "$(public_key b)" allowed-ips 10.0.0.2/32,fd00::2/128,10.50.0.0/16
  wg set "$(iface a)" peer "$(public_key b)" allowed-ips 10.0.0.2/32,fd00::2/128
}
same_private_key() { wg set "$(iface a)" private-key "$(key_file a)"; }
another_peer_comes_and_goes() {
  wg set "$(iface a)" peer "$(stranger)" allowed-ips 10.60.0.0/16 endpoint 10.99.0.99:9
  wg set "$(iface a)" peer "$(stranger)" remove
}
addconf() { wg addconf "$(iface a)" <(configuration "PersistentKeepalive = 20"); }
syncconf() {
  wg set "$(iface a)" peer "$(stranger)" allowed-ips 10.60.0.0/16
  wg syncconf "$(iface a)" <(configuration)
  equals "$(public_key b)" "$(wg show "$(iface a)" peers)" "peers after syncconf"
}
show() { wg show "$(iface a)"; wg show "$(iface a)" dump; wg showconf "$(iface a)"; wg show interfaces; } >/dev/null

setconf_replaces_everything() {
  wg set "$(iface a)" peer "$(stranger)" allowed-ips 10.60.0.0/16 persistent-keepalive 7
  wg set "$(iface a)" fwmark 0x99
  wg setconf "$(iface a)" <(configuration)
  equals "$(public_key b)" "$(wg show "$(iface a)" peers)" "peers"
  equals off "$(wg show "$(iface a)" fwmark)" "fwmark"
  reaches a "$(inner4 b)"
  reaches b "$(inner6 a)"
}

showconf_gives_it_back() {
  local psk
  psk=$(cat "$(preshared_key_file)")
  wg set "$(iface a)" fwmark 0x1234 peer "$(stranger)" preshared-key "$(preshared_key_file)" endpoint "[2001:db8::9]:1234" \
    allowed-ips 10.60.0.0/16,192.168.1.99/24,fd60::/64,fd60::5/64 persistent-keepalive 21
  wg showconf "$(iface a)" >"$work/shown"
  cat "$work/shown"
  contains "$(cat "$work/shown")" "PrivateKey = $(cat "$(key_file a)")"
  contains "$(cat "$work/shown")" "FwMark = 0x1234"
  contains "$(cat "$work/shown")" "PublicKey = $(stranger)
PresharedKey = $psk
AllowedIPs = 10.60.0.0/16, 192.168.1.0/24, fd60::/64
Endpoint = [2001:db8::9]:1234
PersistentKeepalive = 21"
  wg setconf "$(iface a)" "$work/shown"
  wg showconf "$(iface a)" >"$work/again"
  diff <(sort "$work/shown") <(sort "$work/again")
  wg set "$(iface a)" fwmark off peer "$(stranger)" remove
}

allowed_ips_cleared() {
  wg set "$(iface a)" peer "$(stranger)" allowed-ips 10.60.0.0/16
  wg set "$(iface a)" peer "$(stranger)" allowed-ips ""
  equals "(none)" "$(wg show "$(iface a)" allowed-ips | awk -v p="$(stranger)" '$1 == p {print $2}')" "allowed ips"
  wg set "$(iface a)" peer "$(stranger)" remove
}

uapi() { # REQUESTS, each ended by an empty line -> the answers, over one connection to the socket itself
  python3 -c '
import socket, sys
s = socket.socket(socket.AF_UNIX)
s.settimeout(5)
s.connect(f"/var/run/wireguard/{sys.argv[1]}.sock")
for request in sys.argv[2].rstrip("\n").split("\n\n"):
    s.sendall(request.encode() + b"\n\n")
    answer = b""
    while not answer.endswith(b"\n\n"):
        chunk = s.recv(65536)
        if not chunk: sys.exit("closed after: " + answer.decode())
        answer += chunk
    print(answer.decode(), end="")' "$(iface a)" "$1"
}
several_requests_a_connection() {
  local key answer
  key=$(stranger | base64 -d | od -An -v -tx1 | tr -d ' \n')
  answer=$(uapi "set=1
public_key=$key
update_only=true
allowed_ip=10.60.0.0/16

set=1
public_key=$key
allowed_ip=10.61.0.0/16
remove=true

get=1

")
  contains "$answer" "errno=0

errno=0

private_key="
  equals 0 "$(grep -c "$key" <<<"$answer" || true)" "the peer that update_only must not create and remove must remove"
  contains "$answer" "allowed_ip=10.0.0.2/32"
}

refuses() { # TEXT: a negative errno, and the tunnel goes on
  local answer
  answer=$(uapi "set=1
$1

")
  contains "$answer" "errno=-"
}
bad_values() {
  local key
  key=$(stranger | base64 -d | od -An -v -tx1 | tr -d ' \n')
  refuses "private_key=1234"
  refuses "private_key=${key}00"
  refuses "listen_port=70000"
  refuses "listen_port=-1"
  refuses "fwmark=x"
  refuses "replace_peers=false"
  refuses "nonsense=1"
  refuses "nonsense"
  refuses "allowed_ip=10.0.0.0/8" # before any peer
  refuses "public_key=abcd"
  for line in endpoint=host.invalid:1 endpoint=10.0.0.1 endpoint=10.0.0.1:70000 allowed_ip=10.0.0.1 allowed_ip=10.0.0.1/33 \
    allowed_ip=::/129 persistent_keepalive_interval=65536 preshared_key=12 protocol_version=2 remove=false \
    replace_allowed_ips=false listen_port=1; do
    refuses "public_key=$key"$'\n'"$line"
  done
  uapi "set=1
public_key=$key
remove=true

" >/dev/null
  equals "$(public_key b)" "$(wg show "$(iface a)" peers)" "peers afterwards"
  pings a "$(inner4 b)" 10 0.02
}

listen_port_changes() { # under way, both directions
  local before
  before=$(field b latest-handshakes a)
  for port in 42001 42002 51820; do
    wg set "$(iface a)" listen-port $port
    equals $port "$(wg show "$(iface a)" listen-port)" "a's port"
    reaches a "$(inner4 b)"
    equals "10.99.0.1:$port" "$(field b endpoints a)" "where b sees a"
    pings b "$(inner6 a)" 5 0.02
  done
  equals "$before" "$(field b latest-handshakes a)" "latest handshake"
}
listen_port_chosen() {
  wg set "$(iface a)" listen-port 0
  (($(wg show "$(iface a)" listen-port) > 0))
  reaches a "$(inner4 b)"
  wg set "$(iface a)" listen-port 51820
  reaches a "$(inner4 b)"
}

port_in_use() {
  ip netns exec "$(host_of a)" python3 -c '
import socket, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(("0.0.0.0", 43000))
print("bound", flush=True)
time.sleep(30)' >"$work/bound" &
  local holder=$!
  eventually 5 test -s "$work/bound"
  fails wg set "$(iface a)" listen-port 43000
  kill $holder
  contains "$(cat "$work/said")" "Address already in use"
  wg set "$(iface a)" listen-port 51820
  reaches a "$(inner4 b)"
  pings b "$(inner4 a)" 5 0.02
}

fwmark_is_set() { # seen by the firewall on what a sends, and gone again
  on a nft "add table inet m; add chain inet m out { type filter hook output priority 0; }
    add rule inet m out udp dport 51820 meta mark 0x1234 counter; add rule inet m out udp dport 51820 meta mark 0 counter"
  wg set "$(iface a)" fwmark 0x1234
  equals 0x1234 "$(wg show "$(iface a)" fwmark)" "fwmark"
  pings a "$(inner4 b)" 5 0.02
  equals "5 0" "$(marked)" "datagrams with and without the mark"
  wg set "$(iface a)" peer "$(public_key b)" endpoint "[fd99:99::2]:51820"
  pings a "$(inner4 b)" 5 0.02
  equals "10 0" "$(marked)" "datagrams with and without the mark, over IPv6"
  wg set "$(iface a)" fwmark off
  pings a "$(inner4 b)" 5 0.02
  equals "10 5" "$(marked)" "datagrams with and without the mark, switched off"
}
marked() { on a nft list table inet m | awk '/counter packets/ {for (i = 1; i < NF; i++) if ($i == "packets") print $(i + 1)}' | xargs; }

counters() {
  local before after
  before=$(field a transfer b)
  on a ping -n -q -c 10 -i 0.01 -s 1000 "$(inner4 b)"
  after=$(field a transfer b)
  # 1028 bytes, padded to 1040, and 32 around them
  equals "10720 10720" "$(awk -v b="$before" 'BEGIN {split(b, x)} {print $1 - x[1], $2 - x[2]}' <<<"$after")" "bytes received and sent"
}

must "two nodes come up" start "$1" "$2"
check "wg set of the live peer drops nothing" harmless set_of_the_live_peer
check "wg set of its allowed IPs drops nothing" harmless set_of_its_allowed_ips
check "wg set of the same private key drops nothing" harmless same_private_key
check "other peers coming and going drop nothing" harmless another_peer_comes_and_goes
check "wg addconf drops nothing" harmless addconf
check "wg syncconf removes strangers and drops nothing" harmless syncconf
check "wg show in all its forms drops nothing" harmless show
check "transfer counters count what is on the wire" counters
check "wg setconf replaces everything" setconf_replaces_everything
check "wg showconf gives back what was set, and setconf takes it" showconf_gives_it_back
check "allowed IPs cleared" allowed_ips_cleared
check "several requests on one connection, update_only and remove" several_requests_a_connection
check "bad values are refused and change nothing" bad_values
check "the listen port changes while running" listen_port_changes
check "listen port 0 chooses one" listen_port_chosen
check "a port in use is refused with its name" port_in_use
check "fwmark is on every datagram" fwmark_is_set
