#!/usr/bin/env bash
# Builds the images, runs the stack of deploy/compose.yaml, and does to it what happens to a stack in use, from outside.
# Prints the scenarios with their results. What it starts, it removes; images stay. Where containers cannot be run it
# says 'skipped' and why, and succeeds.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/containers.sh

status=0
(find_engine) || status=$?
[ "$status" -ne 77 ] || exit 0
[ "$status" -eq 0 ] || exit "$status"
find_engine
scripts/images.sh cli account-service sync-service assessment-service emulator || status=$?
[ "$status" -ne 77 ] || exit 0
[ "$status" -eq 0 ] || exit "$status"
# What the stack needs of this machine: containers, a network of their own and a published port.
network=parapet-probe-$$
reason=$({
    "$engine" network create "$network" &&
        "$engine" run --rm --network "$network" --publish 127.0.0.1::7741 \
            "${PARAPET_IMAGES:-parapet}/cli:${PARAPET_TAG:-latest}" version
} 2>&1 >/dev/null) || status=$?
"$engine" network rm "$network" >/dev/null 2>&1 || true
if [ "$status" -ne 0 ]; then
    echo "skipped: containers cannot be run here: $(tail -n 1 <<<"$reason")"
    exit 0
fi
exec .venv/bin/python3 Tests/Compose/compose_test.py --engine "$engine" "$@"
