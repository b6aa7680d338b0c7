"""Payloads that are text: whether a string may look like another value of the same schema."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from mqbind.diagnostics import Diagnostics, Location
from mqbind.model.constraints import (
    AllOf,
    AnyOf,
    Constraint,
    HasLength,
    HasType,
    IsOneOf,
    JsonType,
    Matches,
    Never,
    OneOf,
    Pattern,
    Shared,
)
from mqbind.model.protocol import Message, Protocol
from mqbind.model.types import (
    Boolean,
    Choice,
    Constrained,
    Definition,
    Integer,
    Named,
    NamedContainer,
    Null,
    Nullable,
    Number,
    Text,
    Type,
    Union,
    Wire,
)
from mqbind.plan.patterns.compiler import Automaton, PatternError, compile_pattern, matches
from mqbind.plan.text import rules
from mqbind.rules import Rule

_BLANKS = r"[ \t\n\r]*"
_NUMBER = r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?"
_SPELLED = {
    JsonType.NULL: "null",
    JsonType.BOOLEAN: "true|false",
    JsonType.INTEGER: _NUMBER,
    JsonType.NUMBER: _NUMBER,
}
_FRACTION = re.compile(r"[^.eE]*\.[0-9]*[1-9][^eE]*")
_STEPS_PER_WORK = 20


def check_texts(protocol: Protocol, messages: Iterable[Message], diagnostics: Diagnostics) -> None:
    """Report text that is valid as a string, and also as the other value that it spells."""
    readings: dict[tuple[JsonType, ...], _Readings] = {}
    for message in messages:
        types = message.spells
        if not types:
            continue
        if types not in readings:
            readings[types] = _Readings(protocol, types, message.location, diagnostics)
        if readings[types].differ(message.payload):
            nouns = rules.either([rules.JSON_TYPES[each] for each in types])
            diagnostics.error(
                Rule.UNSUPPORTED_TEXT,
                message.location,
                f"the text of `{message.name}` may be a string as well as {nouns}",
                "remove one of these types, or restrict the string by `enum` or by a `pattern` "
                "that matches none of them",
            )


@dataclass(frozen=True)
class _Readings:
    """Searches for strings that spell a value of one of the types. Where it cannot exclude them,
    there may be some."""

    protocol: Protocol
    types: tuple[JsonType, ...]
    location: Location
    diagnostics: Diagnostics
    _found: dict[str, bool] = field(default_factory=dict)
    """Whether a string of each definition may spell another value."""
    _shared: dict[str, bool] = field(default_factory=dict)
    """The same of each shared constraint."""

    @cached_property
    def _spelling(self) -> Automaton:
        either = "|".join(dict.fromkeys(_SPELLED[each] for each in self.types))
        return compile_pattern(f"^{_BLANKS}(?:{either}){_BLANKS}$")

    def differ(self, kind: Type) -> bool:
        """Whether a string of the type may spell another value."""
        match kind:
            case Boolean() | Number() | Null():
                return False
            case Integer(wires=wires):
                numbers = {JsonType.INTEGER, JsonType.NUMBER}.intersection(self.types)
                return Wire.STRING in wires and bool(numbers)
            case Text(max_length=0):
                return False
            case Text(pattern=pattern):
                return pattern is None or self._meet(pattern)
            case Nullable(type=inner):
                return self.differ(inner)
            case Constrained(type=inner, constraint=constraint):
                return self.differ(inner) and self._allows(constraint)
            case Named(key=key):
                if key not in self._found:
                    self._found[key] = self._definition_differs(self.protocol.definitions[key])
                return self._found[key]
            case _:
                return True

    def _definition_differs(self, definition: Definition) -> bool:
        match definition:
            case Choice(spellings=spellings):
                return self._any_spells(each for each in spellings if isinstance(each, str))
            case Union(branches=branches, constraint=constraint):
                if constraint is not None and not self._allows(constraint):
                    return False
                return any(self.differ(branch.type) for branch in branches)
            case NamedContainer(type=its):
                return self.differ(its)
            case _:
                return True

    def _allows(self, constraint: Constraint) -> bool:
        """Whether a string that satisfies the constraint may spell another value."""
        match constraint:
            case Never() | HasLength(high=0):
                return False
            case HasType(types=types):
                return JsonType.STRING in types
            case IsOneOf(texts=texts):
                return self._any_spells(json.loads(each) for each in texts if each[0] == '"')
            case Matches(pattern=pattern):
                return self._meet(pattern)
            case AllOf(parts=parts):
                return all(map(self._allows, parts))
            case AnyOf(parts=parts) | OneOf(parts=parts):
                return any(map(self._allows, parts))
            case Shared(key=key):
                if key not in self._shared:
                    self._shared[key] = True  # of one that refers to itself
                    self._shared[key] = self._allows(self.protocol.constraints[key])
                return self._shared[key]
            case _:
                return True

    def _any_spells(self, texts: Iterable[str]) -> bool:
        return any(self._spells(text) for text in texts)

    def _spells(self, text: str) -> bool:
        if not matches(self._spelling, text.encode(errors="surrogatepass")):
            return False
        return JsonType.NUMBER in self.types or not _FRACTION.fullmatch(text)

    def _meet(self, pattern: Pattern) -> bool:
        """Whether a string that the pattern matches may spell another value."""
        try:
            automaton = compile_pattern(pattern.regex)
        except PatternError:
            return False  # which is reported where it is compiled
        steps, met = _walk(automaton, self._spelling)
        self.diagnostics.spend(automaton.work + steps // _STEPS_PER_WORK, self.location)
        return met


def _walk(one: Automaton, other: Automaton) -> tuple[int, bool]:
    """The number of steps, and whether there is anything that both accept."""
    bytes_of = _representatives(one, other)
    seen, pending = {(0, 0)}, [(0, 0)]
    while pending:
        here, there = pending.pop()
        if one.accepting[here] and other.accepting[there]:
            return len(seen) * len(bytes_of), True
        for byte in bytes_of:
            pair = (one.next[here][one.classes[byte]], other.next[there][other.classes[byte]])
            if pair not in seen and pair[0] != one.dead and pair[1] != other.dead:
                seen.add(pair)
                pending.append(pair)
    return len(seen) * len(bytes_of), False


def _representatives(one: Automaton, other: Automaton) -> list[int]:
    """One byte of ASCII for each pair of classes: the text of other values has no other."""
    found = {(one.classes[byte], other.classes[byte]): byte for byte in range(128)}
    return list(found.values())
