"""What MQTT 5 carries next to a payload: where to reply to a request, and the id of a call."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto
from typing import TypeGuard

from mqbind.model.protocol import Message, Operation, Protocol

_IN_HEADER = "$message.header#"


class Property(Enum):
    """A property of a PUBLISH packet."""

    RESPONSE_TOPIC = auto()
    CORRELATION_DATA = auto()


def carried(protocol: Protocol, operation: Operation, message: Message) -> dict[Property, str]:
    """The properties of a message that the operation carries, and the places in the header that
    they stand for."""
    found = {}
    reply = operation.reply
    if reply is not None and reply.messages and _in_header(reply.location):
        found[Property.RESPONSE_TOPIC] = reply.location
    if _in_header(message.correlation) and _is_correlated(protocol, operation, message):
        found[Property.CORRELATION_DATA] = message.correlation
    return found


def _is_correlated(protocol: Protocol, operation: Operation, message: Message) -> bool:
    asked = [operation, *_answered(protocol, operation, message)]
    return any(correlates(protocol, each) for each in asked)


def correlates(protocol: Protocol, operation: Operation) -> bool:
    """Correlation data matches replies to the operation: all its messages, and all replies, have
    their ids in the header."""
    reply = operation.reply
    if reply is None or not reply.messages:
        return False
    keys = (*operation.messages, *reply.messages)
    return all(_in_header(protocol.messages[key].correlation) for key in keys)


def _answered(protocol: Protocol, operation: Operation, message: Message) -> Sequence[Operation]:
    """The operations that the message replies to."""
    return protocol.answered.get((operation.receiver, operation.channel, message.key), ())


def _in_header(location: str | None) -> TypeGuard[str]:
    return location is not None and location.startswith(_IN_HEADER)
