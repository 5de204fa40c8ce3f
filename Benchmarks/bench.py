"""Compares echo-server and echo-client with their peers in gRPC C++: same machine, same load, alternating.

Prints medians over the rounds, the range of each, and the ratio against what is to be reached.
"""

import argparse
import os
import pathlib
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time

import http2

ROOT = pathlib.Path(__file__).resolve().parent.parent
PEERS = ROOT / ".build/bench-peers"
UNARY, STREAM = "/bench.Echo/Unary", "/bench.Echo/ServerStream"


def varint(value):
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


PAYLOAD = b"\x0a\x64" + b"x" * 100 + b"\x10\x2a\x1a\x04echo"


def stream_request(count, size):
    return b"\x08" + varint(count) + b"\x10" + varint(size)


class Process:
    """A running server, and what the kernel knows of it."""

    def __init__(self, command, tls=None, port=0):
        arguments = [str(command), "--port", str(port)]
        if tls:
            arguments += ["--tls_cert_file", tls["cert"], "--tls_key_file", tls["key"]]
        self.process = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, close_fds=False)
        self.pid = self.process.pid
        self.port = port or int(self.process.stdout.readline().rsplit(":", 1)[1])

    def tasks(self):
        return pathlib.Path(f"/proc/{self.pid}/task").iterdir()

    def cpu(self):
        """Microseconds on a CPU, user and system, of all threads, those that have ended included."""
        return time.clock_gettime_ns(~self.pid << 3 | 2) / 1000  # clock_getcpuclockid(3)

    def switches(self):
        text = "".join((task / "status").read_text() for task in self.tasks())
        return sum(int(count) for count in re.findall(r"ctxt_switches:\s+(\d+)", text))

    def memory(self, what="RssAnon"):
        """KiB."""
        text = pathlib.Path(f"/proc/{self.pid}/status").read_text()
        return int(re.search(rf"{what}:\s+(\d+)", text)[1])

    def stop(self):
        self.process.terminate()
        self.process.wait(30)
        self.process.stdout.close()


