"""Overlays: files that change a document without editing it, as defined by the OpenAPI Overlay
specification (1.0 and 1.1)."""

from __future__ import annotations

import re
from dataclasses import replace

from mqbind.diagnostics import Diagnostics
from mqbind.load.document import object_specs, suggestions
from mqbind.load.document.nodes import (
    ArrayNode,
    Document,
    Entry,
    Node,
    ObjectNode,
    ScalarNode,
    escape,
    plain,
)
from mqbind.load.document.object_fields import check_fields
from mqbind.load.document.overlay_cost import count_values, work_of_change, work_of_target
from mqbind.rules import Rule

_VERSION = re.compile(r"1\.[01]\.\d+")

Path = tuple[str | int, ...]


def apply_overlay(root: Node, overlay: Node, diagnostics: Diagnostics) -> Node:
    """`root` after the actions of `overlay`, in their order. Errors are reported."""
    changes = check_fields(overlay, object_specs.OVERLAY, diagnostics)
    if changes is None:
        return root
    version = changes.text("overlay")
    if version is not None and not _VERSION.fullmatch(version):
        diagnostics.error(
            Rule.UNSUPPORTED_OVERLAY_VERSION,
            changes.entries["overlay"].value.location,
            f"overlay version {version} is not supported",
            "write `overlay: 1.0.0`",
        )
    for item in changes.items("actions"):
        action = check_fields(item, object_specs.OVERLAY_ACTION, diagnostics)
        if action is not None:
            root = _Action(action, diagnostics).apply(root)
    return root


class _Action:
    """One change, at every place that its target names."""

    def __init__(self, action: ObjectNode, diagnostics: Diagnostics) -> None:
        self._action = action
        self._diagnostics = diagnostics

    def apply(self, root: Node) -> Node:
        update = self._action.get("update")
        removes = self._action.flag("remove")
        if update is None and not removes:
            self._invalid("this action has no effect", "add `update` or `remove: true`")
            return root
        added = 0 if update is None else count_values(update)
        for path in self._targets(root):
            work = work_of_change(added, _widths(root, path))
            self._diagnostics.spend(work, self._action.location)
            if removes:
                root = _removed(root, path)
            elif update is not None:
                root = self._updated(root, path, update)
        return root

    def _targets(self, root: Node) -> list[Path]:
        """The places, last first, so that removing one does not move the others."""
        import jsonpath_rfc9535 as jsonpath

        target = self._action.text("target") or ""
        self._diagnostics.spend(work_of_target(target, root), self._action.location)
        try:
            found = [node.location for node in jsonpath.find(target, plain(root))]  # type: ignore[arg-type]
        except jsonpath.JSONPathError as error:
            reason = str(error).partition(", line")[0]
            self._invalid(f"`{target}` is not a JSONPath: {reason}", "write one such as `$.info`")
            return []
        if not found:
            self._error(
                Rule.OVERLAY_TARGET_NOT_FOUND, f"`{target}` matches nothing", self._remedy(root)
            )
        return list(reversed(found))

    def _remedy(self, root: Node) -> str:
        known = suggestions.listing(root.entries) if isinstance(root, ObjectNode) else "nothing"
        return f"fix the path; the document has {known}"

    def _updated(self, root: Node, path: Path, update: Node) -> Node:
        place = _at(root, path)
        if isinstance(place, ScalarNode):
            self._invalid(
                "the target of an update must be an object or a list",
                "target the object that contains it, and name the member in `update`",
            )
            return root
        return _replaced(root, path, _merged(place, update))

    def _invalid(self, message: str, remedy: str) -> None:
        self._error(Rule.INVALID_OVERLAY_ACTION, message, remedy)

    def _error(self, rule: Rule, message: str, remedy: str) -> None:
        value = self._action.get("target")
        location = self._action.location if value is None else value.location
        self._diagnostics.error(rule, location, message, remedy)


def _at(node: Node, path: Path) -> Node:
    for step in path:
        node = _child(node, step)
    return node


def _widths(node: Node, path: Path) -> int:
    """The entries of all that a change at `path` copies."""
    widths = 0
    for step in path:
        widths += len(node.entries) if isinstance(node, ObjectNode) else len(_items(node))
        node = _child(node, step)
    return widths


def _items(node: Node) -> tuple[Node, ...]:
    return node.items if isinstance(node, ArrayNode) else ()


def _child(node: Node, step: str | int) -> Node:
    if isinstance(node, ObjectNode):
        return node.entries[str(step)].value
    assert isinstance(node, ArrayNode) and isinstance(step, int), "the path is from this tree"
    return node.items[step]


def _merged(node: Node, update: Node) -> Node:
    """Objects are merged, lists get an item or more, anything else is replaced."""
    if isinstance(node, ArrayNode):
        added = update.items if isinstance(update, ArrayNode) else (update,)
        return _with_items(node, [*node.items, *added])
    if not isinstance(node, ObjectNode) or not isinstance(update, ObjectNode):
        return _moved(update, node.document, node.pointer)
    entries = dict(node.entries)
    for key, entry in update.entries.items():
        pointer = f"{node.pointer}/{escape(key)}"
        known = node.entries.get(key)
        value = (
            _moved(entry.value, node.document, pointer)
            if known is None
            else _merged(known.value, entry.value)
        )
        entries[key] = Entry(location=entry.location, value=value)
    return replace(node, entries=entries)


def _replaced(node: Node, path: Path, value: Node) -> Node:
    """`node` with a different value at `path`."""
    if not path:
        return value
    inner = _replaced(_child(node, path[0]), path[1:], value)
    if isinstance(node, ObjectNode):
        key = str(path[0])
        entry = Entry(location=node.entries[key].location, value=inner)
        return replace(node, entries={**node.entries, key: entry})
    assert isinstance(node, ArrayNode)
    items = list(node.items)
    items[int(path[0])] = inner
    return replace(node, items=tuple(items))


def _removed(node: Node, path: Path) -> Node:
    """`node` without the value at `path`."""
    if not path:
        return node
    parent = _at(node, path[:-1])
    if isinstance(parent, ObjectNode):
        entries = {key: entry for key, entry in parent.entries.items() if key != path[-1]}
        return _replaced(node, path[:-1], replace(parent, entries=entries))
    assert isinstance(parent, ArrayNode)
    items = [item for index, item in enumerate(parent.items) if index != path[-1]]
    return _replaced(node, path[:-1], _with_items(parent, items))


def _with_items(node: ArrayNode, items: list[Node]) -> ArrayNode:
    """`node` with these items, each with its new location."""
    return replace(
        node,
        items=tuple(
            _moved(item, node.document, f"{node.pointer}/{index}")
            for index, item in enumerate(items)
        ),
    )


def _moved(node: Node, document: Document, pointer: str) -> Node:
    """`node` as part of another document: references in it start there, its lines stay."""
    if node.document is document and node.pointer == pointer:
        return node
    match node:
        case ScalarNode():
            return replace(node, document=document, pointer=pointer)
        case ArrayNode():
            items = (
                _moved(item, document, f"{pointer}/{index}")
                for index, item in enumerate(node.items)
            )
            return replace(node, document=document, pointer=pointer, items=tuple(items))
        case ObjectNode():
            entries = {
                key: Entry(
                    location=entry.location,
                    value=_moved(entry.value, document, f"{pointer}/{escape(key)}"),
                )
                for key, entry in node.entries.items()
            }
            return replace(node, document=document, pointer=pointer, entries=entries)
