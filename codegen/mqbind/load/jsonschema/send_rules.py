"""The rules of `x-mqbind-send`, which hold for what is sent only."""

from __future__ import annotations

from mqbind.load.document import suggestions
from mqbind.load.document.nodes import ObjectNode, ScalarNode
from mqbind.load.jsonschema.context import Context
from mqbind.load.jsonschema.merged import MergedSchema
from mqbind.model.types import NeedsOneOf, NeverTogether
from mqbind.rules import Rule


def map_sending_rules(merged: MergedSchema, context: Context) -> tuple[NeverTogether, ...]:
    """What `x-mqbind-send` forbids in a map."""
    found = []
    for part in merged.parts:
        rule = part.get("x-mqbind-send")
        never = rule.get("not") if isinstance(rule, ObjectNode) else None
        if isinstance(never, ObjectNode):
            found.append(NeverTogether(names=never.texts("required"), when_sending_only=True))
        else:
            _check_send(part, (), context)
    return tuple(found)


def sending_rules(
    node: ObjectNode, known: tuple[str, ...], context: Context
) -> tuple[NeedsOneOf, ...]:
    """What `x-mqbind-send` requires."""
    if not _check_send(node, known, context):
        return ()
    rule = node.get("x-mqbind-send")
    if not isinstance(rule, ObjectNode):
        return ()
    if "not" in rule:
        context.diagnostics.error(
            Rule.MISPLACED_SEND_RULE,
            rule.key_location("not"),
            "`not` is only supported for objects without `properties`",
            "use `required` or `anyOf` to say which members must be present",
        )
        return ()
    branches = [rule] if "required" in rule else rule.items("anyOf")
    groups = tuple(
        branch.texts("required") for branch in branches if isinstance(branch, ObjectNode)
    )
    return (NeedsOneOf(groups=groups, when_sending_only=True),)


def _check_send(node: ObjectNode, known: tuple[str, ...], context: Context) -> bool:
    rule = node.get("x-mqbind-send")
    if not isinstance(rule, ObjectNode):
        return True
    unknown = [name for name in _named_in(rule) if name.value not in known]
    for name in unknown:
        context.diagnostics.error(
            Rule.UNKNOWN_MEMBER,
            name.location,
            f"this object has no member `{name.value}`",
            suggestions.remedy(str(name.value), known, f"members: {suggestions.listing(known)}"),
        )
    return not unknown


def _named_in(rule: ObjectNode) -> list[ScalarNode]:
    branches = [rule, *rule.items("anyOf")]
    return [
        item
        for branch in branches
        if isinstance(branch, ObjectNode)
        for item in branch.items("required")
        if isinstance(item, ScalarNode)
    ]
