"""The documents that people read, and the parts of them that tests look at."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
_FENCED = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.M | re.S)


@dataclass(frozen=True, kw_only=True)
class Block:
    """A fenced block: its language, the words after the language, its text."""

    language: str
    words: tuple[str, ...]
    text: str


def documents() -> list[Path]:
    """Every document written by hand."""
    found = [*ROOT.glob("*.md"), *ROOT.glob("*/*.md")]
    return sorted(page for page in found if page.parent.name not in ("build", "generated"))


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def blocks(page: Path) -> Iterator[Block]:
    for match in _FENCED.finditer(page.read_text()):
        language, words, text = match.groups()
        yield Block(language=language, words=tuple(shlex.split(words)), text=text)


def prose(page: Path) -> str:
    """The text outside fenced blocks; line breaks become blanks."""
    return " ".join(_FENCED.sub("", page.read_text()).split())


def anchors(page: Path) -> set[str]:
    """What `#...` may name: the headings, as GitHub turns them into anchors."""
    headings = re.findall(r"^#+ (.+)$", _FENCED.sub("", page.read_text()), re.M)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links(page: Path) -> list[tuple[str, str]]:
    """File and anchor of each link within the repository; an empty file is the page itself."""
    text = _FENCED.sub("", page.read_text())
    targets = [target for target in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in target]
    return [(file, anchor) for file, _, anchor in (target.partition("#") for target in targets)]
