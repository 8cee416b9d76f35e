#!/bin/bash
# A node with two addresses answers from the one that was asked, and goes over to the other when that one is gone. And
# what the outer header says beside addresses: ECN in both directions, the class of handshake messages.
#
#   a (FIRST), under test             b (SECOND)
#   wg 10.0.0.1 fd00::1               wg 10.0.0.2 fd00::2
#   to-b 10.99.0.1   10.99.0.77       to-a 10.99.0.2
#        fd99:99::1  fd99:99::77           fd99:99::2
#
# usage: sticky.sh ours SECOND
. "$(dirname "$0")/lib.sh"

# Everything is counted where b's cable ends, beneath b's own protocol stack; there packets can be marked as well.
count() { # COUNTER RULE...: on packets as they come in at b
  on b nft add counter netdev watch "$1" 2>/dev/null || true
  on b nft add rule netdev watch arriving "${@:2}" counter name "$1"
}
counted() { on b nft list counter netdev watch "$1" | awk '$1 == "packets" {print $2}'; }
forget_counts() { on b nft reset counters >/dev/null; }
marks() { on a nft "flush chain netdev marking arriving; ${1:+add rule netdev marking arriving $1}"; } # [RULE]: at a, what b sends

start() {
  local family n # the counters of the outer headers
  pair "$1" "$2"
  ip -n "$(host_of a)" addr add 10.99.0.77/24 dev to-b
  ip -n "$(host_of a)" addr add fd99:99::77/64 dev to-b nodad preferred_lft 0 # never chosen unless asked for
  on b nft "add table netdev watch; add chain netdev watch arriving { type filter hook ingress device \"to-a\" priority 0; }"
  on a nft "add table netdev marking; add chain netdev marking arriving { type filter hook ingress device \"to-b\" priority 0; }"
  count first ip saddr 10.99.0.1 udp sport 51820
  count first ip6 saddr fd99:99::1 udp sport 51820
  count second ip saddr 10.99.0.77 udp sport 51820
  count second ip6 saddr fd99:99::77 udp sport 51820
  for family in ip ip6; do
    for n in handshake:0x01000000 handshake:0x02000000 data:0x04000000; do # by its first four bytes
      count "${n%:*}" meta protocol "$family" udp dport 51820 @th,64,32 "${n#*:}"
    done
    count af41 udp dport 51820 @th,64,32 0x01000000 "$family" dscp af41
    count af41 udp dport 51820 @th,64,32 0x02000000 "$family" dscp af41
    count plain udp dport 51820 @th,64,32 0x04000000 "$family" dscp 0 "$family" ecn not-ect
    for n in not-ect ect0 ect1 ce; do count "ecn-$n" udp dport 51820 @th,64,32 0x04000000 "$family" ecn "$n"; done
  done
  reaches a "$(inner4 b)"
}

# ---- addresses

other_address() { [[ $1 == IPv4 ]] && echo 10.99.0.77 || echo '[fd99:99::77]'; }
usual_address() { [[ $1 == IPv4 ]] && echo 10.99.0.1 || echo '[fd99:99::1]'; }

b_calls() { # ADDRESS: a knows b by what b sends only, and b has no session
  forget a b
  forget b a
  peer a b
  peer b a endpoint "$1:51820"
  forget_counts
  reaches b "$(inner4 a)"
}

answers_from_where_it_was_asked() { # OUTER
  b_calls "$(other_address "$1")"
  pings b "$(inner4 a)" 20 0.02
  pings a "$(inner6 b)" 20 0.02
  equals "$(other_address "$1"):51820" "$(field b endpoints a)" "where b sees a"
  equals 0 "$(counted first)" "datagrams from the other address"
  (($(counted second) >= 40))
}

much_leaves_from_there_too() {
  forget_counts
  flows a "$(inner4 b)" --tcp 3000000 --udp 500+1300 --udp 1200x20 --count 200
  equals 0 "$(counted first)" "datagrams from the other address"
  (($(counted second) > 100))
}

