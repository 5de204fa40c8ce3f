#!/usr/bin/env python3
"""Runs the stack of deploy/compose.yaml and every scenario on it; see scripts/compose-test.sh.

Usage: compose_test.py --engine docker|podman [--keep] [--only NAME,…]
"""
import argparse
import os
import pathlib
import shutil
import sys
import tempfile
import time
import traceback

import scenarios_failures
import scenarios_images
import scenarios_life
import scenarios_use
from stack import Failed, Stack

os.umask(0o077)
arguments = argparse.ArgumentParser(description=__doc__)
arguments.add_argument("--engine", required=True, choices=("docker", "podman"))
arguments.add_argument("--keep", action="store_true", help="leave the stack running, for a look at it")
arguments.add_argument("--only", help="of the scenarios on a running stack, these functions alone", metavar="NAME,…")
options = arguments.parse_args()
only = options.only.split(",") if options.only else None

work = pathlib.Path(tempfile.mkdtemp(prefix="parapet-compose-"))
project = f"parapet-test-{os.getpid()}"
stack = Stack(options.engine, project, work / "stack", ["compose.yaml", "compose.demo.yaml"])
results = []


def attempt(scenario):
    """Runs one scenario: its documentation is its name."""
    began = time.monotonic()
    problem = None
    try:
        note = scenario(stack)
    except Failed as failure:
        problem, note = str(failure), None
    except Exception:  # a mistake of the test itself
        problem, note = traceback.format_exc(), None
    took = time.monotonic() - began
    name = scenario.__doc__.splitlines()[0]
    print(f"{'FAIL' if problem else 'pass'}  {took:5.1f} s  {name}{f' ({note})' if note else ''}", flush=True)
    if problem:
        print("      " + problem.replace("\n", "\n      "), flush=True)
    results.append((name, problem))
    return problem is None


begun = time.monotonic()
print(f"compose-test: {options.engine}, project {project}", flush=True)
try:
    for scenario in scenarios_images.ALL:
        attempt(scenario)
    # Without a stack that starts and an account in it there is nothing to try the rest on.
    if all(attempt(scenario) for scenario in scenarios_use.FIRST):
        for scenario in (
            *scenarios_images.RUNNING, *scenarios_use.ALL, *scenarios_life.ALL, *scenarios_failures.ALL,
            *scenarios_use.LAST,
        ):
            if only is None or scenario.__name__ in only:
                attempt(scenario)
    elif not options.keep:
        for service in ("pki", "account-service", "sync-service", "assessment-service"):
            if stack.container(service, check=False):
                print(f"--- {service}\n" + "\n".join(stack.logs(service)[-20:]))
finally:
    if not options.keep:
        stack.remove()
        shutil.rmtree(work, ignore_errors=True)
if not options.keep:
    left = stack.leftovers()
    print(f"{'FAIL' if left else 'pass'}           nothing of the test is left{f': {left}' if left else ''}")
    results.append(("nothing is left", left or None))
failed = [name for name, problem in results if problem]
print(f"compose-test: {len(results) - len(failed)} of {len(results)} scenarios passed in {time.monotonic() - begun:.0f} s")
sys.exit(1 if failed else 0)
