# shellcheck shell=bash
# Part of bin/storm. The kernel's WireGuard in a virtual machine behind the server's host, which passes packets on:
#
#   clients 198.51.100.1 <----> 198.51.100.2 server 10.98.0.1 <----> 10.98.0.2 the virtual machine, its port 51820

vm_address=10.98.0.2
vm_port=8800 # where it fetches its configuration

vm() { "$home/interop/kernel-peer" "$1" "$(host_name server)" "${@:2}"; } # up|down|run [LINE]

# Boots it, and writes a script that makes it the server of a file that the generator wrote.
start_vm() { # FILE CONFIGURATION PID-FILE
  echo "starting a virtual machine ..."
  vm down
  vm up || fail "the virtual machine did not come up"
  cp "$home/target/interop/kernel-peer/$(host_name server)/pid" "$3"
  on server sysctl -qw net.ipv4.ip_forward=1
  ip_on clients route add 10.98.0.0/24 via 198.51.100.2
  vm run "ip route add default via 10.98.0.1 && ip link add wg0 type wireguard && ip link set wg0 up" ||
    fail "its kernel has no WireGuard"
  cat >"$1" <<EOF
set -euo pipefail
mkdir -p $work/vm
mv $2 $work/vm/conf
trap 'rm -rf $work/vm; kill \$!' EXIT
ip netns exec $(host_name server) python3 -m http.server -b 10.98.0.1 -d $work/vm $vm_port >/dev/null 2>&1 &
for _ in {1..50}; do ! bash -c 'exec 3<>/dev/tcp/10.98.0.1/$vm_port' 2>/dev/null || break; sleep 0.1; done
"$home/interop/kernel-peer" run $(host_name server) \
  "wget -q -O /tmp/conf http://10.98.0.1:$vm_port/conf && wg setconf wg0 /tmp/conf && rm /tmp/conf"
EOF
}