survives_its_end() { # OUTER: the address is taken away while both talk
  local address
  address=$(other_address "$1")
  address=${address#[}
  forget_counts
  ip -n "$(host_of a)" addr del "${address%]}/$([[ $1 == IPv4 ]] && echo 24 || echo 64)" dev to-b
  reaches a "$(inner4 b)"
  eventually 20 b_sees_a "$(usual_address "$1")" # a's own packets tell b at once
  pings a "$(inner4 b)" 20 0.02
  pings b "$(inner6 a)" 20 0.02
  (($(counted first) > 20))
}
b_sees_a() { [[ $(field b endpoints a) == "$1:51820" ]]; }

comes_back() { # OUTER: routing chooses again, and what was is forgotten
  b_calls "$(usual_address "$1")"
  pings b "$(inner4 a)" 10 0.02
  equals 0 "$(counted second)" "datagrams from the second address"
}

# ---- what else the outer header says

handshake_class() { # OUTER
  local call
  for call in a b; do # in both roles
    forget a b
    forget b a
    forget_counts
    if [[ $call == a ]]; then
      peer b a
      peer a b endpoint "$([[ $1 == IPv4 ]] && echo 10.99.0.2 || echo '[fd99:99::2]'):51820"
    else
      peer a b
      peer b a endpoint "$(usual_address "$1"):51820"
    fi
    # Slowly: those that wait together for a session leave as one packet, and are counted as one.
    on "$call" ping -n -c 10 -i 0.2 -W "$handshake_wait_s" -Q 0xb8 "$([[ $call == a ]] && inner4 b || inner4 a)" # EF inside
    (($(counted handshake) > 0 && $(counted data) >= 10))
    equals "$(counted handshake)" "$(counted af41)" "handshake messages of class AF41"
    equals "$(counted data)" "$(counted plain)" "data of class 0 without ECN"
  done
}

ecn_out() { # WORD_INSIDE BITS WORD_OUTSIDE
  forget_counts
  on a ping -n -q -c 10 -i 0.02 -W 5 -Q "$2" "$(inner4 b)"
  on a ping -n -q -c 10 -i 0.02 -W 5 -Q "$2" "$(inner6 b)"
  equals "$(counted data)" "$(counted "ecn-$3")" "datagrams with $3 outside for $1 inside"
  (($(counted data) >= 20))
}

watch_inside() { # what came out of a's interface, of ping requests only
  on a nft "add table inet inner; flush table inet inner; $(for word in not-ect ect0 ect1 ce; do
    echo "add counter inet inner $word;"
  done) add chain inet inner in { type filter hook prerouting priority 0; };
  $(for word in not-ect ect0 ect1 ce; do
    echo "add rule inet inner in iifname $(iface a) icmp type echo-request ip ecn $word counter name $word;"
    echo "add rule inet inner in iifname $(iface a) icmpv6 type echo-request ip6 ecn $word counter name $word;"
  done)"
}
inner() { on a nft list counter inet inner "$1" | awk '$1 == "packets" {print $2}'; }

ecn_in() { # BITS_INSIDE EXPECTED_INSIDE: b sends so, the cable marks every datagram with CE, and a's interface shows that
  on a nft reset counters >/dev/null
  on b ping -n -q -c 10 -i 0.02 -W 5 -Q "$1" "$(inner4 a)"
  on b ping -n -q -c 10 -i 0.02 -W 5 -Q "$1" "$(inner6 a)"
  echo "not-ect $(inner not-ect), ect0 $(inner ect0), ect1 $(inner ect1), ce $(inner ce)"
  equals 20 "$(inner "$2")" "packets with $2 inside"
}

[[ ${1:?} == ours ]] || { echo "$0: the first has to be ours" >&2; exit 2; }
must "two nodes come up" start "$1" "$2"
flow_server b
watch_inside
for outer in IPv4 IPv6; do
  v=$([[ $outer == IPv4 ]] && echo ip || echo ip6)
  check "over $outer it answers from the address that was asked" answers_from_where_it_was_asked "$outer"
  check "over $outer so it does with much traffic" much_leaves_from_there_too
  check "over $outer handshake messages are AF41, data is of class 0" handshake_class "$outer"
  check "over $outer ECT(0) inside is ECT(0) outside" ecn_out ECT0 0x02 ect0
  check "over $outer ECT(1) inside is ECT(1) outside" ecn_out ECT1 0x01 ect1
  check "over $outer CE inside is ECT(0) outside" ecn_out CE 0x03 ect0
  check "over $outer no ECN inside is none outside" ecn_out none 0x00 not-ect
  marks "meta protocol $v udp dport 51820 $v ecn set ce"
  check "over $outer CE outside is CE inside for ECT(0)" ecn_in 0x02 ce
  check "over $outer CE outside is CE inside for ECT(1)" ecn_in 0x01 ce
  check "over $outer CE outside is nothing for packets without ECN" ecn_in 0x00 not-ect
  marks ""
  check "over $outer without a mark outside ECT(0) stays inside" ecn_in 0x02 ect0
  must "over $outer b calls the second address again" b_calls "$(other_address "$outer")"
  check "over $outer traffic goes on when that address is gone" survives_its_end "$outer"
  check "over $outer it calls from where routing says again" comes_back "$outer"
done
