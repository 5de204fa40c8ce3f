#!/usr/bin/env bash
# Everything that can be checked without building: formatting, the contract, generated files, and the
# count of escapes from the type system against scripts/escapes.txt.
set -euo pipefail
cd "$(dirname "$0")/.."
fail=0

swift format lint --strict --parallel --recursive Package.swift Sources Tests || fail=1
(cd proto && ../.venv/bin/buf lint) || fail=1
scripts/proto.sh --check || fail=1
.venv/bin/python3 scripts/generate-shapes.py --check || fail=1

# Counts of `@unchecked Sendable`, `nonisolated(unsafe)`, unstructured tasks and unsafe expressions in each module.
# A line here means that CONTRIBUTING.md says why; more than it says fails, and so does fewer (lower it then).
counted=$(mktemp)
trap 'rm -f "$counted"' EXIT
count() { # NAME REGEX
    grep -rEo --include='*.swift' "$2" Sources | sed -E 's#^(Sources/(Shared/)?[A-Za-z0-9]+)/.*#\1#' | sort | uniq -c |
        awk -v name="$1" '{ print $2, name, $1 }'
}
{
    count unchecked-sendable '@unchecked Sendable( \{|,|$)'
    count nonisolated-unsafe 'nonisolated\(unsafe\)'
    count bare-task '(^|[^A-Za-z])Task(\.detached|\.immediate)?( \{|\()'
    count unsafe-expression '(^|[ (])unsafe [a-zA-Z_(.&]'
} | LC_ALL=C sort >"$counted"
if ! diff -u scripts/escapes.txt "$counted"; then
    echo "escapes from the type system differ from scripts/escapes.txt (reasons: CONTRIBUTING.md)" >&2
    fail=1
fi
exit $fail
