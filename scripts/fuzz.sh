#!/usr/bin/env bash
# Builds the fuzzers with libFuzzer and the address sanitizer, and runs each on its corpus, Tests/Corpus/TARGET.
#
#     scripts/fuzz.sh [TARGET]...     each target for FUZZ_SECONDS (60); all of them unless some are named
#     scripts/fuzz.sh --replay        every input of the corpus once
#
# Prints the executions, the coverage (edges) and the result of each. An input that crashes one stays in the corpus.
set -euo pipefail
cd "$(dirname "$0")/.."
export PARAPET_FUZZ=1 SWIFT_BACKTRACE=enable=no
seconds=${FUZZ_SECONDS:-60}
scratch=.build/fuzz
targets=(wire json proto-json framing metadata http2 http2-client certificate aws text)

replay=false
if [ "${1:-}" = --replay ]; then
    replay=true
    shift
fi
[ "$#" -eq 0 ] || targets=("$@")

# In debug builds the decoders are a tenth as fast; the assertions of debug builds are kept. The linker is lld, since
# gold warns of each of the sanitizer's symbols. Of two sanitizers' options the compiler heeds the last, and
# SwiftPM gives its own in any order: so one says both.
options=(
    --configuration release --product fuzz --scratch-path "$scratch" --sanitize=fuzzer
    -Xswiftc -sanitize=fuzzer,address -Xcxx -fsanitize=address
    -Xswiftc -enable-testing -Xswiftc -assert-config -Xswiftc Debug -Xswiftc -use-ld=lld
)
mkdir -p "$scratch"
if ! swift build "${options[@]}" >"$scratch/build.log" 2>&1; then
    grep -E 'error' "$scratch/build.log" >&2 || tail -n 20 "$scratch/build.log" >&2
    exit 1
fi
program=$scratch/release/fuzz

fail=0
for target in "${targets[@]}"; do
    corpus=Tests/Corpus/$target
    grown=$scratch/corpus/$target
    log=$scratch/$target.log
    mkdir -p "$grown"
    # Leaks are looked for at the end: what a loop's thread keeps for the next call would be looked for after each input.
    limits=(-detect_leaks=0 -rss_limit_mb=2048 -timeout=25 -print_final_stats=1 "-artifact_prefix=$corpus/")
    if $replay; then
        inputs=("$corpus"/*)
        run=("$program" "$target" "${limits[@]}" "${inputs[@]}")
    else
        # What is new and not a crash is kept out of the tree: the next run begins with it.
        run=("$program" "$target" "${limits[@]}" "-max_total_time=$seconds" -max_len=4096 -use_value_profile=1
            -reload=0 "$grown" "$corpus")
    fi
    result=ok
    "${run[@]}" >"$log" 2>&1 || { result=FAILED; fail=1; }
    if $replay; then
        printf '%-12s %6d inputs  %s\n' "$target" "${#inputs[@]}" "$result"
    else
        executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
        coverage=$(grep -o 'cov: [0-9]*' "$log" | tail -n 1 | cut -d ' ' -f 2 || true)
        printf '%-12s %10s executions  %6s edges  %s\n' "$target" "${executions:-?}" "${coverage:-?}" "$result"
    fi
    if [ "$result" != ok ]; then
        grep -E 'Fatal error|ERROR|SUMMARY|written to' "$log" | head -n 8 | sed 's/^/    /' || true
        echo "    the rest: $log"
    fi
done
exit "$fail"
