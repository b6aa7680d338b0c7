"""Schemas of objects: structs with members and rules, or maps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import takewhile

from mqbind.diagnostics import Location
from mqbind.load.document import suggestions
from mqbind.load.document.nodes import (
    Document,
    Entry,
    Node,
    ObjectNode,
    ScalarNode,
    escape,
    exact,
    key_of,
)
from mqbind.load.jsonschema.branches import Branches, Names
from mqbind.load.jsonschema.common import TypeOf, is_any_json
from mqbind.load.jsonschema.conjunctions import Conjunctions
from mqbind.load.jsonschema.constraints import Constraints
from mqbind.load.jsonschema.context import Context
from mqbind.load.jsonschema.coverage import Coverage
from mqbind.load.jsonschema.json_types import is_of_objects
from mqbind.load.jsonschema.keywords import form_beside_null, is_open, lone_branch
from mqbind.load.jsonschema.merged import Assertion, MergedSchema, merge
from mqbind.load.jsonschema.other_members import OtherMembersReader
from mqbind.load.jsonschema.send_rules import map_sending_rules, sending_rules
from mqbind.load.jsonschema.type_hint import TypeHint
from mqbind.model.constraints import Requires
from mqbind.model.types import (
    Default,
    Json,
    Map,
    Member,
    Named,
    NeedsOneOf,
    NeverTogether,
    Struct,
    Type,
)
from mqbind.rules import Rule

_CHAIN_MAX = 1000

_DOCUMENT = Document(name="", path="")
_PLACE = Location(file="", line=1, column=1)
_ANYTHING = ScalarNode(document=_DOCUMENT, pointer="", location=_PLACE, value=True)
_NOWHERE = ObjectNode(document=_DOCUMENT, pointer="", location=_PLACE, entries={})


@dataclass(kw_only=True)
class _Parts:
    """The combined content of the schemas of an object. `refused` are members that it cannot
    have, `loose` those whose values may be others than their schemas say."""

    properties: dict[str, list[tuple[ObjectNode, Entry]]] = field(default_factory=dict)
    required: dict[str, Location] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    loose: set[str] = field(default_factory=set)
    rules: list[NeedsOneOf] = field(default_factory=list)
    covered: Coverage
    closed: bool = False


@dataclass(frozen=True, kw_only=True)
class _Uniform:
    """The `schema` of all members: under `additionalProperties` of `part`, or under a `pattern`."""

    schema: Node
    part: ObjectNode
    pattern: str | None = None

    def cover(self, coverage: Coverage) -> None:
        if self.pattern is None:
            coverage.add_keyword(self.part, "additionalProperties")
        else:
            coverage.add_member(self.part, "patternProperties", self.pattern)


class Objects:
    """Reads the schemas of objects."""

    def __init__(
        self,
        type_of: TypeOf,
        constraints: Constraints,
        conjunctions: Conjunctions,
        branches: Branches,
        context: Context,
    ) -> None:
        self._type_of = type_of
        self._constraints = constraints
        self._conjunctions = conjunctions
        self._context = context
        self._branches = branches
        self._others = OtherMembersReader(type_of, conjunctions, context)
        self.refused: dict[str, frozenset[str]] = {}
        """The members that structs cannot have."""

    def has_members(self, merged: MergedSchema) -> bool:
        """Whether some members are known by name and allowed."""
        return any(
            not self._context.is_false(entry.value)
            for part in merged.parts
            for _, entry in part.members("properties")
        )

    def is_map(self, merged: MergedSchema) -> bool:
        """An object without known members, or with members of one type."""
        if self.has_members(merged):
            return False
        if self._uniform(merged) is not None:
            return True
        return not merged.all("required") and not any(map(self._groups, merged.all("anyOf")))

    def map(self, merged: MergedSchema, type_hint: TypeHint) -> Type | None:
        known = Coverage(merged.all("type"))
        value: Type | None = Json()
        uniform = self._uniform(merged)
        if uniform is not None:
            uniform.cover(known)
            value = self._type_of(uniform.schema, type_hint.inner("value"))
        if value is None:
            return None
        apart = self._never_together(merged, known, bool)
        sending = map_sending_rules(merged, self._context)
        its = Map(value=value, never_together=(*apart, *sending))
        return self._constraints.constrain(its, merged, known)

    def _never_together(
        self, merged: MergedSchema, covered: Coverage, checks: Callable[[tuple[str, ...]], bool]
    ) -> tuple[NeverTogether, ...]:
        """`not` that only forbids members to be present together, of names that the type `checks`.
        If anything else is left to check, the JSON text is walked anyway, and rules keep their
        order."""
        found = {
            assertion: wanted.names
            for assertion in merged.all("not")
            if isinstance(wanted := self._constraints.of(assertion.value), Requires)
            and checks(wanted.names)
        }
        if not found:
            return ()
        whole = covered.copy()
        whole.add(*found)
        if self._constraints.left_over(merged, whole) is not None:
            return ()
        covered.add(*found)
        return tuple(
            NeverTogether(names=names, when_sending_only=False) for names in found.values()
        )

    def struct(self, merged: MergedSchema, type_hint: TypeHint) -> Struct:
        """The struct that an object's schemas describe together."""
        parts = self._gathered(merged)
        members = self._members(merged.owner, parts, type_hint)
        known = tuple(member.json_name for member in members)
        loose = any(member.loose for member in members)
        others = self._others.read(merged, known, type_hint, parts.covered, loose=loose)
        sending = [
            rule for part in merged.parts for rule in sending_rules(part, known, self._context)
        ]
        fields = {member.json_name: member for member in members if not member.loose}

        def has_flags(names: tuple[str, ...]) -> bool:
            own = [fields[name] for name in names if name in fields]
            return len(own) == len(names) and any(member.has_flag for member in own)

        node = merged.owner
        self.refused[key_of(node)] = frozenset(parts.refused)
        return Struct(
            key=key_of(node),
            name=type_hint.name(node),
            hint=type_hint.hint,
            title=node.text("title"),
            description=node.text("description"),
            members=tuple(members),
            rules=(*parts.rules, *sending),
            never_together=self._never_together(merged, parts.covered, has_flags),
            closed=parts.closed,
            location=node.location,
            constraint=self._constraints.left_over(merged, parts.covered),
            others=others,
        )

    def _uniform(self, merged: MergedSchema) -> _Uniform | None:
        """The schema of all members, if they have one."""
        for part in merged.parts:
            more = part.get("additionalProperties")
            matching = list(part.members("patternProperties"))
            if more is None or is_open(more):
                continue
            if not matching and not self._context.is_false(more):
                return _Uniform(schema=more, part=part)
            if len(matching) == 1 and "properties" not in part and self._context.is_false(more):
                [(regex, entry)] = matching
                return _Uniform(schema=entry.value, part=part, pattern=regex)
        return None

    def _gathered(self, merged: MergedSchema) -> _Parts:
        parts = _Parts(covered=Coverage(merged.all("type")))
        for part in merged.parts:
            self._gather(part, parts)
        self._gather_branches(merged, parts)
        for assertion in merged.all("required"):
            if (parts.refused | parts.loose).isdisjoint(assertion.part.texts("required")):
                parts.covered.add(assertion)
        for assertion in merged.all("anyOf"):
            self._gather_any_of(assertion, parts)
        for assertion in merged.all("additionalProperties"):
            self._gather_closed(assertion, parts)
        return parts

    def _gather(self, node: ObjectNode, parts: _Parts) -> None:
        """Collect what `node` says about members."""
        for name, entry in node.members("properties"):
            if self._context.is_false(entry.value):
                parts.refused.add(name)
            parts.properties.setdefault(name, []).append((node, entry))
        for item in node.items("required"):
            if isinstance(item, ScalarNode) and isinstance(item.value, str):
                parts.required.setdefault(item.value, item.location)

    def _gather_branches(self, merged: MergedSchema, parts: _Parts) -> None:
        """The members that are named elsewhere than under the `properties` of the parts."""
        names = self._branches.names(merged)
        if parts.properties:
            self._check_required(merged, names)
        for name, location in {**names.defined, **names.mentioned}.items():
            if name in parts.properties:
                continue
            bound = self._branches.bound(merged, name)
            if bound.never and name not in parts.required:
                parts.refused.add(name)
                continue
            forms = self._distinct(bound.forms)
            if bound.open and forms:
                parts.loose.add(name)
            value = (
                self._conjunctions.either(forms, merged.owner, f"properties/{escape(name)}")
                if forms
                else _ANYTHING
            )
            parts.properties[name] = [(_NOWHERE, Entry(location=location, value=value))]

    def _check_required(self, merged: MergedSchema, names: Names) -> None:
        """Warn about required members that no schema defines."""
        for name, location in names.required.items():
            if name in names.defined or not self._branches.is_undefined(merged, name):
                continue
            remedy = suggestions.remedy(name, names.defined, f"add `{name}` to `properties`")
            message = f"`{name}` is required, but not defined"
            self._context.diagnostics.warning(
                Rule.REQUIRED_BUT_UNDEFINED, location, message, remedy
            )

    def _distinct(self, forms: tuple[Node, ...]) -> tuple[Node, ...]:
        """The schemas without those that say the same as one before."""
        return tuple({self._constraints.of(form): form for form in reversed(forms)}.values())[::-1]

    def _gather_any_of(self, assertion: Assertion, parts: _Parts) -> None:
        """`anyOf` whose branches only require members."""
        groups = self._groups(assertion)
        names = [name for group in groups for name in group]
        if not names or not (parts.refused | parts.loose).isdisjoint(names):
            return
        parts.covered.add(assertion)
        parts.rules.append(NeedsOneOf(groups=groups, when_sending_only=False))

    def _groups(self, assertion: Assertion) -> tuple[tuple[str, ...], ...]:
        """The members that each branch requires, if each requires some and nothing else."""
        groups = tuple(map(self._group, assertion.part.items(assertion.key)))
        return groups if all(groups) else ()

    def _group(self, branch: Node) -> tuple[str, ...]:
        merged = merge(branch, self._context)
        if merged is None or merged.refused:
            return ()
        if not all(
            assertion.key == "required" or is_of_objects(assertion)
            for assertion in merged.assertions
        ):
            return ()
        names = (
            name
            for assertion in merged.all("required")
            for name in assertion.part.texts("required")
        )
        return tuple(dict.fromkeys(names))

    def _gather_closed(self, assertion: Assertion, parts: _Parts) -> None:
        """`additionalProperties: false` only knows the `properties` next to it."""
        part = assertion.part
        if not self._context.is_false(assertion.value) or any(part.members("patternProperties")):
            return
        listed = {name for name, _ in part.members("properties")}
        missing = [
            name for name in parts.properties if name not in listed and name not in parts.refused
        ]
        if not missing:
            parts.closed = True
            parts.covered.add(assertion)
            return
        name = next((name for name in missing if name in parts.required), None)
        if name is not None:
            self._context.diagnostics.warning(
                Rule.REQUIRED_BUT_FORBIDDEN,
                parts.required[name],
                f"`{name}` is required, but `additionalProperties: false` forbids it",
                suggestions.remedy(name, listed, f"add `{name}` to `properties`"),
            )
            return
        self._context.diagnostics.warning(
            Rule.CLOSED_COMPOSITION,
            assertion.entry.location,
            "`additionalProperties: false` forbids members that are declared elsewhere",
            "remove it, or list all `properties` next to it",
        )

    def _members(self, owner: ObjectNode, parts: _Parts, type_hint: TypeHint) -> list[Member]:
        found = []
        for name, described in parts.properties.items():
            if name in parts.refused:
                continue
            entries = [entry for _, entry in described]
            values = (entry.value for entry in entries)
            whole = self._conjunctions.join(values, owner, f"properties/{escape(name)}")
            checked = described if whole is not None else described[:1]
            for part, _ in checked:
                parts.covered.add_member(part, "properties", name)
            its = self._type_of(whole or entries[0].value, type_hint.inner(name, member=True))
            if its is not None:
                found.append(self._member(name, entries, its, parts))
        return found

    def _member(self, name: str, entries: list[Entry], its: Type, parts: _Parts) -> Member:
        loose = name in parts.loose
        if loose and is_any_json(its):
            its, loose = Json(), False
        about = [each for entry in entries for each in self._described(entry.value)]
        words = _beside(its, about) if isinstance(its, Named) and len(entries) == 1 else about
        return Member(
            json_name=name,
            name=_own_name(entries),
            type=its,
            required=name in parts.required,
            title=_first_text(words, "title"),
            description=_first_text(words, "description"),
            unit=_first_text(about, "x-mqbind-unit"),
            default=_default(about),
            deprecated=any(each.flag("deprecated") for each in about if "$ref" not in each),
            location=entries[0].location,
            loose=loose,
        )

    def _described(self, node: Node) -> list[ObjectNode]:
        """The schemas that apply to a member: its own (perhaps just a `$ref`), and those reached
        from there through references, single branches and branches next to null."""
        found: list[ObjectNode] = []
        step: Node | None = node
        while step is not None and len(found) < _CHAIN_MAX:
            chain = self._context.chain(step)
            found.extend(each for each in chain if isinstance(each, ObjectNode))
            step = (lone_branch(chain[-1]) or form_beside_null(chain[-1])) if chain else None
        return found


def _beside(named: Named, about: list[ObjectNode]) -> list[ObjectNode]:
    """The schemas of a member that do not describe its type, but always its own."""
    return [*about[:1], *takewhile(lambda each: key_of(each) != named.key, about[1:])]


def _own_name(entries: list[Entry]) -> str | None:
    nodes = [entry.value for entry in entries if isinstance(entry.value, ObjectNode)]
    names = (node.text("x-mqbind-name") for node in nodes if "$ref" not in node)
    return next((name for name in names if name is not None), None)


def _first_text(nodes: list[ObjectNode], key: str) -> str | None:
    own = (node.text(key) for node in nodes if "$ref" not in node)
    return next((text for text in own if text is not None), None)


def _default(nodes: list[ObjectNode]) -> Default | None:
    own = (node.get("default") for node in nodes if "$ref" not in node)
    node = next((each for each in own if each is not None), None)
    return None if node is None else Default(value=exact(node), location=node.location)
