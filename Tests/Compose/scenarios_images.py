"""What the images and the containers are, before anything is asked of them."""
import json
import os
import subprocess
import sys

from stack import PORTS, ROOT, SERVICES, Failed, expect, run

IMAGES = (*SERVICES, "cli")
LIMIT_BYTES = 120 * 1000 * 1000
USER = "10001:10001"


def image(name):
    return f"{os.environ.get('PARAPET_IMAGES', 'parapet')}/{name}:{os.environ.get('PARAPET_TAG', 'latest')}"


def described(stack, name):
    return json.loads(stack.control("image", "inspect", name).stdout)[0]


def dockerfiles(stack):
    """hadolint has nothing to say about the Dockerfiles"""
    linter = os.path.join(os.path.dirname(sys.executable), "hadolint")
    done = run([linter, str(ROOT / "deploy/Dockerfile"), str(ROOT / "deploy/emulator/Dockerfile")], check=False)
    expect(done.returncode == 0, done.stdout + done.stderr)


def sizes(stack):
    """each image is at most 120 MB larger than its base"""
    base = described(stack, "docker.io/library/debian:bookworm-slim" if stack.engine == "podman" else "debian:bookworm-slim")["Size"]
    found = {name: described(stack, image(name))["Size"] - base for name in IMAGES}
    text = ", ".join(f"{name} {size / 1e6:.0f} MB" for name, size in found.items())
    expect(all(0 < size <= LIMIT_BYTES for size in found.values()), text)
    return text


def contents(stack):
    """images run as a number, carry OCI labels, and check their health by their own binary"""
    for name in IMAGES:
        found = described(stack, image(name))
        config = found["Config"]
        expect(config["User"] == USER, f"{name}: user {config['User']}")
        labels = config["Labels"]
        for label in ("title", "description", "licenses", "version", "revision", "base.name"):
            expect(labels.get(f"org.opencontainers.image.{label}"), f"{name}: no label {label}")
        if name != "cli":
            # Podman keeps it beside the configuration, Docker in it.
            check = config.get("Healthcheck") or found.get("Healthcheck") or {}
            expect(check.get("Test") == ["CMD", f"/usr/bin/{name}", "--health"], f"{name}: health check {check}")
            expect("/data" in config["Volumes"], f"{name}: volumes {config.get('Volumes')}")


def check_config(stack):
    """--check-config reports every configuration error at once and exits with 2"""
    for name in SERVICES:
        done = stack.control(
            "run", "--rm", "--network", "none", "--read-only", "-e", "PARAPET_LISTEN=nowhere", "-e",
            "PARAPET_LOG_LEVEL=loud", "-e", "PARAPET_TOKEN_FILE=/none", "-e", "PARAPET_TLS_CERT=/none", "-e",
            "PARAPET_TLS_KEY=/none", "-e", "PARAPET_TLS_CA=/none", image(name), "--check-config", check=False)
        expect(done.returncode == 2, f"{name}: exit {done.returncode}: {done.stderr}")
        for part in ("--listen: HOST:PORT", "--log-level: ", "--data-dir: is required", "-service: is required", "/none"):
            expect(part in done.stderr, f"{name}: `{part}` is not in {done.stderr}")
        # Podman has something to say as well where there is no systemd.
        mistakes = [line for line in done.stderr.splitlines() if line.startswith(f"{name}: ")]
        expect(len(mistakes) == 7, f"{name}: {done.stderr}")


def container_facts(stack):
    """containers: no root, read-only, no capabilities, memory limits, each its own volumes and port"""
    tls = {service: f"{service.split('-')[0]}-tls" for service in SERVICES}
    data = {service: f"{service.split('-')[0]}-data" for service in SERVICES}
    for service in SERVICES:
        found = stack.inspect(service)
        config, host = found["Config"], found["HostConfig"]
        expect(config["User"] == USER, f"{service}: user {config['User']}")
        expect(host["ReadonlyRootfs"] is True, f"{service}: the root file system can be written")
        expect(not host["CapAdd"], f"{service}: capabilities added: {host['CapAdd']}")
        if stack.engine == "podman":
            expect(not found["EffectiveCaps"] and not found["BoundingCaps"], f"{service}: {found['EffectiveCaps']}")
        else:
            expect(host["CapDrop"] == ["ALL"], f"{service}: {host['CapDrop']}")
        expect(any("no-new-privileges" in option for option in host["SecurityOpt"]), f"{service}: {host['SecurityOpt']}")
        expect(256 << 20 <= host["Memory"] <= 512 << 20, f"{service}: memory limit {host['Memory']}")
        expect(host["RestartPolicy"]["Name"] == "unless-stopped", f"{service}: {host['RestartPolicy']}")
        mounts = {mount["Destination"]: (mount["Name"], mount["RW"]) for mount in found["Mounts"]}
        wanted = {"/data": (stack.volume(data[service]), True), "/tls": (stack.volume(tls[service]), False)}
        if service == "account-service":
            wanted["/vault"] = (stack.volume("account-vault"), True)
        expect(mounts == wanted, f"{service}: mounts {mounts}")
        published = {port: [one["HostPort"] for one in bound or []] for port, bound in host["PortBindings"].items()}
        expect(published == {f"{PORTS[service]}/tcp": [str(stack.ports[service])]}, f"{service}: ports {published}")
        has_credentials = any(line.startswith("AWS_SECRET") for line in config["Env"])
        expect(has_credentials == (service == "sync-service"), f"{service}: AWS credentials")
    mounted = [mount["Name"] for service in SERVICES for mount in stack.inspect(service)["Mounts"]]
    expect(stack.volume("pki-ca") not in mounted, "a service mounts the authority's key")
    keys = [stack.in_volume(tls[service], "cat /v/key.pem") for service in SERVICES]
    expect(len(set(keys)) == 3 and all("PRIVATE KEY" in key for key in keys), "keys of services")
    modes = stack.in_volume("account-tls", "stat -c '%n %a %u' /v/*").split("\n")
    expect("/v/key.pem 600 10001" in modes and "/v/tokens 600 10001" in modes, f"modes {modes}")


def no_shell(stack):
    """services start without a shell: none runs in their containers"""
    for service in SERVICES:
        commands = stack.control("top", stack.container(service)).stdout.splitlines()[1:]
        expect(len(commands) == 1 and f"/usr/bin/{service}" in commands[0], f"{service}: {commands}")


def health_checks(stack):
    """the engine's own health check passes for every service"""
    for service in SERVICES:
        if stack.engine == "podman":
            done = stack.control("healthcheck", "run", stack.container(service), check=False)
            expect(done.returncode == 0, f"{service}: {done.stdout}{done.stderr}")
        else:
            expect(stack.state(service)["Health"]["Status"] in ("healthy", "starting"), f"{service}: unhealthy")


ALL = (dockerfiles, sizes, contents, check_config)
RUNNING = (container_facts, no_shell, health_checks)
