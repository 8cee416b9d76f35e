#!/bin/bash
# The Linux kernel's own WireGuard, in a virtual machine (see kernel-peer), as the other end.
#
#   a (FIRST)  wg 10.0.0.1 fd00::1                     VM  wg0 10.0.0.2 fd00::2
#              to-vm 10.98.0.1 fd99:98::1  <---------->    eth0 10.98.0.2 fd99:98::2
#
# usage: kernel.sh FIRST
. "$(dirname "$0")/lib.sh"

vm() { "$interop/kernel-peer" run "$(host_of a)" "$*"; }

start() {
  host a
  node a "$1"
  "$interop/kernel-peer" up "$(host_of a)"
  public_key vm >"$work/vm.public"
  vm "echo $(cat "$(key_file vm)") >/tmp/key; echo $(cat "$(preshared_key_file)") >/tmp/psk"
  vm "ip link add wg0 type wireguard && wg set wg0 listen-port 51820 private-key /tmp/key"
  vm "ip addr add 10.0.0.2/24 dev wg0 && ip -6 addr add fd00::2/64 dev wg0 && ip link set wg0 up"
}

# PSK_FILE_HERE PSK_FILE_THERE OUR_ENDPOINT_FOR_VM VM_ENDPOINT_FOR_US: "" leaves that side to be called
meet_again() {
  local key
  key=$(public_key a)
  wg set "$(iface a)" peer "$(cat "$work/vm.public")" remove
  vm "wg set wg0 peer $key remove; wg set wg0 peer $key preshared-key $2 allowed-ips 10.0.0.1/32,fd00::1/128 ${3:+endpoint $3}"
  wg set "$(iface a)" peer "$(cat "$work/vm.public")" preshared-key "$1" allowed-ips 10.0.0.2/32,fd00::2/128 ${4:+endpoint "$4"}
}

both_families_both_ways() {
  on a ping -n -c 5 -i 0.2 -W 5 10.0.0.2
  on a ping -n -c 5 -i 0.2 -W 5 fd00::2
  vm "ping -c 3 -W 5 10.0.0.1 && ping -6 -c 3 -W 5 fd00::1"
  equals 1 "$(vm "wg show wg0 latest-handshakes" | awk '$2 > 0' | wc -l)" "sessions there"
}

we_initiate() { # PSK_FILE_HERE PSK_FILE_THERE ENDPOINT
  meet_again "$1" "$2" "" "$3"
  reaches a 10.0.0.2
  both_families_both_ways
}
the_kernel_initiates() {
  meet_again "$1" "$2" "$3" ""
  vm "ping -c 1 -W 10 10.0.0.1"
  both_families_both_ways
}

carries() { # iperf3 options: software emulation encrypts slowly, so only that it flows, and whole
  iperf a 10.0.0.2 -t 3 "$@" | python3 -c '
import json, sys
end = json.load(sys.stdin)["end"]
got = end.get("sum_received") or end["sum"]
rate = got["bits_per_second"] / 1e6
print(f"{rate:.1f} Mbit/s")
sys.exit(rate < 1)'
}

the_kernel_follows_our_port() {
  local before
  before=$(vm "wg show wg0 latest-handshakes")
  wg set "$(iface a)" listen-port 46000
  reaches a 10.0.0.2
  contains "$(vm "wg show wg0 endpoints")" ":46000"
  vm "ping -c 2 -W 5 10.0.0.1"
  equals "$before" "$(vm "wg show wg0 latest-handshakes")" "latest handshake"
  wg set "$(iface a)" listen-port 51820
  reaches a 10.0.0.2 # which tells the kernel
}
we_follow_its_port() {
  vm "wg set wg0 listen-port 46001"
  vm "ping -c 2 -W 10 10.0.0.1"
  contains "$(wg show "$(iface a)" endpoints)" ":46001"
  on a ping -n -c 3 -i 0.2 -W 5 fd00::2
  vm "wg set wg0 listen-port 51820"
  vm "ping -c 2 -W 10 10.0.0.1"
}

its_keepalive_arrives() {
  local before
  before=$(wg show "$(iface a)" transfer | cut -f2)
  vm "wg set wg0 peer $(public_key a) persistent-keepalive 1"
  sleep 3.5
  (($(wg show "$(iface a)" transfer | cut -f2) >= before + 64))
}

trap '"$interop/kernel-peer" down "$(host_of a)"; clean_up' EXIT
psk=$(preshared_key_file)
must "a virtual machine with the kernel's WireGuard comes up beside a node" start "${1:?}"
check "we initiate, over IPv4" we_initiate /dev/null /dev/null 10.98.0.2:51820
check "the kernel initiates, over IPv4" the_kernel_initiates /dev/null /dev/null 10.98.0.1:51820
check "we initiate with a preshared key, over IPv6" we_initiate "$psk" /tmp/psk "[fd99:98::2]:51820"
check "the kernel initiates with a preshared key, over IPv6" the_kernel_initiates "$psk" /tmp/psk "[fd99:98::1]:51820"
check "TCP towards the kernel" carries
check "TCP from the kernel" carries -R
check "UDP towards the kernel" carries -u -b 2M -l 1200
check "the kernel follows us to another port" the_kernel_follows_our_port
check "we follow the kernel to another port" we_follow_its_port
check "its persistent keepalive arrives" its_keepalive_arrives
