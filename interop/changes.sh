#!/bin/bash
# Lists of allowed IPs that are replaced again and again beneath running traffic: nothing is lost, nothing goes astray.
#
#   b (go) ---99--- a (ours) ---98--- c (go), which has all of 10.0.0.0/8 that nobody else has
#
# usage: changes.sh ours
. "$(dirname "$0")/lib.sh"

start() {
  host a b c
  cable a b 99
  cable a c 98
  node a "$1"
  node b go
  node c go
  peer a b endpoint 10.99.0.2:51820
  peer b a endpoint 10.99.0.1:51820
  peer a c endpoint 10.98.0.2:51820
  peer c a endpoint 10.98.0.1:51820
  wg set "$(iface a)" peer "$(public_key c)" allowed-ips "10.0.0.0/8,fd00::/64"
  on c nft "add table inet t; add chain inet t in { type filter hook prerouting priority -400; }
    add rule inet t in ip daddr 10.0.0.2 counter; add rule inet t in ip6 daddr fd00::2 counter"
  reaches a "$(inner4 b)"
  flow_server b
}

astray() { on c nft list table inet t | awk '/counter packets/ {for (i = 1; i < NF; i++) if ($i == "packets") n += $(i + 1)} END {print n + 0}'; }

# What a host had no room for; the tunnel had brought it, or would have.
overflows() { # HOST...
  local h sum=0
  for h in "$@"; do
    sum=$((sum + $(on "$h" awk '$1 == "Udp:" && $6 ~ /^[0-9]+$/ {n = $6} END {print n + 0}' /proc/net/snmp) + $(on "$h" awk '$1 == "Udp6RcvbufErrors" {print $2}' /proc/net/snmp6)))
  done
  echo "$sum"
}

while_changing() { # CHANGE: a function that changes once
  local changer rounds status=0
  rm -f "$work/stop"
  (while [[ ! -e $work/stop ]]; do "$1"; echo; done >"$work/rounds") &
  changer=$!
  # The window: what is under way fits into a socket of the usual 208 KiB, so that nobody has to drop it.
  flows a "$(inner4 b)" --udp 1000 --udp 60 --count 30000 --window 30 --parallel || status=$?
  touch "$work/stop"
  wait "$changer"
  rm "$work/stop"
  rounds=$(wc -l <"$work/rounds")
  echo "$rounds changes; sockets without room: $(overflows a b); ours dropped:"
  "$ours" show "$(iface a)" | grep -i -A12 drop || true
  equals 0 "$status" "status of the flows"
  ((rounds >= 10))
  equals 0 "$(astray)" "packets that went to the other peer"
}

same_list() { wg set "$(iface a)" peer "$(public_key b)" allowed-ips "$(inner4 b)/32,$(inner6 b)/128"; }

other_order_and_more() {
  local n=$((RANDOM % 250 + 1))
  wg set "$(iface a)" peer "$(public_key b)" allowed-ips "10.7.$n.0/24,$(inner6 b)/128,$(inner4 b)/32,10.8.$n.0/24"
}

long_list() {
  wg syncconf "$(iface a)" "$work/long.conf"
}

write_long_list() {
  {
    wg showconf "$(iface a)" | awk '/^\[Peer\]/ {exit} {print}'
    printf '[Peer]\nPublicKey = %s\nEndpoint = 10.99.0.2:51820\n' "$(public_key b)"
    python3 -c '
print("AllowedIPs = " + ", ".join([f"10.64.{i >> 8}.{i & 255}/32" for i in range(4000)] + ["10.0.0.2/32", "fd00::2/128"]))'
    printf '[Peer]\nPublicKey = %s\nEndpoint = 10.98.0.2:51820\nAllowedIPs = 10.0.0.0/8, fd00::/64\n' "$(public_key c)"
  } >"$work/long.conf"
}

must "two peers, one with all that the other has not" start "$1"
check "wg set with the same list: nothing lost, nothing astray" while_changing same_list
check "wg set with lists in other order and other prefixes" while_changing other_order_and_more
check "a file with 4,002 prefixes" write_long_list
check "wg syncconf of it: nothing lost, nothing astray" while_changing long_list
check "all of the list is there in the end" equals 4002 "$(field a allowed-ips b | wc -w)" prefixes
