"""Devices of all five protocols and their other sides, each in a process of its own."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from tests.broker.probe import SUMS
from tests.broker.sides.side import Payload, payload_bytes
from tests.soak.programs import Running, popen, program_path
from tests.support.waiting import DEADLINE_S, wait_until

PLAY = {"msgId": 1, "identifier": "iwantplay", "inputParams": {"role": 1, "text": "a"}}
PLAYED = {"msgId": 1, "identifier": "iwantplay", "result": 1}
RECORDED = {
    "msgId": 2,
    "identifier": "recording_transcribed",
    "inputParams": {"recordingId": 1, "recordingText": "hello", "recordingUrl": "http://a/c"},
}
VALUES = {"temperature": 21.5, "on": True, "name": "cellar"}


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A protocol, its two sides, and what the devices send."""

    protocol: str
    device: str
    other: str
    message: str
    payload: Payload
    topic: str
    """Of what the devices send, for those who send something else."""
    values: tuple[str, ...] = ()
    """Of the topic, of which {} is the device's name."""
    device_settings: tuple[str, ...] = ()
    other_settings: tuple[str, ...] = ()


KINDS = (
    Kind(
        protocol="eztcloud_app",
        device="platform",
        other="application",
        message="attributes",
        payload=VALUES,
        topic="open/PR_home/{}/attributes",
        values=("PR_home", "DU_{}"),
        other_settings=("project_key=PR_home",),
    ),
    Kind(
        protocol="eztcloud_device",
        device="device",
        other="platform",
        message="attributes",
        payload=VALUES,
        topic="attributes/DU_{}",
        values=("DU_{}",),
        device_settings=("username=DU_{}", "handlers=command"),
        other_settings=("handlers=attributes",),
    ),
    Kind(
        protocol="folotoy",
        device="toy",
        other="application",
        message="recording_transcribed",
        payload=RECORDED,
        topic="/sys/folotoy/{}/thing/event/post",
        values=("{}",),
        device_settings=("sn={}",),
        other_settings=("handlers=voice_generated,recording_transcribed",),
    ),
    Kind(
        protocol="thingsboard",
        device="device",
        other="server",
        message="telemetry",
        payload=VALUES,
        topic="v1/devices/me/telemetry",
        device_settings=("handlers=", "directions_apart=1"),
        other_settings=("handlers=telemetry", "directions_apart=1"),
    ),
    Kind(
        protocol="thingspanel",
        device="device",
        other="platform",
        message="ota_progress",
        payload={"step": "50", "desc": "half", "module": "MCU"},
        topic="ota/devices/progress",
        device_settings=("device_number={}",),
        other_settings=("handlers=ota_progress",),
    ),
)


@dataclass(kw_only=True)
class Actor(Running):
    """A running side. What it says is counted; of each event, the last one is kept."""

    kind: Kind
    name: str
    said: Counter[str] = field(default_factory=Counter)
    last: dict[str, str] = field(default_factory=dict)
    commanded: int = 0

    def hear(self, line: str) -> None:
        event = line.split('"', 4)[3]
        self.last[event] = line
        self.said[event] += 1

    def do(self, *fields: object) -> None:
        assert self.popen.stdin
        self.popen.stdin.write("\t".join(map(str, fields)) + "\n")
        self.popen.stdin.flush()

    def send(self) -> None:
        values = [value.format(self.name) for value in self.kind.values]
        self.do("send", self.kind.message, *values, payload_bytes(self.kind.payload).hex())
        self.commanded += 1

    def counters(self) -> dict[str, int]:
        before = self.said["counters"]
        self.do("counters")
        wait_until(lambda: self.said["counters"] > before, lambda: f"{self.name}: {self.last}")
        return parsed(self.last["counters"])

    def is_at_rest(self) -> bool:
        """Connected, with all subscriptions, and nothing on its way."""
        now = self.counters()
        waits = now["subscribes"] - now["subscribes_lost"] - now["granted"] + now["pending"]
        return bool(now["connected"]) and waits == 0

    def closed(self) -> dict[str, int]:
        """The counters at the end, which must add up."""
        self.do("quit")
        assert self.popen.wait(DEADLINE_S) == 0, self.name
        wait_until(lambda: "closed" in self.last, lambda: f"{self.name}: {self.last}")
        counters = parsed(self.last["closed"])
        for name, parts in SUMS.items():
            assert counters[name] == sum(counters[part] for part in parts), (self.name, name)
        return counters

    def resources(self) -> tuple[int, int]:
        """Resident memory in KB, and open files."""
        folder = Path(f"/proc/{self.popen.pid}")
        [resident] = [
            int(line.split()[1])
            for line in (folder / "status").read_text().splitlines()
            if line.startswith("VmRSS")
        ]
        return resident, len(list((folder / "fd").iterdir()))


def parsed(line: str) -> dict[str, int]:
    return {name: value for name, value in json.loads(line).items() if name != "event"}


def start(kind: Kind, role: str, name: str, port: int, actors: ExitStack) -> Actor:
    program = program_path("broker", "sides", f"side_{kind.protocol}")
    settings = kind.device_settings if role == kind.device else kind.other_settings
    arguments = [f"role={role}", f"port={port}", *(each.format(name) for each in settings)]
    actor = Actor(kind=kind, name=name, popen=popen(program, arguments))
    actor.listen(actors)
    return actor


@dataclass(frozen=True, kw_only=True)
class Fleet:
    devices: Sequence[Actor]
    others: Sequence[Actor]

    @property
    def all(self) -> list[Actor]:
        return [*self.devices, *self.others]

    def wait_for_rest(self) -> None:
        for actor in self.all:
            wait_until(actor.is_at_rest, lambda: f"a side does not come to rest: {self.names()}")

    def names(self) -> list[str]:
        return [str(actor.last.get("counters")) for actor in self.all if not actor.is_at_rest()]


def start_fleet(devices: int, port: int, actors: ExitStack) -> Fleet:
    """So many devices, of all protocols in turn, and one other side of each."""
    others = [start(kind, kind.other, kind.other, port, actors) for kind in KINDS]
    started = []
    for number in range(devices):
        kind = KINDS[number % len(KINDS)]
        started.append(start(kind, kind.device, f"{number:012x}", port, actors))
    for actor in started:
        if actor.kind.protocol == "folotoy":
            actor.do("answer", "i_want_play", "command_ack", payload_bytes(PLAYED).hex())
    return Fleet(devices=started, others=others)


def call_toy(fleet: Fleet, number: int) -> None:
    """The application asks a toy something, which answers it."""
    toys = [actor for actor in fleet.devices if actor.kind.protocol == "folotoy"]
    [application] = [actor for actor in fleet.others if actor.kind.protocol == "folotoy"]
    toy = toys[number % len(toys)].name
    application.do("call", "i_want_play", 1000, number, toy, payload_bytes(PLAY).hex())
