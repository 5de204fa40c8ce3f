"""What an operator gets wrong, or a machine runs out of: each time a clear message, and nothing lost."""
import contextlib
import datetime
import json

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

from scenarios_use import expect_nothing_lost
from stack import Stack, eventually, expect, run


def gives_up(stack, service, mark, text):
    """Until a service has said why it does not start."""
    eventually(f"{service} says `{text}`", lambda: text in stack.since(service, mark))
    said = [json.loads(line) for line in stack.since(service, mark).splitlines()]
    line = next(row for row in said if row["message"] == "cannot start")
    return line["fields"]["error"]


def missing_peer(stack):
    """without the sync service the others work on and say what is missing; a command for it waits and is delivered"""
    before = {row["id"] for row in stack.rows("sync", "list", "--account", "demo")}
    stack.stop("sync-service")
    for service in ("account-service", "assessment-service"):
        eventually(
            f"{service} notices",
            lambda: stack.health(service) == (True, f"{service}: serving; sync-service cannot be reached"))
    expect(len(stack.rows("account", "list")) == 1, "the account is not listed")
    expect(stack.rows("alert", "list", "--account", "demo"), "alerts are not listed")
    refused = stack.parapet("sync", "start", "demo", check=False)
    expect(refused.returncode == 6, f"exit {refused.returncode}: {refused.stderr}")
    # Disabling is done once the sync service has been told; enabling begins a sync.
    stack.parapet("account", "disable", "demo")
    stack.start("sync-service")
    stack.wait_ready()
    eventually(
        "the account is disabled and enabled again",
        lambda: stack.parapet("account", "enable", "demo", check=False).returncode == 0)
    eventually(
        "the sync that was wished for",
        lambda: any(row["id"] not in before and row["state"] in ("succeeded", "partial") and
                    row["assessment"] not in ("pending", "running")
                    for row in stack.rows("sync", "list", "--account", "demo")), limit=180)
    expect_nothing_lost(stack)
    return refused.stderr.strip().splitlines()[0]


def wrong_vault_key(stack):
    """with another vault key the account service does not start and says so; with the right one all is there"""
    stack.stop("account-service")
    right = stack.in_volume("account-vault", "cat /v/vault.key").strip()
    stack.secrets.append(right)
    write = "umask 077; echo %s > /v/vault.key"
    mark = stack.log_count("account-service")
    try:
        stack.in_volume("account-vault", write % ("0" * 64))
        stack.control("start", stack.container("account-service"))
        error = gives_up(stack, "account-service", mark, "is not the one that the database's external IDs are sealed with")
    finally:
        stack.halt("account-service")
        stack.in_volume("account-vault", write % right)
    stack.start("account-service")
    stack.wait_ready()
    # The external ID can be opened. Its peers' connections may still be to the container that went away.
    eventually(
        "the connection is tested", lambda: stack.parapet("account", "test", "demo", check=False).returncode == 0)
    expect_nothing_lost(stack)
    return error


def missing_vault_key(stack):
    """without its vault key the account service does not start, and makes no new one"""
    stack.stop("account-service")
    mark = stack.log_count("account-service")
    try:
        stack.in_volume("account-vault", "mv /v/vault.key /v/aside")
        stack.control("start", stack.container("account-service"))
        error = gives_up(stack, "account-service", mark, "is missing, and the database holds external IDs sealed with it")
        expect("vault.key" not in stack.in_volume("account-vault", "ls /v").split(), "a new key was made")
    finally:
        stack.halt("account-service")
        stack.in_volume("account-vault", "mv /v/aside /v/vault.key")
    stack.start("account-service")
    stack.wait_ready()
    expect_nothing_lost(stack)
    return error


def expired(stack):
    """The sync service's certificate as it would be after its end, PEM."""
    authority = x509.load_pem_x509_certificate(stack.in_volume("pki-ca", "cat /v/ca.pem").encode())
    key = serialization.load_pem_private_key(stack.in_volume("pki-ca", "cat /v/ca.key").encode(), None)
    leaf = x509.load_pem_x509_certificate(stack.in_volume("sync-tls", "cat /v/cert.pem").encode())
    now = datetime.datetime.now(datetime.timezone.utc)
    made = (
        x509.CertificateBuilder().subject_name(leaf.subject).issuer_name(authority.subject)
        .public_key(leaf.public_key()).serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=90)).not_valid_after(now - datetime.timedelta(hours=1)))
    for extension in leaf.extensions:
        made = made.add_extension(extension.value, extension.critical)
    return made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()


