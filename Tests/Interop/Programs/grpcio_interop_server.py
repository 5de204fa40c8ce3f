#!/usr/bin/env python3
"""A grpcio server for gRPC's interop cases.

    grpcio_interop_server.py [--cert FILE --key FILE] [--wrong]

Prints `serving on 127.0.0.1:PORT`. With --wrong every answer differs from what it should be, so that a client can show
that it looks.
"""
import argparse
import gzip
import sys
import time
from concurrent import futures
from pathlib import Path

import grpc

sys.path.insert(0, str(Path(__file__).parent / "proto"))
pb, _ = grpc.protos_and_services("grpc_testing.proto")

TEST = "grpc.testing.TestService"
INITIAL, TRAILING = "x-grpc-test-echo-initial", "x-grpc-test-echo-trailing-bin"
CODES = {code.value[0]: code for code in grpc.StatusCode}

arguments = argparse.ArgumentParser()
arguments.add_argument("--cert")
arguments.add_argument("--key")
arguments.add_argument("--wrong", action="store_true")
flags = arguments.parse_args()


class Received:
    """A request, and whether it came compressed."""

    def __init__(self, message, data):
        # No message can begin with gzip's magic number: its wire type 7 does not exist.
        self.compressed = data[:2] == b"\x1f\x8b"
        self.message = message.FromString(gzip.decompress(data) if self.compressed else data)

    def check(self, context):
        message = self.message
        if flags.wrong or not message.HasField("expect_compressed"):
            return
        if message.expect_compressed.value != self.compressed:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, f"compressed: {self.compressed}")


def payload(size):
    return pb.Payload(body=bytes(size + (1 if flags.wrong else 0)))


def echo_metadata(context):
    given = {} if flags.wrong else dict(context.invocation_metadata())
    if INITIAL in given:
        context.send_initial_metadata(((INITIAL, given[INITIAL]),))
    if TRAILING in given:
        context.set_trailing_metadata(((TRAILING, given[TRAILING]),))


def check_status(message, context):
    if message.response_status.code and flags.wrong:
        context.abort(grpc.StatusCode.DATA_LOSS, "wrong")
    if message.response_status.code:
        context.abort(CODES[message.response_status.code], message.response_status.message)


def empty(request, context):
    return pb.SimpleResponse(username="wrong") if flags.wrong else pb.Empty()


def unary(request, context):
    request.check(context)
    message = request.message
    if message.response_compressed.value:
        context.set_compression(grpc.Compression.Gzip)
    echo_metadata(context)
    check_status(message, context)
    return pb.SimpleResponse(payload=payload(message.response_size))


def upload(requests, context):
    total = 0
    for request in requests:
        request.check(context)
        total += len(request.message.payload.body) + (1 if flags.wrong else 0)
    return pb.StreamingInputCallResponse(aggregated_payload_size=total)


def answer(message, context):
    check_status(message, context)
    compresses = any(parameters.compressed.value for parameters in message.response_parameters)
    if compresses:
        context.set_compression(grpc.Compression.Gzip)
    for parameters in message.response_parameters:
        time.sleep(parameters.interval_us / 1e6)
        if compresses and not parameters.compressed.value:
            context.disable_next_message_compression()
        yield pb.StreamingOutputCallResponse(payload=payload(parameters.size))


def download(request, context):
    yield from answer(request.message, context)


def full_duplex(requests, context):
    echo_metadata(context)
    if flags.wrong:
        yield pb.StreamingOutputCallResponse()
    for request in requests:
        yield from answer(request.message, context)


def half_duplex(requests, context):
    for request in list(requests):
        yield from answer(request.message, context)


def method(kind, function, request):
    return getattr(grpc, kind + "_rpc_method_handler")(
        function, lambda data: Received(request, data), lambda message: message.SerializeToString())


handlers = {
    "EmptyCall": method("unary_unary", empty, pb.Empty),
    "UnaryCall": method("unary_unary", unary, pb.SimpleRequest),
    "StreamingInputCall": method("stream_unary", upload, pb.StreamingInputCallRequest),
    "StreamingOutputCall": method("unary_stream", download, pb.StreamingOutputCallRequest),
    "FullDuplexCall": method("stream_stream", full_duplex, pb.StreamingOutputCallRequest),
    "HalfDuplexCall": method("stream_stream", half_duplex, pb.StreamingOutputCallRequest),
}

# The stack gives messages as they came, so that a handler can see whether they were compressed.
server = grpc.server(futures.ThreadPoolExecutor(16), options=[("grpc.per_message_decompression", 0)])
server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(TEST, handlers),))
if flags.wrong:
    surplus = {"UnimplementedCall": handlers["EmptyCall"]}
    for name in (TEST, "grpc.testing.UnimplementedService"):
        server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(name, surplus),))
if flags.cert is None:
    port = server.add_insecure_port("127.0.0.1:0")
else:
    identity = (Path(flags.key).read_bytes(), Path(flags.cert).read_bytes())
    port = server.add_secure_port("127.0.0.1:0", grpc.ssl_server_credentials([identity]))
server.start()
print(f"serving on 127.0.0.1:{port}", flush=True)
server.wait_for_termination()
