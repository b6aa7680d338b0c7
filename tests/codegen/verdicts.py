"""The verdict of a protocol's types on JSON values, as their documentation says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import assert_never

from mqbind.model.constraints import Constraint, InRange
from mqbind.model.evaluate import Evaluator
from mqbind.model.protocol import Protocol
from mqbind.model.types import (
    Array,
    Boolean,
    Bytes,
    Choice,
    Constrained,
    Integer,
    Json,
    Map,
    Named,
    NamedContainer,
    Null,
    Nullable,
    Number,
    Scalar,
    Struct,
    Text,
    Type,
    Union,
    Wire,
)


def matches(regex: str, text: str) -> bool:
    return re.search(regex, text) is not None


@dataclass(frozen=True, kw_only=True)
class Verdicts:
    """Judges plain values with exact numbers (int and Decimal)."""

    protocol: Protocol

    def accepts(self, its: Type, value: object) -> bool:
        match its:
            case Array() | Map():
                return self._holds_all(its, value)
            case Nullable():
                return value is None or self.accepts(its.type, value)
            case Constrained():
                judge = Evaluator(shared=self.protocol.constraints.__getitem__, matches=matches)
                fits = judge.verdict(its.constraint, value)
                assert fits is not None
                return fits and self.accepts(its.type, value)
            case Named():
                return self._is_named(its, value)
            case _:
                return _is_plain(its, value)

    def _holds_all(self, its: Array | Map, value: object) -> bool:
        if isinstance(its, Map):
            inside = value.values() if isinstance(value, dict) else ()
            fits = all(self.accepts(its.value, each) for each in inside)
            return isinstance(value, dict) and fits and _are_apart(its, value)
        return (
            isinstance(value, list)
            and its.min_items <= len(value)
            and (its.max_items is None or len(value) <= its.max_items)
            and all(self.accepts(its.item, item) for item in value)
        )

    def _is_named(self, its: Named, value: object) -> bool:
        definition = self.protocol.definitions[its.key]
        if isinstance(definition, Struct | Union) and definition.constraint is not None:
            bare = Constrained(type=Json(), constraint=definition.constraint)
            if not self.accepts(bare, value):
                return False
        match definition:
            case Choice():
                spellings = [each for one in definition.values for each in one.spellings]
                return not isinstance(value, bool) and value in spellings
            case Struct():
                return isinstance(value, dict) and self._is_struct(definition, value)
            case Union():
                return any(self.accepts(branch.type, value) for branch in definition.branches)
            case NamedContainer():
                return self.accepts(definition.type, value)

    def _is_struct(self, struct: Struct, value: Mapping[str, object]) -> bool:
        known = {member.json_name: member for member in struct.members}
        if struct.closed and not set(value) <= set(known):
            return False
        if not _are_apart(struct, value):
            return False
        for rule in struct.rules:
            groups = [set(group) <= set(value) for group in rule.groups]
            if not rule.when_sending_only and not any(groups):
                return False
        if not all(self._is_other(struct, value[name]) for name in set(value) - set(known)):
            return False
        return all(
            member.loose or self.accepts(member.type, value[name])
            if name in value
            else not member.required
            for name, member in known.items()
        )

    def _is_other(self, struct: Struct, value: object) -> bool:
        """Members that are skipped may be anything; so may those that a pattern selects."""
        others = struct.others
        return (
            others is None
            or not others.unknown
            or others.pattern is not None
            or self.accepts(others.type.value, value)
        )


def _are_apart(its: Map | Struct, value: Mapping[str, object]) -> bool:
    groups = [rule.names for rule in its.never_together if not rule.when_sending_only]
    return not any(set(names) <= set(value) for names in groups)


def _is_plain(
    its: Boolean | Integer | Number | Text | Scalar | Json | Null | Bytes, value: object
) -> bool:
    match its:
        case Boolean():
            return isinstance(value, bool)
        case Integer():
            return _is_integer(its, value)
        case Number():
            return _is_number(value) and _is_within(its, value)
        case Text():
            return isinstance(value, str) and _is_text(its, value)
        case Scalar():
            return isinstance(value, str) or _is_whole(value)
        case Null():
            return value is None
        case Json() | Bytes():
            return True
        case _:
            assert_never(its)


def _is_number(value: object) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _is_whole(value: object) -> bool:
    assert value is None or isinstance(value, bool | int | Decimal | str | list | dict)
    return isinstance(value, int | Decimal) and _is_number(value) and value == int(value)


def _is_within(its: Number, value: object) -> bool:
    judge = Evaluator(shared=_nothing_is_shared)
    return judge.verdict(InRange(low=its.low, high=its.high), value) is True


def _nothing_is_shared(key: str) -> Constraint:
    raise AssertionError(key)


def _is_text(its: Text, value: str) -> bool:
    return (
        its.min_length <= len(value)
        and (its.max_length is None or len(value) <= its.max_length)
        and (its.pattern is None or matches(its.pattern.regex, value))
    )


def _is_integer(its: Integer, value: object) -> bool:
    if isinstance(value, str):
        assert its.pattern is not None or Wire.STRING not in its.wires
        if Wire.STRING not in its.wires or its.pattern is None:
            return False
        return matches(its.pattern.regex, value)
    if not _is_whole(value) or Wire.NUMBER not in its.wires:
        return False
    assert isinstance(value, int | Decimal)
    return any(
        (each.low is None or each.low <= value) and (each.high is None or value <= each.high)
        for each in its.intervals
    )
