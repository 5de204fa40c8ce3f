#!/usr/bin/env python3
"""Runs gRPC's interop cases with grpcio against a server, all over one channel.

    grpcio_interop_client.py --target HOST:PORT [--ca FILE --override NAME] CASE...

Prints a line for each case, `CASE ok` or `CASE failed: WHY`, and exits with 0 if all hold.
"""
import argparse
import gzip
import sys
import threading
import time
import traceback
from pathlib import Path

import grpc

sys.path.insert(0, str(Path(__file__).parent / "proto"))
pb, _ = grpc.protos_and_services("grpc_testing.proto")
echo_pb, _ = grpc.protos_and_services("echo.proto")

TEST = "grpc.testing.TestService"
INITIAL, TRAILING = "x-grpc-test-echo-initial", "x-grpc-test-echo-trailing-bin"
REQUESTS, RESPONSES = [27182, 8, 1828, 45904], [31415, 9, 2653, 58979]
SPECIAL = "\t\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \U0001f608\t\n"
TIMEOUT = 30
# The stack gives messages as they came, so that a case can see whether they were compressed.
OPTIONS = [("grpc.per_message_decompression", 0)]


class Failed(Exception):
    pass


def expect(what, seen, wanted):
    if seen != wanted:
        raise Failed(f"{what}: {seen!r:.200}, not {wanted!r:.200}")


class Received:
    """Decodes messages of a type, and notes which came compressed."""

    def __init__(self, message):
        self.message, self.compressed = message, []

    def __call__(self, data):
        # No message can begin with gzip's magic number: its wire type 7 does not exist.
        self.compressed.append(data[:2] == b"\x1f\x8b")
        return self.message.FromString(gzip.decompress(data) if self.compressed[-1] else data)


class Caller:
    def __init__(self, channel):
        self.channel = channel

    def method(self, kind, name, response, service=TEST):
        received = Received(response)
        stub = getattr(self.channel, kind)(
            f"/{service}/{name}", request_serializer=lambda m: m.SerializeToString(), response_deserializer=received)
        stub.received = received
        return stub


def payload(size):
    return pb.Payload(body=bytes(size))


def large(**fields):
    return pb.SimpleRequest(response_size=314159, payload=payload(271828), **fields)


def check_large(response):
    expect("payload", response.payload, payload(314159))


def expect_status(code, message, action):
    try:
        action()
    except grpc.RpcError as error:
        expect("status", error.code(), code)
        if message is not None:
            expect("message", error.details(), message)
        return
    raise Failed(f"status OK, not {code}")


def bodies(responses):
    return [len(response.payload.body) for response in responses]


def wanted(sizes, compressed=None):
    flags = compressed or [None] * len(sizes)
    return [
        pb.ResponseParameters(size=size, compressed=None if flag is None else pb.BoolValue(value=flag))
        for size, flag in zip(sizes, flags)
    ]


# Cases


def empty_unary(c):
    expect("response", c.method("unary_unary", "EmptyCall", pb.Empty)(pb.Empty(), timeout=TIMEOUT), pb.Empty())


def large_unary(c):
    check_large(c.method("unary_unary", "UnaryCall", pb.SimpleResponse)(large(), timeout=TIMEOUT))


def cacheable_unary(c):
    call = c.method("unary_unary", "CacheableUnaryCall", pb.SimpleResponse)
    response, info = call.with_call(large(), timeout=TIMEOUT)
    if not response.payload.body.isdigit():
        raise Failed("the payload is no time")
    expect("cache-control", dict(info.initial_metadata())["cache-control"], "max-age=60, public")


def client_compressed_unary(c):
    call = c.method("unary_unary", "UnaryCall", pb.SimpleResponse)
    yes, no = pb.BoolValue(value=True), pb.BoolValue(value=False)
    expect_status(
        grpc.StatusCode.INVALID_ARGUMENT, None, lambda: call(large(expect_compressed=yes), timeout=TIMEOUT))
    check_large(call(large(expect_compressed=yes), timeout=TIMEOUT, compression=grpc.Compression.Gzip))
    check_large(call(large(expect_compressed=no), timeout=TIMEOUT))


def server_compressed_unary(c):
    call = c.method("unary_unary", "UnaryCall", pb.SimpleResponse)
    for flag in (True, False):
        check_large(call(large(response_compressed=pb.BoolValue(value=flag)), timeout=TIMEOUT))
        expect("compressed", call.received.compressed[-1], flag)


def client_streaming(c):
    call = c.method("stream_unary", "StreamingInputCall", pb.StreamingInputCallResponse)
    response = call((pb.StreamingInputCallRequest(payload=payload(size)) for size in REQUESTS), timeout=TIMEOUT)
    expect("size", response.aggregated_payload_size, 74922)


