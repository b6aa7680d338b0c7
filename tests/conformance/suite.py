"""The official JSON Schema test suite, as the set-up brought it: five drafts, with what is optional
except for `format` and `content`, which only annotate."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

INSTALLED = Path(sys.prefix) / "share" / "JSON-Schema-Test-Suite"
ELSEWHERE = os.environ.get("JSON_SCHEMA_TEST_SUITE")
"""Another place, with a suite of another day perhaps."""
SUITE = Path(ELSEWHERE or INSTALLED)
REMOTES = "http://localhost:1234/"
DRAFTS = {
    "draft4": "draft-04",
    "draft6": "draft-06",
    "draft7": "draft-07",
    "draft2019-09": "2019-09",
    "draft2020-12": "2020-12",
}
"""The folders, and the version in a `schemaFormat`."""
_ANNOTATIONS = ("format", "content")
"""Optional tests expect them to make values invalid, which they never do here."""


@dataclass(frozen=True, kw_only=True)
class Case:
    name: str
    payload: Any
    valid: bool


@dataclass(frozen=True, kw_only=True)
class Group:
    """One schema and what is valid by it. The prefix is unique, and a word in C."""

    draft: str
    prefix: str
    schema: Any
    cases: tuple[Case, ...]

    @property
    def schema_format(self) -> str:
        return f"application/schema+json;version={DRAFTS[self.draft]}"

    def is_sample(self, share: int) -> bool:
        """Whether it is one of a fixed choice of the groups, one in `share`."""
        return crc32(self.prefix.encode()) % share == 0


def groups() -> list[Group]:
    """All of them, by the draft."""
    found = [group for draft in DRAFTS for file in files(draft) for group in _of(draft, file)]
    assert found, f"there is no suite in {SUITE}"
    return found


def files(draft: str) -> list[Path]:
    folder = SUITE / "tests" / draft
    optional = folder.glob("optional/*.json")
    asserting = (file for file in optional if not file.name.startswith(_ANNOTATIONS))
    return sorted((*folder.glob("*.json"), *asserting))


def _of(draft: str, file: Path) -> Iterator[Group]:
    seen: Counter[str] = Counter()
    place = f"{draft} / {file.parent.name} / " if file.parent.name == "optional" else f"{draft} / "
    for index, group in enumerate(json.loads(file.read_text())):
        cases = []
        for test in group["tests"]:
            name = _one_line(f"{place}{file.stem} / {group['description']} / {test['description']}")
            seen[name] += 1
            if seen[name] > 1:
                name += f" ({seen[name]})"
            cases.append(Case(name=name, payload=test["data"], valid=test["valid"]))
        words = [draft, *(["optional"] if file.parent.name == "optional" else []), file.stem, index]
        prefix = "_".join(map(str, words)).replace("-", "_").lower()
        yield Group(draft=draft, prefix=prefix, schema=group["schema"], cases=tuple(cases))


def _one_line(text: str) -> str:
    """Names are listed one per line, followed by a colon and a blank."""
    return " ".join(text.split()).replace(": ", ", ")


def maps(group: Group) -> list[str]:
    """Options that say where the addresses are that the schema refers to."""
    is_remote = REMOTES in json.dumps(group.schema)
    return ["--map", f"{REMOTES}={SUITE / 'remotes'}/"] if is_remote else []
