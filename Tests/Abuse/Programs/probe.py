"""A well-behaved client: calls on one connection until standard input ends, then prints its slowest call in seconds."""

import select
import sys
import time

from peer import Peer, SETTINGS, ACK, frame, target, window_update

port = int(sys.argv[1])
peer = Peer(port, timeout=60)
peer.handshake()
slowest, calls, stream = 0.0, 0, 1
print("ready", flush=True)
while True:
    begun = time.monotonic()
    peer.send(peer.call(stream, "Echo", target(7, b"x" * 100)))
    fields, body = peer.answer(stream)
    if fields.get("grpc-status") != "0" or len(body) != 109:
        sys.exit(f"the well-behaved client was answered {fields}, {len(body)} bytes")
    peer.send(window_update(0, len(body)))
    slowest = max(slowest, time.monotonic() - begun)
    calls += 1
    stream += 2
    if select.select([sys.stdin], [], [], 0.005)[0] and not sys.stdin.read(1):
        break
print(slowest, calls, flush=True)
