#!/bin/bash
# The same traffic whatever is switched on and off: each offload, the ciphers, the number of event loops. The content of
# TCP and UDP is checked, in both directions, and that the switch does what it says, as far as that can be seen from
# outside. Topology as in traffic.sh; a is restarted with other options each time, b has all it can have.
#
# usage: offloads.sh ours SECOND     SECOND: ours or go
. "$(dirname "$0")/lib.sh"

# Between a and its node, and between its node and the cable, one packet in these counters is many in truth.
watch() {
  on a nft -f - <<RULES
table inet watch {
  counter sent { }
  counter joined_tcp { }
  counter joined_udp { }
  chain out {
    type filter hook output priority 0;
    udp sport 51820 udp dport 51820 meta length > 1600 counter name sent
  }
  chain in {
    type filter hook prerouting priority -450; # before fragments are put together
    iifname $(iface a) meta l4proto tcp meta length > 1600 counter name joined_tcp
    iifname $(iface a) meta l4proto udp ip frag-off & 0x3fff == 0 meta length > 1600 counter name joined_udp
  }
}
RULES
}
counted() { on a nft list counter inet watch "$1" | awk '$1 == "packets" {print $2}'; }
reads_joined() { on a ethtool -k "$(iface a)" | awk -v feature="$1:" '$1 == feature {print $2}'; } # FEATURE: on or off

start() {
  pair "$1" "$2"
  watch
  flow_server b
  meets_b
}

restart_with() { # OPTIONS
  end a
  options[a]=$1
  node a ours
  peer a b endpoint 10.99.0.2:51820
  on a nft reset counters >/dev/null
  meets_b
}

meets_b() { reaches a "$(inner4 b)"; }

carries_everything() {
  local at
  for at in "$(inner4 b)" "$(inner6 b)"; do
    pings a "$at" 10 0.01
    # Small and large datagrams in turn, fragmented ones, and messages that the sender's kernel would cut.
    flows a "$at" --tcp 6000000 --udp 12+13+64+500+1200+1372 --udp 3000 --udp 100x50 --udp 1372x40 --udp 1000x7 --count 200
  done
  pings b "$(inner4 a)" 10 0.01
  pings b "$(inner6 a)" 10 0.01
}

shows() { # OFFLOAD on|off: what can be seen of it
  local seen
  case $1 in
    tun-tso) equals "$2" "$(reads_joined tcp-segmentation-offload)" "TCP segmentation by the interface" ;;
    tun-uso) equals "$2" "$(reads_joined tx-udp-segmentation)" "UDP segmentation by the interface" ;;
    udp-gso) seen=$(counted sent) ;;
    tun-tcp-gro) seen=$(counted joined_tcp) ;;
    tun-udp-gro) seen=$(counted joined_udp) ;;
    *) return 0 ;; # what arrives joined at a socket is seen by nobody else
  esac
  [[ -z ${seen:-} ]] || equals "$2" "$( ((seen > 0)) && echo on || echo off)" "$1 ($seen seen)"
}

offloads=(tun-tso tun-uso tun-tcp-gro tun-udp-gro udp-gso udp-gro)

everything_on() {
  local offload
  carries_everything
  for offload in "${offloads[@]}"; do shows "$offload" on; done
}
without() { # OFFLOAD
  local offload
  restart_with "--no-offload $1"
  carries_everything
  for offload in "${offloads[@]}"; do
    case $1 in
      "$offload" | all) shows "$offload" off ;;
      tun-tso) [[ $offload == tun-uso ]] || shows "$offload" on ;; # the kernel has USO only beside TSO
      *) shows "$offload" on ;;
    esac
  done
}
with() { # OPTIONS
  restart_with "$1"
  carries_everything
}
both_with() { # OPTIONS
  end b
  options[b]=$1
  node b ours
  peer b a
  with "$1"
}

[[ ${1:?} == ours ]] || { echo "$0: the first has to be ours" >&2; exit 2; }
must "two nodes come up" start "$1" "$2"
check "everything with all offloads" everything_on
check "everything without any offload" without all
for offload in "${offloads[@]}"; do check "everything without $offload" without "$offload"; done
case $2 in
  go) # another's cipher
    aeads=(boringssl openssl jdk)
    [[ $(uname -m) != x86_64 ]] || aeads+=(ipsec-mb)
    for aead in "${aeads[@]}"; do check "everything with the cipher of $aead" with "--aead $aead"; done
    for loops in 1 4; do check "everything with event loops: $loops" with "--loops $loops"; done
    ;;
  ours)
    check "everything without any offload on both sides" both_with "--no-offload all"
    check "everything with 4 event loops on both sides" both_with "--loops 4"
    ;;
esac
