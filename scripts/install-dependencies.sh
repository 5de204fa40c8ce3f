#!/usr/bin/env bash
# Installs what building and testing need and is missing: Debian packages and a virtual environment in .venv.
# Where it may not, it prints the exact command to run, and fails. Arguments are further Debian packages.
set -euo pipefail
cd "$(dirname "$0")/.."

packages=(
    g++ make openssl pkg-config protobuf-compiler python3-venv strace
    golang-go golang-google-grpc-dev golang-goprotobuf-dev
    libcurl4-openssl-dev libnghttp2-dev libprotobuf-dev libsimdjson-dev libsqlite3-dev libssl-dev libxml2-dev libzstd-dev zlib1g-dev
    "$@"
)

if ! command -v swift >/dev/null; then
    echo "Swift 6.3.1 or later is needed and is not on the PATH: see https://www.swift.org/install/linux/" >&2
    exit 1
fi

missing=()
for package in "${packages[@]}"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
if [ "${#missing[@]}" -gt 0 ]; then
    install="apt-get update && apt-get install --yes --no-install-recommends ${missing[*]}"
    as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        if ! sudo --non-interactive true 2>/dev/null; then
            echo "These Debian packages are missing. Install them, then try again:" >&2
            echo "  sudo sh -c '$install'" >&2
            exit 1
        fi
        as_root=(sudo)
    fi
    echo "installing ${missing[*]}"
    log=$(mktemp)
    if ! "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive sh -c "$install" >"$log" 2>&1; then
        tail -n 20 "$log" >&2
        echo "This failed: $install" >&2
        exit 1
    fi
    rm -f "$log"
fi

# The emulator and the peers of the tests, pinned. Made anew when the pins change.
pins=$(cat scripts/requirements.txt scripts/requirements-tests.txt)
if [ "$(cat .venv/pins 2>/dev/null || true)" != "$pins" ]; then
    echo "making .venv"
    rm -rf .venv
    system_python=$(command -v /usr/bin/python3 || command -v python3)
    if ! { "$system_python" -m venv .venv &&
        .venv/bin/pip install --quiet --disable-pip-version-check --requirement scripts/requirements-tests.txt; }; then
        echo "The virtual environment could not be made. With a package index within reach, run:" >&2
        echo "  python3 -m venv .venv && .venv/bin/pip install -r scripts/requirements-tests.txt" >&2
        exit 1
    fi
    printf '%s\n' "$pins" >.venv/pins
fi
