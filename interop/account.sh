#!/bin/bash
# `wg-netty account` and /metrics/peers: totals of peers that outlive a restart, a reload and the peer.
#
#   a (keeps accounts) 10.99.0.1 --- 10.99.0.2 b
#
# usage: account.sh ours
. "$(dirname "$0")/lib.sh"

options[a]="--metrics 9586 --account"
file=$STATE_DIRECTORY/$(iface a).accounts

start() {
  pair ours ours
  reaches a "$(inner4 b)"
}

account() { on a "$ours" account "$(iface a)" "$@"; }
look() { account --json "$@" >"$work/account"; } # what follows reads it
of_b() { jq -c ".peers[] | select(.public_key == \"$(public_key b)\") | [.received_bytes, .sent_bytes, .configured]" "$work/account"; }
total() { of_b | jq '.[0] + .[1]'; }
generation() { jq .generation "$work/account"; }
carry() { on a ping -n -q -c 5 -i 0.05 -s 1000 -W "$handshake_wait_s" "$(inner4 b)"; }
scrape() { on a python3 -c 'import urllib.request; print(urllib.request.urlopen("http://127.0.0.1:9586/metrics/peers").read().decode())'; }

anew() { # both, and b first: it has a session that a no longer knows
  forget b a
  peer b a endpoint 10.99.0.1:51820
  peer a b endpoint 10.99.0.2:51820
}

begin_again() { # a's node, with all that a command has configured
  rm -f "$work/a.pid"
  node a ours
  anew
  carry
}

as_wg_counts() {
  carry
  local transfer
  transfer=$(field a transfer b)
  look
  equals "[$(tr '\t ' ',,' <<<"$transfer"),true]" "$(of_b)" "total"
  equals "600" "$(stat -c %a "$file")" "mode of the file"
  contains "$(account)" "$(public_key b | cut -c 1-8)"
}

survives_a_restart() {
  local before began all
  look
  before=$(total) began=$(generation)
  end a
  begin_again
  look
  all=$(of_b)
  (($(total) > before + 5000)) || { echo "before $before, now $(total)"; return 1; }
  equals "$began" "$(generation)" "generation"
  look --since today
  equals "$all" "$(of_b)" "today"
}

survives_its_peer() {
  local before
  carry
  look
  before=$(total)
  forget a b
  look
  equals "$before" "$(total)" "of a peer that was removed"
  equals "false" "$(of_b | jq '.[2]')" "whether it is configured"
  contains "$(account)" "removed"
  contains "$(account --csv | tr -d '\r')" ",$(public_key b),,"
  anew
  carry
  look
  (($(total) > before + 5000)) || { echo "before $before, now $(total)"; return 1; }
  equals "true" "$(of_b | jq '.[2]')" "whether it is configured again"
}

survives_an_upgrade() {
  local began before transfer sum
  look
  began=$(generation) before=$(total)
  transfer=$(field a transfer b)
  timeout 120 "$ours" upgrade "$(iface a)"
  carry
  look
  equals "$began" "$(generation)" "generation"
  sum=$(($(field a transfer b | tr '\t' +) - ($(tr '\t' + <<<"$transfer"))))
  equals "$((before + sum))" "$(total)" "total: before and what wg counts since"
}

tells_of_a_killed_run() {
  local began
  look
  began=$(generation)
  local node
  node=$(processes_of a java)
  kill -9 "$node"
  eventually 10 ended "$node"
  begin_again
  look
  (($(generation) > began)) || { echo "generation $(generation) after $began"; return 1; }
}

sets_damage_aside() {
  local began
  look
  began=$(generation)
  end a
  echo "damage" >>"$file"
  sed -i 's/ closed$/ clsoed/' "$file"
  cp "$file" "$work/damaged"
  sleep 1 # a generation has the number of its second
  begin_again
  cmp "$work/damaged" "$file.damaged"
  contains "$(<"$work/a.log")" "cannot be used"
  look
  (($(generation) > began))
  (($(total) > 5000))
}

scraped_by_itself() {
  local said
  look
  said=$(scrape)
  contains "$said" "wgnetty_accounts_generation_seconds{interface=\"$(iface a)\"} $(generation)"
  contains "$said" "wgnetty_peer_received_bytes_total{interface=\"$(iface a)\",public_key=\"$(public_key b)\",friendly_name=\"\"} $(of_b | jq '.[0]')"
  contains "$said" "# TYPE wgnetty_peer_sent_bytes_total counter"
}

wrong_calls() {
  fails account --since tomorrow
  contains "$(<"$work/said")" "--since takes a day"
  fails account --since 2999-01-01
  contains "$(<"$work/said")" "in the future"
  fails account --json --csv
  contains "$(<"$work/said")" "not both"
  fails on b "$ours" account "$(iface b)"
  contains "$(<"$work/said")" "start the node with --account"
  contains "$(account --since 2020-01-01 2>&1)" "are not kept"
}

must "two nodes come up" start
check "totals are what wg counts, and in a file for its owner alone" as_wg_counts
check "totals outlive a restart, in the same generation" survives_a_restart
check "totals outlive the peer, and go on when it is back" survives_its_peer
check "totals go on when another process takes the node's place" survives_an_upgrade
check "after a killed run another generation begins" tells_of_a_killed_run
check "a damaged file is set aside and said" sets_damage_aside
check "all peers are scraped by themselves" scraped_by_itself
check "wrong calls are refused with a reason" wrong_calls
