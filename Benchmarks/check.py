"""Counts instructions and allocations of a call, which a busy machine does not change, and compares them with
`thresholds.txt`. Exits 1 when one is exceeded. `--update` writes what was counted as the new thresholds.

Each figure is the difference of two runs of different length, so that start and connecting do not count.
"""

import argparse
import collections
import pathlib
import re
import subprocess
import sys
import tempfile

import bench

THRESHOLDS = pathlib.Path(__file__).with_name("thresholds.txt")
# Over the threshold by this much: what the number of calls that happen to share a turn makes of it.
MARGIN = 1.04


def parse(path):
    """Instructions in all, and calls of the allocator."""
    names, callee, total = {}, None, 0
    calls = collections.Counter()
    for line in path.read_text(errors="replace").splitlines():
        if line.startswith("cfn="):
            number, name = re.match(r"cfn=\((\d+)\)(?: (.*))?", line).groups()
            callee = names.setdefault(number, name) if name else names.get(number)
        elif line.startswith("fn="):
            number, name = re.match(r"fn=\((\d+)\)(?: (.*))?", line).groups()
            if name:
                names[number] = name
        elif line.startswith("calls="):
            calls[callee] += int(line[6:].split()[0])
        elif line.startswith(("summary:", "totals:")):
            total = int(line.split()[1])
    allocations = sum(calls[name] for name in ("malloc", "calloc", "realloc", "posix_memalign", "aligned_alloc"))
    return total, allocations


class Check(bench.Bench):
    def count(self, command, load=None):
        """Runs `command` under callgrind; `load` is called with the port that it prints, then it is ended."""
        output = self.work / "callgrind"
        output.unlink(missing_ok=True)
        valgrind = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={output}"]
        program, *options = command
        # Valgrind gives up on the debug information of some of Swift's programs.
        bare = self.work / pathlib.Path(program).name
        subprocess.run(["strip", "--strip-debug", "-o", bare, program], check=True)
        process = subprocess.Popen(
            [str(part) for part in [*valgrind, bare, *options]], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        if load:
            load(int(process.stdout.readline().rsplit(":", 1)[1]))
            process.terminate()
        process.communicate(timeout=120)
        if process.returncode not in (0, -15):
            sys.exit(f"{command}: exit {process.returncode}")
        return parse(output)

    def difference(self, name, short, long, run):
        few, many = run(short), run(long)
        calls = long - short
        yield f"{name}, instructions", (many[0] - few[0]) / calls
        yield f"{name}, allocations", (many[1] - few[1]) / calls

    def server(self, clients, streams):
        class Target:
            pass

        def run(calls):
            def load(port):
                target = Target()
                target.port = port
                self.h2load(target, bench.UNARY, bench.PAYLOAD, clients, streams, calls)

            return self.count([self.servers["ours"], "--port", 0], load)

        return run

    def client(self, *options):
        def run(count):
            server = bench.Process(self.servers["ours"])
            try:
                size = ["--messages", count] if "stream" in options else ["--calls", count, *options]
                return self.count([self.clients["ours"], f"127.0.0.1:{server.port}", *size])
            finally:
                server.stop()

        return run

    def figures(self):
        yield from self.difference("server, unary 1x1", 500, 2500, self.server(1, 1))
        yield from self.difference("server, unary 8x32", 2000, 8000, self.server(8, 32))
        yield from self.difference("client, one call at a time", 500, 2500, self.client())
        yield from self.difference("client, 100 calls at once", 2000, 8000, self.client("--concurrency", 100))
        yield from self.difference("client, stream of 100 B", 2000, 12000, self.client("stream"))
        yield from self.difference(
            "decode + encode of two messages", 5000, 10000, lambda count: self.count([self.codecs["ours"], count // 5000])
        )


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--update", action="store_true")
    options = parser.parse_args()
    known = {}
    if THRESHOLDS.exists():
        for line in THRESHOLDS.read_text().splitlines():
            if line and not line.startswith("#"):
                name, value = line.rsplit(": ", 1)
                known[name] = float(value)
    exceeded = False
    with tempfile.TemporaryDirectory() as work:
        found = dict(Check(pathlib.Path(work), 1, 1, peers=False).figures())
    for name, value in found.items():
        limit = known.get(name, float("inf")) * MARGIN
        # An allocation is a whole one.
        over = value > limit and value - known.get(name, 0) > 0.2
        exceeded |= over
        print(f"{name}: {value:.1f}, threshold {known.get(name, 'none')}{'  EXCEEDED' if over else ''}")
    if options.update:
        text = "# For one call or message, as counted by `make bench-check`; see Benchmarks/README.md.\n"
        THRESHOLDS.write_text(text + "".join(f"{name}: {value:.1f}\n" for name, value in found.items()))
    elif exceeded:
        sys.exit("more is spent on a call than before: find out why, or raise Benchmarks/thresholds.txt with a reason")


if __name__ == "__main__":
    main()
