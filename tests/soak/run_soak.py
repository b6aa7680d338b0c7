"""Both sides of five protocols for minutes, under load, hostile payloads and kills: `make soak`.

Memory and open files of each process must stay as they are, and every message must land in one
counter. Then numbers are sent in order over sessions that are kept, which takes two minutes, and
last the figures of the connection are measured; `--figures` does only that.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

from tests.broker.server import Broker
from tests.soak import figures, sessions
from tests.soak.fleet import KINDS, Actor, Fleet, call_toy, start_fleet
from tests.support.waiting import ticks, wait_until

DEVICES, RATE, HOSTILE_PERCENT, KILL_S, SECONDS = 200, 1000, 5, 30, 480
NUMBERS, KILLS = 1_000_000, 100
TICKS_PER_S = 10
HOSTILE = (b"", b"{", b"\xff\xfe", b'{"a":' * 200, b"[" * 3000, b'{"msgId":1e999}', b"\0" * 500)
MEMORY_KB = 128
"""What the allocator and the buffers of one process may vary."""
COLUMNS = ("publishes", "sent", "confirmed", "dropped", "rejected", "received", "received_ok")


@dataclass(frozen=True, kw_only=True)
class Plan:
    devices: int = DEVICES
    rate: int = RATE
    seconds: int = SECONDS
    kill_s: int = KILL_S


class Hostile:
    """Somebody who publishes what is no message of the protocols."""

    def __init__(self, port: int) -> None:
        self.client = Client(CallbackAPIVersion.VERSION2)
        self.client.reconnect_delay_set(1, 1)
        self.client.connect("127.0.0.1", port)
        self.client.loop_start()

    def publish(self, number: int) -> None:
        kind = KINDS[number % len(KINDS)]
        payload = HOSTILE[number // len(KINDS) % len(HOSTILE)]
        self.client.publish(kind.topic.format("000000000000"), payload)

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


def send_for(seconds: int, fleet: Fleet, broker: Broker, plan: Plan, hostile: Hostile) -> int:
    """How often the broker was killed."""
    sent = kills = 0
    for tick in ticks(1 / TICKS_PER_S, seconds * TICKS_PER_S):
        for _ in range(plan.rate // TICKS_PER_S):
            sent += 1
            if sent % 100 < HOSTILE_PERCENT:
                hostile.publish(sent)
            else:
                fleet.devices[sent % len(fleet.devices)].send()
        call_toy(fleet, tick)
        if tick % (plan.kill_s * TICKS_PER_S) == plan.kill_s * TICKS_PER_S // 2:
            broker.kill()
            broker.start()
            kills += 1
            print(f"{tick // TICKS_PER_S} s: {sent} messages, {kills} kills", flush=True)
    return kills


def growth(actor: Actor, before: tuple[int, int]) -> str:
    """What is more than it was, or ""."""
    memory, files = actor.resources()
    if memory > before[0] + MEMORY_KB:
        return f"{actor.kind.protocol} {actor.name}: {before[0]} KB became {memory} KB"
    if files != before[1]:
        return f"{actor.kind.protocol} {actor.name}: {before[1]} files became {files}"
    return ""


def soak(plan: Plan, folder: Path) -> list[str]:
    """What should not be; a table is printed."""
    with ExitStack() as actors:
        broker = Broker(folder=folder, lines=("allow_anonymous true", "log_type error"))
        broker.start()
        actors.callback(broker.kill)
        fleet = start_fleet(plan.devices, broker.port, actors)
        fleet.wait_for_rest()
        hostile = Hostile(broker.port)
        actors.callback(hostile.close)
        # Buffers reach their size.
        send_for(plan.seconds // 4, fleet, broker, plan, hostile)
        fleet.wait_for_rest()
        before = [actor.resources() for actor in fleet.all]
        send_for(plan.seconds - plan.seconds // 4, fleet, broker, plan, hostile)
        wait_until(hostile.client.is_connected, lambda: "the hostile client is not connected")
        fleet.wait_for_rest()
        faults = [growth(actor, each) for actor, each in zip(fleet.all, before, strict=True)]
        faults += finish(fleet)
        return [fault for fault in faults if fault]


def finish(fleet: Fleet) -> list[str]:
    """End all sides, and compare what they count."""
    faults = []
    print(f"| side | {' | '.join(COLUMNS)} |\n|{'---|' * (len(COLUMNS) + 1)}")
    for group in (fleet.devices, fleet.others):
        for kind in KINDS:
            total: Counter[str] = Counter()
            for actor in group:
                if actor.kind is kind:
                    counters = actor.closed()
                    total.update(counters)
                    total["commanded"] += actor.commanded
            role = kind.device if group is fleet.devices else kind.other
            cells = " | ".join(str(total[name]) for name in COLUMNS)
            print(f"| {kind.protocol} {role} | {cells} |", flush=True)
            faults += missing(group is fleet.devices, f"{kind.protocol} {role}", total)
    return faults


def missing(is_device: bool, name: str, total: Counter[str]) -> list[str]:
    """Devices count what they were made to send and what they answered, others what came."""
    expected = total["commanded"] + total["received_ok"]
    counted = total["publishes"] + total["rejected"]
    faults = {
        f"{name}: {counted} of {expected} messages are counted": is_device and counted != expected,
        f"{name}: nothing came": not is_device and total["received_ok"] == 0,
        f"{name}: nothing was refused": not is_device and total["received"] == total["received_ok"],
    }
    return [fault for fault, is_so in faults.items() if is_so]


def send_numbers() -> list[str]:
    """The same of the sessions."""
    faults = []
    for qos in (1, 2):
        result = sessions.run(NUMBERS, qos, KILLS)
        faults += result.faults(qos, NUMBERS)
        print(
            f"QoS {qos}: of {NUMBERS} numbers over {KILLS} kills {len(result.lost)} are lost, "
            f"{len(result.again)} came again, "
            f"{len(result.faults(qos, NUMBERS))} faults",
            flush=True,
        )
    return faults


def measure() -> list[str]:
    """The same of the figures."""
    with tempfile.TemporaryDirectory() as name:
        return figures.print_figures(figures.Sizes(), Path(name))


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=SECONDS)
    parser.add_argument("--figures", action="store_true", help="measure the figures, nothing else")
    options = parser.parse_args()
    faults = []
    if not options.figures:
        with tempfile.TemporaryDirectory() as name:
            faults += soak(Plan(seconds=options.seconds), Path(name))
        faults += send_numbers()
        print("\n".join(faults) or "memory and files are as they were, and all counters add up")
    missed = measure()
    print("\n".join(missed) or "no figure is missed by far")
    return 1 if faults or missed else 0


if __name__ == "__main__":
    sys.exit(main())
