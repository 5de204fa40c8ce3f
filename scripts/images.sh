#!/usr/bin/env bash
# Builds the images of deploy/: with Docker where its engine runs, else with buildah, which it installs.
#
# Usage: images.sh [TARGET …]; without any, the three services and the cli. `emulator` is one as well.
# Without Docker nothing is pulled: the base is made from the Debian mirror that this machine uses, and the Swift
# toolchain is this machine's own. Exit 77 with the reason where images cannot be built.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/containers.sh

targets=("$@")
[ "${#targets[@]}" -gt 0 ] || targets=(cli account-service sync-service assessment-service)
images=${PARAPET_IMAGES:-parapet}
tag=${PARAPET_TAG:-latest}
base=docker.io/library/debian:bookworm-slim
revision=$(git rev-parse HEAD 2>/dev/null || echo unknown)

# Debian 12 as its own installer makes it, with the updates that this machine gets too.
make_base() {
    local root archive
    root=$(mktemp -d)
    archive=$(apt-get indextargets --format '$(SITE) $(CODENAME)' 'Created-By: Packages' 'Component: main' |
        sort -u | awk '$2 ~ /^bookworm(-updates|-security)?$/ { print "deb " $1 " " $2 " main" }')
    debootstrap --variant=minbase bookworm "$root/base" "$(awk '$3 == "bookworm" { print $2; exit }' <<<"$archive")" \
        >"$root/log" 2>&1 || { tail -n 5 "$root/log" >&2; rm -rf "$root"; return 1; }
    printf '%s\n' "$archive" >"$root/base/etc/apt/sources.list"
    rm -rf "$root"/base/var/cache/apt/archives/*.deb "$root"/base/var/lib/apt/lists/*
    tar -C "$root/base" -c . | podman import - "$base" >/dev/null 2>&1
    rm -rf "$root"
}

build_with_buildah() {
    local toolchain reason options=()
    toolchain=$(dirname "$(dirname "$(realpath "$(command -v swift)")")")
    podman image exists "$base" || { echo "making $base"; make_base || skip "the base image cannot be made from this machine's Debian mirror"; }
    reason=$(podman run --rm --network none "$base" true 2>&1) || skip "containers cannot be run here: $(tail -n 1 <<<"$reason")"
    options=(--format docker --layers --pull-never --network=host --build-arg "REVISION=$revision")
    for target in "${targets[@]}"; do
        echo "building $images/$target:$tag"
        if [ "$target" = emulator ]; then
            buildah bud "${options[@]}" --volume "${PIP_CERT:-/etc/ssl/certs/ca-certificates.crt}:/run/authorities.pem:ro" \
                --build-arg PIP_CERT=/run/authorities.pem --tag "$images/$target:$tag" --file deploy/emulator/Dockerfile .
        else
            buildah bud "${options[@]}" --build-arg SWIFT_IMAGE=debian:bookworm-slim --volume "$toolchain:/opt/swift/usr:ro" \
                --target "$target" --tag "$images/$target:$tag" --file deploy/Dockerfile .
        fi
    done
}

build_with_docker() {
    for target in "${targets[@]}"; do
        echo "building $images/$target:$tag"
        if [ "$target" = emulator ]; then
            docker build --tag "$images/$target:$tag" --file deploy/emulator/Dockerfile .
        else
            docker build --build-arg "REVISION=$revision" --target "$target" --tag "$images/$target:$tag" --file deploy/Dockerfile .
        fi
    done
}

log=$(mktemp)
trap 'rm -f "$log"' EXIT
begin=$SECONDS
find_engine
"build_with_$([ "$engine" = docker ] && echo docker || echo buildah)" > >(tee "$log" | grep --line-buffered -E '^(building|making|skipped:?) ') 2>>"$log" ||
    { tail -n 30 "$log" >&2; exit 1; }
echo "images built in $((SECONDS - begin)) s"
