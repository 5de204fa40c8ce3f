# To be sourced: finds out how containers are run here.

# Where it cannot be, that is no failure: the caller says so and goes on.
skip() {
    echo "skipped: $1"
    exit 77
}

# Sets `engine` to docker or podman, and installs podman where there is no Docker engine.
find_engine() {
    if docker info >/dev/null 2>&1 && docker compose version >/dev/null 2>&1; then
        engine=docker
        return
    fi
    engine=podman
    [ "$(id -u)" -eq 0 ] || skip "no Docker engine runs here, and without it containers need root"
    [ -r /etc/debian_version ] && command -v apt-get >/dev/null || skip "no Docker engine runs here, and podman is installed on Debian only"
    scripts/install-dependencies.sh buildah podman runc netavark aardvark-dns iptables debootstrap ||
        skip "podman and buildah cannot be installed"
    # Settings for a machine without systemd or with a low limit of open files; one that is set up already keeps its own.
    if [ ! -e /etc/containers/containers.conf ] && [ -z "${CONTAINERS_CONF:-}" ]; then
        export CONTAINERS_CONF=$PWD/scripts/containers.conf
    fi
}
