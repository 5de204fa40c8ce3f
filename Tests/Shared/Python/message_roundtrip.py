"""Trades messages with Parapet's codec through files, Google's runtime being the judge.

    message_roundtrip.py generate DIR   writes DIR/descriptors (a FileDescriptorSet) and DIR/requests
    message_roundtrip.py check DIR      reads DIR/results, which answer DIR/requests; prints what differs, exit status 1

A frame is a big-endian 32-bit length and so many bytes. A request is three frames: full name, encoded message, canonical JSON
(empty: the message holds what JSON cannot tell). A result is six: by the hand-written message, encoded again, JSON to encoded,
encoded to JSON; then the same three by the dynamic message. Each begins with `=`, or with `!` and an error, or is empty where
there is no such message.
"""

import json
import random
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory

SEED = 20261124
ROUNDS = 25
HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
FD = descriptor_pb2.FieldDescriptorProto
PACKAGES = ("parapet.", "grpc.")


def descriptor_set():
    files = descriptor_pb2.FileDescriptorSet.FromString((ROOT / "share/parapet/descriptors.pb").read_bytes())
    with tempfile.NamedTemporaryFile() as compiled:
        command = ["protoc", f"-I{HERE}", "--include_imports", f"--descriptor_set_out={compiled.name}"]
        subprocess.run([*command, "everything.proto", "everything2.proto"], check=True)
        more = descriptor_pb2.FileDescriptorSet.FromString(compiled.read())
    known = {file.name for file in files.file}
    files.file.extend(file for file in more.file if file.name not in known)
    return files


def text(rng):
    alphabet = "abcXYZ 019_-.:/\"\\\n\t\x00\x7fäß€😀\u2028"
    return "".join(rng.choice(alphabet) for _ in range(rng.choice([0, 1, 5, 20, 200])))


def integer(rng, low, high):
    return rng.choice([0, 1, low, high, rng.randint(low, high), rng.randint(max(low, -300), min(high, 300))])


def floating(rng, single):
    value = rng.choice([0.0, -0.0, 1.0, -2.5, 1e-7, 1e21, 123456.789, rng.uniform(-1e9, 1e9), float("inf"), float("-inf"), float("nan")])
    return struct.unpack("<f", struct.pack("<f", value))[0] if single else value


def scalar(rng, field):
    kind = field.type
    if kind == FD.TYPE_STRING:
        return text(rng)
    if kind == FD.TYPE_BYTES:
        return rng.randbytes(rng.choice([0, 1, 2, 3, 32, 300]))
    if kind == FD.TYPE_BOOL:
        return rng.random() < 0.5
    if kind in (FD.TYPE_DOUBLE, FD.TYPE_FLOAT):
        return floating(rng, kind == FD.TYPE_FLOAT)
    if kind == FD.TYPE_ENUM:
        numbers = [value.number for value in field.enum_type.values]
        open_enum = not field.enum_type.is_closed and field.enum_type.full_name != "google.protobuf.NullValue"
        return rng.choice(numbers + ([77] if open_enum and rng.random() < 0.1 else []))
    bits = 64 if kind in (FD.TYPE_INT64, FD.TYPE_UINT64, FD.TYPE_SINT64, FD.TYPE_FIXED64, FD.TYPE_SFIXED64) else 32
    unsigned = kind in (FD.TYPE_UINT32, FD.TYPE_UINT64, FD.TYPE_FIXED32, FD.TYPE_FIXED64)
    return integer(rng, 0, 2**bits - 1) if unsigned else integer(rng, -(2 ** (bits - 1)), 2 ** (bits - 1) - 1)


