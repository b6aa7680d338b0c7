"""Members that only the branches of a schema name: under `oneOf`, `anyOf`, `if`, `then`, `else`,
`dependencies` and `not`, at any depth."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce

from mqbind.diagnostics import Location
from mqbind.load.document.nodes import ArrayNode, Node, ObjectNode, ScalarNode
from mqbind.load.jsonschema.context import Context
from mqbind.load.jsonschema.keywords import is_open
from mqbind.load.jsonschema.merged import MergedSchema, merge
from mqbind.load.jsonschema.pattern_match import matches

_DEPTH_MAX = 40
_NAME_WORK = 2
_BOUND_WORK = 10
_ALTERNATIVES = ("anyOf", "oneOf")
_CONDITIONS = ("if", "then", "else")


@dataclass(frozen=True, kw_only=True)
class Bound:
    """What the value of a member satisfies wherever it is present: one of `forms` or, if `open`,
    perhaps none of them. With neither, it is never present."""

    forms: tuple[Node, ...] = ()
    open: bool = False

    @property
    def never(self) -> bool:
        return not (self.forms or self.open)

    def __and__(self, other: Bound) -> Bound:
        """Both hold. Values satisfy one of the forms on each side, so either side alone is true."""
        if self.never or other.never:
            return _NEVER
        if self.open != other.open:
            return other if self.open else self
        return self if not self.open else self | other

    def __or__(self, other: Bound) -> Bound:
        return Bound(
            forms=tuple(dict.fromkeys((*self.forms, *other.forms))), open=self.open or other.open
        )


_NEVER = Bound()
_OPEN = Bound(open=True)


@dataclass(frozen=True, kw_only=True)
class Names:
    """The members that schemas name, with the place of the first mention. `defined` are those under
    `properties`, `mentioned` those in `required`, `dependencies` and `propertyNames`; `required`
    are those that some objects must have."""

    defined: dict[str, Location]
    mentioned: dict[str, Location]
    required: dict[str, Location]
    restricts: bool
    """Some schema is about members that it does not name."""

    def __contains__(self, name: str) -> bool:
        return name in self.defined or name in self.mentioned


class Branches:
    """Finds the members, and what holds for their values; each schema is read once."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._names: dict[Node, Names] = {}
        self._bounds: dict[tuple[Node, str], Bound] = {}
        self._depth = 0

    # ---- Names ----

    def names(self, merged: MergedSchema) -> Names:
        """Those of all parts and of their branches."""
        return self._collected(merged.parts)

    def _collected(self, nodes: Iterable[Node]) -> Names:
        defined: dict[str, Location] = {}
        mentioned: dict[str, Location] = {}
        required: dict[str, Location] = {}
        restricts = False
        for node in nodes:
            names = self._names_of(node)
            work = _NAME_WORK * (len(names.defined) + len(names.mentioned))
            self._context.diagnostics.spend(work, node.location)
            _add(names.defined.items(), defined)
            _add(names.mentioned.items(), mentioned)
            _add(names.required.items(), required)
            restricts = restricts or names.restricts
        return Names(defined=defined, mentioned=mentioned, required=required, restricts=restricts)

    def _names_of(self, node: Node) -> Names:
        target = self._context.schema(node)
        if not isinstance(target, ObjectNode) or self._depth > _DEPTH_MAX:
            return Names(defined={}, mentioned={}, required={}, restricts=False)
        if target not in self._names:
            self._depth += 1
            inner = self._collected(at_the_object(target))
            self._depth -= 1
            defined = dict(_defined(target))
            required = dict(_required(target))
            mentioned = required | dict(_mentioned(target))
            negated = target.get("not")
            forbidden = self._names_of(negated).required if negated is not None else {}
            _add(inner.defined.items(), defined)
            _add(inner.mentioned.items(), mentioned)
            _add(
                ((name, at) for name, at in inner.required.items() if at != forbidden.get(name)),
                required,
            )
            self._names[target] = Names(
                defined=defined,
                mentioned=mentioned,
                required=required,
                restricts=inner.restricts
                or "additionalProperties" in target
                or "patternProperties" in target,
            )
        return self._names[target]

    # ---- Bounds ----

    def bound(self, merged: MergedSchema, name: str) -> Bound:
        """That of a member of the objects that all parts describe."""
        return _all(self._of_part(part, name) for part in merged.parts)

    def is_undefined(self, merged: MergedSchema, name: str) -> bool:
        """Whether nothing is said about a member of such objects."""
        bound = self.bound(merged, name)
        return (
            bound.open
            and not bound.forms
            and not any(
                matches(regex, name) is not False
                for part in merged.parts
                for regex, _ in part.members("patternProperties")
            )
        )

    def _of(self, node: Node, name: str) -> Bound:
        target = self._context.schema(node)
        if isinstance(target, ScalarNode):
            return _NEVER if target.value is False else _OPEN
        if target is None or self._depth > _DEPTH_MAX:
            return _OPEN
        names = self._names_of(target)
        if name not in names and not names.restricts:
            return _OPEN
        if (target, name) not in self._bounds:
            self._depth += 1
            self._bounds[target, name] = self._of_part(target, name) & _all(
                self._of(branch, name) for branch in target.items("allOf")
            )
            self._depth -= 1
        return self._bounds[target, name]

    def _of_part(self, part: ObjectNode, name: str) -> Bound:
        """By the keywords of one schema, other than `allOf`."""
        self._context.diagnostics.spend(_BOUND_WORK, part.location)
        return _all(self._by_keywords(part, name))

    def _by_keywords(self, part: ObjectNode, name: str) -> Iterator[Bound]:
        yield self._declared(part, name)
        for key in _ALTERNATIVES:
            branches = part.items(key)
            if branches:
                yield reduce(Bound.__or__, (self._of(branch, name) for branch in branches))
        if "if" in part:
            yield self._conditional(part, name)
        for present, entry in part.members("dependencies"):
            if not isinstance(entry.value, ArrayNode):
                bound = self._of(entry.value, name)
                yield bound if present == name else bound | _OPEN
        negated = part.get("not")
        if negated is not None and self._is_sure(negated, name):
            yield _NEVER

    def _declared(self, part: ObjectNode, name: str) -> Bound:
        """By `properties`, `patternProperties` and `additionalProperties`."""
        own = [entry.value for key, entry in part.members("properties") if key == name]
        patterns = list(part.members("patternProperties"))
        matching = [entry.value for regex, entry in patterns if matches(regex, name)]
        more = part.get("additionalProperties")
        if more is not None and not own and not matching:
            matching.append(more)
        others = _all(map(self._form, matching))
        # Whether a pattern matches is only known for sure when the program runs.
        return _all(map(self._form, own)) & (others | _OPEN if patterns else others)

    def _form(self, node: Node) -> Bound:
        target = self._context.schema(node)
        if isinstance(target, ScalarNode) and target.value is False:
            return _NEVER
        return _OPEN if target is None or is_open(target) else Bound(forms=(node,))

    def _conditional(self, part: ObjectNode, name: str) -> Bound:
        condition, then, otherwise = (
            _OPEN if (node := part.get(key)) is None else self._of(node, name)
            for key in _CONDITIONS
        )
        found = (condition & then) | otherwise
        # A condition does not say what a member is like.
        return then | otherwise | _OPEN if found.open else found

    def _is_sure(self, node: Node, name: str) -> bool:
        """Whether every object with this member satisfies `node`."""
        merged = merge(node, self._context)
        if merged is None or merged.refused:
            return False
        for assertion in merged.assertions:
            if assertion.key == "required":
                sure = set(assertion.part.texts("required")) <= {name}
            elif assertion.key == "type":
                sure = "object" in assertion.part.words("type")
            elif assertion.key == "anyOf":
                branches = assertion.part.items("anyOf")
                sure = any(self._is_sure(branch, name) for branch in branches)
            else:
                sure = False
            if not sure:
                return False
        return True


