"""Where in a payload the id stands that ties an answer to its question."""

from __future__ import annotations

from mqbind.model.protocol import Message, Protocol
from mqbind.model.types import Constrained, Integer, Member, Named, Scalar, Struct, Text, Type

_IN_PAYLOAD = "$message.payload#/"


def id_path(protocol: Protocol, message: Message) -> tuple[Member, ...] | None:
    """The members from the payload to the id, if the correlation of the message leads to one that
    is an integer or a text. All but the last are required."""
    location = message.correlation or ""
    if not location.startswith(_IN_PAYLOAD):
        return None
    path: list[Member] = []
    kind: Type = message.payload
    for name in location.removeprefix(_IN_PAYLOAD).split("/"):
        if path and not path[-1].required:
            return None
        member = _member(protocol, kind, name.replace("~1", "/").replace("~0", "~"))
        if member is None:
            return None
        path.append(member)
        kind = member.type
    return tuple(path) if is_id(kind) else None


def is_id(kind: Type) -> bool:
    """A value of the type can be compared."""
    inner = kind.type if isinstance(kind, Constrained) else kind
    if isinstance(inner, Text):
        return not inner.inline
    return isinstance(inner, Integer | Scalar)


def _member(protocol: Protocol, kind: Type, name: str) -> Member | None:
    struct = protocol.definitions[kind.key] if isinstance(kind, Named) else None
    members = struct.members if isinstance(struct, Struct) else ()
    return next((member for member in members if member.json_name == name), None)
