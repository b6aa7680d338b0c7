"""Comments of sides: descriptions of handlers, fields and functions."""

from __future__ import annotations

from collections.abc import Sequence

from mqbind.model.address import Parameter
from mqbind.model.mqtt_properties import Property, carried
from mqbind.model.protocol import Channel, Message, Operation, Protocol
from mqbind.plan.symbols import identifiers
from mqbind.plan.text import rules
from mqbind.plan.text.comments import banner, delivery, paragraphs, sentence


def side_heading(protocol: Protocol, role: str, file: str) -> tuple[str, ...]:
    """The comment at the top of a side's header."""
    lines = paragraphs(
        f"{file} - {protocol.title}, seen from the {role}: what it receives and sends."
    )
    return (*lines, "", *banner(protocol))


def topics_heading(protocol: Protocol, file: str) -> tuple[str, ...]:
    """The comment at the top of the header with the addresses."""
    lines = paragraphs(f"{file} - {protocol.title}: addresses, for the code of its sides.")
    return (*lines, "", *banner(protocol))


def handler(channel: Channel, message: Message, qos: int, condition: str | None) -> tuple[str, ...]:
    """The description of a handler; `condition` selects its messages among those on the topic."""
    where = f"{_where(channel)} (QoS {qos})"
    if condition:
        where = f"{where}, {condition}"
    return paragraphs(f"{where}: {_about(message)}")


def sender(channel: Channel, message: Message, operation: Operation) -> tuple[str, ...]:
    """The description of a send function."""
    return paragraphs(f"{_where(channel)} ({delivery(operation)}): {_about(message)}")


def deleted(channel: Channel, qos: int) -> tuple[str, ...]:
    """The description of the handler of a deleted message."""
    return paragraphs(f"{_where(channel)} (QoS {qos}): the retained message was deleted.")


def deleter(channel: Channel, operation: Operation) -> tuple[str, ...]:
    """The description of the function that deletes a message."""
    how = f"QoS {operation.qos}, an empty payload"
    return paragraphs(f"{_where(channel)} ({how}): delete the retained message.")


def request(
    protocol: Protocol,
    channel: Channel,
    message: Message,
    operation: Operation,
    replies: Sequence[Message],
) -> tuple[str, ...]:
    """The description of a call function."""
    assert operation.reply is not None
    answers = rules.either([reply.name for reply in replies])
    answered = protocol.channels[operation.reply.channel]
    where = f"on {answered.address}."
    if answered.dynamic:
        field = identifiers.identifier(answered.parameters[0].name)
        asked = operation.reply.location
        said = f", which the message must hold: {asked}" if asked else ""
        if Property.RESPONSE_TOPIC in carried(protocol, operation, message):
            said = ", which goes with the message"
        where = f"on the topic {field} of this side{said}."
    head = f"{_where(channel)} ({delivery(operation)})"
    return paragraphs(f"{head}: {_about(message)} The reply is {answers}, {where}")


def side_value(parameter: Parameter, dynamic: Channel | None) -> tuple[str, ...]:
    """The description of a field; `dynamic` is the channel whose address it is."""
    if dynamic:
        return paragraphs(
            f"Topic to receive the messages of {dynamic.key} on, which is not in the schema. "
            "Empty: none is received."
        )
    about = sentence(parameter.description or parameter.name)
    if not parameter.per_side:
        return paragraphs(f"{about} Receives only topics with this value; empty takes any.")
    otherwise = f'empty means "{parameter.default}"' if parameter.default else "must be set"
    return paragraphs(f"{about} A part of the server's topics; {otherwise}.")


def _where(channel: Channel) -> str:
    return f"{channel.key}, on a dynamic address" if channel.dynamic else str(channel.address)


def _about(message: Message) -> str:
    return sentence(message.about or message.name)
