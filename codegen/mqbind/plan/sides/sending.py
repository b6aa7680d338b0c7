"""What a side sends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mqbind.model.protocol import Channel, Message, Operation
from mqbind.model.types import Bytes
from mqbind.plan.nodes.code import Call, Function, Variable
from mqbind.plan.nodes.sides import Exchange, Sender
from mqbind.plan.nodes.topics import AddressCode
from mqbind.plan.sides import comments
from mqbind.plan.sides.context import SideContext
from mqbind.plan.sides.names import Traffic
from mqbind.plan.text import literals

_RIVALS = "static const struct mqb_address *const"


def outgoing(side: SideContext, traffic: Traffic, message: Message) -> Exchange:
    """A message that a side sends."""
    return Exchange(
        name=side.names.sender(traffic, message),
        c_name=side.symbols.message_name(message),
        c_type=side.c_types[message.key],
        is_typed=not isinstance(message.payload, Bytes),
        text_types=literals.text_types(message.spells),
        address=side.topics.address(traffic.channel),
        properties=traffic.properties[message.key],
    )


def _qos(operation: Operation) -> str:
    return "out.qos" if operation.qos_choice else str(operation.qos)


@dataclass(frozen=True)
class Sending:
    """Plans the functions that send."""

    side: SideContext

    def senders(self) -> tuple[Sender, ...]:
        deleting: dict[str, Traffic] = {}
        for traffic in self.side.outgoing:
            if traffic.deletable:
                deleting.setdefault(traffic.channel.key, traffic)
        return (
            *(
                self._sender(traffic, message)
                for traffic in self.side.outgoing
                for message in traffic.messages
            ),
            *map(self._deleter, deleting.values()),
        )

    def rivals(self) -> tuple[Variable, ...]:
        """For each address that others may match first, the table of those."""
        channels = {traffic.channel.key: traffic.channel for traffic in self.side.outgoing}
        return tuple(
            Variable(
                declaration=f"{_RIVALS} {self._rivals_name(channel)}[]",
                values=tuple(f"&{self.side.topics.address(rival).c_name}" for rival in rivals),
            )
            for channel in channels.values()
            if (rivals := self.side.rivals_of(channel))
        )

    def _rivals_name(self, channel: Channel) -> str:
        return f"{self.side.names.channels[channel.key]}_rivals"

    def _sender(self, traffic: Traffic, message: Message) -> Sender:
        side, sent = self.side, outgoing(self.side, traffic, message)
        variable = side.names.variable
        comment = comments.sender(traffic.channel, message, traffic.operation)
        retain = literals.flag(traffic.operation.retain)
        return Sender(
            message=sent,
            function=Function(
                name=f"{side.prefix}_send_{sent.name}",
                parameters=sent.arguments(f"const {side.struct}"),
                result="enum mqb_status",
                exported=True,
            ),
            comment=side.counted(comment, message),
            missing=(f"{variable} == NULL", f"{variable}->client == NULL", "message == NULL"),
            variables=tuple(self._variables(traffic.channel, sent.address)),
            steps=tuple(self._steps(traffic, sent)),
            end=Call(
                function="mqb_outbound_send", arguments=("&out", _qos(traffic.operation), retain)
            ),
        )

    def _deleter(self, traffic: Traffic) -> Sender:
        side, channel = self.side, traffic.channel
        name, variable = side.names.deleter(channel), side.names.variable
        event = Exchange(
            name=name,
            c_name=name,
            c_type=None,
            is_typed=False,
            text_types=None,
            address=side.topics.address(channel),
            properties=(),
        )
        return Sender(
            message=event,
            function=Function(
                name=f"{side.prefix}_delete_{name}",
                parameters=event.arguments(f"const {side.struct}"),
                result="enum mqb_status",
                exported=True,
            ),
            comment=side.counted(
                comments.deleter(channel, traffic.operation), traffic.deletable[0]
            ),
            missing=(f"{variable} == NULL", f"{variable}->client == NULL"),
            variables=tuple(self._variables(channel, event.address)),
            steps=tuple(self._steps(traffic, event)),
            end=Call(
                function="mqb_outbound_send",
                arguments=("&out", _qos(traffic.operation), literals.flag(True)),
            ),
        )

    def _variables(self, channel: Channel, address: AddressCode) -> Iterator[Variable]:
        for parameter in address.parameters:
            if parameter.buffer:
                yield parameter.buffer
        if address.parameters:
            values = tuple(parameter.level for parameter in address.parameters)
            yield Variable(declaration="const struct mqb_str parameters[]", values=values)
        if bound := self._bound(channel):
            yield Variable(declaration="const struct mqb_str bound[]", values=bound)
        yield Variable(declaration="struct mqb_outbound out")

    def _steps(self, traffic: Traffic, message: Exchange) -> Iterator[Call]:
        channel, operation = traffic.channel, traffic.operation
        parameters = "parameters" if message.address.parameters else "NULL"
        own = f"&{message.address.c_name}"
        client = f"{self.side.names.variable}->client"
        yield Call(function="mqb_outbound_begin", arguments=("&out", client, own, parameters))
        if rivals := self.side.rivals_of(channel):
            bound = "bound" if self._bound(channel) else parameters
            table, count = self._rivals_name(channel), str(len(rivals))
            yield Call(
                function="mqb_outbound_refuse_if_shared",
                arguments=("&out", own, bound, table, count),
            )
        for each in message.properties:
            yield Call(function=f"mqb_outbound_set_{each.c_name}", arguments=("&out", each.c_name))
        if operation.qos_choice:
            chosen = f"{self.side.names.variable}->qos"
            allowed = str(sum(1 << qos for qos in operation.qos_choice))
            yield Call(
                function="mqb_outbound_set_qos",
                arguments=("&out", chosen, allowed, str(operation.qos)),
            )
        if message.text_types is not None:
            yield Call(function="mqb_writer_as_text", arguments=("&out.writer", message.text_types))
        if message.is_typed:
            yield Call(function=f"{message.c_name}_write", arguments=("&out.writer", "message"))
        elif message.c_type:
            yield Call(function="mqb_writer_bytes", arguments=("&out.writer", "*message"))

    def _bound(self, channel: Channel) -> tuple[str, ...]:
        """The values bound by the rivals of a dynamic channel."""
        if not channel.dynamic:
            return ()
        codes = [
            self.side.topics.address(rival).parameters for rival in self.side.rivals_of(channel)
        ]
        bound = max(([p.level for p in code if p.per_side] for code in codes), key=len, default=[])
        return tuple(bound)
