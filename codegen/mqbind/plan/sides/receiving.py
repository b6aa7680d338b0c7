"""What a side receives: the routes of topics, and the handlers behind them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from mqbind.model.first_match import match_order
from mqbind.model.protocol import Channel
from mqbind.plan.nodes.code import Function, Variable
from mqbind.plan.nodes.sides import Numbering, Route, Trial, TriedForms
from mqbind.plan.nodes.topics import Router
from mqbind.plan.sides.address_levels import specificity
from mqbind.plan.sides.context import SideContext
from mqbind.plan.sides.dispatch import conditions, discriminator, dispatch, trial
from mqbind.plan.sides.handlers import Handlers, Incoming
from mqbind.plan.sides.names import Traffic
from mqbind.plan.sides.numbering import bits
from mqbind.plan.sides.routing import ROUTES_MAX, Routing
from mqbind.plan.text import literals


@dataclass(frozen=True)
class Receiving:
    """Plans the routes of one side."""

    side: SideContext
    handlers: Handlers

    @cached_property
    def _groups(self) -> Mapping[str, Sequence[Traffic]]:
        """What arrives on each channel, by its key, in the order of the document."""
        groups: dict[str, list[Traffic]] = {}
        for item in self.side.incoming:
            groups.setdefault(item.channel.key, []).append(item)
        return groups

    @cached_property
    def _order(self) -> Sequence[Channel]:
        """The channels in the order in which their addresses are tried."""
        return sorted((group[0].channel for group in self._groups.values()), key=specificity)

    @cached_property
    def _routing(self) -> Routing:
        topics = self.side.topics
        addresses = [(topics.address(each), topics.places(each)) for each in self._order]
        return Routing(addresses, topics.constants)

    @cached_property
    def _links(self) -> Sequence[str]:
        words = self.side.topics.link_words(self._routing.keys)
        return self.side.names.constants.names("link", words)

    def links(self) -> Numbering | None:
        return self.side.names.constants.numbering(
            "link", self._links, "Private: the sets of values by which bindings are found."
        )

    def routes(self) -> tuple[tuple[Route, ...], tuple[Route, ...]]:
        """A route for each channel in the order of the document, and in the order of matching."""
        ways = {
            channel.key: (
                self._links[self._routing.keys.index(outline.key)] if outline.key else None,
                outline.loose,
            )
            for channel, outline in zip(self._order, self._routing.outlines, strict=True)
        }
        routes = {key: self._route(group, *ways[key]) for key, group in self._groups.items()}
        return tuple(routes.values()), tuple(routes[channel.key] for channel in self._order)

    def router(self) -> Router:
        """What finds the routes of a topic."""
        count, side, topics = len(self._order), self.side, self.side.topics
        assert count <= ROUTES_MAX, "the operations of a protocol are bounded"
        functions = self._routing.functions(side.names.functions)
        values = [f".routes = {side.prefix}_routes", f".walk = {functions[-1].function.name}"]
        keys = None
        if self._links:
            links = side.names.constants.count("link")
            sets = [bits(topics.constants, key) for key in self._routing.keys]
            keys = Variable(
                declaration=f"static const uint32_t {side.prefix}_keys[{links}]",
                values=tuple(
                    f"[{link}] = {key}" for link, key in zip(self._links, sets, strict=True)
                ),
            )
            values += [
                f".keys = {side.prefix}_keys",
                f".key_count = {links}",
            ]
        values.append(f".route_count = {count}")
        if topics.constants:
            values.append(f".value_count = {side.names.constants.count('value')}")
        if self._routing.fixed:
            values.append(f".fixed = {bits(topics.constants, self._routing.fixed)}")
        return Router(
            functions=functions,
            keys=keys,
            table=Variable(
                declaration=f"static const struct mqb_router {side.prefix}_router",
                values=tuple(values),
            ),
        )

    def echo_places(self) -> tuple[Variable, ...]:
        """For each channel that sends what the side may receive, its values in the side, if any."""
        channels = {
            echo.key: echo for channel in self._order for echo in self.side.echoes_of(channel)
        }
        return tuple(
            Variable(
                declaration=f"static const uint8_t {self._echo_places(channel)}[]",
                values=places,
            )
            for channel in channels.values()
            if (places := self.side.topics.sent_places(channel))
        )

    def _echo_places(self, channel: Channel) -> str:
        return f"{self.side.names.channels[channel.key]}_places"

    def _echoes(self, channel: Channel) -> Variable | None:
        topics, echoes = self.side.topics, self.side.echoes_of(channel)
        if not echoes:
            return None
        values = (
            f"&{topics.address(echo).c_name}, "
            + (self._echo_places(echo) if topics.sent_places(echo) else "NULL")
            for echo in echoes
        )
        return Variable(
            declaration=f"static const struct mqb_echo {self._echoes_name(channel)}[]",
            values=tuple(f"{{{value}}}" for value in values),
        )

    def _echoes_name(self, channel: Channel) -> str:
        return f"{self.side.names.channels[channel.key]}_echoes"

    def _route(self, group: Sequence[Traffic], link: str | None, loose: bool) -> Route:
        channel = group[0].channel
        incoming = _incoming(group)
        found = discriminator(self.side.protocol, [each.message for each in incoming.values()])
        tried = found is None and len(incoming) > 1
        if tried:
            incoming = _in_order(incoming, match_order(self.side.protocol, incoming))
        accepted = conditions(found, incoming)
        handlers = [
            self.handlers.handler(each, accepted.get(key), tried=tried)
            for key, each in incoming.items()
        ]
        stem = self.side.names.channels[channel.key]
        places = self.side.topics.places(channel)
        constants = self.side.topics.constants
        deletable = [each for traffic in group for each in traffic.deletable]
        deleted = self.handlers.deleted(channel, _qos(group), deletable[0]) if deletable else None
        every = [*handlers, *([deleted] if deleted else [])]
        reasons = [f"on->{handler.message.name} != NULL" for handler in every]
        takes_replies = any(handler.replies for handler in handlers)
        if takes_replies:
            reasons.append("binding->client->config.call_count != 0U")
        return Route(
            receive=Function(
                name=f"receive_{stem}",
                parameters=("struct mqb_binding *binding", "struct mqb_inbound *in"),
                result="enum mqb_status",
            ),
            wanted=Function(
                name=f"wants_{stem}",
                parameters=("const struct mqb_binding *binding",),
                result="bool",
            ),
            reasons=tuple(reasons),
            lacking=f"binding->values[{constants[places[0]]}].len == 0U"
            if channel.dynamic
            else None,
            open=None if tried else next(iter(incoming.values())).open,
            handlers=tuple(handlers),
            deleted=deleted,
            dispatch=dispatch(found, f"{stem}_choices"),
            trial=self._trial(incoming) if tried else None,
            places=Variable(
                declaration=f"static const uint8_t {stem}_values[]",
                values=tuple(constants[place] for place in places),
            )
            if places
            else None,
            echoes=self._echoes(channel),
            values=tuple(self._values(group, link, loose, takes_replies)),
        )

    def _values(
        self, group: Sequence[Traffic], link: str | None, loose: bool, takes_replies: bool
    ) -> Iterator[str]:
        channel = group[0].channel
        stem = self.side.names.channels[channel.key]
        yield f".address = &{self.side.topics.address(channel).c_name}"
        if channel.parameters:
            yield f".values = {stem}_values"
        yield f".qos = {_qos(group)}"
        if link:
            yield f".key = {link} + 1"
        if loose:
            yield ".loose = true"
        yield f".receive = receive_{stem}"
        yield f".wanted = wants_{stem}"
        if shared := next((t.operation.group for t in group if t.operation.group), None):
            yield f".group = {literals.string(shared)}"
        if takes_replies:
            yield ".takes_replies = true"
        if channel.dynamic:
            yield ".dynamic = true"
        if echoes := self.side.echoes_of(channel):
            yield f".echoes = {self._echoes_name(channel)}"
            yield f".echo_count = {len(echoes)}"

    def _trial(self, incoming: Mapping[str, Incoming]) -> Trial:
        """The messages that are read one after the other, and the first that is bytes."""
        stages = [
            TriedForms(open=call, forms=tuple(map(self.handlers.form, group)))
            for call, group in groupby(incoming.values(), lambda each: each.open)
            if call
        ]
        rest = next((each for each in incoming.values() if not each.open), None)
        return trial(stages, self.handlers.delivery(rest) if rest else None)


def _incoming(group: Sequence[Traffic]) -> Mapping[str, Incoming]:
    """The messages of a channel, by their keys, each with the operations that carry it."""
    found: dict[str, Incoming] = {}
    for traffic in group:
        for message in traffic.messages:
            new = Incoming(message=message, channel=traffic.channel, qos=_qos(group))
            found.setdefault(message.key, new).carriers.append(traffic)
    return found


def _in_order(incoming: Mapping[str, Incoming], order: Iterable[str]) -> Mapping[str, Incoming]:
    """In the order in which they are tried: JSON, text, bytes, and of these only the first one."""
    kept = sorted((incoming[key] for key in order), key=_rank)
    count = sum(each.is_typed for each in kept) + 1
    return {each.message.key: each for each in kept[:count]}


def _rank(incoming: Incoming) -> int:
    return 2 if not incoming.is_typed else int(incoming.message.spells is not None)


def _qos(group: Sequence[Traffic]) -> int:
    """What the topic is subscribed to with: as much as a sender may choose."""
    operations = [traffic.operation for traffic in group]
    return max(qos for each in operations for qos in (each.qos, *each.qos_choice))
