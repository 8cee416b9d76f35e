# shellcheck shell=bash
# Part of bin/bench and bin/storm: what ran on hosts that are about to be removed.

end_processes() { # of all hosts, as `host_pids` tells them: asked first, killed after 5 s
  local pids
  mapfile -t pids < <(host_pids)
  ((${#pids[@]} == 0)) || kill "${pids[@]}" 2>/dev/null || true
  for _ in {1..50}; do
    mapfile -t pids < <(host_pids)
    ((${#pids[@]})) || break
    sleep 0.1
  done
  ((${#pids[@]} == 0)) || kill -9 "${pids[@]}" 2>/dev/null || true
}
