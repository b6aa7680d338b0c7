"""Constraints in words, and as tables: each once, parts first, in whatever circle they refer."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import count

import pytest

from mqbind.diagnostics import Diagnostics, Location
from mqbind.model.constraints import (
    ANYTHING,
    AllOf,
    AnyOf,
    Bound,
    Constraint,
    Contains,
    HasItems,
    HasLength,
    HasMembers,
    HasType,
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
    UniqueItems,
)
from mqbind.plan.text.constraint_rules import rule, sentences
from mqbind.plan.values.constraint_tables import ConstraintTables

PLACE = Location(file="t.yaml", line=1, column=1)
STRING = HasType(types=(JsonType.STRING,))
NUMBER = HasType(types=(JsonType.NUMBER,))
MANY = InRange(low=Bound(value=Decimal(10), exclusive=False), high=None)
HIGH = AllOf(parts=(NUMBER, MANY))
LOWER = Matches(pattern=Pattern(regex="^[a-z]+$", location=PLACE))


@pytest.mark.parametrize(
    ("constraint", "words"),
    [
        (Never(), "must be absent"),
        (HasType(types=(JsonType.STRING, JsonType.NULL)), "must be a string or null"),
        (IsOneOf(texts=("1", '"a"')), 'must be 1 or "a"'),
        (MANY, "must be at least 10"),
        (MultipleOf(divisor=Decimal("0.010")), "must be a multiple of 0.01"),
        (MultipleOf(divisor=Decimal("1E+2")), "must be a multiple of 100"),
        (HasLength(low=0, high=1), "must have at most 1 character"),
        (LOWER, "must match ^[a-z]+$"),
        (HasItems(low=2, high=2), "must have 2 items"),
        (UniqueItems(), "must have unique items"),
        (Contains(item=HIGH), "must have an item that is a number and is at least 10"),
        (Contains(item=ANYTHING), "must have an item that matches"),
        (HasMembers(low=1, high=None), "must have at least 1 member"),
        (MemberNames(name=LOWER), "must have members whose names match ^[a-z]+$"),
        (AnyOf(parts=(NUMBER, LOWER)), "must be a number or match ^[a-z]+$"),
        (OneOf(parts=(LOWER,)), "must match exactly one of 1 schema: match ^[a-z]+$"),
        (
            OneOf(parts=(Items(first=(), rest=NUMBER), NUMBER)),
            "must match exactly one of 2 schemas",
        ),
        (Not(part=Requires(names=("a", "b"))), "must not have a and b"),
        (Not(part=ANYTHING), "must not match the excluded schema"),
        (Requires(names=("a",)), "is required"),
        (AllOf(parts=(NUMBER, MANY)), None),
        (Shared(key="k"), None),
    ],
)  # fmt: skip
def test_rule(constraint: Constraint, words: str | None) -> None:
    assert rule(constraint) == words


def test_sentences_for_a_header() -> None:
    needs = IfMember(name="a", then=Requires(names=("b", "c")))
    assert sentences(AllOf(parts=(MANY, needs, Items(first=(), rest=None)))) == [
        "Must be at least 10.",
        "With a there must be b and c.",
    ]


class _Patterns:
    def pattern(self, pattern: Pattern, stem: str) -> str:
        return f"{stem}_{len(pattern.regex)}"


def tables(
    *constraints: Constraint, shared: Mapping[str, Constraint] | None = None
) -> tuple[list[str], list[str], list[str]]:
    """The names that the constraints have, all tables in their order, and what there is to tell;
    a table that is only announced ends in ";"."""
    numbers = count(1)
    diagnostics = Diagnostics()
    file = ConstraintTables(
        shared=shared or {},
        patterns=_Patterns(),
        claim=lambda stem, _: f"{stem}{next(numbers)}",
        release=lambda _: None,
        diagnostics=diagnostics,
    )
    names = [file.table(constraint, "c", PLACE) for constraint in constraints]
    order = [table.c_name + ("" if table.kind else ";") for table in file.tables]
    return names, order, [str(found) for found in diagnostics]


def test_parts_stand_before_the_whole() -> None:
    assert tables(AnyOf(parts=(NUMBER, Not(part=STRING)))) == (["c1"], ["c2", "c4", "c3", "c1"], [])


def test_equal_constraints_are_one_table() -> None:
    names, order, _ = tables(Not(part=STRING), STRING, Not(part=STRING))
    assert names == ["c1", "c2", "c1"]
    assert order == ["c2", "c1"]


def test_a_lone_part_is_the_whole() -> None:
    assert tables(AllOf(parts=(STRING,)), STRING)[0] == ["c1", "c1"]


def test_shared_ones_are_one_table_under_all_their_names() -> None:
    shared: dict[str, Constraint] = {"a": STRING, "b": STRING, "c": Shared(key="a"), "d": ANYTHING}
    names, order, _ = tables(Shared(key="b"), Shared(key="c"), STRING, shared=shared)
    assert names == ["a1", "a1", "a1"]
    assert order == ["a1"]


def test_a_constraint_may_lead_back_to_itself() -> None:
    tree = AllOf(parts=(STRING, Members(other=Shared(key="tree"))))
    names, order, _ = tables(Shared(key="tree"), shared={"tree": tree})
    assert names == ["tree1"]
    assert order == ["tree2", "tree1;", "tree3", "tree1"]


def test_members_that_nobody_knows_have_words_of_their_own() -> None:
    no = {"no": Never()}
    _, order, _ = tables(
        Members(other=Shared(key="no")), Members(other=Never()), Never(), shared=no
    )
    assert order == ["c2", "c1", "c5"]


def test_what_takes_anything_needs_no_table() -> None:
    shared = {"any": ANYTHING}
    _, order, _ = tables(Items(first=(ANYTHING,), rest=Shared(key="any")), shared=shared)
    assert order == ["c1"]


def test_a_long_chain_of_shared_ones() -> None:
    chain: dict[str, Constraint] = {str(n): Not(part=Shared(key=str(n + 1))) for n in range(2000)}
    _, order, _ = tables(Shared(key="0"), shared={**chain, "2000": STRING})
    assert len(order) == 2001


def test_a_divisor_of_too_many_digits() -> None:
    _, _, findings = tables(MultipleOf(divisor=Decimal("0." + "1" * 21)))
    assert len(findings) == 1
    assert "more digits than fit in 64 bits; write it with at most 19 digits" in findings[0]
