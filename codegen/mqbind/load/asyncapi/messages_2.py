"""Messages and traits of AsyncAPI 2 in the shape of AsyncAPI 3."""

from __future__ import annotations

from dataclasses import dataclass, field

from mqbind.load.asyncapi.traits import merge_traits_over
from mqbind.load.document import object_specs, object_specs_2
from mqbind.load.document.nodes import Entry, Node, ObjectNode, segments
from mqbind.load.document.object_fields import check_fields
from mqbind.load.document.rewriting import kept, scalar, with_entries
from mqbind.load.jsonschema.context import Context


@dataclass(frozen=True, kw_only=True)
class Messages2:
    """Rewrites each message once, however many operations carry it."""

    context: Context
    _rewritten: dict[Node, ObjectNode | None] = field(default_factory=dict)

    def of(self, message: Entry, name: str) -> tuple[ObjectNode, ...]:
        """The messages that `message` of an operation stands for: one, or those of its `oneOf`.
        One that has no name at all is called `name`."""
        found: dict[ObjectNode, None] = {}
        passed: set[Node] = set()
        pending = [message.value]
        while pending:
            target = self.context.references.follow(pending.pop())
            if target is None or target in passed:
                continue
            passed.add(target)
            if isinstance(target, ObjectNode) and "oneOf" in target:
                check_fields(target, object_specs_2.MESSAGES, self.context.diagnostics)
                pending += reversed(target.items("oneOf"))
            elif (single := self._single(target, name)) is not None:
                found[single] = None
        return tuple(found)

    def _single(self, target: Node, name: str) -> ObjectNode | None:
        if target not in self._rewritten:
            self._rewritten[target] = self._rewrite(target, name)
        return self._rewritten[target]

    def _rewrite(self, target: Node, name: str) -> ObjectNode | None:
        bare = check_fields(target, object_specs_2.MESSAGE, self.context.diagnostics)
        if bare is None:
            return None
        node = merge_traits_over(bare, object_specs_2.MESSAGE_TRAIT, self.context)
        fields = kept(node, object_specs.MESSAGE)
        fields.pop("traits", None)
        place = Entry(location=node.location, value=node)
        identifier = node.text("messageId")
        if identifier is not None:
            fields.setdefault("name", scalar(node.entries["messageId"], identifier))
        elif not _is_named(node):
            fields.setdefault("name", scalar(place, name))
        if "schemaFormat" in node and "payload" in node:
            schema, stated = node.entries["payload"], node.entries["schemaFormat"]
            wrapper = with_entries(node, {"schemaFormat": stated, "schema": schema}, "/payload")
            fields["payload"] = Entry(location=schema.location, value=wrapper)
        return with_entries(node, fields)


def _is_named(message: ObjectNode) -> bool:
    """Whether the place of a message is a name: not in an operation, but in a table, or a file."""
    words = segments(message.pointer)
    return words[-1:] != ["message"] and words[-2:-1] != ["oneOf"]
