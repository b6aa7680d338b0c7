"""`enum` and `const`: one of several constants."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from mqbind.load.context import Context
from mqbind.load.keywords import BOUNDS, admit
from mqbind.load.nodes import Node, ObjectNode, ScalarNode, Value, integral, key_of
from mqbind.load.numbers import singles
from mqbind.load.site import Site
from mqbind.model.types import Boolean, Choice, ChoiceValue, Integer

_INT_MAX = 2**31 - 1
_LENGTHS = ("minLength", "maxLength")
_OPEN = "use texts only or integers only, or leave the schema open (`{}`: any value)"


@dataclass(frozen=True, kw_only=True)
class _Spelling:
    """A value as it is listed: as text or integer, its name and what it means."""

    value: str | int
    name: str | None
    description: str | None


def choice(
    node: ObjectNode, kinds: tuple[str, ...] | None, site: Site, context: Context
) -> Choice | Integer | Boolean | None:
    """The constants that `node` lists; integers too large for a C enum stay integers."""
    allowed = kinds or ("string", "integer", "number", "boolean")
    compiled = ("type", "enum", "const", *BOUNDS, *_LENGTHS)
    if not admit(node, allowed, compiled, context.diagnostics):
        return None
    listed = _listed(node, context)
    if listed is None:
        return None
    if "boolean" in allowed and _is_every_boolean(listed):
        return Boolean()
    spellings = _spellings(node, listed, kinds, context)
    if spellings is None:
        return None
    integers = [each.value for each in spellings if isinstance(each.value, int)]
    if any(not -_INT_MAX - 1 <= value <= _INT_MAX for value in integers):
        return Integer(intervals=singles(integers))
    return Choice(
        key=key_of(node),
        name=site.name(node),
        hint=site.hint,
        description=node.text("description"),
        values=_grouped(spellings),
        location=node.location,
    )


def _is_every_boolean(listed: tuple[Node, ...]) -> bool:
    """true and false, so that nothing is left to say."""
    values = [item.value for item in listed if isinstance(item, ScalarNode)]
    only = all(isinstance(value, bool) for value in values) and len(values) == len(listed)
    return only and set(values) == {True, False}


def _listed(node: ObjectNode, context: Context) -> tuple[Node, ...] | None:
    """The values of `enum`, or the one of `const`."""
    if "x-mqbind-type" in node:
        context.diagnostics.error(
            node.key_location("x-mqbind-type"),
            "`x-mqbind-type` has no place beside `enum` and `const`",
            "remove it: their values become a C enum",
        )
        return None
    constant = node.get("const")
    listed = node.items("enum")
    if constant is None:
        if not listed:
            context.diagnostics.error(
                node.key_location("enum"), "`enum` is empty", "list the values, or remove it"
            )
        return listed or None
    if "enum" in node and not any(_same(item, constant) for item in listed):
        context.diagnostics.error(
            node.key_location("const"), "`const` is none of the values in `enum`", "remove one"
        )
        return None
    return (constant,)


def _same(left: Node, right: Node) -> bool:
    if not isinstance(left, ScalarNode) or not isinstance(right, ScalarNode):
        return False
    one, other = _value(left.value), _value(right.value)
    return one is not None and one == other


def _value(value: Value) -> str | int | None:
    return value if isinstance(value, str) else integral(value)


def _spellings(
    node: ObjectNode, listed: tuple[Node, ...], kinds: tuple[str, ...] | None, context: Context
) -> list[_Spelling] | None:
    names = _beside(node, "x-enum-varnames", len(listed), context)
    descriptions = _beside(node, "x-enum-descriptions", len(listed), context)
    if names is None or descriptions is None:
        return None
    found: dict[str | int, _Spelling] = {}
    for position, item in enumerate(listed):
        value = _value(item.value) if isinstance(item, ScalarNode) else None
        if value is None and not _impossible(item, kinds):
            context.diagnostics.error(
                item.location, "`enum` and `const` of such values are not compiled", _OPEN
            )
            return None
        if value is None or not _valid(node, value, kinds):
            context.diagnostics.warning(
                item.location,
                "this value can never be valid: other keywords here refuse it",
                "remove it, or correct the others",
            )
            continue
        if value in found:
            context.diagnostics.warning(
                item.location, "this value stands twice in `enum`", "remove one of them"
            )
            continue
        found[value] = _Spelling(
            value=value, name=names[position], description=descriptions[position]
        )
    return _uniform(node, list(found.values()), context)


def _beside(node: ObjectNode, key: str, count: int, context: Context) -> list[str | None] | None:
    """The texts under `key`, one for each value."""
    if key not in node:
        return [None] * count
    texts: list[str | None] = [text.strip() or None for text in node.texts(key)]
    if len(texts) == count:
        return texts
    context.diagnostics.error(
        node.key_location(key),
        f"`{key}` has {len(texts)} entries for {count} values",
        "give one for each value, in the same order",
    )
    return None


def _impossible(item: Node, kinds: tuple[str, ...] | None) -> bool:
    """A value of a type that `type` rules out."""
    if kinds is None:
        return False
    if not isinstance(item, ScalarNode):
        return True
    if isinstance(item.value, bool):
        return "boolean" not in kinds
    if item.value is None:
        return "null" not in kinds
    return "number" not in kinds


def _valid(node: ObjectNode, value: str | int, kinds: tuple[str, ...] | None) -> bool:
    if isinstance(value, str):
        fits = kinds is None or "string" in kinds
        return fits and _limit(node, "minLength", 0) <= len(value) <= _limit(
            node, "maxLength", len(value)
        )
    if kinds is not None and not {"integer", "number"} & set(kinds):
        return False
    return _limit(node, "minimum", value) <= value <= _limit(node, "maximum", value) and _limit(
        node, "exclusiveMinimum", value - 1
    ) < value < _limit(node, "exclusiveMaximum", value + 1)


def _limit(node: ObjectNode, key: str, otherwise: int) -> Decimal:
    limit = node.get(key)
    value = limit.value if isinstance(limit, ScalarNode) else None
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return Decimal(otherwise)
    return Decimal(value)


def _uniform(node: ObjectNode, found: list[_Spelling], context: Context) -> list[_Spelling] | None:
    """Texts only or integers only, and at least one."""
    if not found:
        context.diagnostics.error(
            node.location, "no value satisfies this schema", "correct `enum` or `const`"
        )
        return None
    if len({type(each.value) for each in found}) > 1:
        context.diagnostics.error(
            node.key_location("enum"), "an `enum` of texts and integers is not compiled", _OPEN
        )
        return None
    return found


def _grouped(spellings: list[_Spelling]) -> tuple[ChoiceValue, ...]:
    """One constant for each name; those without a name stand alone."""
    groups: dict[object, list[_Spelling]] = {}
    for each in spellings:
        groups.setdefault(each.name or (each.value,), []).append(each)
    return tuple(_constant(group) for group in groups.values())


def _constant(group: list[_Spelling]) -> ChoiceValue:
    texts = tuple(each.value for each in group if isinstance(each.value, str))
    integers = tuple(each.value for each in group if isinstance(each.value, int))
    descriptions = [each.description for each in group if each.description is not None]
    return ChoiceValue(
        name=group[0].name,
        spellings=texts or integers,
        description=descriptions[0] if descriptions else None,
    )