def fill_well_known(rng, message, pool, depth):
    name = message.DESCRIPTOR.full_name
    if name == "google.protobuf.Timestamp":
        message.seconds = rng.choice([0, -1, -62135596800, 253402300799, rng.randint(-(10**9), 4 * 10**9)])
        message.nanos = rng.choice([0, 1, 500_000_000, 999_999_999, 120_000, rng.randint(0, 999_999_999)])
    elif name == "google.protobuf.Duration":
        sign = rng.choice([1, -1])
        message.seconds = sign * rng.choice([0, 1, 315_576_000_000, rng.randint(0, 10**6)])
        message.nanos = sign * rng.choice([0, 1, 500_000_000, 999_999_000])
    elif name == "google.protobuf.FieldMask":
        message.paths.extend(rng.choice(["name", "role_arn", "a.b_c.d", "x9"]) for _ in range(rng.randint(0, 3)))
    elif name == "google.protobuf.Value":
        choice = rng.randint(0, 5 if depth > 0 else 3)
        if choice == 0:
            message.null_value = 0
        elif choice == 1:
            message.number_value = rng.choice([0.0, -1.5, 1e300, 42.0])
        elif choice == 2:
            message.string_value = text(rng)
        elif choice == 3:
            message.bool_value = rng.random() < 0.5
        elif choice == 4:
            message.struct_value.SetInParent()
            fill_well_known(rng, message.struct_value, pool, depth - 1)
        else:
            message.list_value.SetInParent()
            fill_well_known(rng, message.list_value, pool, depth - 1)
    elif name == "google.protobuf.Struct":
        for _ in range(rng.randint(0, 3)):
            fill_well_known(rng, message.fields[text(rng)], pool, depth - 1)
    elif name == "google.protobuf.ListValue":
        for _ in range(rng.randint(0, 3)):
            fill_well_known(rng, message.values.add(), pool, depth - 1)
    elif name == "google.protobuf.Any":
        inner = rng.choice(["parapet.account.v1.Region", "google.protobuf.Timestamp", "google.protobuf.Int64Value"])
        packed = new(pool, inner)
        fill(rng, packed, pool, 0, unknown=False)
        message.type_url = "type.googleapis.com/" + inner
        message.value = packed.SerializeToString(deterministic=True)
    else:
        return False
    return True


def fill(rng, message, pool, depth, unknown=True):
    if fill_well_known(rng, message, pool, depth):
        return
    density = rng.choice([0.0, 0.3, 0.7, 1.0])
    for field in message.DESCRIPTOR.fields:
        required = field.has_presence and field.containing_oneof is None and message.DESCRIPTOR.full_name.startswith(
            "parapet.test2") and field.name == "id"
        if not required and rng.random() >= density:
            continue
        is_message = field.message_type is not None
        if is_message and field.message_type.GetOptions().map_entry:
            key, value = field.message_type.fields_by_name["key"], field.message_type.fields_by_name["value"]
            for _ in range(rng.randint(0, 3)):
                if value.message_type is not None:
                    if depth > 0:
                        fill(rng, getattr(message, field.name)[scalar(rng, key)], pool, depth - 1, unknown)
                else:
                    getattr(message, field.name)[scalar(rng, key)] = scalar(rng, value)
        elif field.is_repeated:
            for _ in range(rng.randint(0, 3)):
                if is_message:
                    if depth > 0:
                        fill(rng, getattr(message, field.name).add(), pool, depth - 1, unknown)
                else:
                    getattr(message, field.name).append(scalar(rng, field))
        elif is_message:
            if depth > 0:
                getattr(message, field.name).SetInParent()
                fill(rng, getattr(message, field.name), pool, depth - 1, unknown)
        else:
            setattr(message, field.name, scalar(rng, field))
    if unknown and rng.random() < 0.3:
        stray = bytes([0xA0, 0xFA, 0x7D, 0x96, 0x01]) + rng.choice([b"", bytes([0xAA, 0xFA, 0x7D, 2, 0, 255]), b"\xab\xfa\x7d\x08\x05\xac\xfa\x7d"])
        message.MergeFromString(stray)


def new(pool, name):
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(name))()


