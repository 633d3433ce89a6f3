#!/bin/sh
# Captures what a command sends and receives, from before it begins until after it has ended.
#
#   examples/capture-around.sh FILE COMMAND [ARGUMENT...]
#   examples/capture-around.sh captures/tests.pcap npm test
#
# Environment:
#   INTERFACE  the interface; any where it is not set
#   FILTER     what is captured, as in pcap-filter(7); tcp where it is not set
#
# Exit status: that of the command; 2 where nothing could be captured.
set -eu

[ $# -ge 2 ] || {
  printf 'Usage: %s FILE COMMAND [ARGUMENT...]\n' "$0" >&2
  exit 2
}
capture=$1
shift

log=$(mktemp)
tcpdump=

# shellcheck disable=SC2317 # the trap calls it
end() {
  # What has ended is gone, and that is as well.
  [ -z "$tcpdump" ] || kill "$tcpdump" 2>/dev/null || :
  rm -f "$log"
}
trap end EXIT
trap 'exit 2' HUP INT TERM

trouble() {
  printf 'capture-around: %s\n' "$1" >&2
  cat "$log" >&2
  exit 2
}

program=$(command -v tcpdump) || trouble 'tcpdump is not installed'
mkdir -p -- "$(dirname -- "$capture")"

#   -s 0              whole packets: a key share that is cut off cannot be read
#   --immediate-mode  packets are handed over at once, not in batches,
#   -U                and written at once
#   -Z                root would become the user tcpdump, who may not write here
tcpdump -i "${INTERFACE:-any}" -s 0 --immediate-mode -U -Z "$(id -un)" -w "$capture" "${FILTER:-tcp}" 2>"$log" &
tcpdump=$!

# The command is not begun before tcpdump listens: what is sent earlier is not in the capture.
tries=100
until grep -q 'listening on' "$log"; do
  tries=$((tries - 1))
  if [ "$tries" -eq 0 ] || ! kill -0 "$tcpdump" 2>/dev/null; then
    trouble "tcpdump does not listen. Be root, or once: sudo setcap cap_net_raw,cap_net_admin=eip $program"
  fi
  sleep 0.1
done

status=0
"$@" || status=$?

# Packets that tcpdump has not read when it is told to end are lost. It is waited for: it writes the last ones then.
sleep 1
kill -INT "$tcpdump"
wait "$tcpdump" || trouble 'tcpdump failed'
tcpdump=

# What the kernel dropped is missing in the capture, and the check will say where.
grep '^[1-9][0-9]* packets* dropped by' "$log" >&2 || :
exit "$status"
