#!/usr/bin/env python3
"""Holds a testee of protobuf's conformance protocol against Python's protobuf.

    conformance_runner.py TESTEE [--cases N] [--seed N] [--verbose]

Messages are made up from their descriptors, with the edges of each type more often than anything else, and go through
the testee in all four directions. What it writes is held against what Python's runtime makes of the same input: bytes
field by field with the unknown fields, JSON value by value. Damaged inputs are to be refused or taken by both, and
understood alike. Prints how many cases there were of each kind; exits with 1 if any differs.
"""
import argparse
import base64
import collections
import difflib
import json
import math
import random
import re
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

import grpc
import grpc_tools
from google.protobuf import json_format, message
from google.protobuf.descriptor import FieldDescriptor as Field
from google.protobuf.unknown_fields import UnknownFieldSet
from grpc_tools import protoc

PROTO = Path(__file__).parent / "proto"
sys.path.insert(0, str(PROTO))
conformance = grpc.protos("conformance.proto")
proto3 = grpc.protos("all_types_proto3.proto").AllTypesProto3
proto2 = grpc.protos("all_types_proto2.proto").AllTypesProto2
BINARY, JSON = conformance.PROTOBUF, conformance.JSON

arguments = argparse.ArgumentParser()
arguments.add_argument("testee")
arguments.add_argument("--cases", type=int, default=400, help="random messages of each type")
arguments.add_argument("--seed", type=int, default=20)
arguments.add_argument("--verbose", action="store_true")
flags = arguments.parse_args()
rng = random.Random(flags.seed)


