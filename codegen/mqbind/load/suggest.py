"""Remedies that offer the word that was probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

_LISTED = 12


def remedy(word: str, known: Iterable[str], otherwise: str) -> str:
    """ "did you mean ...?", or `otherwise` if nothing is near."""
    names = list(known)
    near = difflib.get_close_matches(word, names, n=1) or [
        name for name in names if name.lower() == word.lower()
    ]
    return f"did you mean `{near[0]}`?" if near else otherwise


def listing(known: Iterable[str]) -> str:
    """The known words in their order, as far as a line holds them."""
    names = [f"`{name}`" for name in known]
    if not names:
        return "none"
    more = len(names) - _LISTED
    return ", ".join(names[:_LISTED]) + (f" and {more} more" if more > 0 else "")
