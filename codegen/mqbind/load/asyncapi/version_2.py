"""AsyncAPI 2 read as AsyncAPI 3: a document of version 2.0 to 2.6 in the shape that the rest of the
loader reads. Every value keeps its place, so diagnostics point at what was written.

In version 2 the operations are in the channels and named after what clients do: what clients
`publish`, the described application receives, and what they `subscribe` to, it sends.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from mqbind.load.asyncapi.addresses import distinct, words_of
from mqbind.load.asyncapi.messages_2 import Messages2
from mqbind.load.asyncapi.parameter_schemas import without_schema
from mqbind.load.asyncapi.traits import merge_traits_over
from mqbind.load.document import object_specs, object_specs_2, suggestions
from mqbind.load.document.nodes import Entry, Node, ObjectNode, ScalarNode, key_of
from mqbind.load.document.object_fields import check_fields
from mqbind.load.document.object_specs import ObjectSpec
from mqbind.load.document.rewriting import array, kept, key_scalar, scalar, with_entries
from mqbind.load.jsonschema.context import Context
from mqbind.rules import Rule

_ACTIONS = {"publish": "receive", "subscribe": "send"}
_ROLES = ("server", "client")


def in_version_3(document: ObjectNode, context: Context) -> ObjectNode:
    """A document of version 2 in the shape of version 3."""
    return _Rewriting(context=context, messages=Messages2(context=context)).document(document)


@dataclass(frozen=True, kw_only=True)
class _Operation:
    """An operation, still without its channel."""

    key: str
    at: Entry
    node: ObjectNode
    messages: tuple[ObjectNode, ...]


@dataclass(frozen=True, kw_only=True)
class _Rewriting:
    """A document while it is rewritten. `servers` are found by their names."""

    context: Context
    messages: Messages2
    servers: dict[str, Node] = field(default_factory=dict)
    operations: list[tuple[str, Entry]] = field(default_factory=list)

    def document(self, node: ObjectNode) -> ObjectNode:
        fields = kept(node, object_specs.DOCUMENT)
        if "components" in fields:
            self._checked(fields.pop("components").value, object_specs_2.COMPONENTS)
        if "info" in fields:
            fields["info"] = self._info(fields["info"], node)
        if "servers" in fields:
            servers = self._table(node, "servers", self._server)
            self.servers.update({name: each.value for name, each in servers.items()})
            fields["servers"] = _table_at(fields["servers"], node, "servers", servers)
        if "channels" in fields:
            place = fields["channels"]
            channels = self._table(node, "channels", self._channel).items()
            named = [(_channel_key(address, each), each) for address, each in channels]
            fields["channels"] = _table_at(place, node, "channels", _numbered(named))
            operations = _numbered(self.operations)
            fields["operations"] = _table_at(place, node, "operations", operations)
        return with_entries(node, fields)

    def _table(
        self, node: ObjectNode, key: str, rewrite: Callable[[str, Entry], Entry | None]
    ) -> dict[str, Entry]:
        entries = ((name, rewrite(name, each)) for name, each in self.context.table(node, key))
        return {name: each for name, each in entries if each is not None}

    def _checked(self, node: Node, spec: ObjectSpec) -> ObjectNode | None:
        target = self.context.references.follow(node)
        return None if target is None else check_fields(target, spec, self.context.diagnostics)

    def _info(self, info: Entry, document: ObjectNode) -> Entry:
        """With the tags and links of the document. The roles are called what clients are in the
        words of version 2."""
        node = self.context.references.follow(info.value)
        if not isinstance(node, ObjectNode):
            return info
        fields = dict(node.entries)
        for key in ("tags", "externalDocs"):
            if key in document:
                fields.setdefault(key, document.entries[key])
        own, peer = _ROLES
        fields.setdefault("x-mqbind-role", scalar(info, own))
        is_client = node.text("x-mqbind-role") == peer
        fields.setdefault("x-mqbind-peer-role", scalar(info, own if is_client else peer))
        return Entry(location=info.location, value=with_entries(node, fields))

    def _server(self, _: str, entry: Entry) -> Entry | None:
        node = self._checked(entry.value, object_specs_2.SERVER)
        if node is None:
            return None
        fields = kept(node, object_specs.SERVER)
        fields.pop("security", None)
        place = node.entries.get("url", entry)
        scheme, mark, rest = (node.text("url") or "").partition("://")
        host, slash, path = (rest if mark else scheme).partition("/")
        fields["host"] = scalar(place, host)
        if slash:
            fields["pathname"] = scalar(place, f"/{path}")
        if mark:
            fields.setdefault("protocol", scalar(place, scheme))
        return Entry(location=entry.location, value=with_entries(node, fields))

    def _channel(self, address: str, entry: Entry) -> Entry | None:
        node = self._checked(entry.value, object_specs_2.CHANNEL)
        if node is None:
            return None
        fields = kept(node, object_specs.CHANNEL)
        fields["address"] = key_scalar(entry, address)
        if "servers" in fields:
            fields["servers"] = array(fields["servers"], self._servers_of(node))
        if "parameters" in fields:
            table = self._table(node, "parameters", self._parameter)
            fields["parameters"] = _table_at(fields["parameters"], node, "parameters", table)
        operations = [
            operation
            for kind in _ACTIONS
            if (operation := self._operation(kind, node, address)) is not None
        ]
        messages = {
            key_of(each): Entry(location=each.location, value=each)
            for operation in operations
            for each in operation.messages
        }
        fields["messages"] = _table_at(entry, node, "messages", messages)
        channel = Entry(location=entry.location, value=with_entries(node, fields))
        self.operations.extend((each.key, _in_channel(each, channel)) for each in operations)
        return channel

    def _servers_of(self, channel: ObjectNode) -> list[Node]:
        """The servers that a channel names."""
        for item in channel.items("servers"):
            name = item.value if isinstance(item, ScalarNode) else None
            if isinstance(name, str) and name not in self.servers:
                self.context.diagnostics.error(
                    Rule.UNKNOWN_SERVER,
                    item.location,
                    f"no server is named `{name}`",
                    suggestions.remedy(
                        name, self.servers, f"servers here: {suggestions.listing(self.servers)}"
                    ),
                )
        names = channel.texts("servers")
        return [self.servers[name] for name in names if name in self.servers]

    def _parameter(self, _: str, entry: Entry) -> Entry | None:
        node = self.context.references.follow(entry.value)
        if not isinstance(node, ObjectNode):
            return entry
        return Entry(location=entry.location, value=without_schema(node, self.context))

    def _operation(self, kind: str, channel: ObjectNode, address: str) -> _Operation | None:
        entry = channel.entries.get(kind)
        bare = None if entry is None else self._checked(entry.value, object_specs_2.OPERATION)
        if entry is None or bare is None:
            return None
        node = merge_traits_over(bare, object_specs_2.OPERATION_TRAIT, self.context)
        name = node.text("operationId")
        carried: tuple[ObjectNode, ...] = ()
        if "message" in node:
            carried = self.messages.of(node.entries["message"], name or words_of(address) or kind)
        if not carried:
            self._report_silent(kind, entry)
            return None
        fields = kept(node, object_specs.OPERATION_TRAIT)
        fields.pop("security", None)
        fields["action"] = scalar(entry, _ACTIONS[kind])
        fields["messages"] = array(entry, carried)
        return _Operation(
            key=name or f"{channel.text('x-channelId') or address}.{kind}",
            at=entry,
            node=with_entries(node, fields),
            messages=carried,
        )

    def _report_silent(self, kind: str, entry: Entry) -> None:
        if not self.context.diagnostics.failed:
            self.context.diagnostics.warning(
                Rule.NO_MESSAGES,
                entry.location,
                f"`{kind}` has no message: no code is generated for it",
                "add `message`, or `message: {oneOf: [...]}` for several",
            )


def _table_at(place: Entry, node: ObjectNode, key: str, entries: Mapping[str, Entry]) -> Entry:
    return Entry(location=place.location, value=with_entries(node, entries, f"/{key}"))


def _channel_key(address: str, channel: Entry) -> str:
    node = channel.value
    given = node.text("x-channelId") if isinstance(node, ObjectNode) else None
    return given or address


def _numbered(named: Sequence[tuple[str, Entry]]) -> dict[str, Entry]:
    """The entries by their names, which may be equal."""
    names = distinct([name for name, _ in named])
    return dict(zip(names, (each for _, each in named), strict=True))


def _in_channel(operation: _Operation, channel: Entry) -> Entry:
    node = with_entries(operation.node, {**operation.node.entries, "channel": channel})
    return Entry(location=operation.at.location, value=node)
