"""What a side receives: the routes of topics, and the handlers behind them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mqbind.model.first_match import match_order
from mqbind.model.protocol import Channel, Message
from mqbind.model.types import Bytes
from mqbind.plan.nodes.sides import CallKey, Handler, Route, Router
from mqbind.plan.sides.address_levels import specificity
from mqbind.plan.sides.calls import Spelling, key_parts
from mqbind.plan.sides.context import SideContext
from mqbind.plan.sides.dispatch import conditions, discriminator, dispatch, trial
from mqbind.plan.sides.mqtt_properties import together
from mqbind.plan.sides.names import Traffic
from mqbind.plan.sides.replies import Replies
from mqbind.plan.sides.topic_trie import ROUTES_MAX, plan_router
from mqbind.plan.text import literals


@dataclass(frozen=True)
class Receiving:
    """Plans the routes of one side."""

    side: SideContext
    replies: Replies

    def routes(self) -> tuple[tuple[Route, ...], tuple[Route, ...]]:
        """A route for each channel in the order of the document, and in the order of matching."""
        groups = _channels(self.side.incoming)
        routes = {group[0].channel.key: self._route(group) for group in groups}
        channels = sorted((group[0].channel for group in groups), key=specificity)
        return tuple(routes.values()), tuple(routes[channel.key] for channel in channels)

    def router(self, routes: tuple[Route, ...]) -> Router:
        assert len(routes) <= ROUTES_MAX, "the operations of a protocol are bounded"
        return plan_router([(route.address, route.values) for route in routes])

    def _route(self, group: list[Traffic]) -> Route:
        channel = group[0].channel
        by_key: dict[str, Message] = {}
        carriers: dict[str, list[Traffic]] = {}
        for traffic in group:
            for message in traffic.messages:
                by_key[message.key] = message
                carriers.setdefault(message.key, []).append(traffic)
        stem = self.side.names.channels[channel.key]
        found = discriminator(self.side.protocol, list(by_key.values()))
        tried = found is None and len(by_key) > 1
        order = match_order(self.side.protocol, by_key) if tried else by_key
        accepted = conditions(found, by_key)
        handlers = [
            self._handler(carriers[key], by_key[key], accepted.get(key), tried) for key in order
        ]
        forms = trial(handlers) if tried else None
        if forms is not None:
            handlers = [*forms.forms, *([forms.rest] if forms.rest else [])]
        shared = next((t.operation.group for t in group if t.operation.group), None)
        return Route(
            receive_name=f"receive_{stem}",
            wanted_name=f"wants_{stem}",
            address=self.side.topics.address(channel),
            values_name=f"{stem}_values",
            values=self.side.topics.places(channel),
            qos=max(traffic.operation.qos for traffic in group),
            group=literals.string(shared) if shared else "NULL",
            takes_replies=any(handler.keys for handler in handlers),
            dynamic=channel.dynamic,
            handlers=tuple(handlers),
            dispatch=dispatch(found, f"{stem}_choices"),
            trial=forms,
        )

    def _handler(
        self,
        carriers: Sequence[Traffic],
        message: Message,
        condition: str | None,
        tried: bool,
    ) -> Handler:
        traffic = carriers[0]
        name = self.side.names.handler(traffic, message)
        is_json = not isinstance(message.payload, Bytes)
        own = "message" if tried else "&message"
        spelled = own if is_json else "&in->message->payload"
        return Handler(
            c_name=name,
            message_name=literals.string(message.name),
            comment=self.side.delivery(traffic.channel, message, condition),
            deliver_name=f"deliver_{name}",
            address=self.side.topics.address(traffic.channel),
            message=spelled,
            message_c_type=self.side.c_types[message.key],
            read_name=f"{self.side.symbols.message_name(message)}_read",
            encode_name=f"{self.side.symbols.message_name(message)}_encode",
            is_json=is_json,
            properties=together(item.properties[message.key] for item in carriers),
            keys=self._reply_keys(traffic.channel, message, spelled),
        )

    def _reply_keys(self, channel: Channel, message: Message, spelled: str) -> tuple[CallKey, ...]:
        """The calls that may be waiting for a message on a channel."""
        parameters = [
            (
                item.name,
                code.c_name if code.bounds else f"in->parameters[{code.place}]",
                bool(code.bounds),
            )
            for item, code in zip(
                channel.parameters, self.side.topics.address(channel).parameters, strict=True
            )
        ]
        spelling = Spelling(
            parameters=parameters,
            message="message->" if spelled == "message" else "message.",
            correlation_data="in->message->properties.correlation_data",
        )
        return tuple(
            CallKey(
                kind=pair.number,
                parts=key_parts(self.side.protocol, self.side.symbols, pair, message, spelling),
                reply=self.replies.expression(pair, message, spelled),
            )
            for pair in self.replies.completed_by(message)
            if self.side.reply_channel(pair).key == channel.key
        )


def _channels(traffic: Iterable[Traffic]) -> list[list[Traffic]]:
    groups: dict[str, list[Traffic]] = {}
    for item in traffic:
        groups.setdefault(item.channel.key, []).append(item)
    return list(groups.values())
