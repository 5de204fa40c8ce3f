"""The stack in use: started, called from outside, an account onboarded, synced and assessed."""
import json
import re
import os
import sys

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase

from stack import PORTS, ROOT, SERVICES, eventually, expect, run

REGIONS = "us-east-1,eu-west-1,eu-central-1,ap-southeast-2"
NAMES = {
    "account-service": "parapet.account.v1.AccountService",
    "sync-service": "parapet.sync.v1.SyncService",
    "assessment-service": "parapet.assessment.v1.AssessmentService",
}


def starts(stack):
    """the stack starts: certificates by the one-shot service, then three services that are ready"""
    stack.compose("up", "--detach", "--no-build")
    stack.wait_ready()
    expect(stack.state("pki")["ExitCode"] == 0, "the one-shot service failed")
    stack.fetch_profile()
    stack.fetch_program()
    expect(stack.profile.stat().st_mode & 0o077 == 0, "others can read the profile")


def onboards(stack):
    """an account is onboarded, synced and assessed by the CLI over TLS"""
    endpoint = f"http://127.0.0.1:{stack.ports['emulator']}"
    run([sys.executable, str(ROOT / "scripts/demo-account.py"), "--endpoint", endpoint])
    stack.parapet("account", "create", "--name", "demo")
    template = stack.work / "role.yaml"
    stack.parapet("account", "template", "demo", "--format", "cloudformation", "--out", str(template))
    found = re.search(r"sts:ExternalId[\"']?:\s*[\"']?([\w+=,.@:/-]{16,})", template.read_text())
    expect(found, "no external ID in the template")
    external = found[1]
    stack.secrets.append(external)
    role = run([
        sys.executable, str(ROOT / "scripts/demo-stack.py"), "--endpoint", endpoint, "--template", str(template),
    ]).stdout.strip()
    stack.parapet("onboard", "--name", "demo", "--role-arn", role, "--regions", REGIONS, "--wait")
    stack.seen = what_is_known(stack)
    assets, alerts = stack.seen
    expect(len(assets) >= 50 and len(alerts) >= 20, f"{len(assets)} assets, {len(alerts)} alerts")
    return f"{len(assets)} assets, {len(alerts)} open alerts"


def what_is_known(stack):
    """The assets and the open alerts, in an order that does not depend on when they were found."""
    assets = sorted(row["arn"] or row["id"] for row in stack.rows("asset", "list", "--account", "demo"))
    alerts = sorted(row["id"] for row in stack.rows("alert", "list", "--account", "demo"))
    return assets, alerts


def expect_nothing_lost(stack):
    expect(what_is_known(stack) == stack.seen, "assets or alerts are not what they were")


def explains(stack):
    """an alert is explained with its control, its SQL and the configuration that it saw"""
    text = stack.parapet("alert", "explain", stack.seen[1][0]).stdout
    expect("select" in text.lower() and "arn:" in text, text[:500])


def other_clients(stack):
    """grpcio and buf call the published ports over TLS with a token: health, reflection, a method"""
    profile = json.loads(stack.profile.read_text())
    authority = (stack.profile.parent / "ca.pem").read_bytes()
    for service in SERVICES:
        address = f"localhost:{stack.ports[service]}"
        credentials = grpc.composite_channel_credentials(
            grpc.ssl_channel_credentials(authority), grpc.access_token_call_credentials(profile["token"]))
        with grpc.secure_channel(address, credentials) as channel:
            health = health_pb2_grpc.HealthStub(channel)
            for name in ("", NAMES[service], "database"):
                status = health.Check(health_pb2.HealthCheckRequest(service=name), timeout=10).status
                expect(status == health_pb2.HealthCheckResponse.SERVING, f"{service}: {name!r} {status}")
            expect(NAMES[service] in ProtoReflectionDescriptorDatabase(channel).get_services(), f"{service}: reflection")
    answer = run([
        os.path.join(os.path.dirname(sys.executable), "buf"), "curl", "--protocol", "grpc", "--cacert",
        str(stack.profile.parent / "ca.pem"), "--reflect-header", f"authorization: Bearer {profile['token']}", "--header",
        f"authorization: Bearer {profile['token']}", "--data", "{}",
        f"https://localhost:{stack.ports['account-service']}/{NAMES['account-service']}/ListAccounts",
    ])
    expect("demo" in answer.stdout, answer.stdout)


def strangers(stack):
    """without a token or with a wrong one, nothing but health is answered"""
    authority = (stack.profile.parent / "ca.pem").read_bytes()
    wrong = json.loads(stack.profile.read_text())
    wrong["token"] = "parapet_" + "0" * 64
    wrong["ca_file"] = str(stack.profile.parent / "ca.pem")
    file = stack.work / "wrong.json"
    file.write_text(json.dumps(wrong))
    for words in (("account", "list"), ("asset", "list", "--account", "demo"), ("alert", "list")):
        done = run([stack.program, *words, "--profile", str(file)], check=False)
        expect(done.returncode == 5 and "token" in done.stderr, f"{words}: exit {done.returncode}: {done.stderr}")
    with grpc.secure_channel(f"localhost:{stack.ports['sync-service']}", grpc.ssl_channel_credentials(authority)) as channel:
        health = health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(), timeout=10)
        expect(health.status == health_pb2.HealthCheckResponse.SERVING, "health is not open")


def logs(stack):
    """every log line is JSON with time, level, service and message, and none holds a secret"""
    counted = 0
    for service in SERVICES:
        for line in stack.logs(service):
            try:
                row = json.loads(line)
            except ValueError:
                expect(False, f"{service}: not JSON: {line[:300]}")
            expect(set(row) >= {"time", "level", "service", "message"}, f"{service}: {line[:300]}")
            for secret in stack.secrets:
                expect(secret not in line, f"{service}: a secret in: {row['message']}")
            counted += 1
    for container in (*SERVICES, "pki"):
        described = json.dumps(stack.inspect(container))
        for secret in stack.secrets:
            expect(secret not in described, f"{container}: a secret in its configuration")
    return f"{counted} lines"


def request_ids(stack):
    """a failed call is logged with the request id that its caller gave and was given back"""
    profile = json.loads(stack.profile.read_text())
    authority = (stack.profile.parent / "ca.pem").read_bytes()
    identity = "compose-test-request-1"
    credentials = grpc.composite_channel_credentials(
        grpc.ssl_channel_credentials(authority), grpc.access_token_call_credentials(profile["token"]))
    with grpc.secure_channel(f"localhost:{stack.ports['sync-service']}", credentials) as channel:
        call = channel.unary_unary(f"/{NAMES['sync-service']}/GetSync", lambda b: b, lambda b: b)
        try:
            call(b"\x0a\x07no-such", metadata=(("x-request-id", identity),), timeout=10)
            expect(False, "GetSync of nothing succeeded")
        except grpc.RpcError as error:
            expect(("x-request-id", identity) in [tuple(pair) for pair in error.trailing_metadata()], "trailers")
    found = eventually(
        "the line", lambda: [json.loads(line) for line in stack.logs("sync-service") if identity in line])
    expect(any(row["fields"].get("request_id") == identity and row["fields"].get("code") for row in found), f"{found}")


FIRST = (starts, onboards)
ALL = (explains, other_clients, strangers, request_ids)
LAST = (logs,)
