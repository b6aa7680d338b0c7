"""What a side sends."""

from __future__ import annotations

from dataclasses import dataclass

from mqbind.model.protocol import Channel, Message
from mqbind.model.types import Bytes
from mqbind.plan.nodes.sides import RivalTable, Sender
from mqbind.plan.sides.context import SideContext
from mqbind.plan.sides.names import Traffic
from mqbind.plan.text import literals


@dataclass(frozen=True)
class Sending:
    """Plans the functions that send."""

    side: SideContext

    def senders(self) -> tuple[Sender, ...]:
        return tuple(
            self._sender(traffic, message)
            for traffic in self.side.outgoing
            for message in traffic.messages
        )

    def _sender(self, traffic: Traffic, message: Message) -> Sender:
        return Sender(
            c_name=f"send_{self.side.names.sender(traffic, message)}",
            comment=self.side.delivery(traffic.channel, message, None),
            address=self.side.topics.address(traffic.channel),
            message_c_type=self.side.c_types[message.key],
            write_name=f"{self.side.symbols.message_name(message)}_write",
            is_json=not isinstance(message.payload, Bytes),
            properties=traffic.properties[message.key],
            qos=traffic.operation.qos,
            retain=literals.flag(traffic.operation.retain),
            rivals=self._rival_table(traffic.channel),
            bound=self._bound(traffic.channel),
        )

    def _rival_table(self, channel: Channel) -> RivalTable | None:
        rivals = self.side.rivals_of(channel)
        if not rivals:
            return None
        return RivalTable(
            c_name=f"{self.side.names.channels[channel.key]}_rivals",
            addresses=tuple(self.side.topics.address(rival) for rival in rivals),
        )

    def _bound(self, channel: Channel) -> tuple[str, ...]:
        """The values bound by the rivals of a dynamic channel."""
        if not channel.dynamic:
            return ()
        codes = [
            self.side.topics.address(rival).parameters for rival in self.side.rivals_of(channel)
        ]
        bound = max(([p.value for p in code if p.per_side] for code in codes), key=len, default=[])
        return tuple(bound)
