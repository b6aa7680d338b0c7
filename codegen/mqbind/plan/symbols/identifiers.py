"""Names: unique C identifiers made from words of a document."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources

from mqbind.diagnostics import Diagnostics, Location
from mqbind.model.snake_case import first_words, snake_case
from mqbind.rules import Rule

_RESERVED = "reserved_names.toml"

_LENGTH_MAX = 64
"""Maximum number of characters of a name, before a number is appended."""


@cache
def reserved() -> frozenset[str]:
    """Keywords, macros and types of C, C++ and platforms."""
    text = resources.files("mqbind.plan.symbols").joinpath(_RESERVED).read_text(encoding="utf-8")
    return frozenset(
        word for group in tomllib.loads(text)["names"] for word in group["words"].split()
    )


@cache
def snake(words: str) -> str:
    """Lower-case words joined by "_": "msgId" gives "msg_id". Never empty, starts with a letter.

    A character beyond ASCII letters and digits is a boundary between words; one beyond ASCII
    becomes "u" and its code point in hexadecimal.
    """
    text = "".join(char if ord(char) < 128 else f" u{ord(char):x} " for char in words)
    name = snake_case(text) or "value"
    return f"n{name}" if name[0].isdigit() else name


def identifier(words: str) -> str:
    """`snake`, without clashes with reserved names of compilers or of platform headers."""
    name = snake(words)
    return f"{name}_" if name in reserved() else name


def member(words: str) -> str:
    """A name for a field of a generated struct, without clashes with its flags."""
    name = identifier(words)
    return f"{name}_" if name in ("has", "is_null") else name


_SIGNS = {"": "EMPTY", " ": "SPACE", "+": "PLUS", "-": "MINUS", "*": "TIMES", "/": "SLASH"} | {
    "=": "EQUAL", "<": "LESS", ">": "GREATER", "%": "PERCENT", "!": "NOT", "?": "UNKNOWN"
}  # fmt: skip


def constant(words: str) -> str:
    """The end of the name of an enum constant: upper-case, may start with a digit."""
    spelled = f"minus {words[1:]}" if words[:1] == "-" and words[1:2].isdigit() else words
    return _SIGNS.get(words) or snake(f"x {spelled}").upper()[2:] or "VALUE"


def short(name: str) -> str:
    """The name, or as many of its words as fit in the maximum length."""
    return first_words(name, _LENGTH_MAX)


@dataclass(frozen=True, kw_only=True)
class Wish:
    """A requested name: made from `words`, or `given` by the author.

    `forms` are the identifiers derived from it, "{}" being the name: all of them must be free.
    """

    owner: str
    words: str
    name: str
    location: Location
    given: bool = False
    forms: tuple[str, ...] = ("{}",)

    def joined(self, other: Wish) -> Wish:
        """One request for two owners of the same name."""
        forms = tuple(dict.fromkeys((*self.forms, *other.forms)))
        return replace(self, given=self.given or other.given, forms=forms)

    def spelled(self, name: str) -> frozenset[str]:
        return frozenset(form.format(name) for form in self.forms)


@dataclass
class Settling:
    """Gives every request a unique name, one set of requests after the other.

    Names given by the author are not changed. Of the others the first one keeps its name, later
    ones get a number that does not produce a name requested by another one of the set. `what` says
    what the names are for; `taken` are names that are not free, and their owners.
    """

    what: str
    diagnostics: Diagnostics
    taken: dict[str, str] = field(default_factory=dict)
    remedy: str = "rename one of them with `x-mqbind-name`"

    def settle(self, wishes: Sequence[Wish]) -> Mapping[str, str]:
        """The names by their owners."""
        wanted = {form for wish in wishes for form in wish.spelled(wish.name)}
        names = {}
        numbers: Counter[tuple[str, tuple[str, ...]]] = Counter()
        for wish in sorted(wishes, key=lambda each: not each.given):
            names[wish.owner] = name = self._free(wish, wanted, numbers)
            of = f"`{wish.words}` ({wish.location})"
            self.taken.update(dict.fromkeys(wish.spelled(name), of))
        return names

    def _free(
        self, wish: Wish, wanted: set[str], numbers: Counter[tuple[str, tuple[str, ...]]]
    ) -> str:
        """`numbers` are the last ones used: names that were not free for the same forms still are
        not."""
        mine = wish.spelled(wish.name)
        if self.taken.keys().isdisjoint(mine):
            return wish.name
        if wish.given:
            self._report(wish)
            return wish.name
        stem, forms = wish.name.rstrip("_"), wish.forms
        numbers[stem, forms] = max(numbers[stem, forms], 1)
        while True:
            numbers[stem, forms] += 1
            name = f"{stem}_{numbers[stem, forms]}"
            mine = wish.spelled(name)
            if self.taken.keys().isdisjoint(mine) and wanted.isdisjoint(mine):
                return name

    def _report(self, wish: Wish) -> None:
        other = next(
            self.taken[form] for form in sorted(wish.spelled(wish.name)) if form in self.taken
        )
        self.diagnostics.error(
            Rule.NAME_CLASH,
            wish.location,
            f"`{wish.words}` and {other} would both be `{wish.name}` in C, as {self.what}",
            self.remedy,
        )
