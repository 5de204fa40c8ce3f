"""Stops, starts and kills, in every order; nothing may be lost by them."""
import itertools
import os
import signal
import time

from scenarios_use import expect_nothing_lost
from stack import SERVICES, eventually, expect


def stops_in_order(stack, service, mark):
    """That a stopped service has drained and closed, and was not killed."""
    state = stack.state(service)
    expect(state["ExitCode"] == 0, f"{service}: exit {state['ExitCode']}")
    said = stack.since(service, mark)
    expect('"stopping"' in said and '"stopped"' in said, f"{service}: {said[-500:]}")


def each_in_turn(stack):
    """each service is stopped and started in turn: it stops in order, and nothing is lost"""
    took = []
    for service in SERVICES:
        mark = stack.log_count(service)
        began = time.monotonic()
        stack.stop(service)
        took.append(time.monotonic() - began)
        stops_in_order(stack, service, mark)
        stack.start(service)
        stack.wait_ready()
        expect_nothing_lost(stack)
    return f"stops took up to {max(took):.1f} s"


def all_at_once(stack):
    """all are stopped and started by compose, and nothing is lost"""
    marks = {service: stack.log_count(service) for service in SERVICES}
    # Not the emulator, which keeps its account in memory alone.
    stack.compose("stop", "--timeout", "30", *SERVICES)
    for service in SERVICES:
        stops_in_order(stack, service, marks[service])
    stack.compose("start", *SERVICES)
    stack.wait_ready()
    expect_nothing_lost(stack)


def every_order(stack):
    """the services start in every order, peers missing, and find each other"""
    for order in itertools.permutations(SERVICES):
        stack.stop(*SERVICES)
        for service in order:
            stack.start(service)
            # Ready although those that come later are not there.
            stack.wait_ready(service, peers=False)
        stack.wait_ready()
    expect_nothing_lost(stack)


def crash(stack):
    """a service whose process is killed is started again by its restart policy, and nothing is lost"""
    for service in SERVICES:
        before = stack.state(service)
        os.kill(before["Pid"], signal.SIGKILL)
        eventually(
            f"{service} runs again",
            lambda: stack.state(service)["Running"] and stack.state(service)["Pid"] not in (0, before["Pid"]))
    stack.wait_ready()
    expect_nothing_lost(stack)


def runs(stack):
    """The account's syncs by id, the latest first."""
    return {row["id"]: row for row in stack.rows("sync", "list", "--account", "demo", "--limit", "5")}


def start_a_sync(stack):
    """The id of a run that is under way."""
    stack.parapet("sync", "start", "demo")
    return eventually(
        "the sync is under way", lambda: next((id for id, row in runs(stack).items() if row["state"] == "running"), None))


def expect_resumed(stack, run):
    """That the run went on where it was, ended well, and left what was known."""
    eventually(
        "all syncs have ended",
        lambda: not {"running", "queued"} & {row["state"] for row in runs(stack).values()}, limit=180)
    row = runs(stack)[run]
    expect(row["state"] in ("succeeded", "partial") and row["resumptions"] == 1, f"{row}")
    eventually("the assessment has ended", lambda: runs(stack)[run]["assessment"] not in ("pending", "running"), limit=120)
    expect_nothing_lost(stack)


def killed_in_a_sync(stack):
    """killed in the middle of a sync, the sync service resumes it, and ends with the same assets and alerts"""
    run = start_a_sync(stack)
    os.kill(stack.state("sync-service")["Pid"], signal.SIGKILL)
    stack.wait_ready("sync-service", peers=False)
    expect_resumed(stack, run)


def stopped_in_a_sync(stack):
    """stopped in the middle of a sync, the sync service stops in order and in time, and resumes it"""
    run = start_a_sync(stack)
    mark = stack.log_count("sync-service")
    began = time.monotonic()
    stack.stop("sync-service")
    took = time.monotonic() - began
    stops_in_order(stack, "sync-service", mark)
    stack.start("sync-service")
    stack.wait_ready("sync-service", peers=False)
    expect_resumed(stack, run)
    return f"stopped in {took:.1f} s"


ALL = (each_in_turn, every_order, crash, killed_in_a_sync, stopped_in_a_sync, all_at_once)