def expired_certificate(stack):
    """with an expired certificate the sync service does not start and says so; `pki init` renews it"""
    before = stack.in_volume("account-tls", "cat /v/cert.pem")
    stack.stop("sync-service")
    stack.in_volume("sync-tls", f"cat > /v/cert.pem <<'PEM'\n{expired(stack)}PEM")
    mark = stack.log_count("sync-service")
    stack.control("start", stack.container("sync-service"))
    error = gives_up(stack, "sync-service", mark, "expired at")
    stack.start("pki")
    eventually("the certificate is renewed", lambda: "sync-service: issued" in "\n".join(stack.logs("pki")[-4:]))
    expect(stack.in_volume("account-tls", "cat /v/cert.pem") == before, "a good certificate was replaced")
    stack.start("sync-service")
    stack.wait_ready()
    expect_nothing_lost(stack)
    return error


def renewed_in_use(stack):
    """a certificate that is replaced while the service runs is taken over without a restart"""
    pid = stack.state("assessment-service")["Pid"]
    mark = stack.log_count("assessment-service")
    stack.in_volume("assessment-tls", "rm /v/cert.pem")
    stack.start("pki")
    eventually("the new certificate", lambda: "certificates reloaded" in stack.since("assessment-service", mark))
    expect(stack.state("assessment-service")["Pid"] == pid, "it was started again")
    stack.wait_ready()


FULL = """
volumes:
  account-data:
    driver_opts: {type: none, device: "FOLDER", o: bind}
"""


@contextlib.contextmanager
def small_stack(stack, name, size):
    """A second stack whose account service has a data volume of `size`, gone at the end."""
    folder = stack.work / f"{name}-data"
    folder.mkdir()
    override = stack.work / f"{name}.yaml"
    override.write_text(FULL.replace("FOLDER", str(folder)))
    run(["mount", "-t", "tmpfs", "-o", f"size={size},uid=10001,gid=10001,mode=0700", "tmpfs", str(folder)])
    small = Stack(stack.engine, f"{stack.project}-{name}", stack.work / name, ["compose.yaml", str(override)])
    try:
        yield small
    finally:
        small.remove()
        run(["umount", str(folder)])


def full_volume(stack):
    """on a full volume the account service refuses writes with the reason, answers reads, and goes on when there is room"""
    with small_stack(stack, "full", "6m") as small:
        small.compose("up", "--detach", "--no-build")
        small.wait_ready()
        small.fetch_profile()
        small.program = stack.program
        small.parapet("account", "create", "--name", "before")
        container = small.container("account-service")
        small.control("exec", container, "/bin/sh", "-c", "dd if=/dev/zero of=/data/filler bs=4k 2>/dev/null || true")
        eventually(
            "health says so",
            lambda: small.health("account-service") == (
                False, "account-service: not serving; its database cannot be written"))
        refused = small.parapet("account", "create", "--name", "refused", check=False)
        expect(refused.returncode != 0 and "full" in refused.stderr or "space" in refused.stderr,
               f"exit {refused.returncode}: {refused.stderr}")
        expect([row["name"] for row in small.rows("account", "list")] == ["before"], "reads are not answered")
        expect(small.state("account-service")["Running"], "it ended")
        small.control("exec", container, "/bin/rm", "/data/filler")
        small.wait_ready()
        small.parapet("account", "create", "--name", "after")
        names = sorted(row["name"] for row in small.rows("account", "list"))
        expect(names == ["after", "before"], f"{names}")
        return refused.stderr.strip().splitlines()[0]


def no_room_to_start(stack):
    """on a volume without room for a database the account service does not start, and says so"""
    with small_stack(stack, "tiny", "16k") as small:
        small.compose("up", "--detach", "--no-build", check=False)
        return gives_up(small, "account-service", 0, "cannot start")


ALL = (
    missing_peer, wrong_vault_key, missing_vault_key, expired_certificate, renewed_in_use, full_volume, no_room_to_start,
)
