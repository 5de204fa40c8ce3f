"""Stands in for the AWS CLI where it is not installed: `aws SERVICE COMMAND --option value …` by way of boto3.

It knows the options that the role's script uses, `file://` included, and writes its arguments to
AWS_STAND_IN_LOG, if set, so that a test can look for what must not be among them.
"""

import json
import os
import sys

import boto3


def main():
    arguments = sys.argv[1:]
    if log := os.environ.get("AWS_STAND_IN_LOG"):
        with open(log, "a", encoding="utf-8") as file:
            file.write(" ".join(arguments) + "\n")
    service, command, *rest = arguments
    query, output, parameters = None, "json", {}
    client = boto3.client(service)
    method = getattr(client, command.replace("-", "_"))
    shape = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[method.__name__]).input_shape
    names = {name.lower(): name for name in shape.members}
    for option, value in zip(rest[::2], rest[1::2]):
        if option == "--query":
            query = value
        elif option == "--output":
            output = value
        else:
            if value.startswith("file://"):
                mode = os.stat(value[7:]).st_mode & 0o777
                if mode & 0o077:
                    sys.exit(f"others can read {value}")
                with open(value[7:], encoding="utf-8") as file:
                    value = file.read()
            name = names[option[2:].replace("-", "")]
            parameters[name] = int(value) if shape.members[name].type_name == "integer" else value
    answer = method(**parameters)
    answer.pop("ResponseMetadata", None)
    for part in query.split(".") if query else []:
        answer = answer[part]
    print(answer if output == "text" else json.dumps(answer, default=str, indent=4))


main()
