#!/usr/bin/env bash
# Writes descriptor sets: of proto/, which reflection, roles and the tests of messages read, and of the fuzzers' message.
# With --check it writes nothing and fails when a file in the tree is stale.
set -euo pipefail
cd "$(dirname "$0")/.."
out=$(mktemp)
trap 'rm -f "$out"' EXIT

describe() { # TARGET FOLDER FILE...
    local target=$1 folder=$2
    protoc -I"$folder" --include_imports --descriptor_set_out="$out" "${@:3}"
    if [ "$mode" = --check ]; then
        cmp -s "$out" "$target" || { echo "$target is stale: run 'make proto'" >&2; exit 1; }
    else
        install -m 0644 "$out" "$target"
    fi
}

mode=${1:-}
mapfile -t files < <(find proto -name '*.proto' -printf '%P\n' | LC_ALL=C sort)
describe share/parapet/descriptors.pb proto "${files[@]}"
describe Tests/Fuzz/Targets/kinds.pb Tests/Fuzz/Targets kinds.proto
