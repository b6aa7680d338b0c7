"""Run the demo and a group of two through each broker under MQTT 5 and 3.1.1: `make brokers`.

Prints a table, and fails if a row is not the one in docs/brokers.md. Arguments are names of
brokers; without any, all are run.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.broker.probe import Probe
from tests.broker.server import find_program
from tests.brokers.brokers import BROKERS, ROOT, Broker
from tests.support.waiting import DEADLINE_S, wait_until

PLAYS = ("folotoy", "eztcloud_device", "thingsboard", "eztcloud_app", "thingspanel")
PAGE = ROOT / "docs" / "brokers.md"
HEAD = """\
| broker | from | MQTT 5 | MQTT 3.1.1 | groups, 5 | groups, 3.1.1 |
|---|---|---|---|---|---|"""
IMPOSSIBLE = "Not possible with MQTT 3.1.1"
MESSAGES = 20
NO_GROUPS_MS = 2000


def build_folder() -> Path:
    return Path(os.environ.get("MQBIND_BUILD_DIR", "build/dev")).resolve()


def start_probe(port: int, protocol: int, **settings: str | int) -> Probe:
    program = build_folder() / "tests" / "broker" / "broker_probe"
    common: dict[str, str | int] = {
        "host": "127.0.0.1",
        "port": port,
        "protocol": protocol,
        "allow_abort": 1,
    }
    return Probe(program, **{**common, **settings})


def refusal(port: int, protocol: int) -> str:
    """What a client hears that comes with a version that the broker does not speak."""
    probe = start_probe(port, protocol)
    while (state := probe.wait("state"))["state"] == "connecting":
        pass
    probe.end()
    return str(state["reason"]).rstrip(".")


def play_all(port: int, protocol: int) -> str:
    """How many protocols of the demo pass, and which are impossible; ends at a failure."""
    passed, impossible = 0, []
    for play in PLAYS:
        command = [sys.executable, "examples/demo.py", "--build-dir", str(build_folder())]
        command += ["--port", str(port), "--protocol", str(protocol), play]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=DEADLINE_S)
        if done.returncode != 0:
            sys.exit(f"{play}, MQTT {protocol}:\n{done.stdout}{done.stderr}")
        if IMPOSSIBLE in done.stdout:
            impossible.append(play)
        else:
            passed += 1
    without = f" (not {' and '.join(impossible)})" if impossible else ""
    return f"{passed} of {len(PLAYS)}{without}"


def received(probe: Probe) -> int:
    return int(probe.ask("counters", "counters")["received_ok"])


def share(port: int, protocol: int) -> str:
    """What a group of two receives, and what the probe for groups says."""
    group = [start_probe(port, protocol, group="crew", client_id=name) for name in ("a", "b")]
    settings: dict[str, str | int] = {"groups_topic": "mqbind/probe", "groups_ms": NO_GROUPS_MS}
    alone = start_probe(port, protocol, client_id="alone", **settings)
    verdict = alone.wait("groups")["groups"]
    for probe in (*group, alone):
        probe.wait_for_counter("granted", 1)
    command = [find_program("mosquitto_pub"), "-h", "127.0.0.1", "-p", str(port)]
    command += ["-V", "mqttv5" if protocol == 5 else "mqttv311", "-i", "pub"]
    command += ["-t", "probe/in/n", "-q", "1", "-l"]
    lines = "".join(f"{number}\n" for number in range(MESSAGES)).encode()
    subprocess.run(command, input=lines, check=True, timeout=DEADLINE_S)
    wait_until(lambda: received(alone) == MESSAGES, lambda: str(alone.last("counters")))
    if verdict == "served":
        wait_until(lambda: sum(map(received, group)) >= MESSAGES, lambda: "the group waits")
    shared = sum(map(received, group))
    for probe in (*group, alone):
        probe.quit()
    return (
        f"{shared} of {MESSAGES}" if verdict == "served" else f"{shared} of {MESSAGES}, {verdict}"
    )


def row(broker: Broker, folder: Path) -> str:
    demo, groups = {}, {}
    with broker.running(folder) as port:
        for protocol in (5, 4):
            if protocol in broker.versions:
                demo[protocol] = play_all(port, protocol)
                groups[protocol] = share(port, protocol)
            else:
                demo[protocol], groups[protocol] = refusal(port, protocol), "-"
    cells = (broker.name, broker.source, demo[5], demo[4], groups[5], groups[4])
    return f"| {' | '.join(cells)} |"


def main() -> int:
    wanted = sys.argv[1:] or [broker.name for broker in BROKERS]
    different = []
    print(HEAD, flush=True)
    for broker in BROKERS:
        if broker.name not in wanted:
            continue
        with tempfile.TemporaryDirectory() as folder:
            found = row(broker, Path(folder))
        print(found, flush=True)
        if f"{found}\n" not in PAGE.read_text():
            different.append(broker.name)
    if different:
        print(f"not what {PAGE.relative_to(ROOT)} says: {', '.join(different)}", file=sys.stderr)
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
