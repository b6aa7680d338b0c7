"""Names: words of a document become C identifiers, each of them once."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from mqbind.diagnostics import Diagnostics, Location

_KEYWORDS = frozenset(
    # C11
    """auto break case char const continue default do double else enum extern float for goto if
    inline int long register restrict return short signed sizeof static struct switch typedef union
    unsigned void volatile while bool true false NULL errno
    alignas alignof atomic complex generic imaginary noreturn static_assert thread_local
    """
    # C++20, so that headers work there
    """and and_eq asm bitand bitor catch char8_t char16_t char32_t class co_await co_return co_yield
    compl concept const_cast consteval constexpr constinit decltype delete dynamic_cast explicit
    export friend mutable namespace new noexcept not not_eq nullptr operator or or_eq private
    protected public reinterpret_cast requires static_cast template this throw try typeid typename
    using virtual wchar_t xor xor_eq
    """.split()
)

_BOUNDARIES = (
    re.compile(r"([A-Z]+)([A-Z][a-z])"),
    re.compile(r"([a-z0-9])([A-Z])"),
)


def snake(words: str) -> str:
    """Lower-case words joined by "_": "msgId" gives "msg_id". Never empty, starts with a letter.

    A character beyond ASCII letters and digits is a boundary between words; one beyond ASCII
    becomes "u" and its code point in hexadecimal.
    """
    text = "".join(char if ord(char) < 128 else f" u{ord(char):x} " for char in words)
    for boundary in _BOUNDARIES:
        text = boundary.sub(r"\1 \2", text)
    name = "_".join(re.findall(r"[a-z0-9]+", text.lower())) or "value"
    return f"n{name}" if name[0].isdigit() else name


def identifier(words: str) -> str:
    """`snake`, kept clear of the keywords of C and C++."""
    name = snake(words)
    return f"{name}_" if name in _KEYWORDS else name


def constant(words: str) -> str:
    """A name for a macro or an enum constant: upper-case."""
    return snake(words).upper()


@dataclass
class Scope:
    """A set of C names; the second who wants one is told."""

    what: str
    diagnostics: Diagnostics
    remedy: str = "give one of them another name with `x-mqbind-name`"
    _owners: dict[str, tuple[str, Location]] = field(default_factory=dict)

    def claim(self, name: str, owner: str, location: Location) -> str:
        """Take `name` for `owner` (the words it was made from), and return it."""
        taken = self._owners.setdefault(name, (owner, location))
        if taken != (owner, location):
            self.diagnostics.error(
                location,
                f"`{owner}` and `{taken[0]}` ({taken[1]}) are both `{name}` in C, as {self.what}",
                self.remedy,
            )
        return name
