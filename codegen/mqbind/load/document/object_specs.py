"""What the objects of an AsyncAPI document may hold (versions 3.0 and 3.1).

`object_specs_2.py` has those of version 2.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class FieldType(StrEnum):
    """What a keyword's value must be."""

    TEXT = "a string"
    ADDRESS = "a string or null"
    FLAG = "true or false"
    LIST = "a list"
    TEXTS = "a list of strings"
    OBJECT = "an object"
    WHOLE = "an integer"
    ANY = "anything"


@dataclass(frozen=True, kw_only=True)
class ObjectSpec:
    """The keywords of one kind of object. `ours` is its name in the schema of extension keys.
    `tolerated` are keywords that it does not have, but whoever reads it understands."""

    name: str
    fields: Mapping[str, FieldType]
    tolerated: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    ours: str | None = None
    remedies: Mapping[str, str] = field(default_factory=dict)


_ABOUT = {"title": FieldType.TEXT, "summary": FieldType.TEXT, "description": FieldType.TEXT}
_TAGGED = {"tags": FieldType.LIST, "externalDocs": FieldType.OBJECT}
_BOUND = {"bindings": FieldType.OBJECT}

IN_BINDING = {
    "qos": "write `bindings: {mqtt: {qos: ...}}` in the operation",
    "retain": "write `bindings: {mqtt: {retain: ...}}` in the operation",
    "mqtt": "write it under `bindings`",
}
IN_PAYLOAD = dict.fromkeys(
    (
        "type", "enum", "const", "properties", "required", "additionalProperties", "items",
        "minimum", "maximum", "minLength", "maxLength", "pattern", "format", "default", "allOf",
        "anyOf", "oneOf", "$schema", "definitions",
    ),
    "write it under `payload`, with the rest of the schema",
)  # fmt: skip
_OF_VERSION_2 = "this is AsyncAPI 2; in AsyncAPI 3"

