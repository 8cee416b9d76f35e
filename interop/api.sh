#!/bin/bash
# The API over a real interface: what it shows is what wg shows, what it changes reaches file and node, and nobody gets in
# without being let in.
#
#   b ---99--- a (ours, from a file)
#
# usage: api.sh ours OTHER
. "$(dirname "$0")/lib.sh"

other=${2:?}
conf=$work/$(iface a).conf
token=$work/token
base=http://127.0.0.1:9587/v1
here=$base/interfaces/$(iface a)

file() {
  (
    umask 077
    printf '# The gateway.\n[Interface]\n# Endpoint = 10.99.0.1:51820\nPrivateKey = %s\nListenPort = 51820\nAddress = 10.0.0.1/24\n\n[Peer]\n# Name = bee\nPublicKey = %s\nAllowedIPs = 10.0.0.2/32\n' \
      "$(<"$(key_file a)")" "$(public_key b)" >"$conf"
    wg genpsk >"$token"
  )
}
serve() { # NAME OPTIONS...
  ip netns exec "$(host_of a)" "$ours" api "${@:2}" >"$work/$1.said" 2>&1 </dev/null &
  echo $! >"$work/$1.pid"
  eventually 20 grep -q "the API is at" "$work/$1.said"
}
ask() { # curl's arguments
  on a curl -sS -m 20 -H "Authorization: Bearer $(<"$token")" "$@"
}
status_of() { ask -o "$work/answer" -w '%{http_code}' "$@"; }
member() { python3 -c 'import json,sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"; }
url_key() { public_key "$1" | tr '+/' '-_' | tr -d '='; }

start() {
  host a b
  cable a b 99
  file
  on a "$ours" up "$conf"
  node b "$other"
  peer b a endpoint 10.99.0.1:51820
  reaches b "$(inner4 a)"
  serve api --token-file "$token"
}

shows_what_wg_shows() {
  contains "$(ask $base/interfaces)" "$(iface a)"
  equals "$(wg show "$(iface a)" public-key)" "$(ask "$here" | member public_key)" "the interface's key"
  ask "$here/peers" >"$work/page"
  equals 1 "$(member total <"$work/page")" "peers"
  local peer
  peer=$(ask "$here/peers/$(url_key b)")
  equals bee "$(member name <<<"$peer")" "its name"
  equals "$(field a endpoints b)" "$(member endpoint <<<"$peer")" "where it is"
  equals "$(field a latest-handshakes b)" "$(member latest_handshake_epoch_seconds <<<"$peer")" "its handshake"
}

answers_nobody_else() {
  equals 401 "$(on a curl -s -o /dev/null -w '%{http_code}' "$here/peers")" "status without a token"
  equals 401 "$(on a curl -s -o /dev/null -w '%{http_code}' -H 'Authorization: Bearer guess-guess-guess' "$here/peers")" "with another"
  fails on b curl -s -m 2 http://10.99.0.1:9587/v1/interfaces # the loopback address alone
  fails on a "$ours" api --token-file "$token" --listen 10.99.0.1:9588
  contains "$(<"$work/said")" "--cert and --key"
}

# b itself would notice only after 15 seconds that its session is gone.
calls_again() {
  forget b a
  peer b a endpoint 10.99.0.1:51820
  reaches b "$(inner4 a)"
}

cuts_a_peer_off_and_lets_it_in() {
  local before
  before=$(<"$conf")
  equals 200 "$(status_of -X POST "$here/peers/$(url_key b)/disable")" "status of disable"
  never_reaches b "$(inner4 a)"
  lacks "$(wg show "$(iface a)" peers)" "$(public_key b)"
  equals 200 "$(status_of -X POST "$here/peers/$(url_key b)/enable")" "status of enable"
  equals "$before" "$(<"$conf")" "the file"
  calls_again
}

changes_a_peer_and_no_other() {
  local handshake
  handshake=$(field a latest-handshakes b)
  equals 201 "$(status_of -d '{"name": "c", "addresses": ["10.0.0.3"]}' "$here/peers")" "status of adding"
  contains "$(member client_configuration <"$work/answer")" "Endpoint = 10.99.0.1:51820"
  local key
  key=$(member client_configuration <"$work/answer" | sed -n 's/^PrivateKey = //p' | wg pubkey)
  contains "$(wg show "$(iface a)" allowed-ips)" "$key	10.0.0.3/32"
  grep -q "PublicKey = $key" "$conf"
  key=$(tr '+/' '-_' <<<"$key" | tr -d '=')
  equals 200 "$(status_of -X PATCH -d '{"name": "sea", "sites": ["192.168.3.0/24"]}' "$here/peers/$key")" "status of changing"
  equals sea "$(ask "$here/peers/$key" | member name)" "its name"
  contains "$(wg show "$(iface a)" allowed-ips)" "192.168.3.0/24"
  contains "$(on a ip route get 192.168.3.1)" "dev $(iface a)"
  equals 200 "$(status_of -X DELETE "$here/peers/$key")" "status of removing"
  equals 404 "$(status_of "$here/peers/$key")" "status afterwards"
  equals "$handshake" "$(field a latest-handshakes b)" "the other peer's handshake"
}

says_what_the_command_says() {
  equals 409 "$(status_of -d '{"name": "d", "addresses": ["10.0.0.2"]}' "$here/peers")" "status of an address that is taken"
  contains "$(member error <"$work/answer")" "10.0.0.2"
  equals 400 "$(status_of -d '{"nmae": "d"}' "$here/peers")" "status of a misspelt member"
  equals 404 "$(status_of "$base/interfaces/wg-none")" "status of an interface that is not there"
  equals 1 "$(wg show "$(iface a)" peers | wc -l)" "peers"
}

streams_events() {
  ask -N -m 60 "$here/events" >"$work/events" 2>/dev/null &
  local reader=$!
  sleep 1
  wg set "$(iface b)" listen-port 51999
  reaches b "$(inner4 a)"
  eventually 10 grep -q '"moved"' "$work/events"
  python3 -c 'import json,sys; [json.loads(line) for line in sys.stdin]' <"$work/events"
  kill "$reader"
}

certificates() {
  cd "$work"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout ca.key -out ca.pem -days 2 -subj /CN=ca 2>/dev/null
  for who in server client; do
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout $who.key -out $who.csr -subj /CN=$who 2>/dev/null
    openssl x509 -req -in $who.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -out $who.pem \
      -extfile <(printf 'subjectAltName=IP:10.99.0.1') 2>/dev/null
  done
}
speaks_tls_to_those_with_certificates() {
  certificates
  serve tls --listen 10.99.0.1:9589 --cert "$work/server.pem" --key "$work/server.key" --client-ca "$work/ca.pem"
  local names
  names=$(on b curl -sS -m 10 --cacert "$work/ca.pem" --cert "$work/client.pem" --key "$work/client.key" https://10.99.0.1:9589/v1/interfaces)
  contains "$names" "$(iface a)"
  fails on b curl -sS -m 10 --cacert "$work/ca.pem" https://10.99.0.1:9589/v1/interfaces
  fails on b curl -sS -m 10 http://10.99.0.1:9589/v1/interfaces
}

page_works_in_a_browser() {
  on a "$ours" rename-peer "$(iface a)" bee '<b>bee</b>'
  serve web --listen 9590 --token-file "$token" --web
  equals 404 "$(on a curl -s -o /dev/null -w '%{http_code}' -H "Authorization: Bearer $(<"$token")" http://127.0.0.1:9587/)" "without --web"
  on b ping -q -i 0.2 -s 1000 "$(inner4 a)" >/dev/null &
  local ping=$!
  on a "$interop/browser.py" http://127.0.0.1:9590/ "$(<"$token")" "$(iface a)" "$work/page.png"
  kill "$ping"
}

must "a node from a file, and the API beside it" start
check "what the API shows is what wg shows" shows_what_wg_shows
check "nobody is answered without the token, or from elsewhere" answers_nobody_else
check "a peer is cut off and let in again, and the file is as it was" cuts_a_peer_off_and_lets_it_in
check "one peer is added, changed and removed, and no other touched" changes_a_peer_and_no_other
check "an error says what the command would" says_what_the_command_says
check "events come as a stream" streams_events
check "over TLS it serves those with certificates alone" speaks_tls_to_those_with_certificates
check "the page works in a browser, by keyboard and for a screen reader" page_works_in_a_browser
