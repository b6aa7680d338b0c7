"""Where in a payload the id stands that ties an answer to its question."""

from __future__ import annotations

from dataclasses import dataclass

from mqbind.model.protocol import Message, Protocol
from mqbind.model.types import Constrained, Integer, Member, Named, Scalar, Struct, Text, Type

_IN_PAYLOAD = "$message.payload#/"


@dataclass(frozen=True, kw_only=True)
class Step:
    """A member of the struct with the key `owner`, and which of them."""

    owner: str
    place: int
    member: Member


def id_path(protocol: Protocol, message: Message) -> tuple[Step, ...] | None:
    """The members from the payload to the id, if the correlation of the message leads to one that
    is an integer or a text. All but the last are required."""
    location = message.correlation or ""
    if not location.startswith(_IN_PAYLOAD):
        return None
    path: list[Step] = []
    kind: Type = message.payload
    for name in location.removeprefix(_IN_PAYLOAD).split("/"):
        if path and not path[-1].member.required:
            return None
        step = _step(protocol, kind, name.replace("~1", "/").replace("~0", "~"))
        if step is None:
            return None
        path.append(step)
        kind = step.member.type
    return tuple(path) if is_id(kind) else None


def is_id(kind: Type) -> bool:
    """A value of the type can be compared."""
    inner = kind.type if isinstance(kind, Constrained) else kind
    if isinstance(inner, Text):
        return not inner.inline
    return isinstance(inner, Integer | Scalar)


def _step(protocol: Protocol, kind: Type, name: str) -> Step | None:
    struct = protocol.definitions[kind.key] if isinstance(kind, Named) else None
    if not isinstance(struct, Struct):
        return None
    for place, member in enumerate(struct.members):
        if member.json_name == name:
            return Step(owner=struct.key, place=place, member=member)
    return None
