"""MQTT bindings: what a document says about the protocol beneath."""

from __future__ import annotations

from dataclasses import dataclass

from mqbind.load import suggest
from mqbind.load.context import Context
from mqbind.load.nodes import Node, ObjectNode, ScalarNode

_COMPILED = {"operation": ("qos", "retain")}
_KNOWN = {
    "server": (
        "clientId",
        "cleanSession",
        "lastWill",
        "keepAlive",
        "sessionExpiryInterval",
        "maximumPacketSize",
    ),
    "channel": (),
    "operation": ("qos", "retain", "messageExpiryInterval"),
    "message": ("payloadFormatIndicator", "correlationData", "contentType", "responseTopic"),
}
_REMEDIES = {
    "server": "set it where the application connects",
    "operation": "MQTT 3.1.1 has nothing for it; remove it if nobody else needs it",
    "message": "MQTT 3.1.1 has nothing for it; remove it if nobody else needs it",
}


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """How a message is published."""

    qos: int
    retain: bool


def check_bindings(node: ObjectNode, kind: str, context: Context) -> ObjectNode | None:
    """The MQTT binding of a server, channel, operation or message, checked. Bindings of other
    protocols say nothing about MQTT."""
    bindings = node.get("bindings")
    target = context.references.follow(bindings) if bindings is not None else None
    mqtt = target.get("mqtt") if isinstance(target, ObjectNode) else None
    binding = context.references.follow(mqtt) if mqtt is not None else None
    if binding is None:
        return None
    if not isinstance(binding, ObjectNode):
        context.diagnostics.error(
            binding.location, "the MQTT binding must be an object", "write its keys below `mqtt`"
        )
        return None
    _check_keys(binding, kind, context)
    return binding


def _check_keys(binding: ObjectNode, kind: str, context: Context) -> None:
    known = (*_KNOWN[kind], "bindingVersion")
    for key, entry in binding.entries.items():
        if key in _COMPILED.get(kind, ()) or key == "bindingVersion" or key.startswith("x-"):
            continue
        if key in known:
            context.diagnostics.warning(
                entry.location,
                f"`{key}` of an MQTT {kind} binding is not compiled",
                _REMEDIES[kind],
            )
            continue
        context.diagnostics.error(
            entry.location,
            f"unknown keyword `{key}` in the MQTT binding of {_article(kind)}",
            suggest.remedy(key, known, f"known here: {suggest.listing(known)}"),
        )


def _article(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"


def delivery(operation: ObjectNode, context: Context) -> Delivery:
    """Quality of service and retain flag; 0 and false where nothing is said."""
    binding = check_bindings(operation, "operation", context)
    if binding is None:
        return Delivery(qos=0, retain=False)
    return Delivery(
        qos=_qos(binding.get("qos"), context), retain=_retain(binding.get("retain"), context)
    )


def _qos(node: Node | None, context: Context) -> int:
    if node is None:
        return 0
    value = node.value if isinstance(node, ScalarNode) else None
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 2:
        return value
    context.diagnostics.error(node.location, "`qos` must be 0, 1 or 2", "write one of them")
    return 0


def _retain(node: Node | None, context: Context) -> bool:
    if node is None:
        return False
    if isinstance(node, ScalarNode) and isinstance(node.value, bool):
        return node.value
    context.diagnostics.error(node.location, "`retain` must be true or false", "write one of them")
    return False