def client_compressed_streaming(c):
    call = c.method("stream_unary", "StreamingInputCall", pb.StreamingInputCallResponse)

    def request(size, flag):
        return pb.StreamingInputCallRequest(payload=payload(size), expect_compressed=pb.BoolValue(value=flag))

    expect_status(
        grpc.StatusCode.INVALID_ARGUMENT, None, lambda: call(iter([request(27182, True)]), timeout=TIMEOUT))
    # grpcio compresses all messages of a stream or none.
    response = call(
        iter([request(27182, True), request(45904, True)]), timeout=TIMEOUT, compression=grpc.Compression.Gzip)
    expect("size", response.aggregated_payload_size, 73086)


def server_streaming(c):
    call = c.method("unary_stream", "StreamingOutputCall", pb.StreamingOutputCallResponse)
    request = pb.StreamingOutputCallRequest(response_parameters=wanted(RESPONSES))
    expect("sizes", bodies(call(request, timeout=TIMEOUT)), RESPONSES)


def server_compressed_streaming(c):
    call = c.method("unary_stream", "StreamingOutputCall", pb.StreamingOutputCallResponse)
    request = pb.StreamingOutputCallRequest(response_parameters=wanted([31415, 92653], [True, False]))
    expect("sizes", bodies(call(request, timeout=TIMEOUT)), [31415, 92653])
    expect("compressed", call.received.compressed, [True, False])


class Turns:
    """Requests of a stream, each handed over when it is asked for."""

    def __init__(self):
        self.items, self.changed = [], threading.Condition()

    def put(self, item):
        with self.changed:
            self.items.append(item)
            self.changed.notify()

    def __iter__(self):
        while True:
            with self.changed:
                self.changed.wait_for(lambda: self.items, TIMEOUT)
                item = self.items.pop(0) if self.items else None
            if item is None:
                return
            yield item


def full_duplex(c):
    return c.method("stream_stream", "FullDuplexCall", pb.StreamingOutputCallResponse)


def ping_pong(c):
    turns = Turns()
    responses = full_duplex(c)(iter(turns), timeout=TIMEOUT)
    for ask, answer in zip(REQUESTS, RESPONSES):
        turns.put(pb.StreamingOutputCallRequest(response_parameters=wanted([answer]), payload=payload(ask)))
        expect("size", len(next(responses).payload.body), answer)
    turns.put(None)
    expect("rest", list(responses), [])


def empty_stream(c):
    expect("responses", list(full_duplex(c)(iter([]), timeout=TIMEOUT)), [])


def half_duplex(c):
    call = c.method("stream_stream", "HalfDuplexCall", pb.StreamingOutputCallResponse)
    requests = [pb.StreamingOutputCallRequest(response_parameters=wanted([size])) for size in RESPONSES]
    expect("sizes", bodies(call(iter(requests), timeout=TIMEOUT)), RESPONSES)


def slow_consumer(c):
    call = c.method("unary_stream", "StreamingOutputCall", pb.StreamingOutputCallResponse)
    count = 0
    for response in call(pb.StreamingOutputCallRequest(response_parameters=wanted([1030] * 2000)), timeout=TIMEOUT):
        expect("size", len(response.payload.body), 1030)
        count += 1
        if count % 100 == 0:
            time.sleep(0.02)
    expect("responses", count, 2000)


def timeout_on_sleeping_server(c):
    turns = Turns()
    turns.put(pb.StreamingOutputCallRequest(payload=payload(27182)))
    expect_status(
        grpc.StatusCode.DEADLINE_EXCEEDED, None, lambda: list(full_duplex(c)(iter(turns), timeout=0.001)))
    turns.put(None)


def cancel_after_begin(c):
    turns = Turns()
    future = c.method("stream_unary", "StreamingInputCall", pb.StreamingInputCallResponse).future(iter(turns))
    future.cancel()
    turns.put(None)
    expect("cancelled", future.cancelled(), True)
    expect("status", future.code(), grpc.StatusCode.CANCELLED)


def cancel_after_first_response(c):
    turns = Turns()
    responses = full_duplex(c)(iter(turns), timeout=TIMEOUT)
    turns.put(pb.StreamingOutputCallRequest(response_parameters=wanted([31415]), payload=payload(27182)))
    expect("size", len(next(responses).payload.body), 31415)
    responses.cancel()
    turns.put(None)
    expect_status(grpc.StatusCode.CANCELLED, None, lambda: list(responses))


def check_echo(info):
    expect(INITIAL, dict(info.initial_metadata()).get(INITIAL), "test_initial_metadata_value")
    expect(TRAILING, dict(info.trailing_metadata()).get(TRAILING), b"\xab\xab\xab")


