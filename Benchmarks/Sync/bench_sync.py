"""Measures the sync service against an emulated AWS, and prints what is to be reached beside it.

The emulator, three services and their command line are real; the service's own ceilings of calls a second, which would
make it wait, are raised in a copy of the share directory for all rows but the one of throttles.
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
TICKS = os.sysconf("SC_CLK_TCK")
BUILT = ROOT / ".build/bench-sync"


class Emulator:
    def __init__(self):
        self.process = subprocess.Popen([str(BUILT / "emulator")], stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())
        self.url = f"http://127.0.0.1:{self.port}"

    def ask(self, path):
        with urllib.request.urlopen(f"{self.url}/_bench/{path}") as reply:
            return json.load(reply)

    def set(self, **values):
        return self.ask("set?" + "&".join(f"{name}={value}" for name, value in values.items()))

    def stats(self):
        return self.ask("stats")

    def reset(self):
        return self.ask("reset")

    def stop(self):
        self.process.kill()
        self.process.wait()


def unfolded(frame):
    """The content's size in the head of a zstd frame (RFC 8878, 3.1.1.1)."""
    flags = frame[4]
    is_single = flags >> 5 & 1
    start = 5 + (0 if is_single else 1) + (0, 1, 2, 4)[flags & 3]
    count = (is_single, 2, 4, 8)[flags >> 6]
    return int.from_bytes(frame[start:start + count], "little") + (256 if count == 2 else 0)


class Stack:
    """`parapet up` with a data directory of its own, and what the kernel knows of its sync service."""

    def __init__(self, binaries, emulator, work, in_flight, share):
        self.binaries, self.work = binaries, pathlib.Path(work)
        self.profile = str(self.work / "profile.json")
        environment = {
            **os.environ,
            "AWS_ENDPOINT_URL": emulator.url,
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "bench",
            "AWS_SECRET_ACCESS_KEY": "bench",
            "PARAPET_PROFILE": self.profile,
            "PARAPET_MAX_IN_FLIGHT": str(in_flight),
        }
        self.environment = environment
        ready = self.work / "ready"
        log = open(self.work / "up.log", "w")
        self.process = subprocess.Popen(
            [str(binaries / "parapet"), "up", "--data-dir", str(self.work / "data"), "--profile", self.profile,
             "--ready-file", str(ready), "--share", str(share)], env=environment, stdout=log, stderr=log)
        deadline = time.monotonic() + 60
        while not ready.exists():
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise SystemExit("the services did not start:\n" + (self.work / "up.log").read_text())
            time.sleep(0.05)
        self.pid = next(
            int(child) for child in self.children(self.process.pid)
            if os.path.basename(os.readlink(f"/proc/{child}/exe")) == "sync-service")

    @staticmethod
    def children(pid):
        return [child for task in pathlib.Path(f"/proc/{pid}/task").iterdir()
                for child in (task / "children").read_text().split()]

    def cli(self, *arguments):
        done = subprocess.run(
            [str(self.binaries / "parapet"), *arguments], env=self.environment, capture_output=True, text=True)
        return done

    def json(self, *arguments):
        done = self.cli(*arguments, "-o", "json")
        if done.returncode:
            raise SystemExit(f"parapet {' '.join(arguments)}: {done.stderr}{done.stdout}")
        return json.loads(done.stdout)

    def cpu(self):
        """Seconds of all threads, ended ones too."""
        fields = pathlib.Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def peak(self):
        return int(re.search(r"VmHWM:\s+(\d+)", pathlib.Path(f"/proc/{self.pid}/status").read_text())[1]) / 1024

    def forget_peak(self):
        pathlib.Path(f"/proc/{self.pid}/clear_refs").write_text("5")

    def written(self):
        return int(re.search(r"write_bytes: (\d+)", pathlib.Path(f"/proc/{self.pid}/io").read_text())[1])

    @property
    def database(self):
        return next(self.work.glob("data/**/sync.db"))

    def has_database(self):
        return any(self.work.glob("data/**/sync.db"))

    def settle(self):
        """Waits until the service is idle: the assessment reads what a sync found."""
        quiet, last, deadline = 0, self.cpu(), time.monotonic() + 120
        while quiet < 8 and time.monotonic() < deadline:
            time.sleep(0.25)
            now = self.cpu()
            quiet = quiet + 1 if now - last < 0.02 else 0
            last = now

    def query(self, sql):
        connection = sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)
        try:
            return connection.execute(sql).fetchone()
        finally:
            connection.close()

    def bodies(self, count):
        """Of the latest versions: bytes of their configurations, and of what is stored of them."""
        connection = sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)
        try:
            frames = [row[0] for row in connection.execute(f"SELECT body FROM version ORDER BY k DESC LIMIT {count}")]
        finally:
            connection.close()
        return sum(map(unfolded, frames)), sum(map(len, frames))

    def size(self):
        return sum(path.stat().st_size for path in self.database.parent.glob("sync.db*"))

    def stop(self):
        self.process.terminate()
        self.process.wait()


