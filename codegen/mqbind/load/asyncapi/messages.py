"""Messages: a payload with a name, examples, and what links a reply to its request."""

from __future__ import annotations

import re
from collections.abc import Iterable

from mqbind.diagnostics import Location
from mqbind.load.asyncapi.bindings import check_bindings
from mqbind.load.asyncapi.contents import Content, Contents, content_of
from mqbind.load.asyncapi.traits import merge_traits
from mqbind.load.document import object_specs
from mqbind.load.document.nodes import Entry, Node, ObjectNode, escape, key_of, plain, segments
from mqbind.load.jsonschema.context import Context
from mqbind.load.jsonschema.reader import SchemaReader
from mqbind.load.jsonschema.type_hint import last_word
from mqbind.model.constraints import JsonType
from mqbind.model.mqtt_properties import carried
from mqbind.model.protocol import Example, Message, Protocol
from mqbind.model.types import Bytes, Type
from mqbind.rules import Rule

_HEADER = "$message.header#"
_EXPRESSION = re.compile(r"\$message\.(header|payload)#(.*)", re.DOTALL)


def checked_expression(text: str, location: Location, context: Context) -> str | None:
    """The runtime expression `text`, if it is one."""
    match = _EXPRESSION.fullmatch(text)
    if match is None:
        context.diagnostics.error(
            Rule.INVALID_EXPRESSION,
            location,
            f"`{text}` is not a runtime expression",
            "write `$message.payload#/member`",
        )
        return None
    if match[2] and not match[2].startswith("/"):
        context.diagnostics.warning(
            Rule.INVALID_POINTER,
            location,
            f"`{match[2]}` is not a JSON pointer and does not resolve",
            f"write `$message.{match[1]}#/{match[2]}`",
        )
    return text


