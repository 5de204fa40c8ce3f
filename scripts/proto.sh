#!/usr/bin/env bash
# Writes the descriptor set that reflection, roles and the tests of messages read.
# With --check it writes nothing and fails when the file in the tree is stale.
set -euo pipefail
cd "$(dirname "$0")/../proto"
out=$(mktemp)
trap 'rm -f "$out"' EXIT
mapfile -t files < <(find . -name '*.proto' -printf '%P\n' | LC_ALL=C sort)
protoc -I. --include_imports --descriptor_set_out="$out" "${files[@]}"
target=../share/parapet/descriptors.pb
if [ "${1:-}" = --check ]; then
    cmp -s "$out" "$target" || { echo "share/parapet/descriptors.pb is stale: run 'make proto'" >&2; exit 1; }
else
    install -m 0644 "$out" "$target"
fi
