"""The law of sending again: an accepted payload whose members are all named in its schema comes
back with the same content when the decoded message is sent."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import unquote

from tests.differential.opinions import Judged
from tests.differential.validators import exact, python_pattern, same, validator

_CHOICES = ("anyOf", "oneOf")
_SINGLE = ("if", "then", "else", "not")
_TABLES = ("definitions", "components")


class Law:
    """The law for one schema; `checked` counts the payloads to which it applied."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self._root = schema
        self._has_other_forms = _has_other_forms(schema)
        self.checked = 0

    def is_broken(self, each: Judged) -> bool:
        sent = each.verdict.text
        if sent is None or self._has_other_forms or not self.applies(each.text):
            return False
        self.checked += 1
        return not same_content(each.text, sent)

    def applies(self, text: str) -> bool:
        """Whether the schema names all members of a payload."""
        return self._names_all([self._root], [self._root], exact(text))

    def _names_all(self, schemas: list[Any], own_schemas: list[Any], value: Any) -> bool:
        """Any of the schemas may name members; those of the form that the value has may also
        describe them."""
        found = [part for schema in schemas for part in self._parts(schema)]
        own = [part for schema in own_schemas for part in self._own_parts(schema, value)]
        held = [part for schema in own_schemas for part in self._held_parts(schema, value)]
        if isinstance(value, list):
            return all(
                self._names_all(list(_of_item(found, place)), list(_of_item(own, place)), item)
                for place, item in enumerate(value)
            )
        if not isinstance(value, dict):
            return True
        keeps_all = not any(_names_some(part) for part in found)
        return all(
            (keeps_all or _is_named(found, own, name))
            and self._names_all(
                list(_of_member(found, name)), list(_of_own_member(held, own, name)), item
            )
            for name, item in value.items()
        )

    def _own_parts(self, schema: Any, value: Any) -> Iterator[Mapping[str, Any]]:
        """The schemas that a value satisfies in any case, and those of the form that it has: the
        first that it fits, if no members are common to all forms."""
        joined = list(self._joined(schema))
        yield from joined
        if any(map(_names_some, joined)):
            return
        for part in joined:
            for key in _CHOICES:
                fitting = (each for each in part.get(key, ()) if self._is_valid(each, value))
                yield from self._own_parts(next(fitting, None), value)

    def _held_parts(self, schema: Any, value: Any) -> Iterator[Mapping[str, Any]]:
        """The schemas that say something about a value, without branches that it breaks."""
        for part in self._joined(schema):
            yield part
            for branch in self._branches(part):
                if self._is_valid(branch, value):
                    yield from self._held_parts(branch, value)

    def _is_valid(self, schema: Any, value: Any) -> bool:
        around = {key: self._root[key] for key in _TABLES if key in self._root}
        return validator({**around, "allOf": [schema]}).is_valid(value)

    def _parts(self, schema: Any) -> Iterator[Mapping[str, Any]]:
        """The schemas that say something about a value, with those in their branches."""
        for part in self._joined(schema):
            yield part
            for branch in self._branches(part):
                yield from self._parts(branch)

    @staticmethod
    def _branches(part: Mapping[str, Any]) -> Iterator[Any]:
        for key in _CHOICES:
            yield from part.get(key, ())
        yield from (part[key] for key in _SINGLE if key in part)
        rules = part.get("dependencies", {}).values()
        yield from (rule for rule in rules if not isinstance(rule, list))

    def _joined(self, schema: Any) -> Iterator[Mapping[str, Any]]:
        """The schema, and those that hold with it."""
        while isinstance(schema, dict) and "$ref" in schema:
            schema = self._target(schema["$ref"])
        if isinstance(schema, dict):
            yield schema
            for branch in schema.get("allOf", ()):
                yield from self._joined(branch)

    def _target(self, reference: str) -> Any:
        node: Any = self._root
        if not reference.startswith("#"):
            return next(_with_id(node, reference), None)
        for step in unquote(reference).removeprefix("#").split("/")[1:]:
            node = node[step.replace("~1", "/").replace("~0", "~")]
        return node


def _with_id(node: Any, identifier: str) -> Iterator[Any]:
    parts = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    if isinstance(node, dict) and identifier in (node.get("$id"), node.get("id")):
        yield node
    for part in parts:
        yield from _with_id(part, identifier)


def _has_other_forms(node: Any) -> bool:
    """Whether something is sent in another form than it may come in: an integer that may be a
    string, and constants with several spellings."""
    match node:
        case {"x-mqbind-type": _, "type": list()}:
            return True
        case {"x-enum-varnames": list(names)} if len(set(names)) < len(names):
            return True
        case dict():
            return any(map(_has_other_forms, node.values()))
        case list():
            return any(map(_has_other_forms, node))
        case _:
            return False


def _names_some(part: Mapping[str, Any]) -> bool:
    return bool(part.get("properties"))


def _is_named(parts: list[Mapping[str, Any]], own: list[Mapping[str, Any]], name: str) -> bool:
    required = (part.get("required", ()) for part in parts)
    return any(name in names for names in required) or any(
        True for _ in (*_defined(parts, name), *_described(own, name))
    )


def _of_member(parts: list[Mapping[str, Any]], name: str) -> Iterator[Any]:
    """The schemas of a member in all forms and branches."""
    yield from _defined(parts, name)
    yield from _described(parts, name)


def _of_own_member(
    held: list[Mapping[str, Any]], own: list[Mapping[str, Any]], name: str
) -> Iterator[Any]:
    """Those of the form that its object has if it names the member, or of what else holds."""
    yield from list(_defined(own, name)) or _defined(held, name)
    yield from _described(own, name)


def _defined(parts: list[Mapping[str, Any]], name: str) -> Iterator[Any]:
    """The schemas of a member that is named."""
    for part in parts:
        if name in part.get("properties", {}):
            yield part["properties"][name]


def _described(parts: list[Mapping[str, Any]], name: str) -> Iterator[Any]:
    """The schemas of a member, other than those that are about all members there may be."""
    for part in parts:
        found = []
        for regex, schema in part.get("patternProperties", {}).items():
            if re.search(python_pattern(regex), name):
                found.append(schema)
        more = part.get("additionalProperties")
        is_other = not found and name not in part.get("properties", {})
        if is_other and isinstance(more, dict) and more:
            found.append(more)
        yield from found


def _of_item(parts: list[Mapping[str, Any]], place: int) -> Iterator[Any]:
    for part in parts:
        items = part.get("items")
        if isinstance(items, list):
            yield from items[place : place + 1]
        elif items is not None:
            yield items
        for key in ("additionalItems", "contains"):
            if isinstance(part.get(key), dict):
                yield part[key]


def same_content(received: str, sent: str) -> bool:
    """The same JSON value; a fraction that is sent is the double nearest to what was received."""
    return _same(exact(received), exact(sent))


def _same(received: Any, sent: Any) -> bool:
    match received, sent:
        case dict(), dict():
            names = received.keys() == sent.keys()
            return names and all(_same(received[name], sent[name]) for name in sent)
        case list(), list():
            return len(received) == len(sent) and all(map(_same, received, sent))
        case Decimal() | int(), Decimal() if not isinstance(received, bool):
            return float(received) == float(sent)
        case _:
            return same(received, sent)