class Run:
    """One sync, from its start to the state of its row that ends it, with what it cost."""

    def __init__(self, stack, emulator, start):
        before = stack.query("SELECT coalesce(max(k), 0) FROM run")[0]
        versions = stack.query("SELECT count(*) FROM version")[0]
        change = stack.query("SELECT coalesce(max(change), 0) FROM asset")[0]
        stack.forget_peak()
        emulator.reset()
        cpu, written = stack.cpu(), stack.written()
        start()
        deadline = time.monotonic() + 3600
        while True:
            row = stack.query(
                "SELECT end_time - start_time, assets_seen, assets_changed, api_calls, retries, throttles, state, problem "
                f"FROM run WHERE k > {before} AND end_time IS NOT NULL ORDER BY k LIMIT 1")
            if row or time.monotonic() > deadline:
                break
            time.sleep(0.02)
        if not row:
            raise SystemExit("a sync did not end within the hour")
        self.cpu, self.peak = stack.cpu() - cpu, stack.peak()
        self.wall, self.seen, self.changed = row[0] / 1000, row[1], row[2]
        self.calls, self.retries, self.throttles, self.state, self.problem = row[3:]
        self.aws = emulator.stats()
        stack.settle()
        self.written = stack.written() - written
        self.versions = stack.query("SELECT count(*) FROM version")[0] - versions
        self.rows = stack.query(f"SELECT count(*) FROM asset WHERE change > {change}")[0]

    def __str__(self):
        return (f"state {self.state} {self.problem!r}: {self.seen} assets, {self.changed} changed, {self.calls} calls "
                f"({self.aws['calls']} at AWS, least {self.aws['least']}), wall {self.wall:.1f} s, CPU {self.cpu:.2f} s, "
                f"peak {self.peak:.0f} MB, {self.aws['connections']} connections, {self.aws['mostInFlight']} in flight, "
                f"{self.throttles} throttles, {self.versions} versions, {self.written / 1024:.0f} kB written")


def raised_share(work):
    """The share directory with ceilings that no call reaches."""
    share = pathlib.Path(work) / "share"
    shutil.copytree(ROOT / "share/parapet", share)
    path = share / "call-rates.json"
    rates = json.loads(path.read_text())
    for entry in [rates["usual"], *rates["services"].values()]:
        entry["callsPerSecond"] = 10_000
    path.write_text(json.dumps(rates))
    return share


REGIONS = ["us-east-1", "us-east-2", "us-west-1", "us-west-2", "eu-west-1", "eu-west-2", "eu-west-3", "eu-central-1",
           "eu-north-1", "ap-south-1", "sa-east-1", "ap-southeast-1", "ap-southeast-2", "ap-northeast-1",
           "ap-northeast-2", "ca-central-1", "ap-northeast-3"]


