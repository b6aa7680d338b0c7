"""The properties of MQTT 5 that accompany messages, in C."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import assert_never

from mqbind.model.mqtt_properties import Property, carried
from mqbind.model.protocol import Operation, Protocol
from mqbind.plan.nodes.sides import PropertyCode
from mqbind.plan.text import literals


def plan_properties(
    protocol: Protocol, operation: Operation
) -> Mapping[str, tuple[PropertyCode, ...]]:
    """The properties of each message of an operation, by the key of the message."""
    return {
        key: tuple(map(_property, carried(protocol, operation, protocol.messages[key])))
        for key in operation.messages
    }


def together(found: Iterable[tuple[PropertyCode, ...]]) -> tuple[PropertyCode, ...]:
    """All of them without duplicates, in the order of their kinds."""
    every = {each for some in found for each in some}
    return tuple(each for each in map(_property, Property) if each in every)


def _property(found: Property) -> PropertyCode:
    match found:
        case Property.RESPONSE_TOPIC:
            c_name = "response_topic"
        case Property.CORRELATION_DATA:
            c_name = "correlation_data"
        case _:
            assert_never(found)
    return PropertyCode(c_name=c_name, literal=literals.string(c_name.replace("_", "-")))