class Testee:
    def __init__(self, folder):
        descriptors = f"{folder}/descriptors.pb"
        include = Path(grpc_tools.__file__).parent / "_proto"
        files = [str(PROTO / f"all_types_proto{version}.proto") for version in (2, 3)]
        code = protoc.main(
            ["", f"-I{PROTO}", f"-I{include}", "--include_imports", f"--descriptor_set_out={descriptors}", *files])
        if code != 0:
            sys.exit("no descriptors")
        self.process = subprocess.Popen([flags.testee, descriptors], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def read(self, count):
        data = self.process.stdout.read(count)
        if len(data) != count:
            sys.exit(f"the testee ended: {self.process.poll()}")
        return data

    def ask(self, kind, output, category=conformance.UNSPECIFIED_TEST, **payload):
        request = conformance.ConformanceRequest(
            requested_output_format=output, message_type=kind.DESCRIPTOR.full_name, test_category=category, **payload)
        data = request.SerializeToString()
        self.process.stdin.write(struct.pack("<I", len(data)) + data)
        self.process.stdin.flush()
        (length,) = struct.unpack("<I", self.read(4))
        return conformance.ConformanceResponse.FromString(self.read(length))


# Made-up messages

INT32 = [0, 1, -1, 127, 128, -128, 2**31 - 1, -(2**31)]
INT64 = INT32 + [2**53, 2**53 + 1, -(2**53) - 1, 2**63 - 1, -(2**63)]
UINT32, UINT64 = [0, 1, 127, 128, 2**31, 2**32 - 1], [0, 1, 128, 2**32, 2**53 + 1, 2**63, 2**64 - 1]
FLOATS = [0.0, -0.0, 1.0, -1.5, 3.4028234663852886e38, -3.4028234663852886e38, 1.401298464324817e-45, 0.1,
          1.1754943508222875e-38, 16777216.0, math.inf, -math.inf, math.nan]
DOUBLES = FLOATS + [1.7976931348623157e308, 5e-324, 2.2250738585072014e-308, 1e21, 1e-7, 123456789012345680.0, 0.3, 1e300]
STRINGS = ["", "a", "größe", "\u0000\u0001\u001f\u007f", "\"\\/\b\f\n\r\t", "\u2028\u2029", "\U0001f608", "\uffff",
           "<script>&'", " spaced ", "x" * 300]
BYTES = [b"", b"\x00", b"\xff\xfe", b"abc", bytes(range(256)), b"\x3e\x3f\xfb\xff"]
EDGES = {
    Field.TYPE_INT32: INT32, Field.TYPE_SINT32: INT32, Field.TYPE_SFIXED32: INT32,
    Field.TYPE_INT64: INT64, Field.TYPE_SINT64: INT64, Field.TYPE_SFIXED64: INT64,
    Field.TYPE_UINT32: UINT32, Field.TYPE_FIXED32: UINT32, Field.TYPE_UINT64: UINT64, Field.TYPE_FIXED64: UINT64,
    Field.TYPE_FLOAT: FLOATS, Field.TYPE_DOUBLE: DOUBLES, Field.TYPE_BOOL: [False, True],
    Field.TYPE_STRING: STRINGS, Field.TYPE_BYTES: BYTES,
}
ANY_TYPES = [
    "interop.types.AllTypesProto3", "google.protobuf.Duration", "google.protobuf.Timestamp", "google.protobuf.Struct",
    "google.protobuf.Value", "google.protobuf.Int32Value", "google.protobuf.Any", "google.protobuf.FieldMask",
]


def scalar(field):
    if field.type == Field.TYPE_ENUM:
        numbers = [value.number for value in field.enum_type.values]
        # An open enumeration takes any number; but JSON's null is one value.
        is_open = not field.enum_type.is_closed and field.enum_type.name != "NullValue"
        return rng.choice(numbers + [7, -100, 2**31 - 1] if is_open else numbers)
    edges = EDGES[field.type]
    if rng.random() < 0.7:
        return rng.choice(edges)
    if field.type in (Field.TYPE_FLOAT, Field.TYPE_DOUBLE):
        return random_float(field.type)
    if field.type == Field.TYPE_STRING:
        return "".join(chr(rng.choice([rng.randrange(32, 127), rng.randrange(0x80, 0xD800)])) for _ in range(rng.randrange(12)))
    if field.type == Field.TYPE_BYTES:
        return rng.randbytes(rng.randrange(20))
    if field.type == Field.TYPE_BOOL:
        return rng.random() < 0.5
    return rng.randint(min(edges), max(edges))


def random_float(kind):
    form, size = ("<f", 4) if kind == Field.TYPE_FLOAT else ("<d", 8)
    number = struct.unpack(form, rng.randbytes(size))[0]
    # One NaN for all: text keeps no others.
    return math.nan if math.isnan(number) else number


def fill(target, depth, density):
    name = target.DESCRIPTOR.full_name
    if name in KNOWN:
        return KNOWN[name](target, depth)
    for field in target.DESCRIPTOR.fields:
        if rng.random() >= density or field.message_type is not None and not is_map(field) and depth <= 0:
            continue
        put(target, field, depth, density)


def is_map(field):
    return field.message_type is not None and field.message_type.GetOptions().map_entry


def put(target, field, depth, density):
    value = getattr(target, field.name)
    if is_map(field):
        key, inner = field.message_type.fields_by_name["key"], field.message_type.fields_by_name["value"]
        for _ in range(rng.randrange(4)):
            if inner.message_type is None:
                value[scalar(key)] = scalar(inner)
            else:
                entry = value[scalar(key)]
                entry.SetInParent()
                fill(entry, depth - 1, density / 3)
    elif field.is_repeated:
        for _ in range(rng.randrange(4)):
            if field.message_type is None:
                value.append(scalar(field))
            else:
                fill(value.add(), depth - 1, density / 3)
    elif field.message_type is None:
        setattr(target, field.name, scalar(field))
    else:
        value.SetInParent()
        fill(value, depth - 1, density / 3)


def fill_duration(target, _):
    sign = rng.choice([1, -1])
    target.seconds = sign * rng.choice([0, 1, 59, 315576000000, rng.randrange(10**6)])
    target.nanos = sign * rng.choice([0, 1, 1000, 1000000, 500000000, 999999999])
    if abs(target.seconds) == 315576000000:
        target.nanos = 0


def fill_timestamp(target, _):
    target.seconds = rng.choice([0, -1, -62135596800, 253402300799, rng.randrange(-(10**10), 10**11)])
    target.nanos = rng.choice([0, 1, 1000, 1000000, 500000000, 999999999])


def fill_mask(target, _):
    target.paths.extend(rng.choice(["a", "a_b", "a_b.c_d", "x1.y_z"]) for _ in range(rng.randrange(4)))


def fill_value(target, depth):
    kind = rng.randrange(6 if depth > 0 else 4)
    if kind == 0:
        target.null_value = 0
    elif kind == 1:
        target.number_value = rng.choice([number for number in DOUBLES if math.isfinite(number)])
    elif kind == 2:
        target.string_value = rng.choice(STRINGS)
    elif kind == 3:
        target.bool_value = rng.random() < 0.5
    elif kind == 4:
        target.struct_value.SetInParent()
        fill_struct(target.struct_value, depth - 1)
    else:
        target.list_value.SetInParent()
        fill_list(target.list_value, depth - 1)


def fill_struct(target, depth):
    for _ in range(rng.randrange(3)):
        fill_value(target.fields[rng.choice(STRINGS)], depth)


def fill_list(target, depth):
    for _ in range(rng.randrange(3)):
        fill_value(target.values.add(), depth)


def fill_any(target, depth):
    if rng.random() < 0.2:
        return
    name = rng.choice(ANY_TYPES)
    content = message_class(name)()
    fill(content, max(depth - 1, 0), 0.05)
    target.Pack(content)


def fill_wrapper(target, _):
    target.value = scalar(target.DESCRIPTOR.fields_by_name["value"])


def well_known():
    from google.protobuf import any_pb2, duration_pb2, field_mask_pb2, struct_pb2, timestamp_pb2, wrappers_pb2

    found = {}
    for module in (any_pb2, duration_pb2, field_mask_pb2, struct_pb2, timestamp_pb2, wrappers_pb2):
        for name, descriptor in module.DESCRIPTOR.message_types_by_name.items():
            found[descriptor.full_name] = getattr(module, name)
    return found


WELL_KNOWN = well_known()
KNOWN = {
    "google.protobuf.Duration": fill_duration, "google.protobuf.Timestamp": fill_timestamp,
    "google.protobuf.FieldMask": fill_mask, "google.protobuf.Struct": fill_struct,
    "google.protobuf.Value": fill_value, "google.protobuf.ListValue": fill_list, "google.protobuf.Any": fill_any,
}
KNOWN.update({name: fill_wrapper for name in WELL_KNOWN if name.endswith("Value") and name not in KNOWN})


def made_up(kind):
    target = kind()
    fill(target, rng.choice([1, 2, 3]), rng.choice([0.02, 0.1, 0.3]))
    return target


# The oracle


class Refused(Exception):
    pass


def parse(kind, data):
    try:
        return kind.FromString(data)
    except message.DecodeError as error:
        raise Refused(error)


def parse_json(kind, text, ignore=False):
    try:
        return json_format.Parse(text, kind(), ignore_unknown_fields=ignore)
    except (json_format.ParseError, ValueError, RecursionError) as error:
        raise Refused(error)


def write_json(content):
    try:
        return json_format.MessageToJson(content)
    except (json_format.SerializeToJsonError, message.DecodeError, ValueError, TypeError) as error:
        raise Refused(error)


def canonical(content):
    """What two messages share when they are the same: bytes, and the unknown fields by value, since a varint may have
    been longer than it needs to be. What is in an Any is a message of its own."""
    copy = type(content)()
    copy.CopyFrom(content)
    settle_anys(copy)
    unknown = unknown_fields(copy)
    copy.DiscardUnknownFields()
    return copy.SerializeToString(deterministic=True), unknown


def unknown_fields(content):
    return values_of(UnknownFieldSet(content)), [unknown_fields(part) for part in parts_of(content)]


def values_of(unknown):
    return [
        (field.field_number, field.wire_type, values_of(field.data) if field.wire_type == 3 else field.data)
        for field in unknown
    ]


def settle_anys(content):
    if content.DESCRIPTOR.full_name == "google.protobuf.Any":
        kind = message_class(content.TypeName())
        if kind is None:
            return
        try:
            inner = parse(kind, content.value)
        except Refused:
            return
        settle_anys(inner)
        content.value = inner.SerializeToString(deterministic=True)
        return
    for part in parts_of(content):
        settle_anys(part)


def parts_of(content):
    """The messages right within a message."""
    for field, value in content.ListFields():
        if field.message_type is None:
            continue
        if not is_map(field):
            yield from value if field.is_repeated else [value]
        elif field.message_type.fields_by_name["value"].message_type is not None:
            yield from (value[key] for key in sorted(value))


def message_class(name):
    return WELL_KNOWN.get(name) or {kind.DESCRIPTOR.full_name: kind for kind in (proto2, proto3)}.get(name)


def same_json(left, right):
    """Whether two JSON values tell the same; numbers as floats, strings exactly."""
    if isinstance(left, bool) or isinstance(right, bool) or left is None or right is None:
        return left is right
    if isinstance(left, (int, float)) and isinstance(right, (int, float)):
        return left == right or as_float(left) == as_float(right)
    if type(left) is not type(right):
        return False
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(same_json(left[key], right[key]) for key in left)
    if isinstance(left, list):
        return len(left) == len(right) and all(map(same_json, left, right))
    return left == right


def as_float(number):
    """As a 32-bit float: writers differ in how many digits they give one."""
    try:
        return struct.unpack("<f", struct.pack("<f", number))[0]
    except OverflowError:
        return number


# Cases

testee = None
counts, failures = collections.Counter(), []


def differ(group, why, sent, answer, wanted):
    failures.append(group)
    if len(failures) <= 20 or flags.verbose:
        print(f"{group}: {why}\n  sent    {show(sent)}\n  answer  {str(answer)[:600]}\n  wanted  {show(wanted)}")


def show(value):
    return (base64.b16encode(value).decode() if isinstance(value, bytes) else str(value))[:600]


def hold(group, kind, sent, output, oracle, category=conformance.UNSPECIFIED_TEST):
    """Sends bytes or text, and holds the answer against the oracle's message; None where it refuses to read."""
    counts[group] += 1
    payload = {"protobuf_payload": sent} if isinstance(sent, bytes) else {"json_payload": sent}
    answer = testee.ask(kind, output, category, **payload)
    result = answer.WhichOneof("result")
    if oracle is None:
        if result != "parse_error":
            differ(group, "not refused", sent, answer, "parse_error")
    elif output == BINARY:
        if result != "protobuf_payload":
            return differ(group, result, sent, answer, oracle)
        try:
            seen = parse(kind, answer.protobuf_payload)
        except Refused as error:
            return differ(group, f"not readable: {error}", sent, answer, oracle)
        if canonical(seen) != canonical(oracle):
            lines = difflib.unified_diff(str(seen).splitlines(), str(oracle).splitlines(), "answer", "wanted", lineterm="")
            differ(group, "another message", sent, "\n".join(lines), canonical(oracle)[1])
    else:
        hold_json(group, sent, answer, oracle)


def hold_json(group, sent, answer, oracle):
    try:
        wanted = write_json(oracle)
    except Refused:
        if answer.WhichOneof("result") != "serialize_error":
            differ(group, "written", sent, answer, "serialize_error")
        return
    try:
        seen = json.loads(answer.json_payload, parse_constant=lambda word: "no JSON: " + word)
    except ValueError as error:
        return differ(group, f"no JSON: {error}", sent, answer, wanted)
    if not same_json(seen, json.loads(wanted)):
        differ(group, "another value", sent, answer, wanted)


def all_ways(kind, content):
    data = content.SerializeToString()
    hold("binary to binary", kind, data, BINARY, content)
    hold("binary to JSON", kind, data, JSON, content)
    for text in json_forms(content):
        hold("JSON to binary", kind, text, BINARY, content)
        hold("JSON to JSON", kind, text, JSON, content)


def json_forms(content):
    """The canonical text, and another that a reader has to understand as well."""
    try:
        yield json_format.MessageToJson(content, indent=None)
        yield json_format.MessageToJson(
            content, preserving_proto_field_name=True, use_integers_for_enums=True, sort_keys=True,
            ensure_ascii=rng.random() < 0.5, indent=rng.choice([None, 3]))
    except (json_format.SerializeToJsonError, ValueError, TypeError):
        return


def damaged(data):
    data = bytearray(data)
    how = rng.randrange(4)
    if how == 0 or not data:
        return bytes(data[: rng.randrange(len(data) + 1)])
    position = rng.randrange(len(data))
    if how == 1:
        data[position] ^= 1 << rng.randrange(8)
    elif how == 2:
        data[position:position] = rng.randbytes(rng.randrange(1, 4))
    else:
        del data[position]
    return bytes(data)


def either(kind, data):
    """An input that may be good or bad: both say the same."""
    try:
        oracle = parse(kind, data)
    except Refused:
        oracle = None
    if oracle is not None and has_stray_entry(oracle):
        counts["damaged bytes, left out"] += 1
        return
    group = "damaged bytes"
    if kind is proto2:
        # proto2 leaves open whether a string is UTF-8; the testee demands it everywhere.
        answer = testee.ask(kind, BINARY, protobuf_payload=data)
        if answer.parse_error.endswith("is not valid UTF-8"):
            group = "damaged text in proto2"
            oracle = None
    hold(group, kind, data, BINARY, oracle)


def damaged_text(text):
    """JSON with one token removed, doubled or exchanged for another."""
    tokens = re.findall(r'"(?:[^"\\]|\\.)*"|[-+.\w]+|\s+|.', text)
    # Python takes true for a number and text for an enumeration's number; those are not among them.
    others = ['{', '}', '[', ']', ',', ':', 'null', '0', '-1', '"x"', '""']
    position = rng.randrange(len(tokens))
    tokens[position:position + 1] = rng.choice([[], [tokens[position]] * 2, [rng.choice(others)]])
    return "".join(tokens)


def either_json(kind, text):
    try:
        oracle = parse_json(kind, text)
    except Refused:
        oracle = None
    hold("damaged JSON", kind, text, BINARY, oracle)


def has_stray_entry(content):
    """Whether an entry of a map is among the unknown fields: where Python's runtime keeps one that holds an unknown
    field, though that is a valid entry."""
    maps = {field.number for field in content.DESCRIPTOR.fields if is_map(field)}
    if any(field.field_number in maps and field.wire_type == 2 for field in UnknownFieldSet(content)):
        return True
    return any(has_stray_entry(part) for part in parts_of(content))


def varint(number):
    output = bytearray()
    while number > 127:
        output.append(number & 127 | 128)
        number >>= 7
    return bytes(output + bytes([number]))


def unknown_field():
    number = rng.choice([900, 2047, 2**29 - 1 - 1, 19999])
    wire = rng.choice([0, 1, 2, 3, 5])
    body = {
        0: lambda: varint(rng.choice(UINT64)), 1: lambda: rng.randbytes(8), 5: lambda: rng.randbytes(4),
        2: lambda: varint(3) + b"abc", 3: lambda: varint(5 << 3) + varint(9) + varint(number << 3 | 4),
    }[wire]()
    return varint(number << 3 | wire) + body


def random_cases(kind):
    for _ in range(flags.cases):
        content = made_up(kind)
        all_ways(kind, content)
        data = content.SerializeToString()
        extra = b"".join(unknown_field() for _ in range(rng.randrange(1, 4)))
        hold("unknown fields", kind, data + extra, BINARY, parse(kind, data + extra))
        # Fields in pieces and twice: messages merge, lists grow, the last scalar and the last of a oneof stay.
        twice = data + made_up(kind).SerializeToString()
        hold("merged", kind, twice, BINARY, parse(kind, twice))
        for _ in range(4):
            either(kind, damaged(data))
        for text in json_forms(content):
            # Python does not read the largest float that it writes.
            if "3.4028235e+38" not in text:
                either_json(kind, damaged_text(text))


def edge_cases(kind):
    """Each field with each edge of its type, alone."""
    for field in kind.DESCRIPTOR.fields:
        if field.message_type is not None:
            for _ in range(6):
                content = kind()
                put(content, field, 2, 0.1)
                all_ways(kind, content)
            continue
        edges = EDGES.get(field.type) or [value.number for value in field.enum_type.values]
        for edge in edges:
            content = kind()
            if field.is_repeated:
                getattr(content, field.name).extend([edge, edge])
            else:
                setattr(content, field.name, edge)
            all_ways(kind, content)


def corpus_cases(path):
    """Inputs written down by hand: `TYPE WHAT TEXT`, with WHAT `accept` or `refuse`, or a hex string for bytes."""
    kinds = {"3": proto3, "2": proto2}
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        number, what, text = line.split(" ", 2)
        kind = kinds[number]
        if what.endswith("-bytes"):
            sent = bytes.fromhex(text)
            reader = parse
        else:
            sent = text
            reader = parse_json
        category = conformance.JSON_IGNORE_UNKNOWN_PARSING_TEST if what == "ignore" else conformance.UNSPECIFIED_TEST
        try:
            oracle = parse_json(kind, sent, True) if what == "ignore" else reader(kind, sent)
        except Refused:
            oracle = None
        if (oracle is None) != what.startswith("refuse"):
            counts["written down, where the oracle thinks otherwise"] += 1
            if flags.verbose:
                print("the oracle thinks otherwise:", line)
            if oracle is None:
                sys.exit(f"nothing to hold against: {line}")
            oracle = None
        for output in (BINARY, JSON):
            hold("written down: " + what, kind, sent, output, oracle, category)


with tempfile.TemporaryDirectory() as folder:
    testee = Testee(folder)
    for kind in (proto3, proto2):
        edge_cases(kind)
        random_cases(kind)
    corpus_cases(Path(__file__).parent / "conformance_cases.txt")
    testee.process.stdin.close()
    if testee.process.wait(10) != 0:
        sys.exit("the testee did not end well")
for group, count in sorted(counts.items()):
    print(f"{count:6} {group}, {failures.count(group)} differ")
print(f"{sum(counts.values()):6} cases, {len(failures)} differ")
sys.exit(1 if failures else 0)
