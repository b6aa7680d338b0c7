"""Defaults and examples against their own schemas, by an independent validator."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from jsonschema import Draft7Validator, validators
from jsonschema.exceptions import ValidationError, best_match
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7

from mqbind.load.context import Context
from mqbind.load.nodes import ArrayNode, Node, ObjectNode, ScalarNode, descend, plain

_SLOW = re.compile(r"\)[*+{]")
_SHOWN = 100
_STEPS_MAX = 20_000


@dataclass(frozen=True, kw_only=True)
class Expectation:
    """A value that ought to be valid: `what` it is, the value and its schema."""

    what: str
    value: Node
    schema: Node


def check_expectations(
    expectations: list[Expectation], trees: tuple[Node, ...], context: Context
) -> None:
    """Warn of each value that its schema refuses."""
    if not expectations:
        return
    registry = _Registry(trees, context)
    for each in expectations:
        try:
            error = best_match(registry.validator(each.schema).iter_errors(plain(each.value)))
        except (RecursionError, _TooLongError):
            context.diagnostics.warning(
                each.value.location,
                f"{each.what} takes too long to check against its schema",
                "use fewer references and branches within references and branches",
            )
            return
        if error is not None:
            context.diagnostics.warning(
                descend(each.value, list(error.absolute_path)).location,
                f"{each.what} breaks its schema: {_shortened(error.message)}",
                "correct the value or the schema",
            )


def _shortened(message: str) -> str:
    return message if len(message) <= _SHOWN else f"{message[:60]} ... {message[-40:]}"


class _TooLongError(Exception):
    """The schema leads to the same places again and again."""


class _Registry:
    """All files as schemas whose references are absolute, so that both of us mean the same."""

    def __init__(self, trees: tuple[Node, ...], context: Context) -> None:
        self._context = context
        resources: list[tuple[str, Resource[Any]]] = [
            (_file_uri(tree), DRAFT7.create_resource(self._absolute(tree))) for tree in trees
        ]
        self._registry: Registry[Any] = Registry().with_resources(resources)

    def validator(self, schema: Node) -> Any:
        self._steps = 0
        validator: Any = validators.extend(  # type: ignore[no-untyped-call]
            Draft7Validator, {"pattern": _pattern, "$ref": self._follow}
        )
        return validator({"$ref": _uri(_unwrapped(schema))}, registry=self._registry)

    def _follow(self, validator: Any, reference: str, instance: Any, schema: Any) -> Iterator[Any]:
        self._steps += 1
        if self._steps > _STEPS_MAX:
            raise _TooLongError
        yield from Draft7Validator.VALIDATORS["$ref"](validator, reference, instance, schema)

    def _absolute(self, node: Node) -> Any:
        match node:
            case ScalarNode():
                return plain(node)
            case ArrayNode():
                return [self._absolute(item) for item in node.items]
            case ObjectNode():
                return self._absolute_object(node)

    def _absolute_object(self, node: ObjectNode) -> Any:
        target = self._context.references.known(node)
        if target is not None:
            return {"$ref": _uri(_unwrapped(target))}
        inner = _unwrapped(node)
        if inner is not node:
            return {"$ref": _uri(inner), "schema": self._absolute(inner)}
        return {
            key: self._absolute(entry.value)
            for key, entry in node.entries.items()
            if key not in _left_out(node)
        }


def _left_out(node: ObjectNode) -> tuple[str, ...]:
    """`additionalItems` counts beside a list only, and jsonschema trips over it elsewhere."""
    is_tuple = isinstance(node.get("items"), ArrayNode)
    return ("$id", "$schema") if is_tuple else ("$id", "$schema", "additionalItems")


def _unwrapped(node: Node) -> Node:
    if isinstance(node, ObjectNode) and "schemaFormat" in node:
        return node.get("schema") or node
    return node


def _file_uri(node: Node) -> str:
    return f"urn:mqbind:{quote(node.document.name, safe='')}"


def _uri(node: Node) -> str:
    return f"{_file_uri(node)}#{quote(node.pointer, safe='/~')}"


def _pattern(_: Any, pattern: str, instance: Any, __: Any) -> Iterator[ValidationError]:
    """Python's regular expressions are near enough to tell a slip, unless they take for ever."""
    if not isinstance(instance, str) or _SLOW.search(pattern) or len(instance) > _SHOWN:
        return
    try:
        found = re.search(pattern, instance)
    except re.error:
        return
    if found is None:
        yield ValidationError(f"{instance!r} does not match {pattern!r}")
