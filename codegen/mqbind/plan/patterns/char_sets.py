"""Sets of code points, as sorted disjoint ranges; and those that regular expressions name."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import Final, TypeAlias

Ranges: TypeAlias = tuple[tuple[int, int], ...]
"""Inclusive ranges. Surrogates are never among them: UTF-8 text has none."""

LAST: Final = 0x10FFFF
SURROGATES: Final = (0xD800, 0xDFFF)


def union(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """Sort and merge the ranges."""
    merged: list[tuple[int, int]] = []
    for low, high in sorted(_without_surrogates(ranges)):
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return tuple(merged)


def _without_surrogates(ranges: Iterable[tuple[int, int]]) -> Iterable[tuple[int, int]]:
    for low, high in ranges:
        below = (low, min(high, SURROGATES[0] - 1))
        above = (max(low, SURROGATES[1] + 1), high)
        yield from (part for part in (below, above) if part[0] <= part[1])


def complement(ranges: Ranges) -> Ranges:
    """All code points that are not in the ranges."""
    gaps = []
    start = 0
    for low, high in ranges:
        gaps.append((start, low - 1))
        start = high + 1
    gaps.append((start, LAST))
    return union(gap for gap in gaps if gap[0] <= gap[1])


def single(code_point: int) -> Ranges:
    return union([(code_point, code_point)])


def _characters(text: str) -> Ranges:
    return union((ord(character), ord(character)) for character in text)


ANY: Final = union([(0, LAST)])
LINE_ENDS: Final = _characters("\n\r\u2028\u2029")
DIGITS: Final = union([(0x30, 0x39)])
WORD: Final = union([(0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)])
SPACES: Final = union(
    (*_characters("\t\n\v\f\r \u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff"), (0x2000, 0x200A))
)

_CATEGORIES: Final = {
    "L": "Letter",
    "LC": "Cased_Letter",
    "Lu": "Uppercase_Letter",
    "Ll": "Lowercase_Letter",
    "Lt": "Titlecase_Letter",
    "Lm": "Modifier_Letter",
    "Lo": "Other_Letter",
    "M": "Mark",
    "Mn": "Nonspacing_Mark",
    "Mc": "Spacing_Mark",
    "Me": "Enclosing_Mark",
    "N": "Number",
    "Nd": "Decimal_Number",
    "Nl": "Letter_Number",
    "No": "Other_Number",
    "P": "Punctuation",
    "Pc": "Connector_Punctuation",
    "Pd": "Dash_Punctuation",
    "Ps": "Open_Punctuation",
    "Pe": "Close_Punctuation",
    "Pi": "Initial_Punctuation",
    "Pf": "Final_Punctuation",
    "Po": "Other_Punctuation",
    "S": "Symbol",
    "Sm": "Math_Symbol",
    "Sc": "Currency_Symbol",
    "Sk": "Modifier_Symbol",
    "So": "Other_Symbol",
    "Z": "Separator",
    "Zs": "Space_Separator",
    "Zl": "Line_Separator",
    "Zp": "Paragraph_Separator",
    "C": "Other",
    "Cc": "Control",
    "Cf": "Format",
    "Cs": "Surrogate",
    "Co": "Private_Use",
    "Cn": "Unassigned",
}
_ALIASES: Final = {
    **{name: short for short, name in _CATEGORIES.items()},
    "Combining_Mark": "M",
    "cntrl": "Cc",
    "digit": "Nd",
    "punct": "P",
}


def category(name: str) -> Ranges | None:
    """Code points of a General_Category, by its short or long name; None for an unknown one.

    The version of Unicode is that of the running Python.
    """
    short = _ALIASES.get(name, name)
    if short not in _CATEGORIES:
        return None
    wanted = ("Lu", "Ll", "Lt") if short == "LC" else (short,)
    return union((low, high) for low, high, found in _category_runs() if found.startswith(wanted))


@cache
def _category_runs() -> tuple[tuple[int, int, str], ...]:
    runs = []
    start = 0
    for code_point in range(1, LAST + 2):
        found = unicodedata.category(chr(start))
        if code_point <= LAST and unicodedata.category(chr(code_point)) == found:
            continue
        runs.append((start, code_point - 1, found))
        start = code_point
    return tuple(runs)
