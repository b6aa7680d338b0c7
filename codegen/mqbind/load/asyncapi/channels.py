"""Channels: addresses and their messages."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mqbind.diagnostics import Location
from mqbind.load.asyncapi.addresses import (
    check_address,
    distinct,
    parameters_of,
    parse,
    with_parameters,
)
from mqbind.load.asyncapi.bindings import check_channel_bindings
from mqbind.load.asyncapi.messages import Messages
from mqbind.load.asyncapi.parameters import looser, overlap, read_parameter, same_rules
from mqbind.load.asyncapi.servers import Entrance, Servers
from mqbind.load.document import object_specs, suggestions
from mqbind.load.document.nodes import Entry, Node, ObjectNode, ScalarNode, escape, unescape
from mqbind.load.document.rewriting import with_entries
from mqbind.load.jsonschema.context import Context, description_of
from mqbind.model.address import Address, Parameter
from mqbind.model.protocol import Channel
from mqbind.rules import Rule


@dataclass(frozen=True, kw_only=True)
class Source:
    """A channel of the document: its key in the model, its messages (keys), the role at the other
    end, its MQTT binding. `silent`: the document names no messages."""

    key: str
    messages: tuple[str, ...]
    silent: bool
    peer: str | None
    binding: ObjectNode | None


class Channels:
    """All channels of a document. Those with the same address are one channel of the model."""

    def __init__(
        self, document: ObjectNode, servers: Servers, messages: Messages, context: Context
    ) -> None:
        self._context = context
        self._servers = servers
        self._messages = messages
        self._sources: dict[Node, Source | None] = {}
        self._found: dict[str, Channel] = {}
        self._by_shape: dict[str, list[str]] = {}
        for key, entry in context.table(document, "channels"):
            self._add(key, entry)

    @property
    def found(self) -> dict[str, Channel]:
        return self._found

    def lists(self, node: Node) -> bool:
        """Whether `node` is a channel of the document itself, and not a reference to it."""
        return node in self._sources

    def source(self, node: Node) -> Source | None:
        """The channel that `node`, a reference, names; None after an error, or if it is left
        out."""
        target = self._context.references.follow(node)
        if target is None:
            return None
        if target not in self._sources:
            self._add_from_elsewhere(target, node.location)
        return self._sources.get(target)

    def _add_from_elsewhere(self, target: Node, referrer: Location) -> None:
        """A channel that an operation names directly, in another file or in the components."""
        above, _, key = target.pointer.rpartition("/")
        if not above.endswith("/channels"):
            self._context.diagnostics.error(
                Rule.UNKNOWN_CHANNEL,
                referrer,
                "not a channel of this document",
                "refer to one: `$ref: '#/channels/...'`",
            )
            return
        self._context.diagnostics.warning(
            Rule.UNLISTED_CHANNEL,
            referrer,
            "this channel is not listed under the document's `channels`; it is used anyway",
            "add a reference to it under `channels`, and refer to that here",
        )
        key = unescape(key)
        [unique] = distinct([*self._found, key])[-1:]
        self._add(unique, Entry(location=target.location, value=target))

    def _add(self, key: str, entry: Entry) -> None:
        node = self._context.object(entry.value, object_specs.CHANNEL)
        if node is None:
            return
        self._sources.setdefault(node, None)
        binding = check_channel_bindings(node, self._context)
        named = self._context.table(node, "messages")
        messages = tuple(
            found
            for _, message in named
            if (found := self._messages.add(message.value)) is not None
        )
        entrance = self._servers.entrance(node)
        if entrance is None:
            self._context.diagnostics.warning(
                Rule.UNSERVED_CHANNEL,
                entry.location,
                f"no MQTT server serves channel `{key}`; it is skipped",
                "add the server to its `servers`, or choose another with `--server NAME`",
            )
            return
        channel = self._channel(key, node, entrance, entry.location)
        if channel is None:
            return
        channel = self._merged(channel)
        self._sources[node] = Source(
            key=channel.key,
            messages=messages,
            silent=not named,
            peer=node.text("x-mqbind-peer-role"),
            binding=binding,
        )

    def _channel(
        self, key: str, node: ObjectNode, entrance: Entrance, location: Location
    ) -> Channel | None:
        value = node.get("address")
        declared = dict(self._context.table(node, "parameters"))
        bare = self._address(node, declared)
        self._check_unused(declared, [] if bare is None else parameters_of(bare))
        if value is None or (isinstance(value, ScalarNode) and value.value is None):
            name = f"{key}Topic"
            parameter = Parameter(name=name, location=location, multi_level=True)
            return _channel(key, node, Address((parameter,)), location, dynamic=True)
        text = None if bare is None else _joined(entrance.prefix, bare)
        if bare is None or text is None:
            return None
        checked = bare if not bare else text
        if not check_address(checked, value.location, self._context.diagnostics):
            return None
        if not bare.startswith("/"):
            self._check_first_level(entrance)
        parameters = self._parameters(bare, entrance, declared, value.location)
        address = parse(text, parameters)
        self._check_ends(address, value.location)
        self._check_start(address)
        return _channel(key, node, address, location)

    def _address(self, node: ObjectNode, declared: dict[str, Entry]) -> str | None:
        """The address, with a parameter in place of each `+`."""
        bare = node.text("address")
        if bare is None or "+" not in bare.split("/"):
            return bare
        entry = node.entries["address"]
        address = with_parameters(bare)
        names = [name for name in parameters_of(address) if name not in parameters_of(bare)]
        for name in names:
            plain = with_entries(node, {}, f"/parameters/{escape(name)}")
            declared.setdefault(name, Entry(location=entry.value.location, value=plain))
        self._context.diagnostics.warning(
            Rule.WILDCARD_IN_ADDRESS,
            entry.value.location,
            "`+` is not allowed in an address, and is read as a parameter",
            f"write `{address}`, and declare {suggestions.listing(names)} under `parameters`",
        )
        return address

    def _check_unused(self, declared: dict[str, Entry], names: list[str]) -> None:
        for name, entry in declared.items():
            if name not in names:
                self._context.diagnostics.warning(
                    Rule.UNUSED_PARAMETER,
                    entry.location,
                    f"parameter `{name}` has no effect: it does not occur in the address",
                    suggestions.remedy(
                        name, names, f"parameters there: {suggestions.listing(names)}"
                    ),
                )

    def _parameters(
        self, bare: str, entrance: Entrance, declared: dict[str, Entry], location: Location
    ) -> tuple[Parameter, ...]:
        """The server's parameters and the channel's, in the order of the address."""
        names = parameters_of(bare)
        own = [self._parameter(name, declared.get(name), location) for name in names]
        for name in sorted({name for name in names if names.count(name) > 1}):
            self._context.diagnostics.warning(
                Rule.REPEATED_PARAMETER,
                location,
                f"parameter `{name}` occurs more than once in the address",
                f"each occurrence is a separate parameter, the second `{name}_2`; rename them",
            )
        every = [*entrance.parameters, *own]
        taken = [f"server_{each.name}" if each.name in names else each.name for each in every]
        taken[len(entrance.parameters) :] = names
        return tuple(
            replace(parameter, name=name)
            for parameter, name in zip(every, distinct(taken), strict=True)
        )

    def _parameter(self, name: str, entry: Entry | None, location: Location) -> Parameter:
        if entry is not None:
            return read_parameter(name, entry, self._context)
        self._context.diagnostics.warning(
            Rule.UNDECLARED_PARAMETER,
            location,
            f"parameter `{name}` is not declared",
            f"add `{name}` under the channel's `parameters`",
        )
        return Parameter(name=name, location=location)

    def _check_ends(self, address: Address, location: Location) -> None:
        last = address.levels[-1]
        for parameter in address.parameters:
            is_last = last.is_parameter and last.parameters == (parameter,)
            if parameter.spans and not is_last:
                self._context.diagnostics.error(
                    Rule.MULTI_LEVEL_NOT_LAST,
                    location,
                    f"parameter `{parameter.name}` spans several levels but is not the last level",
                    "move it to the end of the address: `#` must be the last level of a filter",
                )

    def _check_first_level(self, entrance: Entrance) -> None:
        """A pathname is often written like the path of a URL."""
        if entrance.prefix.startswith("/") and entrance.location is not None:
            path = entrance.prefix[:-1]
            self._context.diagnostics.warning(
                Rule.EMPTY_FIRST_LEVEL,
                entrance.location,
                f"`{path}` makes the first level of topics empty, as it begins with a slash",
                f"write `{path[1:]}` (in AsyncAPI 2, before each address), or begin the addresses "
                "with a slash if it is meant",
            )

    def _check_start(self, address: Address) -> None:
        first = address.segments[0]
        for value in first.enum if isinstance(first, Parameter) else ():
            if value.startswith("$"):
                self._context.diagnostics.warning(
                    Rule.UNUSABLE_PARAMETER_VALUE,
                    address.parameters[0].location,
                    f"a topic cannot start with `{value}`",
                    "remove it from `enum`: topics that start with `$` are reserved for the "
                    "broker, and are neither sent nor subscribed to",
                )

    def _merged(self, channel: Channel) -> Channel:
        """The channel that represents all with the same topics: this one, or an earlier one."""
        alike = self._by_shape.setdefault(channel.address.shape, [])
        for key in alike:
            other = self._found[key]
            if _is_one(other, channel):
                self._report_merger(other, channel)
                parameters = map(looser, other.parameters, channel.parameters)
                address = other.address.with_parameters(parameters)
                self._found[key] = replace(other, address=address)
                return self._found[key]
        self._found[channel.key] = channel
        alike.append(channel.key)
        return channel

    def _report_merger(self, first: Channel, second: Channel) -> None:
        if all(map(same_rules, first.parameters, second.parameters)):
            return
        self._context.diagnostics.warning(
            Rule.CONFLICTING_PARAMETERS,
            second.location,
            f"channels `{first.key}` and `{second.key}` have the same topics but different "
            "parameters",
            f"the names of `{first.key}` are used, with the values that either allows; make the "
            "parameters equal",
        )


def _joined(prefix: str, address: str) -> str:
    return prefix.rstrip("/") + address if address.startswith("/") else prefix + address


def _channel(
    key: str,
    node: ObjectNode,
    address: Address,
    location: Location,
    *,
    dynamic: bool = False,
) -> Channel:
    return Channel(
        key=key,
        address=address,
        title=node.text("title"),
        description=description_of(node),
        location=location,
        dynamic=dynamic,
    )


def _is_one(one: Channel, other: Channel) -> bool:
    """Both addresses, of the same shape, have a topic in common, and the same parameters at the
    same places."""
    return (
        not one.dynamic
        and not other.dynamic
        and all(
            (left.multi_level, left.per_side) == (right.multi_level, right.per_side)
            for left, right in zip(one.parameters, other.parameters, strict=True)
        )
        and all(map(overlap, one.parameters, other.parameters))
    )