def connected(stack, emulator, regions, name="bench"):
    """Connects an account; its first sync, measured."""
    return Run(stack, emulator, lambda: connect(stack, name, regions))


def resync(stack, emulator, name="bench"):
    # Refused while what the last one found is assessed.
    deadline = time.monotonic() + 300
    while True:
        stack.settle()
        if stack.query("SELECT count(*) FROM run WHERE assessment IN (1, 2)")[0] == 0 or time.monotonic() > deadline:
            break
    return Run(stack, emulator, lambda: stack.json("sync", "start", name))


class Table:
    def __init__(self):
        self.failed = False
        print(f"{'what':<58} {'measured':>12} {'must':>10} {'goal':>10}  verdict", flush=True)

    def row(self, what, value, must, goal, unit=""):
        verdict = "goal" if value <= goal else "must" if value <= must else "NOT REACHED"
        self.failed |= value > must
        number = f"{value:.2f}".rstrip("0").rstrip(".") if value < 100 else f"{value:.0f}"
        print(f"{what:<58} {number + unit:>12} {str(must) + unit:>10} {str(goal) + unit:>10}  {verdict}", flush=True)


LISTED = {"buckets": 0, "roles": 0, "keys": 0, "topics": 0, "instances": 10000, "volumes": 0, "groups": 0}
SMALL = {"buckets": 1400, "roles": 0, "keys": 0, "topics": 0, "instances": 0, "volumes": 0, "groups": 0}
WHOLE = {"buckets": 680, "roles": 1000, "keys": 50, "topics": 490, "instances": 10000, "volumes": 8000, "groups": 5790}
# Ten times as much, in 17 regions.
MILLION = {"buckets": 6800, "roles": 10000, "keys": 118, "topics": 1150, "instances": 24000, "volumes": 19000,
           "groups": 13600}


def floor(emulator):
    """Microseconds of CPU a call: the best of three."""
    times = []
    for _ in range(3):
        done = subprocess.run([str(BUILT / "curlfloor"), str(emulator.port), "20000", "64"], capture_output=True, text=True)
        times.append(float(done.stdout))
    return min(times)


def session(binaries, emulator, fleet, body, in_flight=64, regions=4, latency=0, throttles=0, raised=True):
    """A stack of its own over a fleet, for what `body` measures; `raised`: without the service's own ceilings."""
    emulator.set(latency=latency, generation=0, churn=0, regions=regions, throttles=throttles, hang="", **fleet)
    with tempfile.TemporaryDirectory() as work:
        stack = Stack(binaries, emulator, work, in_flight, raised_share(work) if raised else ROOT / "share/parapet")
        try:
            return body(stack)
        finally:
            stack.stop()


def small_calls(table, binaries, emulator):
    least = floor(emulator)

    def body(stack):
        connected(stack, emulator, 1)
        run = resync(stack, emulator)
        print(f"  small calls: {run}; floor {least:.1f} us", flush=True)
        table.row("CPU per small call, of libcurl's in C", run.cpu * 1e6 / run.calls / least, 3, 1.5, "x")

    session(binaries, emulator, SMALL, body, regions=1)


def listed_assets(table, binaries, emulator):
    def body(stack):
        first, again = connected(stack, emulator, 4), resync(stack, emulator)
        print(f"  first:     {first}\n  unchanged: {again}", flush=True)
        table.row("CPU per listed asset, first sync", first.cpu * 1e6 / first.seen, 60, 25, " us")
        table.row("CPU per listed asset, unchanged", again.cpu * 1e6 / again.seen, 40, 20, " us")

    session(binaries, emulator, LISTED, body)


