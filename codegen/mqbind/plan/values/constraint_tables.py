"""Constraints as constant data: one table for each, parts before wholes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from typing import NamedTuple, assert_never
from typing import Protocol as Interface

from mqbind.diagnostics import Diagnostics, Location
from mqbind.model.constraints import (
    ANYTHING,
    AllOf,
    AnyOf,
    Constraint,
    Contains,
    Evaluated,
    HasItems,
    HasLength,
    HasMembers,
    HasType,
    If,
    IfMember,
    InRange,
    IsOneOf,
    Items,
    JsonType,
    Matches,
    MemberNames,
    Members,
    MultipleOf,
    Never,
    Not,
    OneOf,
    Pattern,
    Requires,
    Shared,
    Unevaluated,
    UniqueItems,
    inner,
)
from mqbind.plan.nodes.tables import ConstraintArray, ConstraintTable
from mqbind.plan.symbols import identifiers
from mqbind.plan.symbols.reachability import walk
from mqbind.plan.text import constraint_rules, literals
from mqbind.plan.values import constraint_rows
from mqbind.rules import Rule

_POINTER = "const struct mqb_constraint *const"
_NAMED = "const struct mqb_constraint_named"
_MATCHING = "const struct mqb_constraint_matching"
_EVALUATED = "const struct mqb_constraint_evaluated"

_UNKNOWN_MEMBER = "is not a known member"


class _Content(NamedTuple):
    """The kind, the member of `.is`, and the arrays that belong to it."""

    kind: str
    values: tuple[str, ...] = ()
    arrays: tuple[ConstraintArray, ...] = ()


class PatternTables(Interface):
    """Where the automata of regular expressions are kept."""

    def pattern(self, pattern: Pattern, stem: str) -> str:
        """The C name of the table of a regular expression."""


_TABLE_WORK, _ROW_WORK = 80, 4


@dataclass
class ConstraintTables:
    """The constraints of one C file. Equal ones are one table.

    `shared` are those that `Shared` names. `claim` returns a unique name for a table, from its
    subject and its kind; `release` frees one that is not used.
    """

    shared: Mapping[str, Constraint]
    patterns: PatternTables
    claim: Callable[[str, str], str]
    release: Callable[[str], None]
    diagnostics: Diagnostics
    tables: list[ConstraintTable] = field(default_factory=list)
    _keys_of: dict[Constraint, str] = field(default_factory=dict)
    _by_content: dict[ConstraintTable, str] = field(default_factory=dict)
    _by_key: dict[str, str] = field(default_factory=dict)
    _planned: set[str] = field(default_factory=set)
    _ahead: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for key, body in self.shared.items():
            if body not in (ANYTHING, Never()):
                self._keys_of.setdefault(body, key)

    def table(self, constraint: Constraint, stem: str, location: Location) -> str:
        """The C name of a constraint; `stem` names the value that it is about."""
        for key in walk(self._inside(constraint), self._leads_to)[0]:
            if key not in self._planned:
                self._plan_shared(key, location)
        return _Branch(self, stem, location).table(constraint)

    def add(self, stem: str, plan: Callable[[], ConstraintTable]) -> str:
        """The name of a table. Claimed before its parts are planned, so that it is plain."""
        name = self.claim(stem, "rule")
        table = plan()
        if table in self._by_content:
            self.release(name)
            return self._by_content[table]
        self._by_content[table] = name
        self.tables.append(replace(table, c_name=name))
        return name

    def shared_table(self, key: str) -> str:
        """The name of a constraint used by its key. One that is not planned yet is being planned,
        so it is recursive: its table comes later."""
        name = self._name(key)
        if key not in self._planned and key not in self._ahead:
            self._ahead.add(key)
            self.tables.append(ConstraintTable(c_name=name, kind=None))
        return name

    def _plan_shared(self, key: str, location: Location) -> None:
        """The table of a constraint; its parts are planned, as far as possible."""
        name = self._name(key)
        body = self.spelled_out(Shared(key=key))
        planned = _Branch(self, _stem(key), location).planned(body)
        self.tables.append(replace(planned, c_name=name))
        self._planned.add(key)

    def spelled_out(self, constraint: Constraint) -> Constraint:
        """A constraint itself, where only its key is given."""
        while isinstance(constraint, Shared):
            constraint = self.shared[constraint.key]
        return constraint

    def key_of(self, constraint: Constraint) -> str | None:
        """The key of a shared constraint; equal ones have one key."""
        return self._keys_of.get(self.spelled_out(constraint)) if self._keys_of else None

    def _inside(self, constraint: Constraint) -> Iterator[str]:
        """The keys of the shared constraints that one is, or is made of."""
        key = self.key_of(constraint)
        if key is not None:
            yield key
            return
        for part in inner(constraint):
            yield from self._inside(part)

    def _leads_to(self, key: str) -> Iterator[tuple[str, str]]:
        """The parts of a planned one are also planned."""
        if key in self._planned:
            return iter(())
        parts = inner(self.spelled_out(Shared(key=key)))
        return (("", inside) for part in parts for inside in self._inside(part))

    def _name(self, key: str) -> str:
        if key not in self._by_key:
            self._by_key[key] = self.claim(_stem(key), "rule")
        return self._by_key[key]


def _stem(key: str) -> str:
    return identifiers.short(identifiers.snake(key.rpartition("/")[2]))


@dataclass(frozen=True)
class _Branch:
    """The tables of one constraint and its parts."""

    file: ConstraintTables
    stem: str
    location: Location

    def table(self, constraint: Constraint) -> str:
        """The C name of the table of a constraint."""
        key = self.file.key_of(constraint)
        if key is not None:
            return self.file.shared_table(key)
        constraint = self.file.spelled_out(constraint)
        if isinstance(constraint, AllOf) and len(constraint.parts) == 1:
            return self.table(constraint.parts[0])
        return self.file.add(self.stem, partial(self.planned, constraint))

    def planned(self, constraint: Constraint) -> ConstraintTable:
        """The table of a constraint, without a name yet; those of its parts exist."""
        rule = constraint_rules.rule(constraint)
        content = self._content(constraint)
        rows = sum(len(array.rows) for array in content.arrays)
        self.file.diagnostics.spend(_TABLE_WORK + _ROW_WORK * rows, self.location)
        return ConstraintTable(
            c_name="",
            kind=f"MQB_CONSTRAINT_{content.kind}",
            rule=literals.rule(rule) if rule else None,
            values=tuple(f"is.{value}" for value in content.values),
            arrays=content.arrays,
        )

    def _content(self, constraint: Constraint) -> _Content:
        match constraint:
            case Shared(key=key):
                raise AssertionError(f"{key} is not spelled out")
            case AllOf() | AnyOf() | OneOf() | Not() | If():
                return self._of_parts(constraint)
            case Unevaluated():
                return self._unevaluated(constraint)
            case HasItems() | Items() | Contains() | UniqueItems():
                return self._of_array(constraint)
            case HasMembers() | Requires() | Members() | MemberNames() | IfMember():
                return self._of_object(constraint)
            case _:
                return self._of_value(constraint)

    def _of_value(
        self, constraint: Never | HasType | IsOneOf | InRange | MultipleOf | HasLength | Matches
    ) -> _Content:
        match constraint:
            case Never():
                return _Content("NEVER")
            case HasType(types=types):
                return _Content("TYPE", (f"types = {literals.json_types(types)}",))
            case IsOneOf(texts=texts):
                return _Content("VALUES", (), constraint_rows.texts("values", texts))
            case InRange():
                return _Content("RANGE", constraint_rows.number_range(constraint))
            case MultipleOf(divisor=divisor):
                return _Content("MULTIPLE", self._divisor(divisor))
            case HasLength(low=low, high=high):
                return _Content("LENGTH", constraint_rows.count(low, high))
            case Matches(pattern=pattern):
                return _Content("PATTERN", (f"pattern = {self._pattern(pattern)}",))
            case _:
                assert_never(constraint)

    def _of_array(self, constraint: HasItems | Items | Contains | UniqueItems) -> _Content:
        match constraint:
            case HasItems(low=low, high=high):
                return _Content("ITEM_COUNT", constraint_rows.count(low, high))
            case Items():
                return _Content("ITEMS", *self._items(constraint))
            case Contains(item=part, low=low, high=high):
                limits = (f"contains.{limit}" for limit in constraint_rows.count(low, high))
                return _Content("CONTAINS", (*self._part("contains.part", part), *limits))
            case UniqueItems():
                return _Content("UNIQUE")
            case _:
                assert_never(constraint)

    def _of_object(
        self, constraint: HasMembers | Requires | Members | MemberNames | IfMember
    ) -> _Content:
        match constraint:
            case HasMembers(low=low, high=high):
                return _Content("MEMBER_COUNT", constraint_rows.count(low, high))
            case Requires(names=required):
                return _Content("REQUIRED", (), constraint_rows.texts("names", required))
            case Members():
                return _Content("MEMBERS", *self._members(constraint))
            case MemberNames(name=part):
                return _Content("MEMBER_NAMES", self._part("part", part))
            case IfMember(name=name, then=then):
                then_value = self._part("if_member.then", then)
                return _Content(
                    "IF_MEMBER", (f"if_member.name = {constraint_rows.literal(name)}", *then_value)
                )
            case _:
                assert_never(constraint)

    def _of_parts(self, constraint: AllOf | AnyOf | OneOf | Not | If) -> _Content:
        match constraint:
            case AllOf(parts=parts):
                return _Content("ALL", (), self._parts(parts))
            case AnyOf(parts=parts):
                return _Content("ANY", (), self._parts(parts))
            case OneOf(parts=parts):
                return _Content("ONE", (), self._parts(parts))
            case Not(part=part):
                return _Content("NOT", self._part("part", part))
            case If():
                return _Content("IF", self._branch(constraint))
            case _:
                assert_never(constraint)

    def _reference(self, part: Constraint | None) -> str:
        """A pointer to a constraint; NULL accepts everything."""
        if part is None or self.file.spelled_out(part) == ANYTHING:
            return "NULL"
        return f"&{self.table(part)}"

    def _part(self, name: str, part: Constraint | None) -> tuple[str, ...]:
        """The designator of a part; none if it accepts everything and may be omitted."""
        if part is None:
            return ()
        return (f"{name} = &{self.table(part)}",)

    def _parts(self, parts: Sequence[Constraint]) -> tuple[ConstraintArray, ...]:
        rows = [f"&{self.table(part)}" for part in parts]
        return constraint_rows.array("parts", _POINTER, rows, "parts.items", "parts.count")

    def _items(self, items: Items) -> tuple[tuple[str, ...], tuple[ConstraintArray, ...]]:
        first = [self._reference(part) for part in items.first]
        rest = () if items.rest is None else (f"items.rest = {self._reference(items.rest)}",)
        return rest, constraint_rows.array(
            "first", _POINTER, first, "items.first", "items.first_count"
        )

    def _members(self, members: Members) -> tuple[tuple[str, ...], tuple[ConstraintArray, ...]]:
        named = [
            f"{{.name = {constraint_rows.literal(name)}, .part = {self._reference(part)}}}"
            for name, part in members.named
        ]
        matching = [
            f"{{.pattern = {self._pattern(pattern)}, .part = {self._reference(part)}}}"
            for pattern, part in members.matching
        ]
        other = () if members.other is None else (f"members.other = {self._other(members.other)}",)
        return other, (
            *constraint_rows.array("named", _NAMED, named, "members.named", "members.named_count"),
            *constraint_rows.array(
                "matching", _MATCHING, matching, "members.matching", "members.matching_count"
            ),
        )

    def _unevaluated(self, rest: Unevaluated) -> _Content:
        kind = "ITEMS" if rest.its is JsonType.ARRAY else "MEMBERS"
        rows = [
            f"{{.condition = {self._reference(each.condition)}, .covers = {self._covers(each)}}}"
            for each in rest.evaluated
        ]
        name = "unevaluated"
        other = self._reference(rest.other) if kind == "ITEMS" else self._other(rest.other)
        arrays = constraint_rows.array(
            "evaluated", _EVALUATED, rows, f"{name}.items", f"{name}.count"
        )
        return _Content(f"UNEVALUATED_{kind}", (f"{name}.other = {other}",), arrays)

    def _covers(self, each: Evaluated) -> str:
        return "NULL" if each.covers is None else f"&{self.table(each.covers)}"

    def _other(self, other: Constraint) -> str:
        never = self.file.spelled_out(other)
        if not isinstance(never, Never):
            return self._reference(other)
        closed = replace(self.planned(never), rule=literals.rule(_UNKNOWN_MEMBER))
        return f"&{self.file.add(self.stem, lambda: closed)}"

    def _branch(self, branch: If) -> tuple[str, ...]:
        return (
            *self._part("branch.condition", branch.condition),
            *self._part("branch.then", branch.then),
            *self._part("branch.otherwise", branch.otherwise),
        )

    def _pattern(self, pattern: Pattern) -> str:
        return f"&{self.file.patterns.pattern(pattern, self.stem)}"

    def _divisor(self, divisor: Decimal) -> tuple[str, ...]:
        number = divisor.normalize()
        exponent = int(number.as_tuple().exponent)
        digits = int("".join(map(str, number.as_tuple().digits)))
        if digits > literals.UINT64_MAX:
            self.file.diagnostics.error(
                Rule.NUMBER_OUT_OF_RANGE,
                self.location,
                f"`multipleOf` {divisor} has more digits than fit in 64 bits",
                "write it with at most 19 digits",
            )
            digits = literals.UINT64_MAX
        return (
            f"divisor.digits = {literals.unsigned(digits)}",
            f"divisor.exponent = {exponent}",
        )
