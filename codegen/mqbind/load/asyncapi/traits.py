"""Traits: parts shared by several operations or messages."""

from __future__ import annotations

from mqbind.load.document.nodes import Entry, Node, ObjectNode, ScalarNode
from mqbind.load.document.object_specs import ObjectSpec
from mqbind.load.document.rewriting import with_entries
from mqbind.load.jsonschema.context import Context


def merge_traits(node: ObjectNode, spec: ObjectSpec, context: Context) -> ObjectNode:
    """`node` with its traits merged in, as a JSON Merge Patch each: a later trait overrides an
    earlier one, and `node` itself overrides all of them."""
    merged: dict[str, Entry] = {}
    for patch in _traits(node, spec, context):
        merged = _patched(merged, patch, context)
    return with_entries(node, _patched(merged, node, context)) if "traits" in node else node


def merge_traits_over(node: ObjectNode, spec: ObjectSpec, context: Context) -> ObjectNode:
    """The same as AsyncAPI 2 has it: each trait overrides `node`."""
    merged = dict(node.entries)
    for patch in _traits(node, spec, context):
        merged = _patched(merged, patch, context)
    return with_entries(node, merged) if "traits" in node else node


def _traits(node: ObjectNode, spec: ObjectSpec, context: Context) -> list[ObjectNode]:
    found = (context.object(trait, spec) for trait in node.items("traits"))
    return [trait for trait in found if trait is not None]


def _patched(base: dict[str, Entry], patch: ObjectNode, context: Context) -> dict[str, Entry]:
    result = dict(base)
    for key, entry in patch.entries.items():
        if isinstance(entry.value, ScalarNode) and entry.value.value is None:
            result.pop(key, None)
        elif key in base:
            result[key] = Entry(
                location=entry.location, value=_merged(base[key].value, entry.value, context)
            )
        else:
            result[key] = entry
    return result


def _merged(base: Node, patch: Node, context: Context) -> Node:
    if not isinstance(base, ObjectNode) or not isinstance(patch, ObjectNode) or "$ref" in patch:
        return patch
    whole = context.references.follow(base)
    if not isinstance(whole, ObjectNode):
        return patch
    return with_entries(patch, _patched(dict(whole.entries), patch, context))