def custom_metadata(c):
    metadata = ((INITIAL, "test_initial_metadata_value"), (TRAILING, b"\xab\xab\xab"))
    response, info = c.method("unary_unary", "UnaryCall", pb.SimpleResponse).with_call(
        large(), timeout=TIMEOUT, metadata=metadata)
    check_large(response)
    check_echo(info)
    request = pb.StreamingOutputCallRequest(response_parameters=wanted([314159]), payload=payload(271828))
    responses = full_duplex(c)(iter([request]), timeout=TIMEOUT, metadata=metadata)
    expect("sizes", bodies(responses), [314159])
    check_echo(responses)


def status_code_and_message(c):
    status = pb.EchoStatus(code=2, message="test status message")
    unary = c.method("unary_unary", "UnaryCall", pb.SimpleResponse)
    expect_status(
        grpc.StatusCode.UNKNOWN, status.message,
        lambda: unary(pb.SimpleRequest(response_status=status), timeout=TIMEOUT))
    request = pb.StreamingOutputCallRequest(response_status=status)
    expect_status(
        grpc.StatusCode.UNKNOWN, status.message, lambda: list(full_duplex(c)(iter([request]), timeout=TIMEOUT)))


def special_status_message(c):
    request = pb.SimpleRequest(response_status=pb.EchoStatus(code=2, message=SPECIAL))
    unary = c.method("unary_unary", "UnaryCall", pb.SimpleResponse)
    expect_status(grpc.StatusCode.UNKNOWN, SPECIAL, lambda: unary(request, timeout=TIMEOUT))


def unimplemented_method(c):
    call = c.method("unary_unary", "UnimplementedCall", pb.Empty)
    expect_status(grpc.StatusCode.UNIMPLEMENTED, None, lambda: call(pb.Empty(), timeout=TIMEOUT))


def unimplemented_service(c):
    call = c.method("unary_unary", "UnimplementedCall", pb.Empty, "grpc.testing.UnimplementedService")
    expect_status(grpc.StatusCode.UNIMPLEMENTED, None, lambda: call(pb.Empty(), timeout=TIMEOUT))


def rpc_soak(c):
    for _ in range(20):
        large_unary(c)


def channel_soak(c):
    for _ in range(10):
        with open_channel() as channel:
            large_unary(Caller(channel))


def echo(c):
    """Of conformance.v1: what comes back, metadata, the status, and a download."""
    unary = c.method("unary_unary", "Unary", echo_pb.EchoRequest, "conformance.v1.EchoService")
    request = echo_pb.EchoRequest(text="größe", data=bytes(range(256)), id=-1, sleep_ms=1, numbers=[0, -1, 2**31 - 1])
    request.child.child.child.text = "deep"
    request.by_name["a"].by_name["b"].id = 2**63 - 1
    request.by_name[""].SetInParent()
    metadata = (("x-echo-initial", "one"), ("x-echo-bin", bytes(range(256))))
    response, info = unary.with_call(request, timeout=TIMEOUT, metadata=metadata)
    expect("response", response, request)
    expect("headers", dict(info.initial_metadata())["x-echo-initial"], "one")
    expect("trailers", dict(info.trailing_metadata())["x-echo-bin"], bytes(range(256)))
    failing = echo_pb.EchoRequest(status_message="nein: ü%\n")
    expect_status(
        grpc.StatusCode.FAILED_PRECONDITION, failing.status_message, lambda: unary(failing, timeout=TIMEOUT))
    download = c.method("unary_stream", "Download", echo_pb.EchoRequest, "conformance.v1.EchoService")
    responses = list(download(echo_pb.EchoRequest(numbers=[100, 10240]), timeout=TIMEOUT))
    expect("sizes", [len(response.data) for response in responses], [10240] * 100)


# The program

arguments = argparse.ArgumentParser()
arguments.add_argument("--target", required=True)
arguments.add_argument("--ca")
arguments.add_argument("--override")
arguments.add_argument("cases", nargs="+")
flags = arguments.parse_args()


def open_channel():
    if flags.ca is None:
        return grpc.insecure_channel(flags.target, OPTIONS)
    credentials = grpc.ssl_channel_credentials(Path(flags.ca).read_bytes())
    override = [("grpc.ssl_target_name_override", flags.override)] if flags.override else []
    # Without its own pool, a channel of the same target shares the connection.
    return grpc.secure_channel(flags.target, credentials, OPTIONS + override + [("grpc.use_local_subchannel_pool", 1)])


failures = 0
with open_channel() as channel:
    for case in flags.cases:
        try:
            globals()[case](Caller(channel))
            print(case, "ok", flush=True)
        except Exception as error:
            failures += 1
            text = error if isinstance(error, Failed) else traceback.format_exc()
            print(case, "failed:", text, flush=True)
sys.exit(1 if failures else 0)
