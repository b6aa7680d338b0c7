"""The calls of a side: requests that wait for a reply."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from mqbind.model.protocol import Message, Operation
from mqbind.plan.nodes.sides import CallCode, CallKey, Timeout
from mqbind.plan.sides.calls import Pair, Spelling, key_parts, reply_topic
from mqbind.plan.sides.context import SideContext
from mqbind.plan.sides.names import Traffic
from mqbind.plan.sides.replies import Replies
from mqbind.plan.text import comments


@dataclass(frozen=True)
class Requests:
    """Plans the functions that call."""

    side: SideContext
    replies: Replies

    def calls(self) -> tuple[CallCode, ...]:
        return tuple(
            call
            for traffic in self.side.outgoing
            for message in traffic.messages
            if (call := self._call(traffic, message)) is not None
        )

    @cached_property
    def _pairs_by_operation(self) -> Mapping[str, Pair]:
        return {pair.operation.key: pair for pair in reversed(self.side.pairs)}

    def _call(self, traffic: Traffic, message: Message) -> CallCode | None:
        """The call of a request; None for a message without a reply."""
        pair = self._pairs_by_operation.get(traffic.operation.key)
        if pair is None or traffic.operation.answers:
            return None
        address = self.side.topics.address(traffic.channel)
        parameters = [
            (item.name, code.c_name, bool(code.bounds))
            for item, code in zip(traffic.channel.parameters, address.parameters, strict=True)
        ]
        name = self.side.names.sender(traffic, message)
        own = self._own_topic(pair)
        given = {"response_topic": own, "correlation_data": "correlation_data"}
        properties = [each.c_name for each in traffic.properties[message.key]]
        spelling = Spelling(
            parameters=parameters, message="message->", correlation_data="correlation_data"
        )
        return CallCode(
            c_name=f"call_{name}",
            send_name=f"{self.side.prefix}_send_{name}",
            comment=comments.request(
                self.side.protocol, traffic.channel, message, pair.operation, pair.replies
            ),
            address=address,
            message_c_type=self.side.c_types[message.key],
            reply=self.replies.type_of(pair),
            key=CallKey(
                kind=pair.number,
                parts=key_parts(self.side.protocol, self.side.symbols, pair, message, spelling),
                reply="",
            ),
            arguments=(
                *(each.c_name for each in address.arguments),
                *(given[name] for name in properties),
            ),
            correlates="correlation_data" in properties,
            reply_topic=reply_topic(self.side.protocol, self.side.symbols, pair, message, own)
            if own
            else None,
            timeout=self._timeout(pair.operation, name),
        )

    def _own_topic(self, pair: Pair) -> str:
        """The field of the side for the reply topic; empty if the schema defines the topic."""
        channel = self.side.reply_channel(pair)
        if not channel.dynamic:
            return ""
        return f"{self.side.names.variable}->{self.side.names.fields[channel.parameters[0].name]}"

    def _timeout(self, operation: Operation, name: str) -> Timeout | None:
        if operation.timeout_ms is None:
            return None
        return Timeout(
            c_name=f"{self.side.prefix}_call_{name}_timeout_ms".upper(),
            comment=comments.paragraphs("How long the schema has a call wait for its reply."),
            value=operation.timeout_ms,
        )
