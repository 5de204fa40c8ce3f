#!/usr/bin/env python3
"""Writes what the sync service knows of AWS's APIs, out of botocore's service models.

Takes the operations that share/parapet/catalogue/*.json and scripts/extra-operations.txt name and writes

    share/parapet/shapes/SERVICE.json               operations, the shapes they reach, endpoints, page tokens
    share/parapet/partitions.json                   partitions with their regions
    share/parapet/managed-policies/SecurityAudit.json   the actions of AWS's managed policy

Usage: generate-shapes.py [--check] [--root DIR]

    --check     writes nothing; exits 1 and names the files that differ from what would be written

Exit 2: a package of scripts/requirements.txt is missing or of another version, or an entry names an
operation that AWS does not have.
"""
import argparse
import collections
import glob
import importlib.metadata
import json
import os
import re
import sys

# Those that most accounts are in, then those of botocore that are left.
BASE_PARTITIONS = ("aws", "aws-us-gov", "aws-cn", "aws-eusc", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f")
# What is asked of the rules for each kind of endpoint.
VARIANTS = {
    "plain": {},
    "dualStack": {"UseDualStack": True},
    "fips": {"UseFIPS": True},
    "dualStackFIPS": {"UseDualStack": True, "UseFIPS": True},
    "global": {"UseGlobalEndpoint": True},
}
# Of the protocols that a service offers, the first of these that we speak.
PROTOCOLS = ("json", "rest-json", "query", "ec2", "rest-xml")
# Names under which AWS pages: the request's token and the reply's.
TOKEN_PAIRS = (
    ("NextToken", "NextToken"), ("nextToken", "nextToken"), ("Marker", "NextMarker"), ("Marker", "Marker"),
    ("marker", "nextMarker"), ("marker", "marker"), ("NextMarker", "NextMarker"), ("position", "position"),
    ("NextPageToken", "NextPageToken"), ("ContinuationToken", "ContinuationToken"), ("pageToken", "nextPageToken"),
)
LIMITS = ("MaxResults", "maxResults", "MaxRecords", "MaxItems", "Limit", "limit", "PageSize", "pageSize", "MaxBuckets")
SCALARS = ("string", "integer", "long", "float", "double", "boolean", "timestamp", "blob")


class Problem(Exception):
    pass


def require(root):
    """The pinned versions, each compared with what is installed."""
    versions = {}
    with open(os.path.join(root, "scripts/requirements.txt"), encoding="utf-8") as handle:
        for line in handle:
            match = re.match(r"([A-Za-z0-9_-]+)(?:\[[^\]]*\])?==([^\s#]+)", line)
            if not match:
                continue
            name, wanted = match.groups()
            try:
                found = importlib.metadata.version(name)
            except importlib.metadata.PackageNotFoundError:
                raise Problem("%s %s is not installed (pip install -r scripts/requirements.txt)" % (name, wanted))
            if found != wanted:
                raise Problem("%s is %s, scripts/requirements.txt pins %s" % (name, found, wanted))
            versions[name] = wanted
    return versions


def wanted_operations(root):
    """service -> set of operations, from the catalogue and the list of extras."""
    wanted = collections.defaultdict(set)
    for path in sorted(glob.glob(os.path.join(root, "share/parapet/catalogue/*.json"))):
        with open(path, encoding="utf-8") as handle:
            try:
                entry = json.load(handle)
            except ValueError as error:
                raise Problem("%s: %s" % (os.path.relpath(path, root), error))
        default = entry.get("service", "")
        calls = [entry.get("list", {})] + entry.get("enrich", [])
        calls += [call["prepare"] for call in calls if isinstance(call.get("prepare"), dict)]
        for call in calls:
            if call.get("operation"):
                wanted[call.get("service", default)].add(call["operation"])
    with open(os.path.join(root, "scripts/extra-operations.txt"), encoding="utf-8") as handle:
        for line in handle:
            fields = line.split("#")[0].split()
            if fields:
                wanted[fields[0]].update(fields[1:])
    return wanted


class Service:
    def __init__(self, name, loader, partitions):
        self.name = name
        self.model = loader.load_service_model(name, "service-2")
        try:
            self.paginators = loader.load_service_model(name, "paginators-1")["pagination"]
        except Exception:
            self.paginators = {}
        self.rules = loader.load_service_model(name, "endpoint-rule-set-1")
        self.partitions = partitions
        self.reached = {}

    def metadata(self):
        meta = self.model["metadata"]
        offered = meta.get("protocols") or [meta["protocol"]]
        protocol = next((p for p in PROTOCOLS if p in offered), None)
        if protocol is None:
            raise Problem("%s speaks only %s" % (self.name, ", ".join(offered)))
        result = {
            "service": self.name,
            "serviceId": meta["serviceId"],
            "apiVersion": meta["apiVersion"],
            "protocol": protocol,
            "endpointPrefix": meta["endpointPrefix"],
            "signingName": meta.get("signingName", meta["endpointPrefix"]),
        }
        if protocol == "json":
            result["targetPrefix"] = meta["targetPrefix"]
            result["jsonVersion"] = meta.get("jsonVersion", "1.1")
        if "xmlNamespace" in meta:
            result["xmlNamespace"] = meta["xmlNamespace"]
        throttling = sorted(
            {
                shape.get("error", {}).get("code", name)
                for name, shape in self.model["shapes"].items()
                if shape.get("retryable", {}).get("throttling")
            }
        )
        if throttling:
            result["throttling"] = throttling
        return result

    # Endpoints

    def resolve(self, region, static, variant):
        """What the rules say: a place, or {"none": true} where they refuse."""
        from botocore.endpoint_provider import EndpointProvider

        if not hasattr(self, "provider"):
            from botocore.loaders import Loader

            self.provider = EndpointProvider(self.rules, Loader().load_data("partitions"))
        known = self.rules["parameters"]
        parameters = {"Region": region, "UseFIPS": False, "UseDualStack": False, "UseGlobalEndpoint": False}
        parameters.update(VARIANTS[variant])
        parameters.update(static)
        try:
            found = self.provider.resolve_endpoint(**{k: v for k, v in parameters.items() if k in known})
        except Exception:
            return {"none": True}
        scheme = next((s for s in found.properties.get("authSchemes", []) if s["name"].startswith("sigv4")), {})
        result = {"url": found.url.replace(region, "{region}")}
        if scheme.get("signingRegion", region) != region:
            result["signingRegion"] = scheme["signingRegion"]
        name = scheme.get("signingName")
        if name and name != self.model["metadata"].get("signingName", self.model["metadata"]["endpointPrefix"]):
            result["signingName"] = name
        return result

    def standard(self, partition, variant):
        """The form that most services have: Swift's EndpointResolver makes it up where no other is written."""
        about = partition["outputs"]
        parameters = VARIANTS[variant]
        if parameters.get("UseFIPS") and not about["supportsFIPS"]:
            return {"none": True}
        if parameters.get("UseDualStack") and not about["supportsDualStack"]:
            return {"none": True}
        host = self.model["metadata"]["endpointPrefix"] + ("-fips" if parameters.get("UseFIPS") else "")
        suffix = about["dualStackDnsSuffix" if parameters.get("UseDualStack") else "dnsSuffix"]
        return {"url": "https://%s.{region}.%s" % (host, suffix)}

    def endpoints(self, static):
        """partition -> variant -> the form of a region that nobody lists, and the regions that differ from it.

        A form that is the standard one everywhere is left out.
        """
        result = collections.defaultdict(dict)
        for partition in self.partitions:
            land = partition["outputs"]["implicitGlobalRegion"].rsplit("-", 2)[0]
            for variant, parameters in VARIANTS.items():
                if not set(parameters) <= set(self.rules["parameters"]) or (variant == "global") != (
                    "UseGlobalEndpoint" in parameters and self.name == "sts"
                ):
                    continue
                usual = self.resolve(land + "-newest-9", static, variant)
                others = {}
                for region in regions(partition):
                    found = self.resolve(region, static, variant)
                    if self.effective(found, region) != self.effective(usual, region):
                        if "url" in found:
                            found["url"] = found["url"].replace("{region}", region)
                        others[region] = found
                if others:
                    usual["regions"] = others
                if usual != self.standard(partition, variant):
                    result[partition["id"]][variant] = usual
        return dict(result)

    @staticmethod
    def effective(endpoint, region):
        url = endpoint.get("url", "").replace("{region}", region)
        return url, endpoint.get("signingRegion", region), endpoint.get("signingName")

    # Operations and shapes

    def operation(self, name, default_endpoints):
        model = self.model["operations"].get(name)
        if model is None:
            raise Problem("%s has no operation %s" % (self.name, name))
        result = {"method": model["http"]["method"], "uri": model["http"]["requestUri"]}
        for side in ("input", "output"):
            reference = model.get(side)
            if not reference:
                continue
            result[side] = reference["shape"]
            self.reach(reference["shape"], side == "input")
            if side == "output" and "resultWrapper" in reference:
                result["resultWrapper"] = reference["resultWrapper"]
            if side == "input":
                for key in ("locationName", "xmlNamespace"):
                    if key in reference:
                        result["input" + key[0].upper() + key[1:]] = reference[key]
        if "hostPrefix" in model.get("endpoint", {}):
            result["hostPrefix"] = model["endpoint"]["hostPrefix"]
        page = self.page(name, model)
        if page:
            result["page"] = page
        static = {k: v["value"] for k, v in model.get("staticContextParams", {}).items()}
        # With a bucket the parameters only matter to directory buckets, whose objects alone are behind them.
        if static and not any("contextParam" in member for member in self.members(model.get("input")).values()):
            endpoints = self.endpoints(static)
            if endpoints and endpoints != default_endpoints:
                result["endpoints"] = endpoints
        return result

    def page(self, name, model):
        def listed(value):
            return value if isinstance(value, list) else [value]

        found = self.paginators.get(name)
        if found:
            page = {"input": listed(found["input_token"]), "output": listed(found["output_token"])}
            page["result"] = listed(found["result_key"])
            if "more_results" in found:
                page["more"] = found["more_results"]
            if "limit_key" in found:
                page["limit"] = found["limit_key"]
            return page
        # Some operations page and have no paginator in botocore: read it off the members' names.
        inputs = self.members(model.get("input"))
        outputs = self.members(model.get("output"))
        pair = next(((i, o) for i, o in TOKEN_PAIRS if i in inputs and o in outputs), None)
        if pair is None:
            return None
        page = {"input": [pair[0]], "output": [pair[1]], "inferred": True}
        page["result"] = [m for m in outputs if self.model["shapes"][outputs[m]["shape"]]["type"] == "list"]
        more = next((m for m in ("IsTruncated", "Truncated", "truncated", "HasMoreResults") if m in outputs), None)
        if more:
            page["more"] = more
        limit = next((m for m in LIMITS if m in inputs), None)
        if limit:
            page["limit"] = limit
        return page

    def members(self, reference):
        return self.model["shapes"][reference["shape"]].get("members", {}) if reference else {}

    def reach(self, name, is_input):
        if name in self.reached:
            return
        shape = self.model["shapes"][name]
        kind = shape["type"]
        result = {"type": kind}
        self.reached[name] = result
        for key in ("timestampFormat", "payload", "flattened", "document", "xmlNamespace", "locationName"):
            if key in shape:
                result[key] = shape[key]
        if kind == "structure":
            if is_input and shape.get("required"):
                result["required"] = sorted(shape["required"])
            members = {}
            for member, reference in shape.get("members", {}).items():
                members[member] = self.reference(reference)
                self.reach(reference["shape"], is_input)
            result["members"] = members
        elif kind == "list":
            result["member"] = self.reference(shape["member"])
            self.reach(shape["member"]["shape"], is_input)
        elif kind == "map":
            result["key"] = self.reference(shape["key"])
            result["value"] = self.reference(shape["value"])
            self.reach(shape["key"]["shape"], is_input)
            self.reach(shape["value"]["shape"], is_input)
        elif kind not in SCALARS:
            raise Problem("%s: shape %s has type %s" % (self.name, name, kind))

    @staticmethod
    def reference(reference):
        keys = (
            "shape", "locationName", "location", "queryName", "flattened", "timestampFormat", "xmlNamespace",
            "xmlAttribute", "jsonvalue", "streaming", "hostLabel",
        )
        return {key: reference[key] for key in keys if key in reference}


def compact(value):
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def lines(value, nested=()):
    """Compact JSON, but each entry of the named members on a line of its own, so that a diff can be read."""
    parts = []
    for key in sorted(value):
        if key in nested and isinstance(value[key], dict):
            rows = ",\n".join("%s:%s" % (compact(k), compact(v)) for k, v in sorted(value[key].items()))
            parts.append("%s:{\n%s\n}" % (compact(key), rows))
        elif key in nested:
            parts.append("%s:[\n%s\n]" % (compact(key), ",\n".join(compact(row) for row in value[key])))
        else:
            parts.append("%s:%s" % (compact(key), compact(value[key])))
    return "{\n" + ",\n".join(parts) + "\n}\n"


def partitions(loader):
    """botocore's partitions, in our order."""
    data = loader.load_data("partitions")["partitions"]
    return [next(p for p in data if p["id"] == name) for name in BASE_PARTITIONS]


def regions(partition):
    return sorted(region for region in partition["regions"] if not region.endswith("-global"))


def described(partition):
    about = partition["outputs"]
    return {
        "id": partition["id"],
        "dnsSuffix": about["dnsSuffix"],
        "dualStackSuffix": about["dualStackDnsSuffix"],
        "supportsDualStack": about["supportsDualStack"],
        "supportsFIPS": about["supportsFIPS"],
        "homeRegion": about["implicitGlobalRegion"],
        "regionPattern": partition["regionRegex"],
        "regions": [
            {"name": region, "description": partition["regions"][region].get("description", region)}
            for region in regions(partition)
        ],
    }


def security_audit():
    from moto.iam.aws_managed_policies import aws_managed_policies_data

    policy = json.loads(aws_managed_policies_data)["SecurityAudit"]
    actions = set()
    for statement in policy["Document"]["Statement"]:
        if statement["Effect"] != "Allow":
            continue
        action = statement["Action"]
        actions.update([action] if isinstance(action, str) else action)
    return {
        "name": "SecurityAudit",
        "path": "/",
        "version": policy["DefaultVersionId"],
        "updated": policy["UpdateDate"][:10],
        "actions": sorted(actions),
    }


def generate(root):
    versions = require(root)
    from botocore.loaders import Loader

    loader = Loader()
    found = partitions(loader)
    files = {}
    source = "botocore %s" % versions["botocore"]
    files["share/parapet/partitions.json"] = lines(
        {"source": source, "partitions": [described(p) for p in found]}, ("partitions",)
    )
    audit = security_audit()
    audit["source"] = "moto %s" % versions["moto"]
    files["share/parapet/managed-policies/SecurityAudit.json"] = lines(audit, ("actions",))
    for name, operations in sorted(wanted_operations(root).items()):
        try:
            service = Service(name, loader, found)
        except Exception as error:
            raise Problem("service %r: %s" % (name, error))
        value = service.metadata()
        value["source"] = source
        value["endpoints"] = service.endpoints({})
        value["operations"] = {op: service.operation(op, value["endpoints"]) for op in sorted(operations)}
        value["shapes"] = service.reached
        files["share/parapet/shapes/%s.json" % name] = lines(value, ("operations", "shapes", "endpoints"))
    return files


def stored(root):
    names = glob.glob(os.path.join(root, "share/parapet/shapes/*.json"))
    return {os.path.relpath(name, root) for name in names}


def main():
    parser = argparse.ArgumentParser(description="Writes share/parapet/shapes and its companions.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a file is stale")
    parser.add_argument("--root", default=os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    arguments = parser.parse_args()
    try:
        files = generate(arguments.root)
    except Problem as problem:
        print("generate-shapes: %s" % problem, file=sys.stderr)
        return 2
    stale = []
    for name in sorted(set(files) | stored(arguments.root)):
        path = os.path.join(arguments.root, name)
        text = files.get(name)
        try:
            with open(path, encoding="utf-8") as handle:
                current = handle.read()
        except FileNotFoundError:
            current = None
        if text == current:
            continue
        stale.append(name)
        if arguments.check:
            continue
        if text is None:
            os.remove(path)
            continue
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as handle:
            handle.write(text)
    for name in stale:
        print("%s: %s" % (name, "stale, run `make catalogue`" if arguments.check else "written"))
    return 1 if arguments.check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
