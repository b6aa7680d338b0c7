"""Phrases of a private vocabulary, or translated word by word, stay out of what people read.

The list is short: each phrase has crept in before, and hardly ever means anything else.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.readme.pages import ROOT, documents, name

PHRASES = {
    r"told": "reported, passed, known",
    r"in silence": "silently",
    r"(?:is|are) no (?:JSON|call|id|UTF-8)": "is not ...",
    r"(?:is|are) none of": "is not one of",
    r"leads? nowhere": "does not resolve",
    r"a text(?! file)": "a string",
    r"(?<!JSON )texts": "strings",
    r"whole number": "integer",
    r"keys of (?:ours|our own)": "extension keys",
    r"has the last word": "takes precedence",
    r"comes? round": "wraps around, has been used",
    r"Besides": "also",
    r"judged?s?(?: beside)?": "compared with, validator",
    r"dies? (?:when|with)": "is valid until",
    r"stands? (?:in|at|before|beside|behind|between|twice|above|below|there)": "is",
    r"[Ww]ho (?:asks|answers|calls)": "the requester, the responder, the caller",
    r"what (?:\w+ )?makes? of": "how ... handles",
    r"has no place here": "is not allowed here",
    r"draft-07 wants": "expected",
    r"(?:merely|only) promises? itself": "assumes",
}
"""What not to write, as a regular expression over whole words, and what to write."""
_OTHERS = {"codegen/ARCHITECTURE.md"}
SPOKEN = [ROOT / "Makefile", ROOT / "CMakeLists.txt", ROOT / "codegen/cmake/mqbind.cmake"]
"""Files that are no documents, but talk to whoever uses them."""
SPEAKING = ["schema/*.yaml", "examples/**/*.[ch]", "examples/*.py", "tests/support/setup*.sh"]
FILES = sorted({*documents(), *SPOKEN, *(file for p in SPEAKING for file in ROOT.glob(p))})


def odd_phrases(text: str) -> list[str]:
    found = []
    for phrase, instead in PHRASES.items():
        for match in re.finditer(rf"\b{phrase}\b", text):
            line = text.count("\n", 0, match.start()) + 1
            found.append(f"line {line}: {match[0]!r}; better: {instead}")
    return found


@pytest.mark.parametrize("file", FILES, ids=name)
def test_no_odd_phrase(file: Path) -> None:
    assert odd_phrases(re.sub(r"(?<=\S)\n(?:# |// | \* )?(?=\S)", " ", file.read_text())) == []
