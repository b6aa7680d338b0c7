"""MQTT bindings: what a document says about MQTT itself."""

from __future__ import annotations

from dataclasses import dataclass

from mqbind.load.document import object_specs
from mqbind.load.document.nodes import Node, ObjectNode, ScalarNode, json_text
from mqbind.load.document.object_fields import check_fields
from mqbind.load.jsonschema.context import Context
from mqbind.model.protocol import Connection, Will
from mqbind.rules import Rule

_COMPILED = {
    "operation": ("qos", "retain"),
    "server": ("clientId", "cleanSession", "lastWill", "keepAlive"),
}
_SHAPES = {
    "server": object_specs.MQTT_SERVER,
    "channel": object_specs.MQTT_CHANNEL,
    "operation": object_specs.MQTT_OPERATION,
    "message": object_specs.MQTT_MESSAGE,
}
_REMEDIES = {
    "server": "MQTT 3.1.1 has no such setting; set it where the application connects",
    "operation": "MQTT 3.1.1 has no such setting; remove it if no other tool needs it",
    "message": "MQTT 3.1.1 has no such setting; remove it if no other tool needs it",
}


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """How a message is published."""

    qos: int
    retain: bool


def check_bindings(node: ObjectNode, kind: str, context: Context) -> ObjectNode | None:
    """The MQTT binding of a server, channel, operation or message, checked. Bindings of other
    protocols are ignored."""
    bindings = node.get("bindings")
    target = context.references.follow(bindings) if bindings is not None else None
    if isinstance(target, ObjectNode):
        _check_protocols(target, kind, context)
    mqtt = target.get("mqtt") if isinstance(target, ObjectNode) else None
    binding = context.references.follow(mqtt) if mqtt is not None else None
    if binding is None:
        return None
    if not isinstance(binding, ObjectNode):
        context.diagnostics.error(
            Rule.INVALID_FIELD_VALUE,
            binding.location,
            "the MQTT binding must be an object",
            "write its fields under `mqtt`",
        )
        return None
    check_fields(binding, _SHAPES[kind], context.diagnostics)
    _warn_of_others(binding, kind, context)
    return binding


def _check_protocols(bindings: ObjectNode, kind: str, context: Context) -> None:
    """Fields of the MQTT binding in the place of a protocol."""
    for key, entry in bindings.entries.items():
        if key in _SHAPES[kind].fields or key in _SHAPES[kind].tolerated:
            context.diagnostics.error(
                Rule.UNKNOWN_FIELD,
                entry.location,
                f"`{key}` is not a protocol",
                f"write `mqtt: {{{key}: ...}}`",
            )


def _warn_of_others(binding: ObjectNode, kind: str, context: Context) -> None:
    for key, entry in binding.entries.items():
        known = key in _SHAPES[kind].fields and key != "bindingVersion"
        if known and key not in _COMPILED.get(kind, ()):
            context.diagnostics.warning(
                Rule.UNSUPPORTED_BINDING,
                entry.location,
                f"`{key}` of an MQTT {kind} binding is not supported",
                _REMEDIES[kind],
            )


def delivery(operation: ObjectNode, channel: ObjectNode | None, context: Context) -> Delivery:
    """Quality of service and retain flag; 0 and false by default. `channel` is the binding of the
    operation's channel."""
    own = check_bindings(operation, "operation", context)
    bindings = [each for each in (own, channel) if each is not None]
    qos = next((each.get("qos") for each in bindings if "qos" in each), None)
    retain = next((each.get("retain") for each in bindings if "retain" in each), None)
    return Delivery(qos=_qos(qos, context), retain=_retain(retain, context))


def qos_choice(operation: ObjectNode, how: Delivery, context: Context) -> tuple[int, ...]:
    """The QoS that the sender may choose, without duplicates; empty if the document chooses."""
    values = [
        node.value for node in operation.items("x-mqbind-qos") if isinstance(node, ScalarNode)
    ]
    choice = tuple(sorted({value for value in values if isinstance(value, int)}))
    if choice and how.qos not in choice:
        context.diagnostics.error(
            Rule.QOS_OUTSIDE_CHOICE,
            operation.key_location("x-mqbind-qos"),
            f"the QoS of this operation is {how.qos}, which `x-mqbind-qos` does not list",
            f"add {how.qos}, or set `qos` in the MQTT binding to one of the list",
        )
        return ()
    return choice


def reply_delivery(channel: ObjectNode | None, request: Delivery, context: Context) -> Delivery:
    """How a reply is published that no operation describes: as the binding of its channel says, or
    else as the request, but not retained."""
    if channel is None:
        return Delivery(qos=request.qos, retain=False)
    qos = _qos(channel.get("qos"), context) if "qos" in channel else request.qos
    return Delivery(qos=qos, retain=_retain(channel.get("retain"), context))


def check_channel_bindings(channel: ObjectNode, context: Context) -> ObjectNode | None:
    """The MQTT binding of a channel, which should say nothing about delivery."""
    binding = check_bindings(channel, "channel", context)
    for key in ("qos", "retain"):
        if binding is not None and key in binding:
            context.diagnostics.warning(
                Rule.MISPLACED_BINDING,
                binding.key_location(key),
                f"`{key}` belongs in operations, and is used for those of this channel without one",
                f"write `{key}: {json_text(binding.entries[key].value)}` in the MQTT binding of "
                "each operation",
            )
    return binding


def connection(server: str, binding: ObjectNode, context: Context) -> Connection:
    """What the binding of a server says about connecting to it."""
    will = binding.get("lastWill")
    node = None if will is None else context.object(will, object_specs.LAST_WILL)
    keep_alive = binding.get("keepAlive")
    seconds = keep_alive.value if isinstance(keep_alive, ScalarNode) else None
    clean = binding.get("cleanSession")
    return Connection(
        server=server,
        client_id=binding.text("clientId"),
        keep_alive_s=seconds if isinstance(seconds, int) else None,
        clean_session=None if clean is None else binding.flag("cleanSession"),
        will=None if node is None else _will(node, context),
    )


def _will(node: ObjectNode, context: Context) -> Will | None:
    topic = node.text("topic")
    if topic is None:
        context.diagnostics.warning(
            Rule.WILL_WITHOUT_TOPIC,
            node.location,
            "a last will without `topic` has no effect",
            "add `topic`",
        )
        return None
    return Will(
        topic=topic,
        payload=node.text("message") or "",
        qos=_qos(node.get("qos"), context),
        retain=_retain(node.get("retain"), context),
    )


def _qos(node: Node | None, context: Context) -> int:
    if node is None:
        return 0
    value = node.value if isinstance(node, ScalarNode) else None
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 2:
        return value
    context.diagnostics.error(
        Rule.INVALID_FIELD_VALUE, node.location, "`qos` must be 0, 1 or 2", "write one of these"
    )
    return 0


def _retain(node: Node | None, context: Context) -> bool:
    if node is None:
        return False
    if isinstance(node, ScalarNode) and isinstance(node.value, bool):
        return node.value
    context.diagnostics.error(
        Rule.INVALID_FIELD_VALUE,
        node.location,
        "`retain` must be true or false",
        "write one of these",
    )
    return False
