#!/usr/bin/env bash
# The main job from start to end: builds Parapet, starts an AWS emulator with a small account in it and the three
# services, connects the account over four regions, and prints the alerts. Everything it starts it ends, and
# everything it writes lies in a temporary directory that it removes.
set -euo pipefail
cd "$(dirname "$0")/.."

REGIONS=us-east-1,eu-west-1,eu-central-1,ap-southeast-2
python=.venv/bin/python3
work=$(mktemp -d)
started=()

finish() {
    local id
    for id in "${started[@]}"; do kill "$id" 2>/dev/null || true; done
    for id in "${started[@]}"; do wait "$id" 2>/dev/null || true; done
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

step() { printf '\n\033[1m%s\033[0m\n' "$*"; }
fail() {
    echo "demo: $1" >&2
    tail -n 20 "$work"/*.log "$work"/data/logs/*.log >&2 2>/dev/null || true
    exit 1
}
# Waits until a command succeeds, for at most a minute.
wait_for() {
    local what=$1 tries=0
    shift
    until "$@" >/dev/null 2>&1; do
        tries=$((tries + 1))
        [ "$tries" -lt 600 ] || fail "$what did not come up"
        sleep 0.1
    done
}

step "Building"
swift build -c release --static-swift-stdlib --product parapet
for product in account-service sync-service assessment-service; do
    swift build -c release --static-swift-stdlib --product "$product" >/dev/null
done
parapet=$(swift build -c release --static-swift-stdlib --show-bin-path)/parapet

step "Starting an AWS emulator with an account in it"
port=$("$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
endpoint=http://127.0.0.1:$port
MOTO_IAM_LOAD_MANAGED_POLICIES=true .venv/bin/moto_server -H 127.0.0.1 -p "$port" >"$work/emulator.log" 2>&1 &
started+=($!)
wait_for "the emulator" "$python" -c "import urllib.request; urllib.request.urlopen('$endpoint/moto-api/')"
"$python" scripts/demo-account.py --endpoint "$endpoint" >"$work/account.log" 2>&1 || fail "the account could not be filled"

step "Starting Parapet (parapet up)"
# The credentials of the emulator. On a real machine they come from where the AWS CLI finds them.
AWS_ENDPOINT_URL=$endpoint AWS_REGION=us-east-1 AWS_ACCESS_KEY_ID=demo AWS_SECRET_ACCESS_KEY=demo \
    "$parapet" up --data-dir "$work/data" --profile "$work/profile.json" --ready-file "$work/ready" >"$work/up.log" 2>&1 &
started+=($!)
wait_for "parapet up" test -e "$work/ready"
export PARAPET_PROFILE=$work/profile.json

step "Step 1: a name and an external ID"
"$parapet" account create --name demo

step "Step 2: the role, made in the account from the CloudFormation template"
"$parapet" account template demo --format cloudformation --out "$work/role.yaml"
role=$("$python" scripts/demo-stack.py --endpoint "$endpoint" --template "$work/role.yaml") || fail "the stack could not be made"

step "Steps 3 and 4: the regions, the test, the first sync and assessment"
echo "The test will warn that the external ID is not enforced: the emulator lets anyone assume a role without one, which AWS does not."
"$parapet" onboard --name demo --role-arn "$role" --regions "$REGIONS" --wait || fail "onboarding did not succeed"

step "Alerts"
"$parapet" alert list --account demo
alerts=$("$parapet" alert list --account demo -o jsonl | wc -l)

step "One of them explained"
first=$("$parapet" alert list --account demo --limit 1 -o jsonl | "$python" -c 'import json, sys; print(json.loads(sys.stdin.readline())["id"])')
"$parapet" alert explain "$first"

step "Posture"
"$parapet" posture demo
"$parapet" coverage demo --gaps

[ "$alerts" -ge 20 ] || fail "only $alerts alerts; at least 20 were expected"
cat <<TEXT

That was the emulator. For an AWS account of yours:
  $parapet up                          in one terminal, with AWS credentials where the AWS CLI finds them
  $parapet onboard --name NAME         in another
TEXT
