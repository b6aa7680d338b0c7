"""What the objects of an AsyncAPI document may hold (versions 3.0 and 3.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from mqbind.diagnostics import Diagnostics
from mqbind.load.document import suggestions
from mqbind.load.document.extension_keys import OURS, check_keys
from mqbind.load.document.nodes import ArrayNode, Node, ObjectNode, ScalarNode, integral


class Kind(StrEnum):
    """What a keyword's value must be."""

    TEXT = "a text"
    ADDRESS = "a text or null"
    FLAG = "true or false"
    LIST = "a list"
    TEXTS = "a list of texts"
    OBJECT = "an object"
    WHOLE = "a whole number"
    ANY = "anything"


@dataclass(frozen=True, kw_only=True)
class Shape:
    """The keywords of one kind of object. `ours` is its name in the schema of our own keys."""

    name: str
    fields: Mapping[str, Kind]
    required: tuple[str, ...] = ()
    ours: str | None = None
    remedies: Mapping[str, str] = field(default_factory=dict)


_ABOUT = {"title": Kind.TEXT, "summary": Kind.TEXT, "description": Kind.TEXT}
_TAGGED = {"tags": Kind.LIST, "externalDocs": Kind.OBJECT}
_BOUND = {"bindings": Kind.OBJECT}

DOCUMENT = Shape(
    name="the document",
    fields={
        "asyncapi": Kind.TEXT,
        "id": Kind.TEXT,
        "info": Kind.OBJECT,
        "servers": Kind.OBJECT,
        "defaultContentType": Kind.TEXT,
        "channels": Kind.OBJECT,
        "operations": Kind.OBJECT,
        "components": Kind.OBJECT,
    },
    required=("info",),
)
INFO = Shape(
    name="info",
    fields={
        "title": Kind.TEXT,
        "version": Kind.TEXT,
        "description": Kind.TEXT,
        "termsOfService": Kind.TEXT,
        "contact": Kind.OBJECT,
        "license": Kind.OBJECT,
        **_TAGGED,
    },
    required=("title", "version"),
    ours="info",
)
CONTACT = Shape(name="contact", fields={"name": Kind.TEXT, "url": Kind.TEXT, "email": Kind.TEXT})
LICENSE = Shape(name="license", fields={"name": Kind.TEXT, "url": Kind.TEXT}, required=("name",))
TAG = Shape(
    name="a tag",
    fields={"name": Kind.TEXT, "description": Kind.TEXT, "externalDocs": Kind.OBJECT},
    required=("name",),
)
EXTERNAL_DOCS = Shape(
    name="externalDocs",
    fields={"description": Kind.TEXT, "url": Kind.TEXT},
    required=("url",),
)
SERVER = Shape(
    name="a server",
    fields={
        "host": Kind.TEXT,
        "protocol": Kind.TEXT,
        "protocolVersion": Kind.TEXT,
        "pathname": Kind.TEXT,
        "variables": Kind.OBJECT,
        "security": Kind.LIST,
        **_ABOUT,
        **_TAGGED,
        **_BOUND,
    },
    required=("host", "protocol"),
)
MQTT_SERVER = Shape(
    name="the MQTT binding of a server",
    fields={
        "clientId": Kind.TEXT,
        "cleanSession": Kind.FLAG,
        "lastWill": Kind.OBJECT,
        "keepAlive": Kind.WHOLE,
        "sessionExpiryInterval": Kind.ANY,
        "maximumPacketSize": Kind.ANY,
        "bindingVersion": Kind.ANY,
    },
)
MQTT_CHANNEL = Shape(name="the MQTT binding of a channel", fields={"bindingVersion": Kind.ANY})
MQTT_OPERATION = Shape(
    name="the MQTT binding of an operation",
    fields={
        "qos": Kind.ANY,
        "retain": Kind.ANY,
        "messageExpiryInterval": Kind.ANY,
        "bindingVersion": Kind.ANY,
    },
)
MQTT_MESSAGE = Shape(
    name="the MQTT binding of a message",
    fields={
        "payloadFormatIndicator": Kind.ANY,
        "correlationData": Kind.ANY,
        "contentType": Kind.ANY,
        "responseTopic": Kind.ANY,
        "bindingVersion": Kind.ANY,
    },
)
LAST_WILL = Shape(
    name="lastWill",
    fields={
        "topic": Kind.TEXT,
        "qos": Kind.WHOLE,
        "message": Kind.TEXT,
        "retain": Kind.FLAG,
    },
)
SECURITY_SCHEME = Shape(
    name="a security scheme",
    fields={
        "type": Kind.TEXT,
        "description": Kind.TEXT,
        "name": Kind.TEXT,
        "in": Kind.TEXT,
        "scheme": Kind.TEXT,
        "bearerFormat": Kind.TEXT,
        "flows": Kind.OBJECT,
        "openIdConnectUrl": Kind.TEXT,
        "scopes": Kind.TEXTS,
    },
    required=("type",),
)
SERVER_VARIABLE = Shape(
    name="a server variable",
    fields={
        "enum": Kind.TEXTS,
        "default": Kind.TEXT,
        "description": Kind.TEXT,
        "examples": Kind.TEXTS,
    },
)
CHANNEL = Shape(
    name="a channel",
    fields={
        "address": Kind.ADDRESS,
        "messages": Kind.OBJECT,
        "servers": Kind.LIST,
        "parameters": Kind.OBJECT,
        **_ABOUT,
        **_TAGGED,
        **_BOUND,
    },
    ours="channel",
)
PARAMETER = Shape(
    name="a parameter",
    fields={
        "enum": Kind.TEXTS,
        "default": Kind.TEXT,
        "description": Kind.TEXT,
        "examples": Kind.TEXTS,
        "location": Kind.TEXT,
    },
    ours="parameter",
    remedies={
        "schema": "a parameter is a text; use `enum`, `x-mqbind-pattern` or `x-mqbind-max-length`",
        "pattern": "write `x-mqbind-pattern`",
        "maxLength": "write `x-mqbind-max-length`",
    },
)
OPERATION_TRAIT = Shape(
    name="an operation trait",
    fields={"security": Kind.LIST, **_ABOUT, **_TAGGED, **_BOUND},
    ours="operation",
)
OPERATION = Shape(
    name="an operation",
    fields={
        "action": Kind.TEXT,
        "channel": Kind.OBJECT,
        "messages": Kind.LIST,
        "reply": Kind.OBJECT,
        "traits": Kind.LIST,
        **OPERATION_TRAIT.fields,
    },
    required=("action", "channel"),
    ours="operation",
    remedies={"message": "write `messages`, a list of references"},
)
REPLY = Shape(
    name="a reply",
    fields={"address": Kind.OBJECT, "channel": Kind.OBJECT, "messages": Kind.LIST},
)
REPLY_ADDRESS = Shape(
    name="a reply address",
    fields={"location": Kind.TEXT, "description": Kind.TEXT},
    required=("location",),
)
MESSAGE_TRAIT = Shape(
    name="a message trait",
    fields={
        "deprecated": Kind.FLAG,
        "headers": Kind.ANY,
        "correlationId": Kind.OBJECT,
        "contentType": Kind.TEXT,
        "name": Kind.TEXT,
        "examples": Kind.LIST,
        **_ABOUT,
        **_TAGGED,
        **_BOUND,
    },
    ours="message",
)
MESSAGE = Shape(
    name="a message",
    fields={"payload": Kind.ANY, "traits": Kind.LIST, **MESSAGE_TRAIT.fields},
    ours="message",
    remedies={
        "schemaFormat": "AsyncAPI 3 has it inside: `payload: {schemaFormat: ..., schema: ...}`",
    },
)
MESSAGE_EXAMPLE = Shape(
    name="an example",
    fields={
        "headers": Kind.OBJECT,
        "payload": Kind.ANY,
        "name": Kind.TEXT,
        "summary": Kind.TEXT,
    },
)
CORRELATION_ID = Shape(
    name="correlationId",
    fields={"description": Kind.TEXT, "location": Kind.TEXT},
    required=("location",),
)
MULTI_FORMAT = Shape(
    name="a schema with a format",
    fields={"schemaFormat": Kind.TEXT, "schema": Kind.ANY},
    required=("schemaFormat", "schema"),
)
COMPONENTS = Shape(
    name="components",
    fields=dict.fromkeys(
        (
            "schemas",
            "servers",
            "channels",
            "operations",
            "messages",
            "securitySchemes",
            "serverVariables",
            "parameters",
            "correlationIds",
            "replies",
            "replyAddresses",
            "externalDocs",
            "tags",
            "operationTraits",
            "messageTraits",
            "serverBindings",
            "channelBindings",
            "operationBindings",
            "messageBindings",
        ),
        Kind.OBJECT,
    ),
)