DOCUMENT = ObjectSpec(
    name="the document",
    fields={
        "asyncapi": FieldType.TEXT,
        "id": FieldType.TEXT,
        "info": FieldType.OBJECT,
        "servers": FieldType.OBJECT,
        "defaultContentType": FieldType.TEXT,
        "channels": FieldType.OBJECT,
        "operations": FieldType.OBJECT,
        "components": FieldType.OBJECT,
    },
    required=("info",),
)
INFO = ObjectSpec(
    name="`info`",
    fields={
        "title": FieldType.TEXT,
        "version": FieldType.TEXT,
        "description": FieldType.TEXT,
        "termsOfService": FieldType.TEXT,
        "contact": FieldType.OBJECT,
        "license": FieldType.OBJECT,
        **_TAGGED,
    },
    required=("title", "version"),
    ours="info",
)
CONTACT = ObjectSpec(
    name="`contact`",
    fields={"name": FieldType.TEXT, "url": FieldType.TEXT, "email": FieldType.TEXT},
)
LICENSE = ObjectSpec(
    name="`license`", fields={"name": FieldType.TEXT, "url": FieldType.TEXT}, required=("name",)
)
TAG = ObjectSpec(
    name="a tag",
    fields={
        "name": FieldType.TEXT,
        "description": FieldType.TEXT,
        "externalDocs": FieldType.OBJECT,
    },
    required=("name",),
)
EXTERNAL_DOCS = ObjectSpec(
    name="`externalDocs`",
    fields={"description": FieldType.TEXT, "url": FieldType.TEXT},
    required=("url",),
)
SERVER = ObjectSpec(
    name="a server",
    fields={
        "host": FieldType.TEXT,
        "protocol": FieldType.TEXT,
        "protocolVersion": FieldType.TEXT,
        "pathname": FieldType.TEXT,
        "variables": FieldType.OBJECT,
        "security": FieldType.LIST,
        **_ABOUT,
        **_TAGGED,
        **_BOUND,
    },
    required=("host", "protocol"),
    remedies={"url": f"{_OF_VERSION_2} write `host`, and `pathname` for what follows it"},
)
MQTT_SERVER = ObjectSpec(
    name="the MQTT binding of a server",
    fields={
        "clientId": FieldType.TEXT,
        "cleanSession": FieldType.FLAG,
        "lastWill": FieldType.OBJECT,
        "keepAlive": FieldType.WHOLE,
        "sessionExpiryInterval": FieldType.ANY,
        "maximumPacketSize": FieldType.ANY,
        "bindingVersion": FieldType.ANY,
    },
)
MQTT_CHANNEL = ObjectSpec(
    name="the MQTT binding of a channel",
    fields={"bindingVersion": FieldType.ANY},
    tolerated=("qos", "retain"),
)
MQTT_OPERATION = ObjectSpec(
    name="the MQTT binding of an operation",
    fields={
        "qos": FieldType.ANY,
        "retain": FieldType.ANY,
        "messageExpiryInterval": FieldType.ANY,
        "bindingVersion": FieldType.ANY,
    },
)
MQTT_MESSAGE = ObjectSpec(
    name="the MQTT binding of a message",
    fields={
        "payloadFormatIndicator": FieldType.ANY,
        "correlationData": FieldType.ANY,
        "contentType": FieldType.ANY,
        "responseTopic": FieldType.ANY,
        "bindingVersion": FieldType.ANY,
    },
)
LAST_WILL = ObjectSpec(
    name="lastWill",
    fields={
        "topic": FieldType.TEXT,
        "qos": FieldType.WHOLE,
        "message": FieldType.TEXT,
        "retain": FieldType.FLAG,
    },
)
SECURITY_SCHEME = ObjectSpec(
    name="a security scheme",
    fields={
        "type": FieldType.TEXT,
        "description": FieldType.TEXT,
        "name": FieldType.TEXT,
        "in": FieldType.TEXT,
        "scheme": FieldType.TEXT,
        "bearerFormat": FieldType.TEXT,
        "flows": FieldType.OBJECT,
        "openIdConnectUrl": FieldType.TEXT,
        "scopes": FieldType.TEXTS,
    },
    required=("type",),
)
SERVER_VARIABLE = ObjectSpec(
    name="a server variable",
    fields={
        "enum": FieldType.TEXTS,
        "default": FieldType.TEXT,
        "description": FieldType.TEXT,
        "examples": FieldType.TEXTS,
    },
)
CHANNEL = ObjectSpec(
    name="a channel",
    fields={
        "address": FieldType.ADDRESS,
        "messages": FieldType.OBJECT,
        "servers": FieldType.LIST,
        "parameters": FieldType.OBJECT,
        **_ABOUT,
        **_TAGGED,
        **_BOUND,
    },
    ours="channel",
    remedies={
        **dict.fromkeys(
            ("publish", "subscribe"),
            f"{_OF_VERSION_2} write `messages` here, and `operations` with an `action` each",
        ),
        "message": "write `messages`, an object of messages by their names",
        **IN_BINDING,
    },
)
PARAMETER = ObjectSpec(
    name="a parameter",
    fields={
        "enum": FieldType.TEXTS,
        "default": FieldType.TEXT,
        "description": FieldType.TEXT,
        "examples": FieldType.TEXTS,
        "location": FieldType.TEXT,
    },
    tolerated=("schema",),
    ours="parameter",
    remedies={
        "pattern": "write `x-mqbind-pattern`",
        "maxLength": "write `x-mqbind-max-length`",
    },
)
OPERATION_TRAIT = ObjectSpec(
    name="an operation trait",
    fields={"security": FieldType.LIST, **_ABOUT, **_TAGGED, **_BOUND},
    ours="operation",
)
OPERATION = ObjectSpec(
    name="an operation",
    fields={
        "action": FieldType.TEXT,
        "channel": FieldType.OBJECT,
        "messages": FieldType.LIST,
        "reply": FieldType.OBJECT,
        "traits": FieldType.LIST,
        **OPERATION_TRAIT.fields,
    },
    required=("action", "channel"),
    ours="operation",
    remedies={
        "message": "write `messages`, a list of references",
        "operationId": f"{_OF_VERSION_2} the key of the operation is its id",
        **IN_BINDING,
    },
)
REPLY = ObjectSpec(
    name="a reply",
    fields={"address": FieldType.OBJECT, "channel": FieldType.OBJECT, "messages": FieldType.LIST},
)
REPLY_ADDRESS = ObjectSpec(
    name="a reply address",
    fields={"location": FieldType.TEXT, "description": FieldType.TEXT},
    required=("location",),
)
MESSAGE_TRAIT = ObjectSpec(
    name="a message trait",
    fields={
        "deprecated": FieldType.FLAG,
        "headers": FieldType.ANY,
        "correlationId": FieldType.OBJECT,
        "contentType": FieldType.TEXT,
        "name": FieldType.TEXT,
        "examples": FieldType.LIST,
        **_ABOUT,
        **_TAGGED,
        **_BOUND,
    },
    ours="message",
)
MESSAGE = ObjectSpec(
    name="a message",
    fields={"payload": FieldType.ANY, "traits": FieldType.LIST, **MESSAGE_TRAIT.fields},
    ours="message",
    remedies={
        "schemaFormat": "in AsyncAPI 3 it is part of the payload: "
        "`payload: {schemaFormat: ..., schema: ...}`",
        "messageId": f"{_OF_VERSION_2} the key of the message is its id",
        **IN_BINDING,
        **IN_PAYLOAD,
    },
)
MESSAGE_EXAMPLE = ObjectSpec(
    name="an example",
    fields={
        "headers": FieldType.OBJECT,
        "payload": FieldType.ANY,
        "name": FieldType.TEXT,
        "summary": FieldType.TEXT,
    },
)
CORRELATION_ID = ObjectSpec(
    name="`correlationId`",
    fields={"description": FieldType.TEXT, "location": FieldType.TEXT},
    required=("location",),
)
MULTI_FORMAT = ObjectSpec(
    name="a schema with a format",
    fields={"schemaFormat": FieldType.TEXT, "schema": FieldType.ANY},
    required=("schemaFormat", "schema"),
)
COMPONENTS = ObjectSpec(
    name="`components`",
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
        FieldType.OBJECT,
    ),
)

OVERLAY = ObjectSpec(
    name="an overlay",
    fields={
        "overlay": FieldType.TEXT,
        "info": FieldType.OBJECT,
        "extends": FieldType.TEXT,
        "actions": FieldType.LIST,
    },
    required=("overlay", "actions"),
)
OVERLAY_ACTION = ObjectSpec(
    name="an action",
    fields={
        "target": FieldType.TEXT,
        "description": FieldType.TEXT,
        "update": FieldType.ANY,
        "remove": FieldType.FLAG,
    },
    required=("target",),
)
