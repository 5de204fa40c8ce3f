"""A stack of deploy/compose.yaml under a project name of its own, driven as an operator would."""
import json
import os
import pathlib
import socket
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SERVICES = ("account-service", "sync-service", "assessment-service")
PORTS = {"account-service": 7741, "sync-service": 7742, "assessment-service": 7743}
LIMIT = 60


class Failed(Exception):
    """What was expected did not happen; the text says what did."""


def expect(condition, text):
    if not condition:
        raise Failed(text)


def eventually(what, look, limit=LIMIT):
    """Returns what `look` returns once that is true."""
    end = time.monotonic() + limit
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > end:
            raise Failed(f"{what}: not within {limit} s")
        time.sleep(0.2)


def run(command, check=True, **options):
    done = subprocess.run(command, capture_output=True, text=True, **options)
    if check and done.returncode != 0:
        raise Failed(f"{' '.join(map(str, command[:6]))}…: exit {done.returncode}: {(done.stderr + done.stdout)[-1500:]}")
    return done


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Stack:
    """`files` are compose files relative to deploy/, or absolute; `work` is a private directory of this stack."""

    def __init__(self, engine, project, work, files):
        self.engine = engine
        self.project = project
        self.work = pathlib.Path(work)
        self.work.mkdir(mode=0o700)
        self.ports = {service: free_port() for service in (*SERVICES, "emulator")}
        composer = ["docker", "compose"] if engine == "docker" else [sys.executable, "-m", "podman_compose"]
        paths = [path if os.path.isabs(path) else str(ROOT / "deploy" / path) for path in files]
        self.composer = [*composer, "-p", project, *(word for path in paths for word in ("-f", path))]
        self.environment = {
            **os.environ,
            "PARAPET_ACCOUNT_PORT": str(self.ports["account-service"]),
            "PARAPET_SYNC_PORT": str(self.ports["sync-service"]),
            "PARAPET_ASSESSMENT_PORT": str(self.ports["assessment-service"]),
            "PARAPET_EMULATOR_PORT": str(self.ports["emulator"]),
            "PARAPET_LOG_LEVEL": "debug",
        }
        self.profile = self.work / "operator" / "profile.json"
        self.program = None
        self.secrets = []

    # The engine.

    def compose(self, *words, check=True):
        return run([*self.composer, *words], check, env=self.environment, cwd=ROOT)

    def control(self, *words, check=True, **options):
        return run([self.engine, *words], check, **options)

    def container(self, service, check=True):
        """The id of a service's container."""
        listed = self.control(
            "ps", "--all", "--quiet", "--no-trunc", "--filter", f"label=com.docker.compose.project={self.project}",
            "--filter", f"label=com.docker.compose.service={service}").stdout.split()
        if check:
            expect(len(listed) == 1, f"{service}: {len(listed)} containers")
        return listed[0] if listed else None

    def inspect(self, service):
        return json.loads(self.control("inspect", self.container(service)).stdout)[0]

    def state(self, service):
        return self.inspect(service)["State"]

    def start(self, *services):
        for service in services:
            self.control("start", self.container(service))

    def stop(self, *services):
        for service in services:
            self.control("stop", "--time", "30", self.container(service))

    def halt(self, service):
        """Stops a service that its restart policy starts again and again: a stop in the middle of a start is refused."""
        eventually(
            f"{service} is stopped",
            lambda: self.control("stop", "--time", "5", self.container(service), check=False).returncode == 0)

    def volume(self, name):
        return f"{self.project}_{name}"

    def in_volume(self, name, script, image="account-service"):
        """Runs a line of shell with a volume at /v, and returns what it prints."""
        return self.control(
            "run", "--rm", "--network", "none", "--volume", f"{self.volume(name)}:/v", "--entrypoint", "/bin/sh",
            f"{os.environ.get('PARAPET_IMAGES', 'parapet')}/{image}:{os.environ.get('PARAPET_TAG', 'latest')}", "-c",
            script).stdout

    def logs(self, service):
        done = self.control("logs", self.container(service))
        return (done.stdout + done.stderr).splitlines()

    def log_count(self, service):
        return len(self.logs(service))

    def since(self, service, mark):
        return "\n".join(self.logs(service)[mark:])

    def health(self, service):
        """Whether the service's own health check succeeds, and its line."""
        done = self.control(
            "exec", self.container(service), f"/usr/bin/{service}", "--health", check=False)
        return done.returncode == 0, (done.stdout + done.stderr).strip()

    def wait_ready(self, *services, peers=True):
        """Until the services are healthy, and reach each other where `peers` says so."""
        for service in services or SERVICES:
            wanted = f"{service}: serving"
            eventually(
                f"{service} is ready",
                lambda: (lambda ok, line: ok and (line == wanted or not peers))(*self.health(service)))

    # The operator.

    def fetch_profile(self):
        """Takes the operator's files out of their volume, as docs/deploying.md says."""
        self.profile.parent.mkdir(mode=0o700)
        for file in ("profile.json", "ca.pem"):
            text = self.compose("run", "--rm", "--no-deps", "--entrypoint", "cat", "pki", f"/pki/operator/{file}").stdout
            (self.profile.parent / file).write_text(text)
        self.secrets.append(json.loads(self.profile.read_text())["token"])

    def fetch_program(self):
        """Takes `parapet` out of its image: called from this machine, it is outside of everything that runs."""
        made = self.control("create", "--network", "none", self.inspect("pki")["Config"]["Image"]).stdout.strip()
        try:
            self.control("cp", f"{made}:/usr/bin/parapet", str(self.work / "parapet"))
        finally:
            self.control("rm", made)
        self.program = str(self.work / "parapet")

    def parapet(self, *words, check=True):
        return run([self.program, *words, "--profile", str(self.profile)], check, env={"HOME": str(self.work)})

    def rows(self, *words):
        """What a listing command gives."""
        return [json.loads(line) for line in self.parapet(*words, "-o", "jsonl").stdout.splitlines()]

    def remove(self):
        """Everything of this project: containers, network, volumes. The emulator's compose file has all services."""
        self.compose("down", "--volumes", "--timeout", "5", check=False)
        left = self.control(
            "ps", "--all", "--quiet", "--filter", f"label=com.docker.compose.project={self.project}").stdout.split()
        for container in left:
            self.control("rm", "--force", container, check=False)
        for kind in ("volume", "network"):
            names = self.control(kind, "ls", "--format", "{{.Name}}").stdout.split()
            for name in names:
                if name.startswith(self.project + "_"):
                    self.control(kind, "rm", name, check=False)

    def leftovers(self):
        found = self.control(
            "ps", "--all", "--quiet", "--filter", f"label=com.docker.compose.project={self.project}").stdout.split()
        for kind in ("volume", "network"):
            names = self.control(kind, "ls", "--format", "{{.Name}}").stdout.split()
            found += [name for name in names if name.startswith(self.project + "_")]
        return found
