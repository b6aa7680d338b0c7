"""What all planners of one side share: its traffic, its names and its topics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mqbind.diagnostics import Diagnostics
from mqbind.model.protocol import Channel, Message, Protocol
from mqbind.plan.sides.address_tables import AddressTables
from mqbind.plan.sides.calls import Pair, pairs
from mqbind.plan.sides.mqtt_properties import plan_properties
from mqbind.plan.sides.names import SideNames, Traffic, variable_of
from mqbind.plan.sides.numbering import MACROS, Constants
from mqbind.plan.sides.overlaps import Rivals
from mqbind.plan.sides.topics import Topics
from mqbind.plan.symbols import identifiers
from mqbind.plan.symbols.table import SymbolTable

_CHARACTERS_PER_WORK = 10


@dataclass
class SideContext:
    """`c_types` are those of payloads, by the key of the message."""

    protocol: Protocol
    role: str
    symbols: SymbolTable
    c_types: Mapping[str, str]
    rivals: Rivals
    tables: AddressTables
    diagnostics: Diagnostics

    def __post_init__(self) -> None:
        self.incoming = self._traffic(receiving=True)
        self.outgoing = self._traffic(receiving=False)
        self.prefix = f"{self.protocol.prefix}_{identifiers.snake(self.role)}"
        self.pairs = [pair for pair in pairs(self.protocol) if pair.operation.sender == self.role]
        self.names = SideNames(
            side=self.prefix,
            variable=variable_of(self.role),
            symbols=self.symbols,
            tables=self.tables,
            constants=Constants(self.prefix, {*self.symbols.identifiers, *self._macros()}),
            diagnostics=self.diagnostics,
            incoming=self.incoming,
            outgoing=self.outgoing,
            pairs=self.pairs,
            rivals=[each for sent in self.outgoing for each in self.rivals_of(sent.channel)],
        )
        self.topics = Topics(
            names=self.names,
            tables=self.tables,
            incoming=[traffic.channel for traffic in self.incoming],
            outgoing=[traffic.channel for traffic in self.outgoing],
        )

    def _traffic(self, *, receiving: bool) -> list[Traffic]:
        return [
            Traffic(
                operation=operation,
                channel=self.protocol.channels[operation.channel],
                messages=tuple(self.protocol.messages[key] for key in operation.messages),
                properties=plan_properties(self.protocol, operation),
            )
            for operation in self.protocol.operations
            if (operation.receiver if receiving else operation.sender) == self.role
            and operation.messages
        ]

    def rivals_of(self, channel: Channel) -> tuple[Channel, ...]:
        """Channels that may match what is sent on `channel`. If its address is dynamic, only those
        whose per-side values are known: they are the same for everything that this side sends at
        one server."""
        rivals = self.rivals.of(self.role, channel)
        if not channel.dynamic:
            return rivals
        every = (*self.incoming, *self.outgoing)
        known = next((names for t in every if (names := t.channel.address.per_side)), ())
        return tuple(rival for rival in rivals if rival.address.per_side in ((), known))

    def echoes_of(self, channel: Channel) -> tuple[Channel, ...]:
        """Channels on which the side sends what it may receive on `channel`."""
        sent = {traffic.channel.key for traffic in self.outgoing}
        echoes = self.rivals.echoes[self.role].get(channel.key, ())
        return tuple(each for each in echoes if each.key in sent)

    def reply_channel(self, pair: Pair) -> Channel:
        assert pair.operation.reply, "a pair has one"
        return self.protocol.channels[pair.operation.reply.channel]

    def counted(self, comment: tuple[str, ...], message: Message) -> tuple[str, ...]:
        """The comment, as some work: it grows with the address, which many messages may share."""
        self.diagnostics.spend(sum(map(len, comment)) // _CHARACTERS_PER_WORK, message.location)
        return comment

    @property
    def struct(self) -> str:
        """The parameter that functions of the side have."""
        return f"struct {self.prefix} *{self.names.variable}"

    def _macros(self) -> set[str]:
        """Macros in the headers of all sides."""
        every = (role for o in self.protocol.operations for role in (o.sender, o.receiver))
        sides = {f"{self.protocol.prefix}_{identifiers.snake(role)}".upper() for role in every}
        return {f"{side}_{macro}" for side in sides for macro in MACROS}
