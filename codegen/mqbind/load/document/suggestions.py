"""Helpers for diagnostics: the word that was probably meant, known words."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from itertools import islice

_LISTED = 12
_COMPARED_MAX = 200
_WORD_MAX = 100
_DIFFERENCE_MAX = 20


def remedy(word: str, known: Iterable[str], otherwise: str) -> str:
    """ "did you mean ...?", or `otherwise` if no word is similar."""
    names = [name for name in islice(known, _COMPARED_MAX) if _may_be_near(word, name)]
    near = difflib.get_close_matches(word, names, n=1) or [
        name for name in names if name.lower() == word.lower()
    ]
    return f"did you mean `{near[0]}`?" if near else otherwise


def _may_be_near(word: str, name: str) -> bool:
    """Avoids comparisons, which take time proportional to the product of both lengths."""
    return max(len(word), len(name)) <= _WORD_MAX and abs(len(word) - len(name)) <= _DIFFERENCE_MAX


def listing(known: Iterable[str]) -> str:
    """The known words in order, as many as fit on a line."""
    names = list(known)
    if not names:
        return "none"
    more = len(names) - _LISTED
    listed = ", ".join(f"`{name}`" for name in names[:_LISTED])
    return listed + (f" and {more} more" if more > 0 else "")
