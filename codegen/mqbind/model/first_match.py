"""Messages of one address that no member distinguishes: a receiver tries one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mqbind.model.constraints import JsonType
from mqbind.model.discriminator import listed_members
from mqbind.model.json_types import JsonTypes
from mqbind.model.protocol import Protocol
from mqbind.model.types import Constrained, Named, Struct, Type

_OBJECT = frozenset({JsonType.OBJECT})
_ANY = frozenset(JsonType) - {JsonType.INTEGER}
_COMPARISONS_MAX = 250_000
"""500 messages of one address, each of which lists no constant."""


@dataclass(frozen=True, kw_only=True)
class _Face:
    """The visible form of a message: the JSON types, and the members of an object.

    `constants` are the members that are a choice, and what they may be. `named` is None for an
    object with any members.
    """

    json_types: frozenset[JsonType]
    required: frozenset[str] = frozenset()
    named: frozenset[str] | None = None
    constants: Mapping[str, frozenset[object]]


def match_order(protocol: Protocol, messages: Iterable[str]) -> tuple[str, ...]:
    """The messages (keys) in an order in which as few as possible are mistaken for an earlier
    one."""
    faces = _faces(protocol, messages)
    passing = {
        key: {other for other in faces if _passes(face, faces[other])}
        for key, face in faces.items()
    }
    left_alone = {key: len(others) for key, others in passing.items()}
    demands = {key: _demand(face) for key, face in faces.items()}
    rest, order = dict.fromkeys(faces), []
    while rest:
        best = max(rest, key=lambda key: (left_alone[key], demands[key]))
        order.append(best)
        del rest[best]
        for key in rest:
            left_alone[key] -= best in passing[key]
    return tuple(order)


def is_orderable(protocol: Protocol, messages: Iterable[str]) -> bool:
    """False for so many messages that comparing all pairs would take long."""
    faces = _faces(protocol, messages).values()
    return len(faces) * sum(_weight(face) for face in faces) <= _COMPARISONS_MAX


def _faces(protocol: Protocol, messages: Iterable[str]) -> dict[str, _Face]:
    payloads = {key: protocol.messages[key].payload for key in messages}
    json_types = JsonTypes(protocol.definitions)
    known = {
        payload: _face(protocol, payload, json_types)
        for payload in dict.fromkeys(payloads.values())
    }
    return {key: known[payload] for key, payload in payloads.items()}


def _weight(face: _Face) -> int:
    return 1 + len(face.constants) + len(face.required) // 8


def _demand(face: _Face) -> tuple[int, int, int]:
    """How many requirements it has."""
    return (
        -len(face.json_types or _ANY) - (not face.json_types),
        sum(name in face.required for name in face.constants),
        len(face.required),
    )


def confusions(protocol: Protocol, order: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs of messages, the second of which may be mistaken for the first."""
    faces = _faces(protocol, order)
    keys = list(faces)
    return [
        (one, other)
        for place, one in enumerate(keys)
        for other in keys[place + 1 :]
        if not faces[other].json_types or not _passes(faces[one], faces[other])
    ]


def _passes(first: _Face, second: _Face) -> bool:
    """A message `second` is not mistaken for `first`."""
    if not first.json_types & second.json_types:
        return bool(first.json_types)
    if first.json_types != _OBJECT or second.json_types != _OBJECT:
        return False
    if any(
        not values & second.constants.get(name, values)
        for name, values in first.constants.items()
        if name in first.required
    ):
        return True
    return second.named is not None and bool(first.required - second.named)


def _face(protocol: Protocol, kind: Type, json_types: JsonTypes) -> _Face:
    inner = kind.type if isinstance(kind, Constrained) else kind
    definition = protocol.definitions[inner.key] if isinstance(inner, Named) else None
    if not isinstance(definition, Struct):
        return _Face(json_types=frozenset(map(_counted, json_types.of(kind))), constants={})
    listed = listed_members(protocol.definitions, definition)
    return _Face(
        json_types=_OBJECT,
        required=frozenset(member.json_name for member in definition.members if member.required),
        named=frozenset(member.json_name for member in definition.members),
        constants={name: frozenset(values) for name, values in listed.items()},
    )


def _counted(json_type: JsonType) -> JsonType:
    """An integer looks like any number."""
    return JsonType.NUMBER if json_type is JsonType.INTEGER else json_type
