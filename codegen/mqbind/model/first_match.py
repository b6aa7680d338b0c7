"""Messages of one address that no member tells apart: a receiver tries one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import assert_never

from mqbind.model.protocol import Protocol
from mqbind.model.types import (
    Array,
    Boolean,
    Bytes,
    Choice,
    Constrained,
    Integer,
    Json,
    Map,
    Named,
    Null,
    Nullable,
    Number,
    Scalar,
    Struct,
    Text,
    Type,
    Union,
    Wire,
)

_COMPARISONS_MAX = 250_000
"""500 messages of one address, each of which lists no constant."""

_NUMBER, _TEXT, _OBJECT = "number", "string", "object"
_ANY = frozenset({_NUMBER, _TEXT, _OBJECT, "boolean", "array", "null"})
_PLAIN: Mapping[type, frozenset[str]] = {
    Boolean: frozenset({"boolean"}),
    Number: frozenset({_NUMBER}),
    Text: frozenset({_TEXT}),
    Scalar: frozenset({_NUMBER, _TEXT}),
    Map: frozenset({_OBJECT}),
    Array: frozenset({"array"}),
    Null: frozenset({"null"}),
    Json: _ANY,
    Bytes: frozenset(),
}


@dataclass(frozen=True, kw_only=True)
class _Face:
    """What shows from outside: the JSON types, and the members of an object.

    `constants` are the members that are a choice, and what they may be. `named` is None for an
    object with any members.
    """

    json_types: frozenset[str]
    required: frozenset[str] = frozenset()
    named: frozenset[str] | None = None
    constants: Mapping[str, frozenset[object]]


def match_order(protocol: Protocol, messages: Iterable[str]) -> tuple[str, ...]:
    """The messages (keys) so that as few as possible are taken for one that is tried before."""
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
    """False for so many messages that comparing each with each would take long."""
    faces = _faces(protocol, messages).values()
    return len(faces) * sum(_weight(face) for face in faces) <= _COMPARISONS_MAX


def _faces(protocol: Protocol, messages: Iterable[str]) -> dict[str, _Face]:
    payloads = {key: protocol.messages[key].payload for key in messages}
    known = {payload: _face(protocol, payload) for payload in dict.fromkeys(payloads.values())}
    return {key: known[payload] for key, payload in payloads.items()}


def _weight(face: _Face) -> int:
    return 1 + len(face.constants) + len(face.required) // 8


def _demand(face: _Face) -> tuple[int, int, int]:
    """How much it asks for."""
    return (
        -len(face.json_types or _ANY) - (not face.json_types),
        sum(name in face.required for name in face.constants),
        len(face.required),
    )


def confusions(protocol: Protocol, order: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs of messages, the second of which may be taken for the first."""
    faces = _faces(protocol, order)
    keys = list(faces)
    return [
        (one, other)
        for place, one in enumerate(keys)
        for other in keys[place + 1 :]
        if not faces[other].json_types or not _passes(faces[one], faces[other])
    ]


def _passes(first: _Face, second: _Face) -> bool:
    """What is meant to be `second` is not taken for `first`."""
    if not first.json_types & second.json_types:
        return bool(first.json_types)
    if first.json_types != {_OBJECT} or second.json_types != {_OBJECT}:
        return False
    if any(
        not values & second.constants.get(name, values)
        for name, values in first.constants.items()
        if name in first.required
    ):
        return True
    return second.named is not None and bool(first.required - second.named)


def _face(protocol: Protocol, kind: Type) -> _Face:
    inner = kind.type if isinstance(kind, Constrained) else kind
    definition = protocol.definitions[inner.key] if isinstance(inner, Named) else None
    if not isinstance(definition, Struct):
        return _Face(json_types=_json_types(protocol, kind, {}), constants={})
    members = definition.members
    spellings = {member.json_name: _spellings(protocol, member.type) for member in members}
    return _Face(
        json_types=frozenset({_OBJECT}),
        required=frozenset(member.json_name for member in members if member.required),
        named=frozenset(spellings),
        constants={name: values for name, values in spellings.items() if values},
    )


def _spellings(protocol: Protocol, kind: Type) -> frozenset[object]:
    """The values of a choice; none for anything else."""
    choice = protocol.definitions[kind.key] if isinstance(kind, Named) else None
    if not isinstance(choice, Choice):
        return frozenset()
    return frozenset(spelling for value in choice.values for spelling in value.spellings)


def _json_types(protocol: Protocol, kind: Type, known: dict[str, frozenset[str]]) -> frozenset[str]:
    """The JSON types that a value may have; none if it is not JSON. `known` are those of
    definitions, by their keys."""
    match kind:
        case Nullable(type=inner):
            return _json_types(protocol, inner, known) | {"null"}
        case Constrained(type=inner):
            return _json_types(protocol, inner, known)
        case Integer(wires=wires):
            return frozenset(_NUMBER if wire is Wire.NUMBER else _TEXT for wire in wires)
        case Named(key=key):
            if key not in known:
                known[key] = _ANY  # of what stands inside itself
                known[key] = _of_definition(protocol, key, known)
            return known[key]
        case _:
            return _PLAIN[type(kind)]


def _of_definition(
    protocol: Protocol, key: str, known: dict[str, frozenset[str]]
) -> frozenset[str]:
    match protocol.definitions[key]:
        case Struct():
            return frozenset({_OBJECT})
        case Choice(values=values):
            return frozenset(
                _TEXT if isinstance(spelling, str) else _NUMBER
                for value in values
                for spelling in value.spellings
            )
        case Union(branches=branches):
            found = [_json_types(protocol, branch.type, known) for branch in branches]
            return frozenset().union(*found)
        case _:
            assert_never(protocol.definitions[key])