def whole(table, binaries, emulator):
    def body(stack):
        first = connected(stack, emulator, 4)
        print(f"  first:     {first}", flush=True)
        table.row("CPU of a first sync of 100,000 assets", first.cpu, 6, 3, " s")
        table.row("peak memory, 100,000 assets, 64 in flight", first.peak, 160, 90, " MB")
        table.row("calls against the least", first.calls / first.aws["least"], 1.15, 1.02)
        table.row("connections against calls in flight", first.aws["connections"] / 64, 1.1, 1)
        table.row("database, an asset", stack.size() / first.seen / 1000, 1.2, 0.5, " kB")
        again = resync(stack, emulator)
        print(f"  unchanged: {again}", flush=True)
        # The assumed role is the one call that a resync may save.
        table.row("calls of a resync that differ from the first", abs(again.calls - first.calls), 1, 0)
        table.row("unchanged resync: asset rows written", again.rows + again.versions, 0, 0)
        table.row("unchanged resync: bytes written", again.written / 1024, 512, 64, " kB")
        emulator.set(churn=10, generation=1)
        changed = resync(stack, emulator)
        print(f"  1 % churn: {changed}", flush=True)
        configurations, stored = stack.bodies(changed.versions)
        print(f"  the changed versions: {configurations / 1024:.0f} kB of configurations, stored in {stored / 1024:.0f} kB",
              flush=True)
        table.row("1 % changed: bytes written, of their configurations", changed.written / max(1, configurations), 6, 3, "x")

    session(binaries, emulator, WHOLE, body)


def wall(table, binaries, emulator):
    def body(stack):
        first = connected(stack, emulator, 4)
        print(f"  50 ms:     {first}", flush=True)
        table.row("wall, 50 ms latency, 64 in flight, 100,000 assets", first.wall, 22, 17.5, " s")

    session(binaries, emulator, WHOLE, body, latency=50)


def million(table, binaries, emulator):
    def body(stack):
        first = connected(stack, emulator, 17)
        print(f"  million:   {first}", flush=True)
        table.row("wall, 50 ms latency, 256 in flight, 1,000,000 assets", first.wall, 90, 50, " s")
        table.row("peak memory, 1,000,000 assets, 256 in flight", first.peak, 350, 200, " MB")

    session(binaries, emulator, MILLION, body, in_flight=256, regions=17, latency=50)


def wait_for(what, condition, seconds=600):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise SystemExit(f"waited {seconds} s in vain: {what}")
        time.sleep(0.01)


def connect(stack, name, regions, number=0):
    stack.json("account", "create", "--name", name)
    deadline = time.monotonic() + 30
    while True:
        done = stack.cli("account", "connect", name, "--role-arn", f"arn:aws:iam::{111122223333 + number}:role/bench",
                         "--regions", ",".join(REGIONS[:regions]))
        if done.returncode == 0:
            return
        # On a busy machine a service may not listen yet.
        if "cannot be reached" not in done.stderr or time.monotonic() > deadline:
            raise SystemExit(f"connect {name}: {done.stderr}{done.stdout}")
        time.sleep(0.2)


def cancelled(table, binaries, emulator):
    """From before the command that cancels is started to the last call that AWS sees."""
    def body(stack):
        emulator.reset()
        connect(stack, "bench", 4)
        wait_for("a sync under way", lambda: emulator.stats()["calls"] > 2000)
        run = stack.query("SELECT id FROM run ORDER BY k DESC LIMIT 1")[0]
        asked = emulator.stats()["nowUs"]
        stack.cli("sync", "cancel", run)
        wait_for("the end of the run", lambda: stack.query("SELECT end_time FROM run ORDER BY k DESC LIMIT 1")[0])
        ended = emulator.stats()
        # A call that came after the run's end would be seen by now.
        time.sleep(1)
        last = emulator.stats()
        print(f"  cancel:    {last['calls']} calls, {last['calls'] - ended['calls']} of them after the end", flush=True)
        table.row("cancel -> last AWS call", max(0, last["lastUs"] - asked) / 1e6, 2, 0.2, " s")

    session(binaries, emulator, WHOLE, body, latency=50)


