"""The payloads that are measured."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from mqbind.plan.symbols.identifiers import snake

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
FIELDS = {
    "ucc": ("folotoy", "UpdateCommonConfig", "all"),
    "voice": ("folotoy", "VoiceGenerated", "voice"),
    "ota": ("thingspanel", "OtaTask", "task"),
}
"""The three payloads of which every peer takes out all fields, and where they are printed."""
SHAPES = ("numbers", "objects", "wide", "strings", "deep")
SIZES = (10, 100, 1_000, 10_000, 100_000, 1_000_000)
VARIANTS = 64
DEVICES = 16
"""Of those that have a binding each, so many are routed to."""
DEPTH = 30
"""Of the deep shape, just within the limit of 32."""


@dataclass(frozen=True, kw_only=True)
class Subject:
    """Texts of one message, which are read one after the other, each as often as the others.

    `c_name` is that of the message in the generated C, `peer_name` what quicktype calls it. `size`
    is the one that a shape was asked to have, 0 for other subjects.
    """

    group: str
    name: str
    c_name: str
    peer_name: str
    texts: tuple[bytes, ...]
    size: int = 0

    @property
    def mean_bytes(self) -> float:
        return sum(map(len, self.texts)) / len(self.texts)


def printed() -> Iterator[Subject]:
    """Every payload that the five documents print, with their blanks and line breaks."""
    for protocol, messages in _printed_texts().items():
        for message, texts in messages.items():
            for name, text in texts.items():
                yield _subject("printed", f"{protocol}.{message}.{name}", protocol, message, text)


def fields() -> Iterator[Subject]:
    """The three payloads that all peers take."""
    texts = _printed_texts()
    for name, (protocol, message, example) in FIELDS.items():
        yield _subject("fields", name, protocol, message, texts[protocol][message][example])


def varied() -> Iterator[Subject]:
    """The same with their members in any order and other values, many of each."""
    for subject in fields():
        chance = random.Random(subject.name)
        value = json.loads(subject.texts[0])
        texts = tuple(
            json.dumps(_vary(value, subject.name, chance), separators=(",", ":")).encode()
            for _ in range(VARIANTS)
        )
        yield Subject(
            group="varied",
            name=subject.name,
            c_name=subject.c_name,
            peer_name=subject.peer_name,
            texts=texts,
        )


def shapes() -> Iterator[Subject]:
    """Payloads of each shape and size, values of many kinds."""
    for shape in SHAPES:
        for size in SIZES:
            yield Subject(
                group="shapes",
                name=f"{shape}.{size}",
                c_name=f"shapes_{shape}",
                peer_name=shape,
                texts=(_grow(shape, size),),
                size=size,
            )


def routed() -> Iterator[Subject]:
    """Topics: 32 kinds of any device, and those of many devices."""
    kinds = [f"fleet/device0{i:04}/kind{i:02}/{1000 + i}" for i in range(32)]
    yield _topics("32", kinds)
    for count in (1_000, 10_000):
        numbers = [i * count // DEVICES for i in range(DEVICES)]
        topics = [f"fleet/device{number:05}/kind00/{1000 + number}" for number in numbers]
        yield _topics(str(count), topics)


def _topics(name: str, topics: list[str]) -> Subject:
    texts = tuple(topic.encode() for topic in topics)
    return Subject(group="routes", name=name, c_name="", peer_name="", texts=texts)


def _printed_texts() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    loaded: Mapping[str, Mapping[str, Mapping[str, str]]] = yaml.safe_load(
        (HERE / "printed.yaml").read_text()
    )
    return loaded


def _subject(group: str, name: str, protocol: str, message: str, text: str) -> Subject:
    return Subject(
        group=group,
        name=name,
        c_name=f"{protocol}_{snake(message)}",
        peer_name=peer_name(protocol, message),
        texts=(text.encode(),),
    )


def peer_name(protocol: str, message: str) -> str:
    """One name for a message of a protocol, in the style of types."""
    return "".join(part.capitalize() for part in protocol.split("_")) + message


def _vary(value: Any, name: str, chance: random.Random) -> Any:
    if isinstance(value, dict):
        members = list(value.items())
        chance.shuffle(members)
        return {key: _vary(member, key, chance) for key, member in members}
    if vary := _VALUES.get(name):
        return vary(chance)
    return value


def _word(chance: random.Random, longest: int) -> str:
    return "".join(chance.choices("abcdefghijklmnopqrstuvwxyz /:.", k=chance.randint(1, longest)))


_VALUES: Mapping[str, Callable[[random.Random], Any]] = {
    "msgId": lambda chance: chance.randint(1, 10 ** chance.randint(1, 12)),
    "record_type": lambda chance: chance.randint(1, 3),
    "open_tip_type": lambda chance: chance.randint(0, 1),
    "voltage_alarm": lambda chance: round(chance.uniform(0, 5), chance.randint(1, 4)),
    "sleep_trigger_time": lambda chance: chance.choice([0, chance.randint(30, 86400)]),
    "volume": lambda chance: chance.randint(0, 100),
    "volume_control_type": lambda chance: chance.randint(1, 2),
    "recordingId": lambda chance: chance.randint(1, 10**6),
    "order": lambda chance: chance.randint(0, 40),
    "voiceText": lambda chance: _word(chance, 60),
    "voiceUrl": lambda chance: f"http://{_word(chance, 80)}",
    "role": lambda chance: chance.randint(1, 90),
    "id": lambda chance: str(chance.randint(1, 10**9)),
    "code": lambda chance: chance.choice([200, 404, 500]),
    "version": lambda chance: f"{chance.randint(1, 9)}.{chance.randint(0, 99)}",
    "size": lambda chance: chance.randint(1, 10**8),
    "url": lambda chance: f"http://{_word(chance, 80)}",
    "signMethod": lambda chance: chance.choice(["MD5", "md5", "Md5", "SHA256", "sha256"]),
    "sign": lambda chance: f"{chance.getrandbits(128):032x}",
    "module": lambda chance: _word(chance, 12),
}


def _grow(shape: str, size: int) -> bytes:
    """The longest text of the shape that is no longer than `size`, but one item at least."""
    chance = random.Random(f"{shape}{size}")
    first, last = (b"{", b"}") if shape == "wide" else (b"[", b"]")
    items: list[bytes] = []
    length = 2
    while True:
        item = _ITEMS[shape](chance, len(items)).encode()
        if items and length + len(item) + 1 > size:
            return first + b",".join(items) + last
        items.append(item)
        length += len(item) + 1


def _number(chance: random.Random, _: int) -> str:
    return chance.choice(
        [
            str(chance.randint(-9, 99)),
            str(chance.randint(-(10**6), 10**9)),
            f"{chance.uniform(-100, 100):.{chance.randint(1, 3)}f}",
            repr(chance.uniform(-1e6, 1e6)),
            f"{chance.randint(1, 99)}e{chance.randint(-9, 9)}",
        ]
    )


def _object(chance: random.Random, index: int) -> str:
    value = {
        "id": index,
        "name": _word(chance, 24),
        "on": chance.random() < 0.5,
        "value": round(chance.uniform(-50, 150), 2),
    }
    return json.dumps(value, separators=(",", ":"))


def _member(chance: random.Random, index: int) -> str:
    return f'"{_word(chance, 12).strip()}{index}":{chance.randint(-1000, 10**6)}'


def _string(chance: random.Random, _: int) -> str:
    text = _word(chance, 40)
    if chance.random() < 0.1:
        text += chance.choice(['"', "\\", "\n", "é", "语音", "\U0001f600"])
    return json.dumps(text, ensure_ascii=chance.random() < 0.3)


def _nested(chance: random.Random, _: int) -> str:
    return "[" * DEPTH + str(chance.randint(0, 99)) + "]" * DEPTH


_ITEMS: Mapping[str, Callable[[random.Random, int], str]] = {
    "numbers": _number,
    "objects": _object,
    "wide": _member,
    "strings": _string,
    "deep": _nested,
}