OVERLAY = Shape(
    name="an overlay",
    fields={
        "overlay": Kind.TEXT,
        "info": Kind.OBJECT,
        "extends": Kind.TEXT,
        "actions": Kind.LIST,
    },
    required=("overlay", "actions"),
)
OVERLAY_ACTION = Shape(
    name="an action",
    fields={
        "target": Kind.TEXT,
        "description": Kind.TEXT,
        "update": Kind.ANY,
        "remove": Kind.FLAG,
    },
    required=("target",),
)


def check_shape(node: Node, shape: Shape, diagnostics: Diagnostics) -> ObjectNode | None:
    """`node` as an object whose keywords are known, required ones present, values of their kind;
    None (and an error) if it is no object."""
    if not isinstance(node, ObjectNode):
        diagnostics.error(node.location, f"{shape.name} must be an object", _fields_of(shape))
        return None
    for key, entry in node.entries.items():
        if key in shape.fields:
            _check_kind(key, entry.value, shape.fields[key], diagnostics)
        elif not key.startswith("x-") or (key.startswith(OURS) and shape.ours is None):
            otherwise = shape.remedies.get(key, _fields_of(shape))
            diagnostics.error(
                entry.location,
                f"unknown keyword `{key}` in {shape.name}",
                otherwise
                if key in shape.remedies
                else suggestions.remedy(key, shape.fields, otherwise),
            )
    for key in shape.required:
        if key not in node:
            diagnostics.error(node.location, f"{shape.name} has no `{key}`", f"add `{key}`")
    if shape.ours is not None:
        check_keys(shape.ours, node, diagnostics)
    return node


