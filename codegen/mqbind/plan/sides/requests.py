"""The calls of a side: requests that wait for a reply."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from mqbind.model.protocol import Message, Operation
from mqbind.plan.nodes.code import Call, Function
from mqbind.plan.nodes.sides import Exchange, Request, Timeout
from mqbind.plan.sides import comments
from mqbind.plan.sides.calls import Pair, Spelling, reply_topic, request_key
from mqbind.plan.sides.context import SideContext
from mqbind.plan.sides.names import Traffic
from mqbind.plan.sides.replies import Replies
from mqbind.plan.sides.sending import outgoing
from mqbind.plan.text.comments import paragraphs


@dataclass(frozen=True)
class Requests:
    """Plans the functions that call."""

    side: SideContext
    replies: Replies

    def requests(self) -> tuple[Request, ...]:
        return tuple(
            self._request(traffic, message, pair)
            for traffic in self.side.outgoing
            for message in traffic.messages
            if (pair := self._pair(traffic.operation)) is not None
        )

    @cached_property
    def _pairs_by_operation(self) -> Mapping[str, Pair]:
        return {pair.operation.key: pair for pair in reversed(self.side.pairs)}

    def _pair(self, operation: Operation) -> Pair | None:
        """None if its messages have no reply."""
        return None if operation.answers else self._pairs_by_operation.get(operation.key)

    def _request(self, traffic: Traffic, message: Message, pair: Pair) -> Request:
        side = self.side
        sent, variable = outgoing(side, traffic, message), side.names.variable
        client = f"{variable}->client"
        given = {"response_topic": self._own_topic(pair), "correlation_data": "correlation_data"}
        properties = [each.c_name for each in sent.properties]
        missing = (f"{variable} == NULL", f"{client} == NULL", "message == NULL")
        correlate = Call(
            target="correlation_data",
            function="mqb_client_next_correlation",
            arguments=(client, "correlation_data_bytes"),
        )
        return Request(
            message=sent,
            reply=self.replies.type_of(pair),
            function=self._function(sent, pair),
            comment=comments.request(
                side.protocol, traffic.channel, message, pair.operation, pair.replies
            ),
            missing=(*missing, "on_reply == NULL"),
            values=tuple(self._values(message, pair)),
            key=request_key(
                side.protocol, side.symbols, pair, message, self._spelling(traffic, pair)
            ),
            correlate=correlate if "correlation_data" in properties else None,
            waits=Call(function="mqb_call_waits", arguments=(client, "&key")),
            begin=Call(
                target="status",
                function="mqb_call_begin",
                arguments=(client, f"&{sent.address.c_name}", "&key", "&request"),
            ),
            send=Call(
                target="status",
                function=f"{side.prefix}_send_{sent.name}",
                arguments=(
                    variable,
                    *(each.name for each in sent.address.arguments),
                    *(given[each] for each in properties),
                    "message",
                ),
            ),
            sent=Call(function="mqb_call_mark_sent", arguments=(client, "&key", "status")),
            timeout=self._timeout(pair.operation, sent.name),
        )

    def _function(self, message: Exchange, pair: Pair) -> Function:
        return Function(
            name=f"{self.side.prefix}_call_{message.name}",
            parameters=(
                self.side.struct,
                *(each.argument for each in message.address.arguments),
                f"const {message.c_type} *message",
                "uint32_t timeout_ms",
                f"{self.replies.type_of(pair).c_name} *on_reply",
                "void *user",
            ),
            result="enum mqb_status",
            exported=True,
        )

    def _values(self, message: Message, pair: Pair) -> Iterator[str]:
        """The members of a `struct mqb_call_request`."""
        variable, own = self.side.names.variable, self._own_topic(pair)
        yield ".timeout_ms = timeout_ms"
        yield f".finish = {self.replies.type_of(pair).finish.name}"
        yield ".on_reply = (void (*)(void))on_reply"
        yield f".binding = &{variable}->binding"
        yield f".side = {variable}"
        yield ".user = user"
        if own:
            yield from reply_topic(self.side.protocol, self.side.symbols, pair, message, own)

    def _spelling(self, traffic: Traffic, pair: Pair) -> Spelling:
        codes = self.side.topics.address(traffic.channel).parameters
        return Spelling(
            side=self.side.names.variable,
            kind=self.side.names.kinds[pair.operation.key],
            parameters=[
                (item.name, code.name, code.variable is not None)
                for item, code in zip(traffic.channel.parameters, codes, strict=True)
            ],
            message="message->",
            correlation_data="correlation_data",
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
            comment=paragraphs("How long the schema has a call wait for its reply."),
            value=operation.timeout_ms,
        )
