#!/usr/bin/env python3
"""A grpcio server over TLS that Parapet's client is tried on.

    grpcio_server.py --descriptors FILE --cert FILE --key FILE --ca FILE --ready-file FILE

Serves parapet.account.v1.AccountService without Parapet: GetAccount answers with the name that was asked for, or with
the status that it names (`error:NOT_FOUND:text`); TestConnection streams; metadata comes back.
"""
import argparse
import os
import time
from concurrent import futures

import grpc
from google.protobuf import descriptor_pb2, message_factory
from google.protobuf.descriptor_pool import DescriptorPool

arguments = argparse.ArgumentParser()
for name in ("descriptors", "cert", "key", "ca", "ready-file"):
    arguments.add_argument("--" + name, required=True)
options = arguments.parse_args()

pool = DescriptorPool()
for file in descriptor_pb2.FileDescriptorSet.FromString(open(options.descriptors, "rb").read()).file:
    pool.Add(file)
NAME = "parapet.account.v1.AccountService"
service = pool.FindServiceByName(NAME)


def message(name):
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("parapet.account.v1." + name))


def get_account(request, context):
    if request.account_id.startswith("error:"):
        _, code, text = request.account_id.split(":", 2)
        context.abort(getattr(grpc.StatusCode, code), text)
    if request.account_id == "sleep":
        while context.is_active():
            time.sleep(0.01)
    response = message("GetAccountResponse")()
    response.account.name = request.account_id
    response.account.role_arn = dict(context.invocation_metadata()).get("authorization", "")
    return response


def test_connection(request, context):
    for index in range(int(request.account_id)):
        yield message("TestConnectionResponse")(progress=str(index) + "x" * 1000)
    if request.role_arn:
        context.abort(grpc.StatusCode.FAILED_PRECONDITION, request.role_arn)


handlers = {
    "GetAccount": grpc.unary_unary_rpc_method_handler(
        get_account, message("GetAccountRequest").FromString, lambda m: m.SerializeToString()),
    "TestConnection": grpc.unary_stream_rpc_method_handler(
        test_connection, message("TestConnectionRequest").FromString, lambda m: m.SerializeToString()),
}
server = grpc.server(futures.ThreadPoolExecutor(8))
server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(NAME, handlers),))
read = lambda path: open(path, "rb").read()
port = server.add_secure_port(
    "127.0.0.1:0",
    grpc.ssl_server_credentials([(read(options.key), read(options.cert))], read(options.ca), require_client_auth=False))
server.start()
with open(options.ready_file + ".new", "w") as file:
    file.write(str(port))
os.rename(options.ready_file + ".new", options.ready_file)
server.wait_for_termination()
