#!/usr/bin/env python3
"""Calls a running service with grpcio over TLS, knowing nothing but what reflection tells.

    grpcio_client.py --target HOST:PORT --ca FILE --token-file FILE --service NAME --list METHOD --get METHOD --id-field FIELD

Prints one JSON object: what was seen.
"""
import argparse
import json

import grpc
import grpc_status.rpc_status
from google.protobuf import json_format, message_factory
from google.protobuf.descriptor_pool import DescriptorPool
from grpc_health.v1 import health_pb2, health_pb2_grpc
from google.rpc import error_details_pb2
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase

arguments = argparse.ArgumentParser()
for name in ("target", "ca", "token-file", "service", "list", "get", "id-field"):
    arguments.add_argument("--" + name, required=True)
options = arguments.parse_args()

token = open(options.token_file).read().strip()
metadata = (("authorization", "Bearer " + token),)


class Bearer(grpc.AuthMetadataPlugin):
    def __call__(self, context, callback):
        callback(metadata, None)


transport = grpc.ssl_channel_credentials(open(options.ca, "rb").read())
open_channel = grpc.secure_channel(options.target, transport)
channel = grpc.secure_channel(
    options.target, grpc.composite_channel_credentials(transport, grpc.metadata_call_credentials(Bearer())))

seen = {"health": health_pb2_grpc.HealthStub(open_channel).Check(health_pb2.HealthCheckRequest(), timeout=20).status}
database = ProtoReflectionDescriptorDatabase(channel)
seen["services"] = sorted(database.get_services())
pool = DescriptorPool(database)
service = pool.FindServiceByName(options.service)
seen["methods"] = len(service.methods)


def call(method_name, fields, channel=channel, timeout=20):
    method = service.methods_by_name[method_name]
    request = json_format.ParseDict(fields, message_factory.GetMessageClass(method.input_type)())
    stub = channel.unary_unary(
        f"/{options.service}/{method_name}", request_serializer=lambda m: m.SerializeToString(),
        response_deserializer=message_factory.GetMessageClass(method.output_type).FromString)
    return json_format.MessageToDict(stub(request, timeout=timeout))


def status_of(action):
    try:
        action()
        return {"code": "OK", "message": ""}
    except grpc.RpcError as error:
        # None without details; raises where they are no status, or of another code or message.
        status = grpc_status.rpc_status.from_call(error)
        violation = error_details_pb2.BadRequest()
        for detail in status.details if status else []:
            detail.Unpack(violation)
        return {"code": error.code().name, "message": error.details(),
                "fields": [field.field for field in violation.field_violations]}


seen["list"] = call(options.list, {})
seen["not_found"] = status_of(lambda: call(options.get, {options.id_field: "não-existe ✓"}))
seen["bad_page_token"] = status_of(lambda: call(options.list, {"pageToken": "forged"}))
seen["no_token"] = status_of(lambda: call(options.list, {}, channel=open_channel))
# A stream that does not end by itself: the deadline does it.
watch = health_pb2_grpc.HealthStub(open_channel).Watch(health_pb2.HealthCheckRequest(), timeout=0.5)
seen["no_time"] = status_of(lambda: [None for _ in watch])
print(json.dumps(seen))
