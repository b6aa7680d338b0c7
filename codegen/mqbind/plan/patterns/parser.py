"""Reads ECMA-262 regular expressions (flag `u`) into a tree.

Where engines without that flag agree, a pattern may also use what it forbids and published
documents have: escaped punctuation (`\\@`), and brackets that stand for themselves (`}`).
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final, TypeAlias, TypeVar

from mqbind.plan.patterns import char_sets as sets
from mqbind.rules import Rule


class PatternError(Exception):
    """A pattern that cannot be compiled. `message` names the construct, `remedy` a way out."""

    def __init__(self, rule: Rule, message: str, remedy: str) -> None:
        super().__init__(f"{message}; {remedy}")
        self.rule = rule
        self.message = message
        self.remedy = remedy


class Anchor(Enum):
    """A condition between two characters."""

    START = "^"
    END = "$"
    WORD_EDGE = "\\b"
    NO_WORD_EDGE = "\\B"


@dataclass(frozen=True, kw_only=True)
class Character:
    """One character of a set."""

    ranges: sets.Ranges


@dataclass(frozen=True, kw_only=True)
class Sequence:
    """One item after the other; without items, the empty string."""

    items: tuple[Node, ...]


@dataclass(frozen=True, kw_only=True)
class Choice:
    options: tuple[Node, ...]


@dataclass(frozen=True, kw_only=True)
class Repeat:
    item: Node
    minimum: int
    maximum: int | None

    def counts(self, least: int) -> bool:
        """Whether something that is not empty is repeated at least so often."""
        return max(self.minimum, self.maximum or 0) >= least and not may_be_empty(self.item)


@dataclass(frozen=True, kw_only=True)
class Counter:
    """How often something may be repeated; the first time counts, too."""

    low: int
    high: int | None


Node: TypeAlias = Anchor | Character | Sequence | Choice | Repeat

_T = TypeVar("_T", bound=Node)


def within(tree: Node, kind: type[_T]) -> Iterator[_T]:
    """All nodes of a kind."""
    pending: list[Node] = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, kind):
            yield node
        match node:
            case Sequence():
                pending += node.items
            case Choice():
                pending += node.options
            case Repeat():
                pending.append(node.item)


def may_be_empty(node: Node) -> bool:
    """Whether the empty string matches, perhaps where an anchor holds."""
    match node:
        case Character():
            return False
        case Anchor():
            return True
        case Sequence():
            return all(map(may_be_empty, node.items))
        case Choice():
            return any(map(may_be_empty, node.options))
        case Repeat():
            return node.minimum == 0 or may_be_empty(node.item)


_DEPTH_MAX: Final = 50
_LOOK_AROUND: Final = {
    "?=": "look-ahead (?=",
    "?!": "look-ahead (?!",
    "?<=": "look-behind (?<=",
    "?<!": "look-behind (?<!",
}
_ANCHORS: Final = {"^": Anchor.START, "$": Anchor.END}
_EDGES: Final = {"b": Anchor.WORD_EDGE, "B": Anchor.NO_WORD_EDGE}
_CONTROLS: Final = {"t": 9, "n": 10, "v": 11, "f": 12, "r": 13}
_CLASSES: Final = {
    "d": sets.DIGITS,
    "D": sets.complement(sets.DIGITS),
    "w": sets.WORD,
    "W": sets.complement(sets.WORD),
    "s": sets.SPACES,
    "S": sets.complement(sets.SPACES),
}
_PUNCTUATION: Final = string.punctuation + " "

_QUANTIFIER: Final = re.compile(r"[*+?]|\{([0-9]+)(?:(,)([0-9]*))?\}")
_NO_MINIMUM: Final = re.compile(r"\{,[0-9]*\}")
_GROUP_NAME: Final = re.compile(r"\?<([^\W\d][\w$]*|\$[\w$]*)>")
_PROPERTY: Final = re.compile(r"\{(?:(?:General_Category|gc)=)?(\w+)\}", re.ASCII)
_CONTROL_LETTER: Final = re.compile(r"[A-Za-z]")
_ZERO: Final = re.compile(r"0(?![0-9])")
_TWO_DIGITS: Final = re.compile(r"x([0-9A-Fa-f]{2})")
_PAIR: Final = re.compile(r"u([Dd][89ABab][0-9A-Fa-f]{2})\\u([Dd][C-Fc-f][0-9A-Fa-f]{2})")
_FOUR_DIGITS: Final = re.compile(r"u([0-9A-Fa-f]{4})")
_BRACED_DIGITS: Final = re.compile(r"u\{0*([0-9A-Fa-f]{1,6})\}")


def parse(pattern: str) -> Node:
    """The tree of a pattern; PatternError if it is not a pattern, or cannot have an automaton."""
    return _Parser(pattern).parse()


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.group_names: set[str] = set()

    def parse(self) -> Node:
        node = self._choice(0)
        if self.at < len(self.text):
            raise self._error('an unmatched ")"', "remove it, or write \\)")
        return node

    def _choice(self, depth: int) -> Node:
        if depth > _DEPTH_MAX:
            raise self._error(
                f"groups nested more than {_DEPTH_MAX} levels deep",
                "nest fewer groups",
                Rule.PATTERN_TOO_COMPLEX,
            )
        options = [self._sequence(depth)]
        while self._take("|"):
            options.append(self._sequence(depth))
        return options[0] if len(options) == 1 else Choice(options=tuple(options))

    def _sequence(self, depth: int) -> Node:
        items = []
        while self.at < len(self.text) and self.text[self.at] not in "|)":
            items.append(self._term(depth))
        return items[0] if len(items) == 1 else Sequence(items=tuple(items))

    def _term(self, depth: int) -> Node:
        item = self._atom(depth)
        quantifier = _QUANTIFIER.match(self.text, self.at)
        if not quantifier:
            return item
        if isinstance(item, Anchor):
            raise self._error(f'a quantifier after "{item.value}"', "remove the quantifier")
        self.at = quantifier.end()
        minimum, maximum = _bounds(quantifier)
        if maximum is not None and maximum < minimum:
            raise self._error(
                f"a quantifier out of order, {quantifier[0]}", "write the smaller number first"
            )
        self._take("?")  # lazy: affects which match is found first, not whether there is one
        return Repeat(item=item, minimum=minimum, maximum=maximum)

    def _atom(self, depth: int) -> Node:
        if _QUANTIFIER.match(self.text, self.at):
            raise self._error(
                "a quantifier with nothing to repeat", "escape it with \\, or remove it"
            )
        if self._match(_NO_MINIMUM):
            raise self._error(
                "a quantifier without a minimum", "write {0,...}, or \\{ for a literal brace"
            )
        character = self.text[self.at]
        self.at += 1
        match character:
            case "^" | "$":
                return _ANCHORS[character]
            case ".":
                return Character(ranges=sets.complement(sets.LINE_ENDS))
            case "(":
                return self._group(depth)
            case "[":
                return Character(ranges=self._class())
            case "\\" if self.text[self.at : self.at + 1] in ("b", "B"):
                self.at += 1
                return _EDGES[self.text[self.at - 1]]
            case "\\":
                escaped = self._escape()
                return Character(
                    ranges=sets.single(escaped) if isinstance(escaped, int) else escaped
                )
            case _:
                return Character(ranges=sets.single(ord(character)))

    def _group(self, depth: int) -> Node:
        start = self.at - 1
        for prefix, name in _LOOK_AROUND.items():
            if self.text.startswith(prefix, self.at):
                raise self._error(
                    name,
                    "rewrite it without: patterns compile to an automaton",
                    Rule.UNSUPPORTED_PATTERN,
                )
        named = self._match(_GROUP_NAME)
        if named and named[1] in self.group_names:
            raise self._error(f'a duplicate group "{named[1]}"', "rename one of them")
        if named:
            self.group_names.add(named[1])
        elif not self._take("?:") and self.text.startswith("?", self.at):
            raise self._error(
                f'"{self.text[start : start + 3]}"', "groups are (...), (?:...), (?<name>...)"
            )
        node = self._choice(depth + 1)
        if not self._take(")"):
            self.at = start
            raise self._error('an unclosed "("', "close it, or write \\(")
        return Sequence(items=(node,))  # an anchor in a group may be repeated

    def _class(self) -> sets.Ranges:
        start = self.at - 1
        negated = self._take("^")
        ranges: list[tuple[int, int]] = []
        while not self._take("]"):
            if self.at >= len(self.text):
                self.at = start
                raise self._error('an unclosed "["', "close it, or write \\[")
            low = self._class_atom()
            at_range = self.text.startswith("-", self.at)
            if not at_range or self.text.startswith("-]", self.at):
                ranges.extend([(low, low)] if isinstance(low, int) else low)
                continue
            self.at += 1
            ranges.append(self._class_range(low))
        result = sets.union(ranges)
        return sets.complement(result) if negated else result

    def _class_range(self, low: int | sets.Ranges) -> tuple[int, int]:
        if self.at >= len(self.text):
            raise self._error('an unclosed "["', "close it, or write \\[")
        high = self._class_atom()
        if not isinstance(low, int) or not isinstance(high, int):
            raise self._error(
                "a range whose end is a character class", "write \\- for a literal hyphen"
            )
        if low > high:
            raise self._error("a range out of order", "write the lower character first")
        return low, high

    def _class_atom(self) -> int | sets.Ranges:
        character = self.text[self.at]
        self.at += 1
        if character != "\\":
            return ord(character)
        if self._take("b"):
            return 8
        return self._escape()

    def _escape(self) -> int | sets.Ranges:
        """What follows a backslash."""
        if self.at >= len(self.text):
            raise self._error("a trailing backslash", "write \\\\ for a literal backslash")
        character = self.text[self.at]
        if character in "0xu":
            return self._code()
        if character in "123456789k":
            raise self._error(
                f"the back-reference \\{character}",
                "spell out what it may repeat",
                Rule.UNSUPPORTED_PATTERN,
            )
        self.at += 1
        if character in _CLASSES:
            return _CLASSES[character]
        if character in _CONTROLS:
            return _CONTROLS[character]
        if character in "pP":
            return self._property(negated=character == "P")
        if character in _PUNCTUATION:
            return ord(character)
        letter = self._match(_CONTROL_LETTER) if character == "c" else None
        if letter:
            return ord(letter[0]) % 32
        raise self._error(f"the unknown escape \\{character}", "remove the backslash")

    def _code(self) -> int:
        """A character by its number."""
        letter = self.text[self.at]
        if self._match(_ZERO):
            return 0
        if pair := self._match(_PAIR):
            return 0x10000 + ((int(pair[1], 16) & 0x3FF) << 10) + (int(pair[2], 16) & 0x3FF)
        for form in (_TWO_DIGITS, _FOUR_DIGITS, _BRACED_DIGITS):
            if found := self._match(form):
                code_point = int(found[1], 16)
                if code_point <= sets.LAST:
                    return code_point
        raise self._error(
            f"the malformed escape \\{letter}",
            "numeric escapes are \\0, \\xHH, \\uHHHH and \\u{H...} up to 10FFFF",
        )

    def _property(self, *, negated: bool) -> sets.Ranges:
        found = self._match(_PROPERTY)
        ranges = sets.category(found[1]) if found else None
        if ranges is None:
            raise self._error(
                "a Unicode property that is not a General_Category",
                "use one such as \\p{L} or \\p{Lu}, or a range of characters",
                Rule.UNSUPPORTED_PATTERN,
            )
        return sets.complement(ranges) if negated else ranges

    def _take(self, text: str) -> bool:
        if not self.text.startswith(text, self.at):
            return False
        self.at += len(text)
        return True

    def _match(self, form: re.Pattern[str]) -> re.Match[str] | None:
        found = form.match(self.text, self.at)
        if found:
            self.at = found.end()
        return found

    def _error(
        self, construct: str, remedy: str, rule: Rule = Rule.INVALID_PATTERN
    ) -> PatternError:
        return PatternError(rule, f"the pattern has {construct} (at character {self.at})", remedy)


def _bounds(quantifier: re.Match[str]) -> tuple[int, int | None]:
    match quantifier[0]:
        case "*":
            return 0, None
        case "+":
            return 1, None
        case "?":
            return 0, 1
    minimum = _count(quantifier[1])
    if quantifier[2] is None:
        return minimum, minimum
    return minimum, _count(quantifier[3]) if quantifier[3] else None


def _count(digits: str) -> int:
    """Counts beyond any automaton are equivalent, and int() refuses very long ones."""
    return int(digits) if len(digits) < 10 else 10**9
