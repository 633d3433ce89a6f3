#!/bin/sh
# What action.yml runs: `pqcap check` with the inputs of the action, which are in the environment as PQCAP_*.
# Sets the outputs outcome, exit-code and sarif, and ends with the status of the check.
set -eu

trouble() {
  printf '::error title=pqcap::%s\n' "$1"
  printf 'outcome=trouble\nexit-code=2\nsarif=\n' >>"$GITHUB_OUTPUT"
  exit 2
}

node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' ||
  trouble 'Node.js 20.19 or newer is needed. Put actions/setup-node before this step.'

# The command line, word by word: whatever is in an input stays one word, and none becomes an option.
set --
[ -z "${PQCAP_REQUIRE:-}" ] || set -- "$@" "--require=$PQCAP_REQUIRE"
[ -z "${PQCAP_POLICY:-}" ] || set -- "$@" "--policy=$PQCAP_POLICY"
[ -z "${PQCAP_PRESET:-}" ] || set -- "$@" "--preset=$PQCAP_PRESET"
[ -z "${PQCAP_BASELINE:-}" ] || set -- "$@" "--baseline=$PQCAP_BASELINE"
sarif=
while IFS= read -r report; do
  [ -n "$report" ] || continue
  set -- "$@" "--report=$report"
  case $report in sarif=*) sarif=${report#sarif=} ;; esac
done <<LINES
${PQCAP_REPORTS:-}
LINES
set -- "$@" --
while IFS= read -r path; do
  [ -z "$path" ] || set -- "$@" "$path"
done <<LINES
${PQCAP_PATHS:-}
LINES

case ${PQCAP_VERSION:-} in
'')
  # `npm ci` also builds.
  [ -d "$GITHUB_ACTION_PATH/dist/bin" ] || (cd "$GITHUB_ACTION_PATH" && npm ci --no-audit --no-fund >&2) ||
    trouble 'pqcap could not be built'
  set -- node "$GITHUB_ACTION_PATH/bin/pqcap" check "$@"
  ;;
*[!0-9A-Za-z.+-]* | [!0-9A-Za-z]*) trouble 'The input version is no version' ;;
*) set -- npx --yes "pqcap@$PQCAP_VERSION" check "$@" ;;
esac

status=0
"$@" || status=$?
case $status in
0) outcome=passed ;;
1) outcome=failed ;;
*) outcome=trouble ;;
esac
[ -f "$sarif" ] || sarif=
printf 'outcome=%s\nexit-code=%s\nsarif=%s\n' "$outcome" "$status" "$sarif" >>"$GITHUB_OUTPUT"
exit "$status"
