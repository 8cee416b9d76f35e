#!/bin/bash
# Keys that a configuration file names and does not hold: files, credentials of a service, wg-quick with hooks.
#
#   a (keys outside its file) 10.99.0.1 --- 10.99.0.2 b (keys in its file)
#
# usage: secrets.sh ours
. "$(dirname "$0")/lib.sh"

program=$(program "${1:?}")
export LOG_LEVEL=debug

file() { echo "$work/$1/$(iface "$1").conf"; } # HOST
key_of_a() { cat "$(key_file a)"; }
shared() { cat "$(preshared_key_file)"; }

write_a() { # PLACE OF THE PRIVATE KEY [LINES]
  mkdir -p "$work/a"
  printf '[Interface]\n# PrivateKeyFile = %s\nListenPort = 51820\nAddress = %s/24\n%b\n[Peer]\n# Name = b\nPublicKey = %s\n# PresharedKeyFile = %s\nAllowedIPs = %s/32\nEndpoint = 10.99.0.2:51820\n' \
    "$1" "$(inner4 a)" "${2:-}" "$(public_key b)" "$(preshared_key_file)" "$(inner4 b)" >"$(file a)"
}
write_b() {
  mkdir -p "$work/b"
  (
    umask 077
    printf '[Interface]\nPrivateKey = %s\nListenPort = 51820\nAddress = %s/24\n[Peer]\nPublicKey = %s\nPresharedKey = %s\nAllowedIPs = %s/32\nEndpoint = 10.99.0.1:51820\n' \
      "$(<"$(key_file b)")" "$(inner4 b)" "$(public_key a)" "$(shared)" "$(inner4 a)" >"$(file b)"
  )
}
reached() { on a ping -n -c 1 -W 1 "$(inner4 b)"; }
down_a() { on a "$program" down "$(iface a)"; }

start() {
  host a b
  cable a b 99
  key_file a && preshared_key_file
  write_a "$(key_file a)"
  write_b
  on b "$program" up "$(file b)"
  on a "$program" up "$(file a)"
  eventually "$handshake_wait_s" reached
}

has_its_keys() {
  equals "$(key_of_a)" "$(wg show "$(iface a)" private-key)" "the private key"
  contains "$(wg show "$(iface a)" preshared-keys)" "$(shared)"
  nowhere_else
}
nowhere_else() { # neither in the file nor in the log
  lacks "$(<"$(file a)")" "$(key_of_a)"
  lacks "$(<"$(file a)")" "$(shared)"
  lacks "$(on a "$program" log "$(iface a)")" "$(key_of_a)"
  lacks "$(on a "$program" log "$(iface a)")" "$(shared)"
}

writers_leave_them() { # save, add-peer
  cp "$(file a)" "$work/before"
  on a "$program" save "$(iface a)"
  cmp "$(file a)" "$work/before"
  wg set "$(iface a)" listen-port 51821 peer "$(public_key b)" preshared-key <(wg genpsk)
  on a "$program" save "$(iface a)"
  diff <(sed 's/51820$/51821/; s/10.99.0.2:51821/10.99.0.2:51820/' "$work/before") "$(file a)"
  on a "$program" add-peer "$(iface a)" --name phone --endpoint 10.99.0.1:51820 --out "$work/phone.conf"
  contains "$(<"$work/phone.conf")" "$(public_key a)"
  nowhere_else
  on a "$program" remove-peer "$(iface a)" phone
  cp "$work/before" "$(file a)"
  on a "$program" reload "$(iface a)" # the pre-shared key is the file's again
  eventually "$handshake_wait_s" reached
}

new_key_by_reload() {
  cp "$(preshared_key_file)" "$work/psk.before"
  wg genpsk >"$work/psk"
  on a "$program" reload "$(iface a)"
  contains "$(wg show "$(iface a)" preshared-keys)" "$(shared)"
  cat "$work/psk.before" >"$work/psk"
  on a "$program" reload "$(iface a)"
  eventually "$handshake_wait_s" reached
}

says_what_is_wrong() {
  local wrong
  for wrong in /no/such.key "$work" /dev/null; do
    write_a "$wrong"
    fails on a "$program" reload "$(iface a)"
    contains "$(<"$work/said")" "PrivateKeyFile"
  done
  equals "$(key_of_a)" "$(wg show "$(iface a)" private-key)" "the private key after what was refused"
  write_a "$(key_file a)"
  chmod 644 "$(key_file a)"
  contains "$("$program" check "$(file a)")" "others than its owner may read"
  chmod 600 "$(key_file a)"
  contains "$("$program" check "$(file a)")" "no errors, no warnings"
}

credentials() {
  down_a
  mkdir -p "$work/credentials"
  cp -p "$(key_file a)" "$work/credentials/own"
  write_a credential:own
  fails on a "$program" up "$(file a)"
  contains "$(<"$work/said")" "CREDENTIALS_DIRECTORY"
  on a env CREDENTIALS_DIRECTORY="$work/credentials" "$program" up "$(file a)"
  eventually "$handshake_wait_s" reached
  contains "$("$program" check "$(file a)")" "no errors, 1 warning"
  on a "$program" add-peer "$(iface a)" --name tablet --endpoint 10.99.0.1:51820 --out "$work/tablet.conf" # knows no credentials
  contains "$(<"$work/tablet.conf")" "$(public_key a)"
  down_a
}

by_wg_quick() {
  write_a "$(key_file a)" "PostUp = wg set %i private-key $(key_file a) peer $(public_key b) preshared-key $(preshared_key_file)"
  on a env WG_QUICK_USERSPACE_IMPLEMENTATION="$program" wg-quick up "$(file a)"
  eventually "$handshake_wait_s" reached
  on a wg-quick down "$(file a)"
  on a "$program" up "$(file a)"
  eventually "$handshake_wait_s" reached
  down_a
}

must "a node whose keys are in files of their own" start
check "it has its keys, which are in neither file nor log" has_its_keys
check "save and add-peer leave them where they are" writers_leave_them
check "a reload takes a new key" new_key_by_reload
check "what is wrong with a key's file is said, and changes nothing" says_what_is_wrong
check "credentials of a service" credentials
check "the same file for wg-quick, with a hook" by_wg_quick