class Messages:
    """Every message that a channel carries, once."""

    def __init__(self, schemas: SchemaReader, content_type: str | None, context: Context) -> None:
        self._schemas = schemas
        self._content_type = content_type or "application/json"
        self._contents = Contents(schemas, context)
        self._context = context
        self._keys: dict[Node, str] = {}
        self._payloads: dict[str, Node] = {}
        self._headers: dict[str, Entry] = {}
        self._found: dict[str, Message] = {}

    @property
    def found(self) -> dict[str, Message]:
        return self._found

    def key(self, node: Node) -> str | None:
        """The key of the message if it has been added."""
        return self._keys.get(node)

    def failed(self, node: Node) -> bool:
        """Whether the message has been added, and had errors."""
        key = self.key(node)
        return key is not None and key not in self._found

    def add(self, node: Node) -> str | None:
        """Read the message that `node` is or refers to: its key, or None after an error."""
        bare = self._context.object(node, object_specs.MESSAGE)
        if bare is None:
            return None
        key = key_of(bare)
        if bare not in self._keys:
            self._keys[bare] = key
            message = self._message(
                key, merge_traits(bare, object_specs.MESSAGE_TRAIT, self._context)
            )
            if message is not None:
                self._found[key] = message
        return key if key in self._found else None

    def _message(self, key: str, node: ObjectNode) -> Message | None:
        name = node.text("x-mqbind-name") or node.text("name") or last_word(node)
        check_bindings(node, "message", self._context)
        self._read_headers(node)
        payload, spells = self._payload(node, name)
        correlation = self._correlation(node)
        examples = self._examples(node)
        if payload is None:
            return None
        return Message(
            key=key,
            name=name,
            title=node.text("title"),
            summary=node.text("summary"),
            description=node.text("description"),
            payload=payload,
            examples=examples,
            location=node.location,
            correlation=correlation,
            given="x-mqbind-name" in node,
            spells=spells,
            empty_deletes=node.flag("x-mqbind-empty-deletes"),
        )

    def _payload(
        self, node: ObjectNode, name: str
    ) -> tuple[Type | None, tuple[JsonType, ...] | None]:
        """The type of the payload, None after an error; and what it spells if it is text."""
        schema = self._schema(node)
        if schema is None:
            return Bytes(), None
        media_type = self._media_type(node)
        content = content_of(media_type)
        if content is Content.BYTES:
            return Bytes() if self._contents.check_bytes(schema, media_type) else None, None
        spells = None
        if content is Content.TEXT:
            spells = self._contents.spelled(schema, media_type)
            if spells is None:
                return None, None
        self._payloads[key_of(node)] = schema
        return self._schemas.type_of(schema, name), spells

    def _schema(self, node: ObjectNode) -> Node | None:
        """The schema of the payload, unless the payload is text of which it says nothing."""
        schema = node.get("payload")
        is_text = content_of(self._media_type(node)) is Content.TEXT
        if schema is None or (is_text and self._contents.is_bytes(schema)):
            return None
        return schema

    def _media_type(self, node: ObjectNode) -> str:
        return node.text("contentType") or self._content_type

    def _read_headers(self, node: ObjectNode) -> None:
        headers = node.get("headers")
        if headers is not None:
            schema = self._context.references.follow(headers) or headers
            if isinstance(schema, ObjectNode) and "schemaFormat" not in schema:
                self._context.schema(schema)
            location = node.key_location("headers")
            self._headers[key_of(node)] = Entry(location=location, value=schema)

    def check_headers(self, protocol: Protocol) -> None:
        """Report headers that cannot be sent as properties of MQTT 5."""
        compiled: dict[str, set[str]] = {key: set() for key in self._headers}
        for operation in protocol.operations:
            for key in compiled.keys() & operation.messages:
                places = carried(protocol, operation, protocol.messages[key]).values()
                compiled[key].update(place.partition("#/")[2] for place in places)
        for key, names in compiled.items():
            self._check_headers(self._headers[key], names)

    def _check_headers(self, headers: Entry, compiled: set[str]) -> None:
        schema = headers.value
        named = schema.get("properties") if isinstance(schema, ObjectNode) else None
        members = named.entries if isinstance(named, ObjectNode) else {}
        kept = [f"`{name}`" for name in members if escape(name) in compiled]
        if compiled and len(kept) == len(members):
            return
        words = "`headers` are not supported: MQTT 3.1.1 messages have none"
        if kept:
            verb = "is" if len(kept) == 1 else "are"
            words = f"only {' and '.join(kept)} of these `headers` {verb} supported"
        self._context.diagnostics.warning(
            Rule.UNSUPPORTED_HEADERS, headers.location, words, "move the values into the payload"
        )

    def in_payload(self, location: str, keys: Iterable[str]) -> str:
        """A place in the headers as one in the payload, if the payloads of all messages (keys) have
        an object `headers` that contains it."""
        inside = location.replace(_HEADER, "$message.payload#/headers", 1)
        steps = segments(inside.partition("#")[2])
        payloads = [self._payloads.get(key) for key in keys]
        held = bool(payloads) and all(self._holds(payload, steps) for payload in payloads)
        return inside if location.startswith(_HEADER) and held else location

    def _holds(self, schema: Node | None, steps: list[str]) -> bool:
        """Whether the schema names the member at the end of `steps`."""
        node = schema
        for step in steps:
            whole = None if node is None else self._context.references.follow(node)
            named = whole.get("properties") if isinstance(whole, ObjectNode) else None
            node = named.get(step) if isinstance(named, ObjectNode) else None
        return node is not None

    def _correlation(self, node: ObjectNode) -> str | None:
        value = node.get("correlationId")
        if value is None:
            return None
        found = self._context.object(value, object_specs.CORRELATION_ID)
        expression = None if found is None else found.text("location")
        if found is None or expression is None:
            return None
        location = found.key_location("location")
        checked = checked_expression(expression, location, self._context)
        return None if checked is None else self.in_payload(checked, [key_of(node)])

    def _examples(self, node: ObjectNode) -> tuple[Example, ...]:
        is_read = content_of(self._media_type(node)) is not Content.BYTES
        schema = self._schema(node) if is_read else None
        examples = []
        for item in node.items("examples"):
            example = self._context.object(item, object_specs.MESSAGE_EXAMPLE)
            value = None if example is None else example.get("payload")
            if example is None or value is None:
                continue
            if schema is not None:
                self._schemas.add_example("this example", value, schema)
            examples.append(
                Example(
                    name=example.text("name"),
                    summary=example.text("summary"),
                    value=plain(value),
                    location=value.location,
                )
            )
        return tuple(examples)
