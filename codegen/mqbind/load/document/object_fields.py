"""Checks the objects of an AsyncAPI document against their specifications."""

from __future__ import annotations

from mqbind.diagnostics import Diagnostics
from mqbind.load.document import suggestions
from mqbind.load.document.extension_keys import OURS, check_keys, report_misplaced
from mqbind.load.document.nodes import ArrayNode, Node, ObjectNode, ScalarNode, integral
from mqbind.load.document.object_specs import FieldType, ObjectSpec
from mqbind.rules import Rule


def check_fields(node: Node, spec: ObjectSpec, diagnostics: Diagnostics) -> ObjectNode | None:
    """`node`, after checking its keywords and their values; None (and an error) for no object."""
    if not isinstance(node, ObjectNode):
        diagnostics.error(
            Rule.INVALID_FIELD_VALUE,
            node.location,
            f"{spec.name} must be an object",
            _fields_of(spec),
        )
        return None
    for key, entry in node.entries.items():
        if key in spec.fields:
            _check_kind(key, entry.value, spec.fields[key], diagnostics)
        elif key.startswith(OURS) and spec.ours is None:
            report_misplaced(spec.name, key, entry, diagnostics)
        elif key not in spec.tolerated and not key.startswith("x-"):
            otherwise = spec.remedies.get(key, _fields_of(spec))
            diagnostics.error(
                Rule.UNKNOWN_FIELD,
                entry.location,
                f"unknown field `{key}` in {spec.name}",
                otherwise
                if key in spec.remedies
                else suggestions.remedy(key, spec.fields, otherwise),
            )
    for key in spec.required:
        if key not in node:
            diagnostics.error(
                Rule.MISSING_FIELD,
                node.location,
                f"missing field `{key}` in {spec.name}",
                f"add `{key}`",
            )
    if spec.ours is not None:
        check_keys(spec.ours, node, diagnostics)
    return node


def _fields_of(spec: ObjectSpec) -> str:
    return f"known fields: {suggestions.listing(spec.fields)}"


def _check_kind(key: str, node: Node, kind: FieldType, diagnostics: Diagnostics) -> None:
    if not _is(node, kind):
        diagnostics.error(
            Rule.INVALID_FIELD_VALUE,
            node.location,
            f"`{key}` must be {kind}",
            "quote it" if _quotable(node, kind) else f"write {kind} here",
        )


def _quotable(node: Node, kind: FieldType) -> bool:
    return kind is FieldType.TEXT and isinstance(node, ScalarNode) and node.value is not None


def _is(node: Node, kind: FieldType) -> bool:
    match kind:
        case FieldType.TEXT:
            return isinstance(node, ScalarNode) and isinstance(node.value, str)
        case FieldType.ADDRESS:
            return isinstance(node, ScalarNode) and isinstance(node.value, str | None)
        case FieldType.FLAG:
            return isinstance(node, ScalarNode) and isinstance(node.value, bool)
        case FieldType.LIST:
            return isinstance(node, ArrayNode)
        case FieldType.TEXTS:
            return isinstance(node, ArrayNode) and all(
                _is(item, FieldType.TEXT) for item in node.items
            )
        case FieldType.WHOLE:
            return isinstance(node, ScalarNode) and integral(node.value) is not None
        case FieldType.OBJECT:
            return isinstance(node, ObjectNode)
        case FieldType.ANY:
            return True