CROWD = {"buckets": 10, "roles": 10, "keys": 1, "topics": 2, "instances": 60, "volumes": 40, "groups": 20}


def hanging(table, binaries, emulator, accounts=50):
    """All accounts at once: when the last scope of the regions that answer has ended, without and with one that hangs."""
    hung = REGIONS[3]

    def round(stack):
        stack.settle()
        wait_for("quiet", lambda: stack.query("SELECT count(*) FROM run WHERE assessment IN (1, 2)")[0] == 0)
        before = stack.query("SELECT max(k) FROM run")[0]
        began = time.time()
        for number in range(accounts):
            stack.json("sync", "start", f"bench-{number}")
        wait_for("the end of all runs", lambda: stack.query(
            f"SELECT count(*) FROM run WHERE k > {before} AND end_time IS NOT NULL")[0] == accounts)
        # Where a bucket is read is its own region: those of the region that hangs are its own loss.
        last = stack.query(f"SELECT max(attempt_time) FROM scope WHERE region <> '{hung}' AND type <> 'aws_s3_bucket'")[0]
        states = stack.query(f"SELECT sum(state = 3), sum(state = 4), sum(state NOT IN (3, 4)) FROM run WHERE k > {before}")
        ends = stack.query(f"SELECT max(end_time) FROM run WHERE k > {before}")[0]
        print(f"  {accounts} accounts: others done after {last / 1000 - began:.1f} s, all after {ends / 1000 - began:.1f} s; "
              f"{states[0]} succeeded, {states[1]} partial, {states[2]} else; {emulator.stats()['hung']} calls hung", flush=True)
        return last / 1000 - began

    def body(stack):
        for number in range(accounts):
            connect(stack, f"bench-{number}", 4, number)
        wait_for("the first syncs", lambda: stack.query(
            "SELECT count(*) FROM run WHERE end_time IS NOT NULL")[0] == accounts)
        usual = round(stack)
        emulator.reset()
        emulator.set(hang=hung)
        table.row("one region hangs, 50 accounts: the others' time", round(stack) / usual, 1.2, 1.2, "x")
        emulator.set(hang="")

    session(binaries, emulator, CROWD, body, latency=50)


LIMITED = {"buckets": 400, "roles": 60, "keys": 20, "topics": 20, "instances": 10000, "volumes": 8000, "groups": 5790}


def throttled(table, binaries, emulator):
    """Under the service's own ceilings, against token buckets."""
    def body(stack):
        first = connected(stack, emulator, 4)
        print(f"  throttles: {first}", flush=True)
        table.row("throttles, of all calls", 100 * first.throttles / first.calls, 1, 0.1, " %")
        gaps = stack.query("SELECT count(*) FROM scope WHERE NOT removed AND (state <> 1 OR assets_with_gaps > 0)")[0]
        table.row("scopes with a gap for throttles", gaps, 0, 0)

    session(binaries, emulator, LIMITED, body, throttles=1, raised=False)


ROWS = {"calls": small_calls, "listed": listed_assets, "whole": whole, "wall": wall, "cancel": cancelled,
        "hang": hanging, "throttles": throttled, "million": million}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", choices=ROWS, help="parts to measure; default all but the million")
    parser.add_argument("--million", action="store_true", help="also a million assets: some minutes")
    parser.add_argument("--binaries", type=pathlib.Path, default=ROOT / ".build/release")
    options = parser.parse_args()
    BUILT.mkdir(parents=True, exist_ok=True)
    subprocess.run(["make", "-s", "-C", str(ROOT / "Benchmarks/Sync"), f"OUT={BUILT}"], check=True)
    emulator, table = Emulator(), Table()
    try:
        for name in options.only or [name for name in ROWS if name != "million" or options.million]:
            ROWS[name](table, options.binaries, emulator)
    finally:
        emulator.stop()
    return 1 if table.failed else 0


if __name__ == "__main__":
    sys.exit(main())
