#!/usr/bin/env bash
# Measures unary calls of the gRPC stack on loopback, in plain text: CPU of the server for each call, from the kernel's
# own account of its threads, and its system calls for each call. Counts, not speed: the machine may be busy.
set -euo pipefail
cd "$(dirname "$0")/.."

CALLS=${CALLS:-100000}
swift build -c release --static-swift-stdlib --product EchoBenchmark >/dev/null
echo_program=$(swift build -c release --static-swift-stdlib --show-bin-path)/EchoBenchmark
work=$(mktemp -d)
mkfifo "$work/input"
"$echo_program" serve <"$work/input" >"$work/output" &
server=$!
exec 3>"$work/input"
trap 'exec 3>&-; wait "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
until grep -q serving "$work/output"; do sleep 0.05; done
port=$(awk '{ print $2 }' "$work/output")

cpu() { cat /proc/"$server"/task/*/schedstat | awk '{ total += $1 } END { printf "%d\n", total / 1000 }'; }
measure() { # CALLS PARALLEL
    local before after
    "$echo_program" call "$port" 2000 "$2" >/dev/null
    before=$(cpu)
    "$echo_program" call "$port" "$1" "$2" >/dev/null
    after=$(cpu)
    awk -v calls="$1" -v parallel="$2" -v us=$((after - before)) \
        'BEGIN { printf "%7d unary calls, %2d at once: %5.2f us CPU of the server each\n", calls, parallel, us / calls }'
}
measure "$((CALLS / 5))" 1
measure "$CALLS" 32

strace -f -c -o "$work/trace" -p "$server" 2>/dev/null &
tracer=$!
until [ "$(awk '/TracerPid/ { print $2 }' /proc/"$server"/status)" != 0 ]; do sleep 0.05; done
"$echo_program" call "$port" 1000 1 >/dev/null
kill -INT "$tracer"
wait "$tracer" || true
echo "system calls of the server over 1000 unary calls, one at a time:"
awk '$1 ~ /^[0-9.]+$/ && $NF != "total" { printf "  %-14s %d\n", $NF, $4 }' "$work/trace"
