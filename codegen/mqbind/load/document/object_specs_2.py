"""What the objects of an AsyncAPI document may hold in versions 2.0 to 2.6, where that differs."""

from __future__ import annotations

from mqbind.load.document import object_specs
from mqbind.load.document.object_specs import FieldType, ObjectSpec

_OF_VERSION_3 = "this is AsyncAPI 3; in AsyncAPI 2"

DOCUMENT = ObjectSpec(
    name="the document",
    fields={
        **{key: kind for key, kind in object_specs.DOCUMENT.fields.items() if key != "operations"},
        "tags": FieldType.LIST,
        "externalDocs": FieldType.OBJECT,
    },
    required=("info", "channels"),
    remedies={"operations": f"{_OF_VERSION_3} write `publish` and `subscribe` in the channels"},
)
SERVER = ObjectSpec(
    name="a server",
    fields={
        "url": FieldType.TEXT,
        "protocol": FieldType.TEXT,
        "protocolVersion": FieldType.TEXT,
        "description": FieldType.TEXT,
        "variables": FieldType.OBJECT,
        "security": FieldType.LIST,
        "tags": FieldType.LIST,
        "bindings": FieldType.OBJECT,
    },
    required=("url", "protocol"),
    remedies=dict.fromkeys(
        ("host", "pathname"), f"{_OF_VERSION_3} write `url`: the host and what follows it"
    ),
)
CHANNEL = ObjectSpec(
    name="a channel",
    fields={
        "description": FieldType.TEXT,
        "deprecated": FieldType.FLAG,
        "servers": FieldType.TEXTS,
        "publish": FieldType.OBJECT,
        "subscribe": FieldType.OBJECT,
        "parameters": FieldType.OBJECT,
        "bindings": FieldType.OBJECT,
    },
    ours="channel",
    remedies={
        "address": f"{_OF_VERSION_3} the key of the channel is its address",
        **dict.fromkeys(("message", "messages"), "write `message` under `publish` or `subscribe`"),
        **object_specs.IN_BINDING,
    },
)
OPERATION_TRAIT = ObjectSpec(
    name="an operation trait",
    fields={
        "operationId": FieldType.TEXT,
        "summary": FieldType.TEXT,
        "description": FieldType.TEXT,
        "security": FieldType.LIST,
        "tags": FieldType.LIST,
        "externalDocs": FieldType.OBJECT,
        "bindings": FieldType.OBJECT,
    },
    ours="operation",
)
OPERATION = ObjectSpec(
    name="an operation",
    fields={
        **OPERATION_TRAIT.fields,
        "traits": FieldType.LIST,
        "message": FieldType.OBJECT,
    },
    ours="operation",
    remedies={
        "action": f"{_OF_VERSION_3} `publish` and `subscribe` say who sends",
        "messages": f"{_OF_VERSION_3} write `message`, or `message: {{oneOf: [...]}}` for several",
        "reply": f"{_OF_VERSION_3} no operation has a reply",
        **object_specs.IN_BINDING,
    },
)
MESSAGE_TRAIT = ObjectSpec(
    name="a message trait",
    fields={
        "messageId": FieldType.TEXT,
        "schemaFormat": FieldType.TEXT,
        **object_specs.MESSAGE_TRAIT.fields,
    },
    ours="message",
)
MESSAGE = ObjectSpec(
    name="a message",
    fields={"payload": FieldType.ANY, "traits": FieldType.LIST, **MESSAGE_TRAIT.fields},
    ours="message",
    remedies={**object_specs.IN_BINDING, **object_specs.IN_PAYLOAD},
)
MESSAGES = ObjectSpec(
    name="a choice of messages", fields={"oneOf": FieldType.LIST}, required=("oneOf",)
)
COMPONENTS = ObjectSpec(
    name="`components`",
    fields={
        key: kind
        for key, kind in object_specs.COMPONENTS.fields.items()
        if key not in ("operations", "replies", "replyAddresses", "externalDocs", "tags")
    },
)