class Bench:
    def __init__(self, work, scale, rounds, peers=True):
        self.work, self.scale, self.rounds = work, scale, rounds
        build = ["swift", "build", "-c", "release", "--static-swift-stdlib"]
        for product in ("echo-server", "echo-client", "codec-benchmark"):
            subprocess.run([*build, "--product", product], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        if peers:
            subprocess.run(["make", "-s", "-C", ROOT / "Benchmarks/Peers"], check=True)
        found = subprocess.run([*build, "--show-bin-path"], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
        ours = pathlib.Path(found.stdout.strip())
        self.servers = {"ours": ours / "echo-server", "gRPC C++": PEERS / "echo_server"}
        self.clients = {"ours": ours / "echo-client", "gRPC C++": PEERS / "echo_client"}
        self.codecs = {"ours": ours / "codec-benchmark", "gRPC C++": PEERS / "codec"}
        self.tls = self.make_certificate()
        self.values = {}

    def make_certificate(self):
        cert, key = str(self.work / "cert.pem"), str(self.work / "key.pem")
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
             "-keyout", key, "-out", cert, "-subj", "/CN=localhost",
             "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
            check=True, stderr=subprocess.DEVNULL)  # fmt: skip
        return {"cert": cert, "key": key}

    def note(self, row, side, value):
        self.values.setdefault(row, {}).setdefault(side, []).append(value)

    def h2load(self, server, path, request, clients, streams, calls, *, tls=False, log=None):
        body = self.work / "request"
        body.write_bytes(http2.message(request))
        command = ["h2load", "-t", "1", "-c", clients, "-m", streams, "-n", calls, "-d", body,
                   "-H", "content-type: application/grpc", "-H", "te: trailers"]  # fmt: skip
        if log:
            command += ["--log-file", log]
        command.append(f"{'https' if tls else 'http'}://127.0.0.1:{server.port}{path}")
        result = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, text=True, timeout=600)
        if f"{calls} succeeded" not in result.stdout:
            sys.exit(f"h2load: {result.stdout}")

    def unary(self, server, side, row, clients, streams, calls, tls=False):
        calls = max(int(calls * self.scale), clients * streams)
        self.h2load(server, UNARY, PAYLOAD, clients, streams, max(calls // 10, clients * streams), tls=tls)
        log = None
        if clients * streams == 1:
            log = self.work / "times"
            log.unlink(missing_ok=True)
        cpu, switches = server.cpu(), server.switches()
        self.h2load(server, UNARY, PAYLOAD, clients, streams, calls, tls=tls, log=log)
        self.note(f"{row}, CPU us", side, (server.cpu() - cpu) / calls)
        self.note(f"{row}, context switches", side, (server.switches() - switches) / calls)
        if log:
            times = sorted(int(line.split("\t")[2]) for line in log.read_text().splitlines())
            self.note(f"{row}, p50 us", side, times[len(times) // 2])

    def system_calls(self, server, side, row, clients, streams, calls):
        trace = self.work / "trace"
        tracer = subprocess.Popen(
            ["strace", "-f", "-c", "-o", trace, "-p", str(server.pid)], stderr=subprocess.DEVNULL)
        while "TracerPid:\t0" in pathlib.Path(f"/proc/{server.pid}/status").read_text():
            time.sleep(0.02)
        time.sleep(0.2)
        self.h2load(server, UNARY, PAYLOAD, clients, streams, calls)
        tracer.send_signal(2)
        tracer.wait()
        total = re.search(r"^\s*100\.\d+\s.*?(\d+)\s+(?:\d+\s+)?total$", trace.read_text(), re.M)
        self.note(f"{row}, system calls", side, int(total[1]) / calls)

    def streams(self, server, side, size, count):
        count = int(count * self.scale)
        request = stream_request(count, size)
        self.h2load(server, STREAM, stream_request(count // 10, size), 1, 1, 1)
        cpu = server.cpu()
        self.h2load(server, STREAM, request, 1, 1, 2)
        self.note(f"server stream, {size} B, CPU us a message", side, (server.cpu() - cpu) / count / 2)

    def clients_alone(self, server):
        """Both clients against the same server: ours."""
        shapes = {
            "client, 100 calls at once, CPU us": ["--calls", int(40000 * self.scale), "--concurrency", 100],
            "client, one call at a time, CPU us": ["--calls", int(8000 * self.scale), "--concurrency", 1],
            "client, stream of 100 B, CPU us a message": ["--messages", int(200000 * self.scale)],
        }
        for row, options in shapes.items():
            for side, client in self.clients.items():
                command = [str(part) for part in [client, f"127.0.0.1:{server.port}", *options]]
                found = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, timeout=600)
                figures = dict(part.split("=") for part in found.stdout.split())
                self.note(row, side, float(figures["cpu_us_each"]))
                if "one call" in row:
                    self.note("client, one call at a time, p50 us", side, float(figures["p50_us"]))

    def idle_memory(self, side):
        for tls in (False, True):
            server = Process(self.servers[side], self.tls if tls else None)
            ca = http2.trust(self.tls["cert"]) if tls else None
            time.sleep(0.3)
            if not tls:
                self.note("idle memory, MiB", side, server.memory("VmRSS") / 1024)
            warm = [http2.Connection(server.port, ca) for _ in range(20)]
            for each in warm:
                each.call(UNARY, PAYLOAD)
            before, count = server.memory(), 400
            held = [http2.Connection(server.port, ca) for _ in range(count)]
            time.sleep(0.5)
            kind = "TLS" if tls else "clear"
            self.note(f"idle connection, {kind}, KiB", side, (server.memory() - before) / count)
            if not tls:
                # 20 calls on each of 100 connections that are there already: what the calls take, and nothing else.
                before = server.memory()
                for connection in held[:100]:
                    for number in range(20):
                        connection.begin(2 * number + 1, UNARY)
                time.sleep(0.5)
                self.note("open waiting call, KiB", side, (server.memory() - before) / 2000)
            for connection in held + warm:
                connection.close()
            server.stop()

    def start(self, side):
        for tls in (False, True):
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                port = probe.getsockname()[1]
            ca = http2.trust(self.tls["cert"]) if tls else None
            begin = time.monotonic()
            server = Process(self.servers[side], self.tls if tls else None, port)
            http2.first_call(port, ca, UNARY, PAYLOAD)
            self.note(f"exec to first answer, {'TLS' if tls else 'clear'}, ms", side, (time.monotonic() - begin) * 1000)
            server.stop()

    def codec(self):
        for side, program in self.codecs.items():
            found = subprocess.run([str(program)], check=True, stdout=subprocess.PIPE, text=True)
            for line in found.stdout.splitlines():
                name, nanoseconds = line.rsplit(" ", 1)
                self.note(f"{name}, ns", side, float(nanoseconds))

    def run(self):
        for number in range(self.rounds):
            print(f"round {number + 1} of {self.rounds}", file=sys.stderr, flush=True)
            clear = {side: Process(command) for side, command in self.servers.items()}
            secure = {side: Process(command, self.tls) for side, command in self.servers.items()}
            for row, clients, streams, calls in (
                ("unary 8x32", 8, 32, 60000), ("unary 1x1", 1, 1, 8000),
                ("unary 1x100", 1, 100, 60000), ("unary 32x32", 32, 32, 60000),
            ):  # fmt: skip
                for side, server in clear.items():
                    self.unary(server, side, row, clients, streams, calls)
            for row, clients, streams, calls in (("TLS unary 8x32", 8, 32, 40000), ("TLS unary 1x1", 1, 1, 6000)):
                for side, server in secure.items():
                    self.unary(server, side, row, clients, streams, calls, tls=True)
            for size, count in ((100, 100000), (10240, 10000)):
                for side, server in clear.items():
                    self.streams(server, side, size, count)
            self.clients_alone(clear["ours"])
            self.codec()
            for side, server in clear.items():
                self.system_calls(server, side, "unary 1x1", 1, 1, 2000)
                self.system_calls(server, side, "unary 8x32", 8, 32, 10000)
            for server in [*clear.values(), *secure.values()]:
                server.stop()
            for side in self.servers:
                self.start(side)
                self.idle_memory(side)


# Row, what must be reached, the goal; a ratio to gRPC C++ unless it says otherwise.
TARGETS = [
    ("unary 8x32, CPU us", 0.18, 0.14, "ratio"),
    ("unary 1x1, CPU us", 0.25, 0.20, "ratio"),
    ("unary 1x1, p50 us", 0.45, 0.35, "ratio"),
    ("unary 1x1, system calls", 4, 3, "value"),
    ("unary 1x1, context switches", 1.1, 1, "value"),
    ("unary 1x100, CPU us", None, None, "ratio"),
    ("unary 32x32, CPU us", 0.20, 0.15, "ratio"),
    ("unary 32x32 / own 1x100", 1.4, 1.25, "own"),
    ("TLS unary 8x32, CPU us", 0.20, 0.14, "ratio"),
    ("TLS unary 1x1, CPU us", 0.30, 0.25, "ratio"),
    ("unary 8x32, system calls", 0.2, 0.12, "value"),
    ("server stream, 100 B, CPU us a message", 0.08, 0.03, "ratio"),
    ("server stream, 10240 B, CPU us a message", 0.7, 0.5, "ratio"),
    ("client, 100 calls at once, CPU us", 0.4, 0.25, "ratio"),
    ("client, one call at a time, CPU us", 0.6, 0.45, "ratio"),
    ("client, one call at a time, p50 us", None, None, "ratio"),
    ("client, stream of 100 B, CPU us a message", 0.4, 0.2, "ratio"),
    ("idle connection, clear, KiB", 24, 18, "value"),
    ("idle connection, TLS, KiB", 60, 42, "value"),
    ("open waiting call, KiB", 4, 2.5, "value"),
    ("idle memory, MiB", 14, 12, "value"),
    ("exec to first answer, clear, ms", 12, 8, "value"),
    ("exec to first answer, TLS, ms", 18, 12, "value"),
    ("decode + encode, ten fields with submessages, ns", 1.2, 1.0, "ratio"),
    ("decode + encode, Finding, ns", None, None, "ratio"),
]


def median_and_range(values):
    return f"{statistics.median(values):.4g} ({min(values):.3g}–{max(values):.3g})"


def table(values):
    own = values.get("unary 32x32, CPU us", {}).get("ours", []), values.get("unary 1x100, CPU us", {}).get("ours", [])
    values["unary 32x32 / own 1x100"] = {"ours": [left / right for left, right in zip(*own)]}
    yield "| what | ours | gRPC C++ | ratio (range) | must | goal | verdict |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for row, must, goal, kind in TARGETS:
        ours, theirs = values.get(row, {}).get("ours"), values.get(row, {}).get("gRPC C++")
        if not ours:
            continue
        ratios = [left / right for left, right in zip(ours, theirs)] if theirs else None
        judged = statistics.median(ratios if kind == "ratio" else ours)
        verdict = "" if must is None else "goal" if judged <= goal else "must" if judged <= must else "MISSED"
        yield " | ".join(
            [f"| {row}", median_and_range(ours), median_and_range(theirs) if theirs else "",
             median_and_range(ratios) if ratios else "",
             "" if must is None else f"{must}{'×' if kind == 'ratio' else ''}",
             "" if goal is None else f"{goal}{'×' if kind == 'ratio' else ''}", f"{verdict} |"])  # fmt: skip


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--scale", type=float, default=1.0, help="of the number of calls")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        bench = Bench(pathlib.Path(work), options.scale, options.rounds)
        bench.run()
        print("\n".join(table(bench.values)))


if __name__ == "__main__":
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    main()
