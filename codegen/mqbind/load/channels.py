"""Channels: addresses and what may travel over them."""

from __future__ import annotations

from dataclasses import dataclass

from mqbind.diagnostics import Location
from mqbind.load import shapes, suggest
from mqbind.load.addresses import check_address, parameters_of
from mqbind.load.bindings import check_bindings
from mqbind.load.context import Context, description_of
from mqbind.load.messages import Messages
from mqbind.load.nodes import Entry, Node, ObjectNode, ScalarNode
from mqbind.load.servers import Servers
from mqbind.model.protocol import Channel, Parameter
from mqbind.model.values import Pattern


@dataclass(frozen=True, kw_only=True)
class Source:
    """A channel of the document: its key in the model, its messages (keys), who is at the far
    end."""

    key: str
    messages: tuple[str, ...]
    peer: str | None


class Channels:
    """All channels of a document. Those with one address are one channel of the model."""

    def __init__(
        self, document: ObjectNode, servers: Servers, messages: Messages, context: Context
    ) -> None:
        self._context = context
        self._servers = servers
        self._messages = messages
        self._sources: dict[Node, Source | None] = {}
        self._by_address: dict[str, Channel] = {}
        for key, entry in context.table(document, "channels"):
            self._add(key, entry)

    @property
    def found(self) -> dict[str, Channel]:
        return {channel.key: channel for channel in self._by_address.values()}

    def source(self, node: Node) -> Source | None:
        """The channel that `node`, a reference, names; None after an error."""
        target = self._context.references.follow(node)
        if target is None:
            return None
        if target not in self._sources:
            self._context.diagnostics.error(
                node.location,
                "this is none of the channels of the document",
                "refer to one: `$ref: '#/channels/...'`",
            )
            return None
        return self._sources[target]

    def _add(self, key: str, entry: Entry) -> None:
        node = self._context.object(entry.value, shapes.CHANNEL)
        if node is None:
            return
        self._sources.setdefault(node, None)
        check_bindings(node, "channel", self._context)
        messages = tuple(
            found
            for _, message in self._context.table(node, "messages")
            if (found := self._messages.add(message.value)) is not None
        )
        address = self._address(node)
        if address is None:
            return
        channel = self._merged(self._channel(key, node, address, entry.location))
        self._sources[node] = Source(
            key=channel.key, messages=messages, peer=node.text("x-mqbind-peer-role")
        )

    def _address(self, node: ObjectNode) -> str | None:
        value = node.get("address")
        if value is None or (isinstance(value, ScalarNode) and value.value is None):
            self._context.diagnostics.error(
                node.key_location("address"),
                "a channel without an address is not compiled",
                "write the topic under `address`",
            )
            return None
        bare = node.text("address")
        prefix = self._servers.prefix(node)
        if bare is None or (
            not bare and not check_address(bare, value.location, self._context.diagnostics)
        ):
            return None
        address = prefix.rstrip("/") + bare if bare.startswith("/") else prefix + bare
        valid = check_address(address, value.location, self._context.diagnostics)
        return address if valid else None

    def _channel(self, key: str, node: ObjectNode, address: str, location: Location) -> Channel:
        declared = dict(self._context.table(node, "parameters"))
        names = parameters_of(address)
        for name, entry in declared.items():
            if name not in names:
                known = f"the address has {suggest.listing(names)}"
                self._context.diagnostics.error(
                    entry.location,
                    f"unknown parameter `{name}`: `{address}` has none of that name",
                    suggest.remedy(name, names, known),
                )
        return Channel(
            key=key,
            address=address,
            title=node.text("title"),
            description=description_of(node),
            parameters=tuple(self._parameter(name, declared.get(name), node) for name in names),
            location=location,
        )

    def _parameter(self, name: str, entry: Entry | None, channel: ObjectNode) -> Parameter:
        if entry is None:
            address = channel.get("address")
            location = channel.location if address is None else address.location
            self._context.diagnostics.error(
                location,
                f"parameter `{name}` is not declared",
                f"add `{name}` under the channel's `parameters`",
            )
            return _bare_parameter(name, location)
        node = self._context.object(entry.value, shapes.PARAMETER)
        if node is None:
            return _bare_parameter(name, entry.location)
        if "location" in node:
            self._context.diagnostics.warning(
                node.key_location("location"),
                "`location` of a parameter is not compiled",
                "the sender gives the parameter's value; keep the two equal there",
            )
        return self._declared_parameter(name, node, entry.location)

    def _declared_parameter(self, name: str, node: ObjectNode, location: Location) -> Parameter:
        pattern = node.text("x-mqbind-pattern")
        length = node.get("x-mqbind-max-length")
        enum = node.texts("enum")
        self._check_enum(node, enum)
        for key in ("default", "examples"):
            self._check_values(node, key, enum)
        limit = length.value if isinstance(length, ScalarNode) else None
        return Parameter(
            name=name,
            description=node.text("description"),
            examples=node.texts("examples"),
            pattern=None
            if pattern is None
            else Pattern(regex=pattern, location=node.key_location("x-mqbind-pattern")),
            max_length=limit if isinstance(limit, int) else None,
            location=location,
            enum=enum,
            storage=node.text("x-mqbind-type"),
            default=node.text("default"),
        )

    def _check_enum(self, node: ObjectNode, enum: tuple[str, ...]) -> None:
        for position, value in enumerate(enum):
            item = node.items("enum")[position]
            if value in enum[:position]:
                self._context.diagnostics.error(
                    item.location, f"`{value}` stands twice in `enum`", "remove one of them"
                )
            if not value or any(character in value for character in "/+#\0"):
                self._context.diagnostics.error(
                    item.location,
                    f"`{value}` cannot be one level of a topic",
                    "a level is not empty and holds no `/`, `+`, `#` or U+0000",
                )

    def _check_values(self, node: ObjectNode, key: str, enum: tuple[str, ...]) -> None:
        value = node.get(key)
        items = node.items(key) or ((value,) if isinstance(value, ScalarNode) else ())
        for item in items:
            text = item.value if isinstance(item, ScalarNode) else None
            if enum and isinstance(text, str) and text not in enum:
                self._context.diagnostics.warning(
                    item.location,
                    f"`{text}` is none of the values in `enum`",
                    f"use one of {suggest.listing(enum)}",
                )

    def _merged(self, channel: Channel) -> Channel:
        """The first channel with this address, which stands for all of them."""
        first = self._by_address.setdefault(channel.address, channel)
        if first is not channel and _rules(first) != _rules(channel):
            self._context.diagnostics.error(
                channel.location,
                f"channels `{first.key}` and `{channel.key}` have one address and parameters that "
                "differ",
                "let both refer to the same parameters",
            )
        return first


def _bare_parameter(name: str, location: Location) -> Parameter:
    return Parameter(
        name=name, description=None, examples=(), pattern=None, max_length=None, location=location
    )


def _rules(channel: Channel) -> list[tuple[object, ...]]:
    return [
        (
            parameter.enum,
            parameter.storage,
            parameter.default,
            parameter.max_length,
            None if parameter.pattern is None else parameter.pattern.regex,
        )
        for parameter in channel.parameters
    ]
