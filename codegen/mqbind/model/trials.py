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


def trial_order(protocol: Protocol, messages: Iterable[str]) -> tuple[str, ...]:
    """The messages (keys) so that as few as possible are taken for one that is tried before."""
    faces = {key: _face(protocol, protocol.messages[key].payload) for key in messages}
    rest, order = list(faces), []
    while rest:
        ranks = {key: _rank(faces[key], [faces[other] for other in rest]) for key in rest}
        best = max(rest, key=lambda key: ranks[key])
        order.append(best)
        rest.remove(best)
    return tuple(order)


def _rank(face: _Face, others: list[_Face]) -> tuple[int, int, int, int]:
    """How many others it leaves alone, and how much it asks for."""
    return (
        sum(_passes(face, other) for other in others),
        -len(face.json_types or _ANY) - (not face.json_types),
        sum(name in face.required for name in face.constants),
        len(face.required),
    )


def confusions(protocol: Protocol, order: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs of messages, the second of which may be taken for the first."""
    faces = {key: _face(protocol, protocol.messages[key].payload) for key in order}
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
        return _Face(json_types=_json_types(protocol, kind, frozenset()), constants={})
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


def _json_types(protocol: Protocol, kind: Type, above: frozenset[str]) -> frozenset[str]:
    """The JSON types that a value may have; none if it is not JSON."""
    match kind:
        case Nullable(type=inner):
            return _json_types(protocol, inner, above) | {"null"}
        case Constrained(type=inner):
            return _json_types(protocol, inner, above)
        case Integer(wires=wires):
            return frozenset(_NUMBER if wire is Wire.NUMBER else _TEXT for wire in wires)
        case Named(key=key):
            return _ANY if key in above else _of_definition(protocol, key, above | {key})
        case _:
            return _PLAIN[type(kind)]


def _of_definition(protocol: Protocol, key: str, above: frozenset[str]) -> frozenset[str]:
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
            found = [_json_types(protocol, branch.type, above) for branch in branches]
            return frozenset().union(*found)
        case _:
            assert_never(protocol.definitions[key])
