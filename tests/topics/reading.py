"""What a topic means, worked out the slow way: every reading of it is written down, and the rules
of schema/README.md pick one. Shares nothing with the compiler or the runtime."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

TOPIC_MAX = 65535


@dataclass(frozen=True, kw_only=True)
class Parameter:
    name: str
    pattern: str | None = None
    max_length: int | None = None
    enum: tuple[str, ...] = ()
    integer: bool = False
    spans: bool = False

    def allows(self, value: bytes) -> bool:
        """What is said of the values; not that one is an integer, which is looked at later."""
        try:
            text = value.decode()
        except UnicodeDecodeError:
            return False
        forbidden = "+#\0" if self.spans else "/+#\0"
        if not text or any(character in text for character in forbidden):
            return False
        if self.max_length is not None and len(text) > self.max_length:
            return False
        if self.pattern is not None and not re.search(self.pattern, text):
            return False
        return not self.enum or text in self.enum


@dataclass(frozen=True, kw_only=True)
class Address:
    """Literals, and a parameter between each two. `dynamic`: the receiver gives the topic."""

    number: int
    texts: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    dynamic: bool = False

    def fill(self, values: Sequence[bytes]) -> bytes:
        parts = [self.texts[0].encode()]
        for value, text in zip(values, self.texts[1:], strict=True):
            parts += [value, text.encode()]
        return b"".join(parts)

    @property
    def rank(self) -> list[int]:
        """What is tried first: literal levels, then partly literal ones, what spans levels last."""
        spans = any(parameter.spans for parameter in self.parameters)
        levels = "\0".join(self.texts).split("/")
        return [int(spans), *((2 if level == "\0" else int("\0" in level)) for level in levels)]

    def readings(self, topic: bytes) -> Iterator[tuple[bytes, ...]]:
        """All values that give the topic. Only the last of a level may be found empty."""
        start = self.texts[0].encode()
        if topic.startswith(start):
            yield from self._readings(topic[len(start) :], 0)

    def _readings(self, rest: bytes, place: int) -> Iterator[tuple[bytes, ...]]:
        if place == len(self.parameters):
            if not rest:
                yield ()
            return
        behind = self.texts[place + 1].encode()
        last = place + 1 == len(self.parameters) or b"/" in behind
        for length in range(0 if last else 1, len(rest) + 1):
            value = rest[:length]
            if b"/" in value and not self.parameters[place].spans:
                return
            if rest.startswith(behind, length):
                for others in self._readings(rest[length + len(behind) :], place + 1):
                    yield (value, *others)

    def read(self, topic: bytes) -> tuple[bytes, ...] | None:
        """The reading that counts: each parameter ends where it first can."""
        return min(self.readings(topic), key=lambda values: [*map(len, values)], default=None)

    def allows(self, values: Sequence[bytes]) -> bool:
        return all(map(Parameter.allows, self.parameters, values))

    def starts_openly(self, given: Sequence[bytes]) -> bool:
        """Whether a filter has the first level as it is, and no wildcard there."""
        for value, text in zip(given, self.texts, strict=False):
            if "/" in text:
                break
            if not value:
                return False
        return True

    def starts_well(self, text: bytes) -> bool:
        return not text.startswith(b"$") or self.texts[0].startswith("$")


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """A message that a handler is given: the address and the values."""

    address: int
    values: tuple[bytes, ...]


@dataclass
class Receiver:
    """A side that receives at the addresses. `wanted` are the values that it is bound to."""

    addresses: Sequence[Address]

    def __post_init__(self) -> None:
        self._order = sorted(
            (address for address in self.addresses if not address.dynamic),
            key=lambda address: address.rank,
        )

    def meaning(self, topic: bytes) -> Arrival | None:
        """The address that a topic is of, and the values; None if no address has it."""
        for address in self._order:
            values = address.read(topic)
            if values is not None and address.allows(values):
                return Arrival(address=address.number, values=values)
        return None

    def takes(self, wanted: Mapping[str, bytes]) -> bool:
        """Whether it can be bound to the values."""
        for address in self.addresses:
            given = [wanted.get(parameter.name, b"") for parameter in address.parameters]
            if address.dynamic and not given[0]:
                continue
            for place, value in enumerate(given):
                if value and not self._is_value(address, place, value):
                    return False
            if address.starts_openly(given) and not address.starts_well(address.fill(given)):
                return False
            if address.dynamic and self.meaning(given[0]):
                return False
        return True

    @staticmethod
    def _is_value(address: Address, place: int, value: bytes) -> bool:
        """Whether some topic gives the value back."""
        if not address.parameters[place].allows(value):
            return False
        values = [b"\x01"] * len(address.parameters)
        values[place] = value
        found = address.read(address.fill(values))
        return found is not None and found[place] == value

    def arrives(self, address: Address, values: Sequence[bytes]) -> bool:
        """Whether what is sent on the address arrives there, with the same values."""
        topic = address.fill(values)
        if len(topic) > TOPIC_MAX or not address.allows(values) or not address.starts_well(topic):
            return False
        meaning = self.meaning(topic)
        if address.dynamic:
            return meaning is None
        return meaning == Arrival(address=address.number, values=tuple(values))

    def arrival(self, topic: bytes, wanted: Mapping[str, bytes]) -> Arrival | None:
        """What the handlers of one that is bound to the values are given."""
        meaning = self.meaning(topic)
        if meaning is None:
            for address in self.addresses:
                if address.dynamic and wanted.get(address.parameters[0].name) == topic:
                    return Arrival(address=address.number, values=())
            return None
        address = next(each for each in self.addresses if each.number == meaning.address)
        for parameter, value in zip(address.parameters, meaning.values, strict=True):
            if wanted.get(parameter.name, value) not in (b"", value):
                return None
        return meaning