def names_of(files):
    def inner(prefix, messages):
        for message in messages:
            if message.options.map_entry:
                continue
            yield prefix + message.name
            yield from inner(prefix + message.name + ".", message.nested_type)

    for file in files.file:
        if file.package.startswith(PACKAGES):
            yield from inner(file.package + ".", file.message_type)


def requests(files, pool):
    rng = random.Random(SEED)
    for name in names_of(files):
        for _ in range(ROUNDS * 8 if name.startswith("parapet.test") else ROUNDS):
            message = new(pool, name)
            fill(rng, message, pool, 3)
            encoded = message.SerializePartialToString(deterministic=True)
            yield name, encoded, canonical_json(pool, message)


def canonical_json(pool, message):
    try:
        return json_format.MessageToJson(message, descriptor_pool=pool, indent=None)
    except Exception:  # what JSON cannot tell
        return ""


def frames(data):
    offset = 0
    while offset < len(data):
        (length,) = struct.unpack_from(">I", data, offset)
        yield data[offset + 4 : offset + 4 + length]
        offset += 4 + length


def frame(data):
    return struct.pack(">I", len(data)) + data


def normal(pool, name, encoded):
    message = new(pool, name)
    message.ParseFromString(encoded) if not name.startswith("parapet.test2") else message.MergeFromString(encoded)
    return message.SerializePartialToString(deterministic=True)


def without_unknown(pool, name, encoded):
    message = new(pool, name)
    message.MergeFromString(encoded)
    message.DiscardUnknownFields()
    return message.SerializePartialToString(deterministic=True)


def problems(pool, name, encoded, wanted_json, answers):
    for kind, (again, from_json, to_json) in (("hand-written", answers[:3]), ("dynamic", answers[3:])):
        if not again and kind == "hand-written":
            continue
        if again[:1] != b"=":
            yield f"{kind}: cannot decode: {again[1:].decode()}"
        elif normal(pool, name, again[1:]) != normal(pool, name, encoded):
            yield f"{kind}: encodes something else"
        if not wanted_json:
            continue
        if to_json[:1] != b"=":
            yield f"{kind}: cannot write JSON: {to_json[1:].decode()}"
        elif json.loads(to_json[1:]) != json.loads(wanted_json):
            yield f"{kind}: JSON differs: {to_json[1:].decode()}\n    wanted {wanted_json}"
        if from_json[:1] != b"=":
            yield f"{kind}: cannot read JSON: {from_json[1:].decode()}\n    {wanted_json}"
            continue
        wanted = new(pool, name)
        json_format.Parse(wanted_json, wanted, descriptor_pool=pool)
        if normal(pool, name, from_json[1:]) != wanted.SerializePartialToString(deterministic=True):
            yield f"{kind}: reads JSON as something else: {wanted_json}"


def main():
    command, folder = sys.argv[1], Path(sys.argv[2])
    files = descriptor_set()
    pool = descriptor_pool.DescriptorPool()
    for file in files.file:
        pool.Add(file)
    asked = list(requests(files, pool))
    if command == "generate":
        (folder / "descriptors").write_bytes(files.SerializeToString())
        (folder / "requests").write_bytes(b"".join(frame(n.encode()) + frame(e) + frame(j.encode()) for n, e, j in asked))
        return 0
    answers = list(frames((folder / "results").read_bytes()))
    if len(answers) != 6 * len(asked):
        print(f"{len(answers)} answers to {len(asked)} requests")
        return 1
    found = 0
    for index, (name, encoded, wanted_json) in enumerate(asked):
        for problem in problems(pool, name, encoded, wanted_json, answers[6 * index : 6 * index + 6]):
            found += 1
            if found <= 20:
                print(f"{name} #{index}: {problem}\n    encoded {encoded.hex()[:400]}")
    print(f"{len(asked)} messages, {sum(1 for a in asked if a[2])} with JSON, {found} differences")
    return 1 if found else 0


sys.exit(main())
