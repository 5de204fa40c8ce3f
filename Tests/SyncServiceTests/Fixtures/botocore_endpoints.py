"""Where botocore's clients would send calls, and what they would sign them for.

    botocore_endpoints.py SHAPES PARTITIONS

Takes one operation of each service of SHAPES (its *.json) for each set of inputs that endpoints depend on, every region
of PARTITIONS and one that does not exist yet, and every kind of endpoint. Prints a JSON list per line:
[service, operation, input, region, kind, url or null, signing region, signing name]. The clients are botocore's own; of
each only region and kind are changed between two questions.
"""
import glob
import json
import os
import sys

import botocore.session
from botocore.exceptions import BotoCoreError, EndpointProviderError
from botocore.regions import EndpointResolverBuiltins as Builtins

# Kind, dual-stack, FIPS, STS's global endpoint.
KINDS = (
    ("plain", False, False, False), ("dualStack", True, False, False), ("fips", False, True, False),
    ("dualStackFIPS", True, True, False), ("global", False, False, True),
)
BUCKETS = ("a-bucket", "dots.in.name", "ab", "UPPER", "under_score", "x" * 63, "xn--x", "1.2.3.4")


def clients(shapes):
    session = botocore.session.Session()
    for path in sorted(glob.glob(os.path.join(shapes, "*.json"))):
        with open(path, encoding="utf-8") as handle:
            shape = json.load(handle)
        client = session.create_client(
            shape["service"], region_name="us-east-1", aws_access_key_id="A", aws_secret_access_key="s"
        )
        yield shape, client


def inputs(model):
    """The inputs that an endpoint may depend on, all that we can think of."""
    names = {p.member_name for p in model.context_parameters}
    if "AccountId" in (model.input_shape.members if model.input_shape else {}) and model.endpoint:
        names.add("AccountId")
    if "Bucket" in names:
        return [{"Bucket": bucket} for bucket in BUCKETS]
    return [{"AccountId": "123456789012"}] if "AccountId" in names else [{}]


def question(client, model, arguments, region, kind):
    resolver = client._ruleset_resolver
    _, dual_stack, fips, is_global = kind
    resolver._builtins[Builtins.AWS_REGION] = region
    resolver._builtins[Builtins.AWS_USE_DUALSTACK] = dual_stack
    resolver._builtins[Builtins.AWS_USE_FIPS] = fips
    resolver._builtins[Builtins.AWS_STS_USE_GLOBAL_ENDPOINT] = is_global
    # us-east-1 has an endpoint with its own name too, which the other SDKs use.
    resolver._builtins[Builtins.AWS_S3_USE_GLOBAL_ENDPOINT] = False
    try:
        found = resolver.construct_endpoint(model, dict(arguments), {})
    except (EndpointProviderError, BotoCoreError):
        return None, None, None
    url = found.url
    prefix = (model.endpoint or {}).get("hostPrefix")
    # The rules of S3 Control put the account there themselves.
    if prefix and client._service_model.service_name != "s3control":
        url = url.replace("://", "://" + prefix.format(**arguments), 1)
    signing = {}
    schemes = found.properties.get("authSchemes")
    if schemes:
        signing = resolver.auth_schemes_to_signing_ctx([s for s in schemes if s["name"] == "sigv4"] or schemes)[1]
    return url, signing.get("region", region), signing.get("signing_name", client._service_model.signing_name)


def main():
    with open(sys.argv[2], encoding="utf-8") as handle:
        partitions = json.load(handle)["partitions"]
    for shape, client in clients(sys.argv[1]):
        seen = set()
        for operation in sorted(shape["operations"]):
            model = client._service_model.operation_model(operation)
            static = sorted((p.name, str(p.value)) for p in model.static_context_parameters)
            for arguments in inputs(model):
                # GetBucketLocation alone is treated apart by its name.
                key = json.dumps([static, arguments, model.endpoint, operation == "GetBucketLocation"], default=str)
                if key in seen:
                    continue
                seen.add(key)
                for partition in partitions:
                    regions = [region["name"] for region in partition["regions"]]
                    regions.append(partition["homeRegion"].rsplit("-", 2)[0] + "-newest-9")
                    for region in regions:
                        for kind in KINDS:
                            if kind[3] and shape["service"] != "sts":
                                continue
                            answer = question(client, model, arguments, region, kind)
                            print(json.dumps([shape["service"], operation, arguments, region, kind[0], *answer]))


main()