def _add(names: Iterable[tuple[str, Location]], found: dict[str, Location]) -> None:
    for name, location in names:
        found.setdefault(name, location)


def _all(bounds: Iterable[Bound]) -> Bound:
    return reduce(Bound.__and__, bounds, _OPEN)


def at_the_object(node: ObjectNode) -> Iterator[Node]:
    """The schemas inside `node` that apply to the same object."""
    for key in ("allOf", *_ALTERNATIVES):
        yield from node.items(key)
    for key in (*_CONDITIONS, "not"):
        found = node.get(key)
        if found is not None:
            yield found
    for _, entry in node.members("dependencies"):
        if not isinstance(entry.value, ArrayNode):
            yield entry.value


def named(node: ObjectNode) -> Iterator[tuple[str, Location]]:
    """The members that `node` itself names, each perhaps several times."""
    yield from _defined(node)
    yield from _required(node)
    yield from _mentioned(node)


def _defined(node: ObjectNode) -> Iterator[tuple[str, Location]]:
    for name, entry in node.members("properties"):
        yield name, entry.location


def _required(node: ObjectNode) -> Iterator[tuple[str, Location]]:
    yield from _strings(node.items("required"))


def _mentioned(node: ObjectNode) -> Iterator[tuple[str, Location]]:
    names = node.get("propertyNames")
    if isinstance(names, ObjectNode):
        yield from _strings(names.items("enum"))
    for name, entry in node.members("dependencies"):
        yield name, entry.location
        if isinstance(entry.value, ArrayNode):
            yield from _strings(entry.value.items)


def _strings(items: Iterable[Node]) -> Iterator[tuple[str, Location]]:
    for item in items:
        if isinstance(item, ScalarNode) and isinstance(item.value, str):
            yield item.value, item.location
