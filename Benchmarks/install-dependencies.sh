#!/usr/bin/env bash
# What `make bench` needs beyond the project itself: gRPC C++ to be compared with, load generators, counters.
set -euo pipefail
packages=(libgrpc++-dev protobuf-compiler-grpc nghttp2-client strace valgrind)
missing=()
for package in "${packages[@]}"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
[ "${#missing[@]}" -eq 0 ] && exit 0
install="apt-get update && apt-get install --yes --no-install-recommends ${missing[*]}"
as_root=()
if [ "$(id -u)" -ne 0 ]; then
    as_root=(sudo)
    if ! sudo --non-interactive true 2>/dev/null; then
        printf "Missing packages; run:\n  sudo sh -c '%s'\n" "$install" >&2
        exit 1
    fi
fi
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive sh -c "$install" >/dev/null
