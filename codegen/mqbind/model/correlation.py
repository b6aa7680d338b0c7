"""The places in a payload that link a reply to its request: the id, the topic to reply to."""

from __future__ import annotations

from dataclasses import dataclass

from mqbind.model.protocol import Message, Operation, Protocol, Reply
from mqbind.model.types import Constrained, Integer, Member, Named, Scalar, Struct, Text, Type

_IN_PAYLOAD = "$message.payload#/"


@dataclass(frozen=True, kw_only=True)
class Step:
    """A member of the struct with the key `owner`."""

    owner: str
    place: int
    member: Member


def id_path(protocol: Protocol, message: Message) -> tuple[Step, ...] | None:
    """The path of members from the payload to the id, if the message has one that is an integer or
    a string. All but the last are required."""
    path = _path(protocol, message, message.correlation or "")
    return path if path and is_id(path[-1].member.type) else None


def shared_parameters(protocol: Protocol, operation: Operation, reply: Reply) -> tuple[str, ...]:
    """The parameters that the addresses of the request and of the reply have in common, by name."""
    answered = {item.name for item in protocol.channels[reply.channel].parameters}
    asked = protocol.channels[operation.channel].parameters
    return tuple(item.name for item in asked if not item.per_side and item.name in answered)


def topic_path(protocol: Protocol, message: Message, reply: Reply) -> tuple[Step, ...] | None:
    """The same path to the topic that a request names for the reply, if it is a string."""
    path = _path(protocol, message, reply.location or "")
    return path if path and is_text(path[-1].member.type) else None


def _path(protocol: Protocol, message: Message, location: str) -> tuple[Step, ...] | None:
    """The path of members from the payload to a place in it. All but the last are required."""
    if not location.startswith(_IN_PAYLOAD):
        return None
    path: list[Step] = []
    kind: Type = message.payload
    for name in location.removeprefix(_IN_PAYLOAD).split("/"):
        if path and path[-1].member.has_flag:
            return None
        step = _step(protocol, kind, name.replace("~1", "/").replace("~0", "~"))
        if step is None:
            return None
        path.append(step)
        kind = step.member.type
    return tuple(path)


def is_id(kind: Type) -> bool:
    """A value of the type can be compared."""
    return is_text(kind) or isinstance(_inner(kind), Integer | Scalar)


def is_text(kind: Type) -> bool:
    """A value of the type is a string that is not stored inline."""
    inner = _inner(kind)
    return isinstance(inner, Text) and not inner.inline


def _inner(kind: Type) -> Type:
    return kind.type if isinstance(kind, Constrained) else kind


def _step(protocol: Protocol, kind: Type, name: str) -> Step | None:
    struct = protocol.definitions[kind.key] if isinstance(kind, Named) else None
    if not isinstance(struct, Struct):
        return None
    for place, member in enumerate(struct.members):
        if member.json_name == name:
            return Step(owner=struct.key, place=place, member=member)
    return None