def _fields_of(shape: Shape) -> str:
    return f"known here: {suggestions.listing(shape.fields)}"


def _check_kind(key: str, node: Node, kind: Kind, diagnostics: Diagnostics) -> None:
    if not _is(node, kind):
        diagnostics.error(
            node.location,
            f"`{key}` must be {kind}",
            "quote it" if _quotable(node, kind) else f"write {kind} here",
        )


def _quotable(node: Node, kind: Kind) -> bool:
    return kind is Kind.TEXT and isinstance(node, ScalarNode) and node.value is not None


def _is(node: Node, kind: Kind) -> bool:
    match kind:
        case Kind.TEXT:
            return isinstance(node, ScalarNode) and isinstance(node.value, str)
        case Kind.ADDRESS:
            return isinstance(node, ScalarNode) and isinstance(node.value, str | None)
        case Kind.FLAG:
            return isinstance(node, ScalarNode) and isinstance(node.value, bool)
        case Kind.LIST:
            return isinstance(node, ArrayNode)
        case Kind.TEXTS:
            return isinstance(node, ArrayNode) and all(_is(item, Kind.TEXT) for item in node.items)
        case Kind.WHOLE:
            return isinstance(node, ScalarNode) and integral(node.value) is not None
        case Kind.OBJECT:
            return isinstance(node, ObjectNode)
        case Kind.ANY:
            return True
