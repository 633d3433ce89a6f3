#!/bin/sh
# Captures on loopback what two TLS programs say to each other, openssl s_server and s_client, and checks the capture.
#
#   examples/capture-and-check.sh                           asks for a hybrid key exchange
#   examples/capture-and-check.sh --preset tls12-minimum    asks what these options of `pqcap check` ask
#
# Environment:
#   TLS_GROUPS  groups of both programs; X25519, which is classical, where it is not set
#   CAPTURE     file for the capture, which is kept; without it, it is removed
#   PQCAP       the command; bin/pqcap of this checkout where it is not set
#
# Exit status: that of `pqcap check`, 0 pass, 1 fail, 2 trouble; 2 also where nothing could be captured.
set -eu

here=$(dirname -- "$0")
groups=${TLS_GROUPS:-X25519}
[ $# -gt 0 ] || set -- --require hybrid

work=$(mktemp -d)
capture=${CAPTURE:-$work/loopback.pcap}
server=

end() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || :
  rm -rf -- "$work"
}
trap end EXIT
trap 'exit 2' HUP INT TERM

trouble() {
  printf 'capture-and-check: %s\n' "$1" >&2
  cat "$work/log" >&2
  exit 2
}

: >"$work/log"
command -v openssl >/dev/null || trouble 'openssl is not installed'
openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=server.example.test \
  -keyout "$work/key.pem" -out "$work/certificate.pem" 2>"$work/log" || trouble 'openssl makes no certificate'

# The server, on a port that the system chooses.
openssl s_server -accept 127.0.0.1:0 -key "$work/key.pem" -cert "$work/certificate.pem" \
  -tls1_3 -groups "$groups" -www >"$work/log" 2>&1 &
server=$!
tries=100
until grep -q '^ACCEPT .*:[0-9]' "$work/log"; do
  tries=$((tries - 1))
  if [ "$tries" -eq 0 ] || ! kill -0 "$server" 2>/dev/null; then trouble 'openssl s_server does not listen'; fi
  sleep 0.1
done
port=$(sed -n 's/^ACCEPT .*:\([0-9][0-9]*\)$/\1/p' "$work/log")

# What is tested, here one request.
printf 'GET / HTTP/1.0\r\n\r\n' |
  INTERFACE=lo FILTER="tcp port $port" "$here/capture-around.sh" "$capture" \
    openssl s_client -connect "127.0.0.1:$port" -servername server.example.test -tls1_3 -groups "$groups" -ign_eof \
    >"$work/log" 2>&1 || trouble 'nothing was captured'

"${PQCAP:-$here/../bin/pqcap}" check "$@" -- "$capture"
